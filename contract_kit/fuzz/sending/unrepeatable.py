"""Requests that are accepted once, and what makes them welcome again."""

from __future__ import annotations

from dataclasses import dataclass, field

from contract_kit.cases.alternative import other
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.contract.values import put
from contract_kit.fuzz.sending.exchange import Exchange
from contract_kit.wire.errors import classify
from contract_kit.wire.message import Answer

TRIED = 5
"""Members that are changed to find what makes a request welcome again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrepeatable:
    """A request that is accepted once, and refused with `answer` when it is sent again.

    restore: a request after which it is accepted once more; None where none is known.
    """

    answer: Answer
    restore: Json = field(hash=False, default=None)

    def explains(self, answer: Answer) -> bool:
        """Whether an error may have the same reason, whatever it was that it answers."""
        same = (answer.kind, answer.name, answer.text)
        return same == (self.answer.kind, self.answer.name, self.answer.text)


def unrepeatable(
    operation: Operation, exchange: Exchange, request: Json, *, wait: float = 0
) -> Unrepeatable | None:
    """Sends an accepted request again; None where it is not refused.

    wait: seconds in which a target may carry out what it accepted.
    """
    answer = exchange.send_request(request).answer
    kind = classify(operation, answer.name)
    if answer.kind != "error" or kind == "fault":
        return None
    if kind in ("state", "retry"):
        return Unrepeatable(answer=answer)
    shapes, root = operation.shapes, operation.shapes[operation.input]
    members = [member for member in root.members if member.name in request]
    for member in members[:TRIED]:
        changed = other(shapes, member.shape, request[member.name])
        between = put(request, (member.name,), changed)
        if changed == request[member.name]:
            continue
        if exchange.send_request(between).answer.kind != "result":
            continue
        if _takes(exchange, request, wait):
            return Unrepeatable(answer=answer, restore=between)
    return Unrepeatable(answer=answer)


def _takes(exchange: Exchange, request: Json, wait: float) -> bool:
    if exchange.send_request(request).answer.kind == "result":
        return True
    if not wait:
        return False
    exchange.rest(wait)
    return exchange.send_request(request).answer.kind == "result"
