"""Checks replies against what the operation's documentation says it returns."""

from __future__ import annotations

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.validate.node import Node
from contract_kit.validate.violation import Violation
from contract_kit.validate.walk import Walk


class ReplyValidator:
    """Checks replies of one operation.

    Constraint ids are places in the result. Unknown members are allowed, and null counts as
    absence: clients read replies so.
    """

    __slots__ = ("_root",)

    def __init__(self, operation: Operation) -> None:
        output = operation.output
        self._root = Node(operation.shapes, output, (), None, {}) if output is not None else None

    def violations(self, result: Json) -> tuple[Violation, ...]:
        """Every constraint of the documented output that a result breaks, in document order."""
        if self._root is None:
            return ()
        walk = Walk(wire=True)
        walk.check(self._root, result, ())
        return tuple(walk.found)


def reply_faults(operation: Operation, result: Json) -> list[tuple[str, str]]:
    """What a result breaks, as (constraint id, explanation)."""
    violations = ReplyValidator(operation).violations(result)
    faults = [("response.schema", violation.message) for violation in violations]
    return faults + missing_identifiers(operation, result)


def missing_identifiers(operation: Operation, result: Json) -> list[tuple[str, str]]:
    """Documented identifiers that a result lacks, as (constraint id, explanation)."""
    missing = [name for name, value in fresh_identifiers(operation, result) if value is None]
    if not missing:
        return []
    known = {constraint.id for constraint in operation.constraints}
    return [
        (f"response.{name}.present", f"the reply has no {name}")
        for name in missing
        if f"response.{name}.present" in known
    ]


def fresh_identifiers(operation: Operation, result: Json) -> list[tuple[str, Json]]:
    """Name and value of each member that is documented as the identifier of something new."""
    if operation.output is None or not isinstance(result, dict):
        return []
    members = operation.shapes[operation.output].members
    return [(member.name, result.get(member.name)) for member in members if member.identifier]
