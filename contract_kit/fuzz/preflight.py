"""Preflight: is there an implementation of the operation, and what does it accept?"""

from __future__ import annotations

from dataclasses import dataclass, field

from contract_kit.cases.base import Base
from contract_kit.cases.case import Case
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import TargetError
from contract_kit.fuzz.exchange import Exchange, Exchanged
from contract_kit.fuzz.gate import check_gate, check_implemented, unknown_operation
from contract_kit.fuzz.liveness import first_answer
from contract_kit.fuzz.patience import STARTUP
from contract_kit.protocol.errors import is_crash, is_not_found
from contract_kit.protocol.message import Answer
from contract_kit.verdict.advice import remedy, said


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """What the preflight found.

    request: the request that cases start from. accepted: whether the target carried it out.
    names_nothing: it was refused since what it names does not exist, which another answer to a
    violation tells from it. Where neither is so, the target crashed, and `seen` shows how.
    """

    request: Json = field(hash=False)
    accepted: bool
    seen: Exchanged
    names_nothing: bool = False

    @property
    def faults(self) -> tuple[str, ...]:
        """The constraints that its reply breaks, other than being an answer."""
        return tuple(id for id, _ in self.seen.answer.faults)

    def case(self, operation: Operation) -> Case:
        """The case that its request is."""
        return Case(
            id=f"{operation.name}/request.type/base",
            constraint="request.type",
            side="inside",
            expects="accept",
            family="value",
            request=self.request,
        )


def preflight(
    operation: Operation, base: Base, exchange: Exchange, *, startup_timeout: float = STARTUP
) -> Preflight:
    """Sends the usual, the smallest, the fullest and another request until one is accepted.

    startup_timeout: seconds in which the target may give its first answer of any kind.
    Raises TargetError where none is, unless the target crashes on them: that is a finding.
    """
    candidates = [base.request, base.smallest(), base.full(), base.other()]
    tried: list[tuple[Json, Exchanged]] = []
    for request in candidates:
        if any(request == earlier for earlier, _ in tried):
            continue
        if tried:
            seen = exchange.send_request(request)
        else:
            seen = _first(operation, exchange, request, startup_timeout)
        if seen.answer.kind == "result":
            return Preflight(request=request, accepted=True, seen=seen)
        tried.append((request, seen))
    request, seen = tried[0]
    check_gate(seen)
    check_implemented(operation, exchange, [each for _, each in tried])
    answer = seen.answer
    if answer.kind == "broken" or is_crash(operation, answer.name, answer.status):
        return Preflight(request=request, accepted=False, seen=seen)
    for request, seen in tried:
        if seen.answer.kind == "error" and is_not_found(seen.answer.name):
            return Preflight(request=request, accepted=False, seen=seen, names_nothing=True)
    raise TargetError(_advice(operation, tried[0][1].answer))


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
