"""The user's values: bound to locations, or in lists and maps of a known-good request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from contract_kit.contract.operation import Operation, child
from contract_kit.contract.shape import ITEM, KEY, VALUE, Json, Location, Shapes, location_id
from contract_kit.contract.values import get
from contract_kit.contract.walk import entries
from contract_kit.errors import UsageError
from contract_kit.text.near import meant, nearest

Bindings = Mapping[str, Json]
"""Location id → the value that holds there in the cases of all other members."""


def parse_location(operation: Operation, id: str) -> Location:
    """`Filters.Include[].Values` as a location; raises UsageError where it leads nowhere."""
    location = tuple(part for part in id.replace("[", ".[").split(".") if part)
    try:
        operation.shape_at(location)
    except KeyError as error:
        near = _nearest(operation, location)
        hint = meant(*near) or "write member names as in Filters.Include[].BooleanExpression"
        raise UsageError(
            f"{operation.id} has no {id!r}: nothing is called {error.args[0]!r} there; {hint}"
        ) from None
    if not location:
        raise UsageError(f"{id!r} names no member; write MEMBER=VALUE")
    return location


def _nearest(operation: Operation, location: Location) -> tuple[str, ...]:
    """The id of the place that a location is near to, if there is one."""
    shape, found = operation.shapes[operation.input], []
    left = list(location)
    while left:
        segment = left.pop(0)
        entries = {"list": (ITEM,), "map": (KEY, VALUE)}.get(shape.type)
        known = entries or tuple(member.name for member in shape.members)
        near = nearest(segment, known)
        if near is None and shape.item is not None:
            # Written as if the list were the entry that was meant.
            left.insert(0, segment)
        elif near is None:
            return ()
        found.append(near[0] if near else known[-1])
        shape = operation.shapes[child(shape, found[-1])]
    return (location_id(tuple(found)),)


def parsed(operation: Operation, bindings: Bindings) -> dict[Location, Json]:
    """Bindings by location, containers before what lies in them; raises UsageError."""
    found = {parse_location(operation, id): value for id, value in bindings.items()}
    return dict(sorted(found.items(), key=lambda entry: len(entry[0])))


def bind(
    shapes: Shapes,
    name: str,
    value: Json,
    location: Location,
    bound: Json,
    *,
    around: Location = (),
) -> Json:
    """A value of the shape `name` with what is bound at a location, wherever its parents are.

    around: a location that is reached: the unions on the way to it keep their members.
    """
    if not location:
        return bound
    head, rest, shape = location[0], location[1:], shapes[name]
    below = around[1:] if around[:1] == (head,) else ()

    def inner(item: Json) -> Json:
        return bind(shapes, child(shape, head), item, rest, bound, around=below)

    if head == ITEM and isinstance(value, list):
        return [inner(item) for item in value]
    if not isinstance(value, dict):
        return value
    if head == KEY:
        first = next(iter(value), bound)
        return value if bound in value else {_or(bound, first, key): value[key] for key in value}
    if head == VALUE:
        return {key: inner(item) for key, item in value.items()}
    if rest and get(value, (head,)) is None:
        return value
    if not shape.takes_one:
        return {**value, head: inner(value.get(head))}
    is_elsewhere = bool(around) and around[0] != head
    return value if is_elsewhere else {head: inner(value.get(head))}


def _or(bound: str, first: str, key: str) -> str:
    return bound if key == first else key


def filled(shapes: Shapes, name: str, value: Json, usual: Json) -> Iterator[Location]:
    """The lists and maps of a value that hold something else than they usually do."""
    shape = shapes[name]
    if shape.item:
        if not value or value == usual or not isinstance(value, (list, dict)):
            return
        yield ()
        usual = None
    for segment, at, _, inner, item in entries(shape, value):
        for location in filled(shapes, inner, item, get(usual, (segment,))):
            yield (at, *location)


def start_for(requests: Sequence[Json], location: Location) -> int:
    """Index of the first request that has most of the way to a location."""
    return max(range(len(requests)), key=lambda number: _way(requests[number], location))


def leads(requests: Sequence[Json], location: Location) -> bool:
    """Whether a location leads to something in one of the requests, by way of first entries."""
    return any(_way(request, location) == len(location) for request in requests)


def _way(value: Json, location: Location) -> int:
    """How many segments of a location lead to something, by way of first entries."""
    if not location:
        return 0
    head, rest = location[0], location[1:]
    if head in (ITEM, VALUE, KEY):
        entries = list(value.values()) if isinstance(value, dict) else value
        inner = entries[0] if isinstance(entries, list) and entries else None
    else:
        inner = value.get(head) if isinstance(value, dict) else None
    return 0 if inner is None else 1 + _way(inner, rest)


def holds(value: Json, given: Json) -> bool:
    """Whether a value has all that is given: every member, entry and item of it."""
    if isinstance(given, dict):
        return isinstance(value, dict) and all(
            name in value and holds(value[name], item) for name, item in given.items()
        )
    if isinstance(given, list):
        return isinstance(value, list) and all(
            any(holds(item, wanted) for item in value) for wanted in given
        )
    return bool(value == given)


def first_given(entries: Iterable[Json]) -> Json:
    """The first entry that is not null; None where there is none."""
    return next((entry for entry in entries if entry is not None), None)


def filled_up(given: list[Json], count: int, index: int) -> tuple[list[Json], int]:
    """A list filled with copies to `count` entries, and where the one of an index is probed.

    What the user gave stays, and moves on for an entry before it, as far as there is room.
    """
    added, at = [given[0]] * max(0, count - len(given)), min(index, count - 1)
    before = 0 if at >= len(given) else min(len(added), at + 1)
    return [*added[:before], *given, *added[before:]], at
