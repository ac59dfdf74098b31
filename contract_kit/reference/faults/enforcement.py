"""Constraints that are checked nowhere, only in some places, or with the wrong outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from contract_kit.contract.operation import ABOUT_MESSAGES, Constraint, Operation
from contract_kit.contract.shape import ITEM, Json, Location, Path, location_id
from contract_kit.reference.faults.changes import apart, crash, dropping, refusing
from contract_kit.reference.faults.fault import Fault, Install
from contract_kit.reference.refusal import NOT_FOUND, SERIALIZATION, Refusal
from contract_kit.reference.steps import Violations
from contract_kit.validate.violation import Violation


def request_constraints(operation: Operation) -> tuple[Constraint, ...]:
    """The constraints that a request can break."""
    return tuple(each for each in operation.constraints if each.kind not in ABOUT_MESSAGES)


def enforcement_faults(operation: Operation) -> Iterator[Fault]:
    """Every constraint overlooked, overlooked at some items, or answered wrongly."""
    for constraint in request_constraints(operation):
        yield _overlooked(operation, constraint)
        yield from _at_some_items(operation, constraint)
        yield from _answered_wrongly(constraint)
    yield from _subtrees(operation)
    yield from _shared_shapes(operation)


def proof(constraint: Constraint) -> str:
    """Why a fault that only makes this constraint laxer is never seen; empty if it is."""
    if constraint.implied_by is None:
        return ""
    sibling = f"{location_id(constraint.location)}.{constraint.implied_by}"
    return f"every value that breaks {constraint.id} breaks {sibling} as well, which is enforced"


def _overlooked(operation: Operation, constraint: Constraint) -> Fault:
    return Fault(
        name=f"{constraint.id}/not-enforced",
        mechanism="constraint overlooked",
        description=f"accepts requests that break {constraint.id}",
        install=dropping(operation, lambda each, _: each.constraint == constraint.id),
        equivalent=proof(constraint),
    )


def _at_some_items(operation: Operation, constraint: Constraint) -> Iterator[Fault]:
    for depth, segment in enumerate(constraint.location):
        if segment != ITEM:
            continue
        name = location_id(constraint.location[:depth])
        for slug, words, install in (
            ("only-first", "the first item", _but_first(operation, constraint, depth)),
            ("not-last", "the items before the last", _last(operation, constraint, depth)),
        ):
            yield Fault(
                name=f"{constraint.id}/{slug}-of-{name}",
                mechanism=f"constraint checked at {words} alone",
                description=f"checks {constraint.id} at {words} of {name} alone",
                install=install,
            )


def _but_first(operation: Operation, constraint: Constraint, depth: int) -> Install:
    def overlooked(violation: Violation, request: Json) -> bool:
        return violation.constraint == constraint.id and violation.path[depth] != 0

    return dropping(operation, overlooked)


def _last(operation: Operation, constraint: Constraint, depth: int) -> Install:
    def overlooked(violation: Violation, request: Json) -> bool:
        if violation.constraint != constraint.id:
            return False
        above = violation.path[:depth]
        return violation.path[depth] == len(_at(request, above)) - 1

    return dropping(operation, overlooked)


def _at(request: Json, path: Path) -> Json:
    for segment in path:
        request = request[segment]
    return request


def _answered_wrongly(constraint: Constraint) -> Iterator[Fault]:
    """Each constraint with a crash; those of values and presence with an untrue error."""
    yield _answered(constraint, "answered-with-500", crash)
    other = NOT_FOUND if constraint.kind in ("type", "required", "union") else SERIALIZATION
    if constraint.implied_by is None and constraint.kind != "type":
        yield _answered(
            constraint, f"answered-as-{other}", lambda: Refusal(other, "the request is wrong")
        )


def _answered(constraint: Constraint, slug: str, make: Callable[[], Refusal]) -> Fault:
    def change(found: Violations, refusal: Refusal) -> Refusal:
        return make() if apart(found, constraint) else refusal

    return Fault(
        name=f"{constraint.id}/{slug}",
        mechanism="constraint answered with the wrong error",
        description=f"answers requests that break {constraint.id} with {make().name}",
        install=refusing(change),
    )


def _below(constraint: Constraint, location: Location) -> bool:
    inside = constraint.location[: len(location)] == location
    return inside and len(constraint.location) > len(location)


def _subtrees(operation: Operation) -> Iterator[Fault]:
    constraints = request_constraints(operation)
    for location in dict.fromkeys(each.location for each in constraints):
        ids = frozenset(each.id for each in constraints if _below(each, location))
        if not ids:
            continue
        name = location_id(location) or "request"
        yield Fault(
            name=f"{name}/nothing-below-checked",
            mechanism="whole sub-tree overlooked",
            description=f"checks nothing of what lies below {name}",
            install=dropping(operation, _one_of(ids)),
        )


def _one_of(ids: frozenset[str]) -> Callable[[Violation, Json], bool]:
    return lambda violation, _: violation.constraint in ids


def _shared_shapes(operation: Operation) -> Iterator[Fault]:
    """A constraint of a shape with several locations, overlooked at all of them."""
    groups: dict[tuple[str, str], list[str]] = {}
    for constraint in request_constraints(operation):
        shape = operation.shape_at(constraint.location).name
        groups.setdefault((shape, constraint.kind), []).append(constraint.id)
    for (shape, kind), ids in groups.items():
        if len(ids) > 1:
            yield Fault(
                name=f"{shape}.{kind}/not-enforced-anywhere",
                mechanism="constraint of a shape overlooked everywhere",
                description=f"accepts requests that break {' or '.join(ids)}",
                install=dropping(operation, _one_of(frozenset(ids))),
            )


def always_there(operation: Operation, location: Location) -> bool:
    """Whether every conforming request has a value there: nothing would be accepted without."""
    shape = operation.shapes[operation.input]
    for depth, segment in enumerate(location):
        member = shape.member(segment)
        if member is None or not member.required:
            return False
        shape = operation.shape_at(location[: depth + 1])
    return True
