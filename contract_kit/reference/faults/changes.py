"""The ways to change one step of the implementation, which all mechanisms are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json
from contract_kit.reference.faults.at import values_at
from contract_kit.reference.faults.fault import Install
from contract_kit.reference.refusal import Refusal, refusal_of
from contract_kit.reference.steps import Layer, Steps, Violations
from contract_kit.validate.location_tree import tail
from contract_kit.validate.violation import Violation, message
from contract_kit.wire.message import Reply


def checking(operation: Operation, change: Callable[[Json, Violations], Violations]) -> Install:
    """Changes what the check of the operation's requests finds."""

    def install(steps: Steps) -> Steps:
        def check(asked: Operation, request: Json) -> Violations:
            found = steps.check(asked, request)
            return change(request, found) if asked.id == operation.id else found

        return replace(steps, check=check)

    return install


def dropping(operation: Operation, overlooked: Callable[[Violation, Json], bool]) -> Install:
    """Overlooks some violations. overlooked: given a violation and the request."""

    def change(request: Json, found: Violations) -> Violations:
        return tuple(each for each in found if not overlooked(each, request))

    return checking(operation, change)


def objecting(
    operation: Operation, constraint: Constraint, refuses: Callable[[Json], bool]
) -> Install:
    """Finds the constraint broken, too, by each value at its location that `refuses` names."""

    def change(request: Json, found: Violations) -> Violations:
        return (*found, *broken(constraint, request, refuses))

    return checking(operation, change)


def rejudging(
    operation: Operation, constraint: Constraint, holds: Callable[[Json], bool]
) -> Install:
    """Puts another judgement in place of the constraint's own.

    holds: given a value of the right JSON type, str for constraints of strings, list for others.
    """
    type_ = list if constraint.kind in ("minItems", "maxItems") else str

    def change(request: Json, found: Violations) -> Violations:
        kept = tuple(each for each in found if each.constraint != constraint.id)
        new = broken(
            constraint, request, lambda value: isinstance(value, type_) and not holds(value)
        )
        return (*kept, *new)

    return checking(operation, change)


def broken(constraint: Constraint, request: Json, refuses: Callable[[Json], bool]) -> Violations:
    """A violation of the constraint for each value at its location that `refuses` names."""
    words = tail(constraint.kind, constraint.limit)
    return tuple(
        Violation(
            constraint=constraint.id,
            path=path,
            value=value,
            message=message(value, path, words),
        )
        for path, value in values_at(request, constraint.location)
        if refuses(value)
    )


def preparing(operation: Operation, change: Callable[[Json], Json]) -> Install:
    """Changes requests of the operation before they are checked."""

    def install(steps: Steps) -> Steps:
        def prepare(asked: Operation, request: Json) -> Json:
            request = steps.prepare(asked, request)
            return change(request) if asked.id == operation.id else request

        return replace(steps, prepare=prepare)

    return install


def refusing(change: Callable[[Violations, Refusal], Refusal]) -> Install:
    """Changes the error that broken constraints are answered with."""

    def install(steps: Steps) -> Steps:
        return replace(steps, refuse=lambda found: change(found, steps.refuse(found)))

    return install


def apart(found: Violations, constraint: Constraint) -> bool:
    """Whether the constraint is what a request is refused for."""
    first = refusal_of(found)
    return any(
        each.constraint == constraint.id for each in found if first.name == refusal_of((each,)).name
    )


def answering_errors(change: Callable[[Refusal, Reply], Reply]) -> Install:
    """Changes the replies to refused requests."""

    def install(steps: Steps) -> Steps:
        def write_error(refusal: Refusal) -> Reply:
            return change(refusal, steps.write_error(refusal))

        return replace(steps, write_error=write_error)

    return install


def surrounding(make: Callable[[], Layer]) -> Install:
    """Puts a layer around everything. make: the layer of one server, with state of its own."""

    def install(steps: Steps) -> Steps:
        return replace(steps, layers=(*steps.layers, make()))

    return install


def crash(text: str = "an unexpected error") -> Refusal:
    """An internal failure, which no request may cause."""
    return Refusal("InternalFailure", text, status=500)
