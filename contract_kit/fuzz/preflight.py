"""Preflight: is there an implementation of the operation, and what does it accept?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from contract_kit.cases.base import Base, unsequenced
from contract_kit.cases.case import Case
from contract_kit.cases.possible import check_possible
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import TargetError, UnknownText
from contract_kit.fuzz.exchange import Exchange, Exchanged
from contract_kit.fuzz.gate import check_gate, check_implemented, unknown_operation
from contract_kit.fuzz.liveness import first_answer
from contract_kit.fuzz.patience import STARTUP
from contract_kit.fuzz.unions import with_unions
from contract_kit.protocol.errors import is_crash, is_not_found
from contract_kit.protocol.message import Answer
from contract_kit.validate.validator import Validator
from contract_kit.verdict.advice import remedy, said

SHOWN = 200
"""Characters of a request that a note shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """What the preflight found.

    operation: as given, with the unions in doubt that the target shows.
    request: the request that cases start from. accepted: whether the target carried it out.
    names_nothing: it was refused since what it names does not exist, which another answer to a
    violation tells from it. Where neither is so, the target crashed, and `seen` shows how.
    others: more requests that were accepted, for members that the first does not have. notes: for
    the report.
    """

    operation: Operation
    request: Json = field(hash=False)
    accepted: bool
    seen: Exchanged
    names_nothing: bool = False
    others: tuple[tuple[Json, Exchanged], ...] = field(hash=False, default=())
    notes: tuple[str, ...] = ()

    @property
    def requests(self) -> list[Json]:
        """All requests that were accepted, the one that cases start from first."""
        return [self.request, *(request for request, _ in self.others)]

    @property
    def faults(self) -> tuple[str, ...]:
        """The constraints that its reply breaks, other than being an answer."""
        return tuple(id for id, _ in self.seen.answer.faults)

    def case(self, operation: Operation) -> Case:
        """The case that its request is."""
        return _case(operation, self.request)

    def exchanged(self, operation: Operation) -> Iterator[tuple[Case, Exchanged]]:
        """The accepted requests as cases, each with what came of it."""
        for request, seen in ((self.request, self.seen), *self.others):
            yield _case(operation, request), seen


def _case(operation: Operation, request: Json) -> Case:
    return Case(
        id=f"{operation.name}/request.type/base",
        constraint="request.type",
        side="inside",
        expects="accept",
        family="value",
        request=request,
    )


def preflight(
    operation: Operation, base: Base, exchange: Exchange, *, startup_timeout: float = STARTUP
) -> Preflight:
    """Sends the usual, the smallest, the fullest and another request until one is accepted.

    Then come the examples that the source publishes. Of several that the user gave all are sent.

    startup_timeout: seconds in which the target may give its first answer of any kind.
    Raises TargetError where none is, unless the target crashes on them: that is a finding. Also
    where no request is known to conform, so that none could prove anything.
    """
    published = _published(operation, base)
    candidates = [*base.requests, base.smallest(), base.full(), base.other(), *published]
    try:
        check_possible(operation, base.given)
    except UnknownText as error:
        candidates = list(published)
        if not candidates:
            raise TargetError(str(error)) from None
    tried: list[tuple[Json, Exchanged]] = []
    for request in candidates:
        if any(request == earlier for earlier, _ in tried):
            continue
        if tried:
            seen = exchange.send_request(request)
        else:
            seen = _first(operation, exchange, request, startup_timeout)
        if seen.answer.kind == "result":
            start = Preflight(operation=operation, request=request, accepted=True, seen=seen)
            given = [each for each in base.requests[1:] if each != request]
            start = _with_others(exchange, start, given, published)
            marked = with_unions(operation, base, exchange)
            said_of = (
                f"{name} is probed one member at a time: {shape.exclusive}"
                for name, shape in marked.shapes.items()
                if shape != operation.shapes[name]
            )
            return replace(start, operation=marked, notes=(*start.notes, *said_of))
        tried.append((request, seen))
    request, seen = tried[0]
    check_gate(operation, seen)
    check_implemented(operation, exchange, [each for _, each in tried])
    answer = seen.answer
    if answer.kind == "broken" or is_crash(operation, answer.name, answer.status):
        return Preflight(operation=operation, request=request, accepted=False, seen=seen)
    for request, seen in tried:
        if seen.answer.kind == "error" and is_not_found(seen.answer.name):
            return Preflight(
                operation=operation, request=request, accepted=False, seen=seen, names_nothing=True
            )
    raise TargetError(_advice(operation, tried[0][1].answer))


def _published(operation: Operation, base: Base) -> list[Json]:
    """The published examples that conform, with what the user bound."""
    validator = Validator(operation, wire=True)
    found = [base.bound(request) for request in operation.examples]
    return [request for request in found if not validator.violations(unsequenced(request))]


def _with_others(
    exchange: Exchange, start: Preflight, given: list[Json], published: list[Json]
) -> Preflight:
    """The start with other requests that are accepted: those given, and examples with new members.

    A violation needs a twin that is accepted, and members may exclude each other.
    """
    others: list[tuple[Json, Exchanged]] = []
    notes = []
    known = set(start.request)
    for request in (*given, *published):
        is_given = request in given
        if not is_given and known >= set(request):
            continue
        seen = exchange.send_request(request)
        if seen.answer.kind == "result":
            others.append((request, seen))
            known |= set(request)
        elif is_given:
            shown = json.dumps(request, ensure_ascii=False)[:SHOWN]
            notes.append(f"a request that was given is refused with {said(seen.answer)}: {shown}")
    return replace(start, others=tuple(others), notes=tuple(notes))


def _first(operation: Operation, exchange: Exchange, request: Json, wait: float) -> Exchanged:
    """What comes of the first request; raises TargetError where nobody is there to answer."""
    control = unknown_operation(operation, exchange.encode(request))
    seen = first_answer(exchange, request, control, wait)
    detail = seen.reply.detail
    match seen.reply.failure:
        case "unreachable":
            waited = exchange.may_be_starting and wait
            asked = f", asked for {wait:g} s (--startup-timeout)" if waited else ""
            raise TargetError(f"nothing answers: {detail}{asked}; is the server running?")
        case "untrusted":
            raise TargetError(
                f"{detail}; trust it with --cacert FILE, or any with --insecure "
                "(in pytest: AWS_CA_BUNDLE, or target_of(url, operation, tls=...))"
            )
        case "wrong-scheme":
            raise TargetError(detail)
        case "dropped" if "certificate required" in detail.lower().replace("_", " "):
            raise TargetError(f"{detail}; show the client's own with --cert FILE")
    return seen


def _advice(operation: Operation, answer: Answer) -> str:
    return (
        f"every conforming request is refused with {said(answer)}; "
        f"{remedy(operation, answer.name, answer.text)}"
    )
