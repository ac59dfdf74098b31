"""Checks replies against what the operation's documentation says it returns."""

from __future__ import annotations

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.validate.node import Node
from contract_kit.validate.violation import Violation
from contract_kit.validate.walk import Walk


def reply_violations(operation: Operation, result: Json) -> tuple[Violation, ...]:
    """Every constraint of the documented output that a result breaks, in document order.

    Constraint ids are places in the result. Unknown members are allowed, and null counts as
    absence: clients read replies so.
    """
    if operation.output is None:
        return ()
    walk = Walk(wire=True)
    walk.check(Node(operation.shapes, operation.output, (), None, {}), result, ())
    return tuple(walk.found)


def reply_faults(operation: Operation, result: Json) -> list[tuple[str, str]]:
    """What a result breaks, as (constraint id, explanation)."""
    faults = [("response.schema", each.message) for each in reply_violations(operation, result)]
    return faults + missing_identifiers(operation, result)


def missing_identifiers(operation: Operation, result: Json) -> list[tuple[str, str]]:
    """Documented identifiers that a result lacks, as (constraint id, explanation)."""
    known = {constraint.id for constraint in operation.constraints}
    return [
        (f"response.{name}.present", f"the reply has no {name}")
        for name, value in fresh_identifiers(operation, result)
        if value is None and f"response.{name}.present" in known
    ]


def fresh_identifiers(operation: Operation, result: Json) -> list[tuple[str, Json]]:
    """Name and value of each member that is documented as the identifier of something new."""
    if operation.output is None or not isinstance(result, dict):
        return []
    members = operation.shapes[operation.output].members
    return [(member.name, result.get(member.name)) for member in members if member.identifier]
