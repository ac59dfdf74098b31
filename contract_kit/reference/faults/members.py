"""Members that are absent, null, empty, unknown, or one too many."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import TYPE_NAME, Json, Location, Shape, location_id
from contract_kit.contract.walk import Place, places
from contract_kit.reference.faults.at import values_at
from contract_kit.reference.faults.changes import broken, checking, crash, dropping, objecting
from contract_kit.reference.faults.enforcement import always_there
from contract_kit.reference.faults.fault import Fault, Install
from contract_kit.reference.steps import Violations
from contract_kit.validate.violation import Violation

Judge = Callable[[Json], bool]


def member_faults(operation: Operation) -> Iterator[Fault]:
    """Presence of each member, unknown members of each structure, unions."""
    for place in places(operation):
        name = location_id(place.location)
        above = operation.shape_at(place.location[:-1])
        if place.member is not None and above.type == "structure":
            presence = _required if place.member.required else _optional
            yield from presence(operation, place, name)
            yield _crash(operation, place.location, f"{name}/null-crashes", "null", _is_null)
            if _takes_empty(place.shape):
                yield _refusal(operation, place.location, f"{name}/empty-refused", _is_empty)
        if place.shape.is_structure:
            yield from _structure(operation, place.location, place.shape)
    root = operation.shapes[operation.input]
    yield from _structure(operation, (), root)


def _required(operation: Operation, place: Place, name: str) -> Iterator[Fault]:
    id_ = f"{name}.required"
    last = place.location[-1]

    def given(violation: Violation, request: Json) -> bool:
        """Whether the member is there as null."""
        path, parent = violation.path[:-1], request
        for segment in path:
            parent = parent[segment]
        return last in parent

    yield Fault(
        name=f"{id_}/null-accepted",
        mechanism="null accepted for a required member",
        description=f"takes null for {name}, though it refuses a request without it",
        install=dropping(operation, lambda each, r: each.constraint == id_ and given(each, r)),
    )
    yield Fault(
        name=f"{id_}/absence-accepted",
        mechanism="absence of a required member accepted",
        description=f"takes requests without {name}, though it refuses null",
        install=dropping(operation, lambda each, r: each.constraint == id_ and not given(each, r)),
    )


def _empty(operation: Operation, location: Location) -> Fault:
    name = location_id(location) or "request"
    return Fault(
        name=f"{name}/empty-accepted",
        mechanism="structure without any member accepted",
        description=f"takes an empty {name}, though members of it are required",
        install=dropping(operation, _in_empty(location)),
    )


def _in_empty(above: Location) -> Callable[[Violation, Json], bool]:
    def overlooked(violation: Violation, request: Json) -> bool:
        if not violation.constraint.endswith(".required"):
            return False
        empty = [path for path, value in values_at(request, above) if value == {}]
        return violation.path[:-1] in empty

    return overlooked


def _optional(operation: Operation, place: Place, name: str) -> Iterator[Fault]:
    yield _refusal(operation, place.location, f"{name}/null-refused", _is_null)
    constraint = operation.constraint(f"{name}.type")
    above, last = place.location[:-1], place.location[-1]

    def change(request: Json, found: Violations) -> Violations:
        holders = [value for _, value in values_at(request, above) if isinstance(value, dict)]
        if all(last in holder for holder in holders):
            return found
        parent = operation.constraint(f"{location_id(above) or 'request'}.type")
        return (*found, *broken(parent, request, lambda value: True))

    # Some correct servers refuse a structure in which everything is left out.
    if len(operation.shape_at(above).members) > 1:
        yield Fault(
            name=f"{name}/absence-refused",
            mechanism="absence of an optional member refused",
            description=f"refuses requests without {name}",
            install=checking(operation, change),
        )
    yield Fault(
        name=f"{constraint.id}/empty-values-not-checked",
        mechanism="values that count as false not checked",
        description=f"takes false, 0, empty text, [] and {{}} for an absent {name}",
        install=dropping(operation, _falsy_at(place.location)),
    )


def _falsy_at(location: Location) -> Callable[[Violation, Json], bool]:
    name = location_id(location)

    def overlooked(violation: Violation, request: Json) -> bool:
        return violation.constraint.rpartition(".")[0] == name and not violation.value

    return overlooked


def _takes_empty(shape: Shape) -> bool:
    """Whether an empty value, or 0, is known to conform; of 0 as an amount nothing is."""
    if shape.type in ("structure", "list"):
        return not shape.min_length and not any(member.required for member in shape.members)
    return shape.type in ("timestamp", "boolean")


def _is_null(value: Json) -> bool:
    return value is None


def _is_empty(value: Json) -> bool:
    return value is not None and not value


def _structure(operation: Operation, location: Location, shape: Shape) -> Iterator[Fault]:
    """Emptiness and members that no one knows; of those beside a union's, nothing is promised."""
    name = location_id(location) or "request"
    known = {member.name for member in shape.members}

    def strange(value: Json) -> bool:
        return isinstance(value, dict) and not value.keys() <= known | {TYPE_NAME}

    if shape.type == "structure":
        yield _refusal(operation, location, f"{name}/unknown-members-refused", strange)
    if any(member.required for member in shape.members):
        yield _empty(operation, location)
    yield _crash(operation, location, f"{name}/unknown-members-crash", "unknown members", strange)


def _refusal(operation: Operation, location: Location, name: str, refuses: Judge) -> Fault:
    constraint = operation.constraint(f"{location_id(location) or 'request'}.type")
    what = name.rpartition("/")[2].replace("-", " ")
    return Fault(
        name=name,
        mechanism=what,
        description=f"refuses what conforms: {what} at {constraint.id.removesuffix('.type')}",
        install=objecting(operation, constraint, refuses),
    )


def _crash(operation: Operation, location: Location, name: str, what: str, trips: Judge) -> Fault:
    return Fault(
        name=name,
        mechanism=f"crash on {what}",
        description=f"answers {what} at {location_id(location) or 'the root'} with a 500",
        install=crashing(operation, location, trips),
    )


def crashing(operation: Operation, location: Location, trips: Judge) -> Install:
    """Fails on each request with such a value at the location."""

    def change(request: Json, found: Violations) -> Violations:
        if any(trips(value) for _, value in values_at(request, location)):
            raise crash()
        return found

    return checking(operation, change)


def union_faults(operation: Operation) -> Iterator[Fault]:
    """Unions that take none or several members, or refuse one that they have."""
    for constraint in operation.constraints:
        if constraint.kind == "union":
            yield from _lax_unions(operation, constraint)
            yield from _strict_unions(operation, constraint)


def _lax_unions(operation: Operation, constraint: Constraint) -> Iterator[Fault]:
    names = tuple(constraint.limit)

    def filled(value: Json) -> int:
        return sum(value.get(name) is not None for name in names)

    kinds: dict[str, Judge] = {
        "no-member-accepted": lambda value: value == {},
        "only-null-accepted": lambda value: (
            not filled(value) and value.keys() & set(names) != set()
        ),
        "only-unknown-accepted": lambda value: value != {} and not value.keys() & set(names),
        "nothing-set-accepted": lambda value: not filled(value),
    }
    if len(names) > 1:
        kinds["several-members-accepted"] = lambda value: filled(value) > 1
    for slug, accepts in kinds.items():
        yield Fault(
            name=f"{constraint.id}/{slug}",
            mechanism=f"union: {slug.replace('-', ' ')}",
            description=f"takes a union with {slug.removesuffix('-accepted').replace('-', ' ')}",
            install=dropping(operation, _union_kind(constraint, accepts)),
        )


def _union_kind(constraint: Constraint, accepts: Judge) -> Callable[[Violation, Json], bool]:
    return lambda each, _: each.constraint == constraint.id and accepts(each.value)


def _strict_unions(operation: Operation, constraint: Constraint) -> Iterator[Fault]:
    names = tuple(constraint.limit)
    kinds: dict[str, Judge] = {"type-name-refused": lambda value: TYPE_NAME in value}
    if len(names) > 1:
        kinds["null-sibling-refused"] = lambda value: any(
            name in value and value[name] is None for name in names
        )
    if len(names) > 1 or not always_there(operation, constraint.location):
        kinds |= {f"{name}-refused": _has(name) for name in names}
    for slug, refuses in kinds.items():
        what = f"union: {slug.replace('-', ' ')}"
        yield Fault(
            name=f"{constraint.id}/{slug}",
            mechanism="union: member refused" if slug.removesuffix("-refused") in names else what,
            description=f"refuses what conforms: {slug.replace('-', ' ')} at {constraint.id}",
            install=objecting(operation, constraint, _of_dicts(refuses)),
        )


def _has(name: str) -> Judge:
    return lambda value: value.get(name) is not None


def _of_dicts(refuses: Judge) -> Judge:
    return lambda value: isinstance(value, dict) and refuses(value)
