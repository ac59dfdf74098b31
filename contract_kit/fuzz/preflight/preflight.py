"""Preflight: is there an implementation of the operation, and what does it accept?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from contract_kit.cases.case import Case
from contract_kit.cases.export import cases_named
from contract_kit.cases.good_request import Bindings, GoodRequest, Within, unsequenced
from contract_kit.cases.unknown_strings import check_possible
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import TargetError, UnknownText
from contract_kit.fuzz.defaults import STARTUP
from contract_kit.fuzz.preflight.availability import (
    check_access,
    check_implemented,
    check_not_busy,
)
from contract_kit.fuzz.preflight.inferred_unions import with_inferred_unions
from contract_kit.fuzz.preflight.starting_points import (
    Tries,
    probed_within,
    with_new_members,
)
from contract_kit.fuzz.sending.exchange import Exchange, Exchanged
from contract_kit.fuzz.sending.liveness import first_answer
from contract_kit.fuzz.sending.unrepeatable import Unrepeatable, unrepeatable
from contract_kit.validate.validator import Validator
from contract_kit.verdict.advice import remedy, said
from contract_kit.wire.errors import is_crash, is_not_found
from contract_kit.wire.wire import Wire

SHOWN = 200
"""Characters of a request that a note shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """The result of the preflight.

    operation: as given, with the unions in doubt that the target shows.
    request: the request that cases start from. accepted: whether the target carried it out.
    names_nothing: it was refused since it names nothing that exists; a violation gets another
    answer. If it is neither accepted nor that, the target crashed, and `seen` shows how.
    others: more requests that were accepted, for members that the first does not have. tried: what
    was accepted beside them. within: as for `GoodRequest`. unrepeatable: how the
    request is refused when it is sent again. notes: for the report.
    """

    operation: Operation
    request: Json = field(hash=False)
    accepted: bool
    seen: Exchanged
    names_nothing: bool = False
    others: tuple[tuple[Json, Exchanged], ...] = field(hash=False, default=())
    tried: tuple[tuple[Json, Exchanged], ...] = field(hash=False, default=())
    within: Within = field(hash=False, default_factory=dict)
    unrepeatable: Unrepeatable | None = None
    notes: tuple[str, ...] = ()

    @property
    def requests(self) -> list[Json]:
        """All requests that were accepted, the one that cases start from first."""
        return [self.request, *(request for request, _ in self.others)]

    @property
    def accepted_request(self) -> Json:
        """The request that cases start from, if it was accepted."""
        return self.request if self.accepted else None

    @property
    def faults(self) -> tuple[str, ...]:
        """The constraints that its reply breaks, other than being an answer."""
        return tuple(id for id, _ in self.seen.answer.faults)

    def case(self, operation: Operation) -> Case:
        """The case that its request is."""
        return _case(operation, self.request)

    def cases(self, wire: Wire, only: tuple[str, ...], bindings: Bindings) -> Sequence[Case]:
        """The cases that are made of it for a wire, see `cases_named`."""
        return cases_named(
            self.operation, wire, only, bindings=bindings, request=self.requests, within=self.within
        )

    def exchanged(self, operation: Operation) -> Iterator[tuple[Case, Exchanged]]:
        """The accepted requests as cases, each with what came of it."""
        for request, seen in ((self.request, self.seen), *self.others, *self.tried):
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
    wire: Wire, base: GoodRequest, exchange: Exchange, *, startup_timeout: float = STARTUP
) -> Preflight:
    """Sends the usual, the smallest, the fullest and another request until one is accepted.

    Then come the examples that the source publishes. Of several that the user gave all are sent.

    startup_timeout: seconds in which the target may give its first answer of any kind.
    Raises TargetError where none is, unless the target crashes on them: that is a finding. Also
    where no request is known to conform, so that none could prove anything.
    """
    operation = wire.operation
    published = _published(operation, base)
    candidates = [*base.requests, base.smallest(), base.full(), base.other(), *published]
    try:
        check_possible(operation, base.given)
    except UnknownText as error:
        candidates = list(published)
        if not candidates:
            raise TargetError(str(error)) from None
    tried: list[tuple[Json, Exchanged]] = []
    start: Preflight | None = None
    for request in candidates:
        if any(request == earlier for earlier, _ in tried):
            continue
        if tried:
            seen = exchange.send_request(request)
        else:
            seen = _first(wire, exchange, request, startup_timeout)
            check_not_busy(exchange, seen)
        if seen.answer.kind == "result":
            found = Preflight(operation=operation, request=request, accepted=True, seen=seen)
            if request not in published or exchange.send_request(request).answer.kind == "result":
                return _extended(base, exchange, found, published)
            # Its names are taken now: one that is accepted twice is better, if there is any.
            start = start or found
        tried.append((request, seen))
    if start is not None:
        return _extended(base, exchange, start, published)
    return _refused(wire, exchange, tried)


def _refused(wire: Wire, exchange: Exchange, tried: list[tuple[Json, Exchanged]]) -> Preflight:
    """The result if no request is accepted; raises TargetError if that proves nothing."""
    operation = wire.operation
    request, seen = tried[0]
    check_access(operation, seen)
    check_implemented(wire, exchange, [each for _, each in tried])
    answer = seen.answer
    if answer.kind == "broken" or is_crash(operation, answer.name, answer.status):
        return Preflight(operation=operation, request=request, accepted=False, seen=seen)
    for request, seen in tried:
        if seen.answer.kind == "error" and is_not_found(seen.answer.name):
            return Preflight(
                operation=operation, request=request, accepted=False, seen=seen, names_nothing=True
            )
    raise TargetError(_advice(operation, *tried[0]))


def _published(operation: Operation, base: GoodRequest) -> list[Json]:
    """The published examples that conform, with what the user bound."""
    validator = Validator(operation, wire=True)
    found = [base.bound(request) for request in operation.examples]
    return [request for request in found if not validator.violations(unsequenced(request))]


def _extended(
    base: GoodRequest, exchange: Exchange, start: Preflight, published: list[Json]
) -> Preflight:
    """The start with all that the target shows of how cases are best made of it."""
    operation = start.operation
    refused = unrepeatable(operation, exchange, start.request)
    given = [each for each in base.requests[1:] if each != start.request]
    start = _with_given(exchange, start, given)
    marked = with_inferred_unions(operation, base, exchange)
    notes = [
        f"{name} is probed one member at a time: {shape.exclusive}"
        for name, shape in marked.shapes.items()
        if shape != operation.shapes[name]
    ]
    if refused is not None and refused.restore is None:
        notes.append(
            "the request that cases start from is accepted once, then refused with "
            f"{said(refused.answer)}; {remedy(operation, refused.answer.name, refused.answer.text)}"
        )
    tries = Tries(exchange)
    tries.know(start.request, start.seen)
    own = base.starting_from(marked, start.requests)
    others = with_new_members(own, tries, exchange, start.requests, published)
    start = replace(start, operation=marked, others=(*start.others, *others))
    within = probed_within(marked, base.starting_from(marked, start.requests), tries)
    return replace(
        start,
        tried=tuple(tries.accepted),
        within=within,
        unrepeatable=refused,
        notes=(*start.notes, *notes),
    )


def _with_given(exchange: Exchange, start: Preflight, given: list[Json]) -> Preflight:
    """The start with the other requests that the user gave and the target accepts.

    A violation needs a twin that is accepted, and members may exclude each other.
    """
    others: list[tuple[Json, Exchanged]] = []
    notes = []
    for request in given:
        seen = exchange.send_request(request)
        if seen.answer.kind == "result":
            others.append((request, seen))
        else:
            shown = json.dumps(request, ensure_ascii=False)[:SHOWN]
            error = said(seen.answer)
            notes.append(f"a request that you gave is refused with {error}, and not used: {shown}")
    return replace(start, others=tuple(others), notes=tuple(notes))


def _first(wire: Wire, exchange: Exchange, request: Json, wait: float) -> Exchanged:
    """The exchange of the first request; raises TargetError if the target does not answer."""
    control = wire.to_no_operation(exchange.encode(request))
    seen = first_answer(exchange, request, control, wait)
    detail = seen.reply.detail
    match seen.reply.failure:
        case "unreachable":
            waited = exchange.may_be_starting and wait
            asked = f", asked for {wait:g} s (--startup-timeout)" if waited else ""
            raise TargetError(
                f"nothing answers at {exchange.url}: {detail}{asked}; is the server running?"
            )
        case "untrusted":
            raise TargetError(
                f"{detail}; trust it with --cacert FILE, or any with --insecure "
                "(in pytest: AWS_CA_BUNDLE, or target_of(url, operation, tls=...))"
            )
        case "wrong-scheme":
            raise TargetError(detail)
        case "refused-tls":
            raise TargetError(f"{detail}; give a client certificate that it takes with --cert FILE")
    return seen


def _advice(operation: Operation, request: Json, seen: Exchanged) -> str:
    answer = seen.answer
    what = remedy(operation, answer.name, answer.text, is_new=request != unsequenced(request))
    return f"every conforming request is refused with {said(answer)}; {what}"
