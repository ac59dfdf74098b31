"""Preflight: is there an implementation of the operation, and what does it accept?"""

from __future__ import annotations

from dataclasses import dataclass, field

from contract_kit.cases.base import Base
from contract_kit.cases.case import Case
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import TargetError
from contract_kit.fuzz.exchange import Exchange, Exchanged
from contract_kit.protocol.errors import classify, is_crash, is_not_found
from contract_kit.protocol.message import Answer, Message
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


def preflight(operation: Operation, base: Base, exchange: Exchange) -> Preflight:
    """Sends the usual, the smallest, the fullest and another request until one is accepted.

    Raises TargetError where none is, unless the target crashes on them: that is a finding.
    """
    candidates = [base.request, base.smallest(), base.full(), base.other()]
    tried: list[tuple[Json, Exchanged]] = []
    for request in candidates:
        if any(request == earlier for earlier, _ in tried):
            continue
        seen = exchange.send_request(request)
        if seen.reply.failure == "unreachable" and not tried:
            raise TargetError(f"nothing answers: {seen.reply.detail}; is the server running?")
        if seen.answer.kind == "result":
            return Preflight(request=request, accepted=True, seen=seen)
        tried.append((request, seen))
    request, seen = tried[0]
    _check_implemented(operation, exchange, seen.message, seen.answer)
    answer = seen.answer
    if answer.kind == "broken" or is_crash(operation, answer.name, answer.status):
        return Preflight(request=request, accepted=False, seen=seen)
    for request, seen in tried:
        if seen.answer.kind == "error" and is_not_found(seen.answer.name):
            return Preflight(request=request, accepted=False, seen=seen, names_nothing=True)
    raise TargetError(_advice(operation, tried[0][1].answer))


def _check_implemented(
    operation: Operation, exchange: Exchange, message: Message, answer: Answer
) -> None:
    """Raises TargetError where the target answers like one that lacks the operation."""
    unknown = message.with_header(
        "X-Amz-Target", f"{operation.target_prefix}.ContractKitNoSuchOperation"
    )
    control = exchange.send(unknown).answer
    same = (answer.kind, answer.status, answer.name) == (
        control.kind,
        control.status,
        control.name,
    )
    named = answer.kind == "error" and classify(operation, answer.name) == "unknown-operation"
    # Targets that lack an operation answer 404, 405 or 501, and some crash with 500. One that
    # answers nothing at all is broken, whatever it has.
    if named or (same and answer.status in (404, 405, 500, 501)):
        said = answer.name or answer.text.partition("\n")[0][:80]
        raise TargetError(
            f"{operation.id} is not implemented: the target answers it as it answers an operation "
            f"that does not exist ({said})"
        )


def _advice(operation: Operation, answer: Answer) -> str:
    return (
        f"every conforming request is refused with {said(answer)}; "
        f"{remedy(operation, answer.name, answer.text)}"
    )
