"""One walk over the shapes of an operation, over values beside them, and functions made of both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

if TYPE_CHECKING:
    from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import (
    ITEM,
    KEY,
    VALUE,
    Json,
    Location,
    Member,
    Path,
    Shape,
    Shapes,
)

MAX_DEPTH = 200
"""Levels of nesting that a walk over a value follows: lists that YAML read may hold themselves.

Servers give up earlier: the ones observed stop between 64 and 128 levels.
"""

Made = TypeVar("Made", bound=Callable[..., object])


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One location of the operation with its shape and member."""

    location: Location
    shape: Shape
    member: Member | None


def segments(shape: Shape) -> Iterator[tuple[str, str, Member | None]]:
    """The children of a shape: location segment, name of its shape, and member if any."""
    for member in shape.members:
        yield member.name, member.shape, member
    if shape.key is not None:
        yield KEY, shape.key, None
    if shape.item is not None:
        yield VALUE if shape.type == "map" else ITEM, shape.item, None


def targets(shape: Shape) -> tuple[str, ...]:
    """Names of the shapes directly below one."""
    return tuple(name for _, name, _ in segments(shape))


def places(operation: Operation) -> Iterator[Place]:
    """Every location below the root, in document order, recursive shapes to their re-entry."""
    return places_below(operation.shapes, operation.input)


def places_below(shapes: Shapes, root: str) -> Iterator[Place]:
    """The same below any shape."""

    def below(name: str, location: Location, entered: tuple[str, ...]) -> Iterator[Place]:
        for segment, inner, member in segments(shapes[name]):
            here = (*location, segment)
            yield Place(location=here, shape=shapes[inner], member=member)
            if inner not in entered:
                yield from below(inner, here, (*entered, inner))

    yield from below(root, (), (root,))


def grown(names: Collection[str], belongs: Callable[[str, set[str]], bool]) -> set[str]:
    """The least set of names to which a name belongs as soon as `belongs` says so of the others."""
    found: set[str] = set()
    while more := {name for name in names if name not in found and belongs(name, found)}:
        found |= more
    return found


def containing(shapes: Shapes, names: Iterable[str]) -> set[str]:
    """The named shapes, and all that contain one of them."""
    known, below = set(names), {name: targets(shape) for name, shape in shapes.items()}
    return grown(below, lambda name, found: name in known or not found.isdisjoint(below[name]))


def reachable(shapes: Shapes, name: str) -> set[str]:
    """Names of all shapes below one; its own name too, where it contains itself."""
    found: set[str] = set()
    waiting = [*targets(shapes[name])]
    while waiting:
        inner = waiting.pop()
        if inner not in found:
            found.add(inner)
            waiting += targets(shapes[inner])
    return found


def recursive(shapes: Shapes) -> frozenset[str]:
    """Names of the shapes that contain themselves."""
    return frozenset(name for name in shapes if name in reachable(shapes, name))


def is_recursive(operation: Operation) -> bool:
    """Whether some shape of the request contains itself."""
    names = {operation.input, *reachable(operation.shapes, operation.input)}
    below = {name: targets(operation.shapes[name]) for name in names}
    # A shape ends if all its parts end.
    return grown(names, lambda name, ending: ending.issuperset(below[name])) != names


def compiler(needed: Container[str], make: Callable[[str], Made]) -> Callable[[str], Made | None]:
    """Finds the function for a shape, made once; None for a shape that needs none.

    make: makes the function of one shape by its name, of those that are found for what it contains.
    """
    made: dict[str, Made] = {}

    def find(name: str) -> Made | None:
        if name not in needed:
            return None
        if name not in made:
            # A recursive shape finds this entry while its own function is being made.
            made[name] = lambda value: made[name](value)  # type: ignore[assignment]
            made[name] = make(name)
        return made[name]

    return find


Entry: TypeAlias = tuple[str | int, str, Member | None, str, Json]
"""A direct child of a value: segment of its path, and of its location; the member if it is one,
not an item or an entry of a map; name of its shape; the child itself."""


def entries(shape: Shape, value: Json) -> Iterator[Entry]:
    """The items, entries or documented members of a value; nothing of what is of another type."""
    if isinstance(value, list):
        if shape.item and shape.type == "list":
            for index, item in enumerate(value):
                yield index, ITEM, None, shape.item, item
    elif isinstance(value, dict):
        if shape.item:
            for key, item in value.items():
                yield key, VALUE, None, shape.item, item
        for member in shape.members:
            if member.name in value:
                yield member.name, member.name, member, member.shape, value[member.name]


class PlacedValue(NamedTuple):
    """A value in a request. parent: the shape directly around it. member: as in `Entry`."""

    path: Path
    location: Location
    parent: Shape | None
    member: Member | None
    shape: Shape
    value: Json


def walked(
    shapes: Shapes, name: str, value: Json, *, only: Container[str] | None = None
) -> Iterator[PlacedValue]:
    """A value and all documented values inside it, in document order, parents first.

    only: names of shapes; what is of another one is passed over with all that it holds.
    """
    waiting = [PlacedValue((), (), None, None, shapes[name], value)]
    while waiting:
        here = waiting.pop()
        if len(here.path) <= MAX_DEPTH and (only is None or here.shape.name in only):
            yield here
            path, location = here.path, here.location
            below = [
                PlacedValue(
                    (*path, segment), (*location, at), here.shape, member, shapes[inner], item
                )
                for segment, at, member, inner, item in entries(here.shape, here.value)
            ]
            waiting += reversed(below)


def mapped(shape: Shape, value: Json, change: Callable[[Json, str, Member | None], Json]) -> Json:
    """A copy of a value in which every item, entry or documented member is changed.

    change: gets it, the name of its shape, and the member if it is one. Undocumented values and
    values of another type stay.
    """
    if isinstance(value, list) and shape.type == "list" and shape.item:
        item = shape.item
        return [change(each, item, None) for each in value]
    if not isinstance(value, dict):
        return value
    if shape.type == "map" and shape.item:
        item = shape.item
        return {key: change(each, item, None) for key, each in value.items()}
    members = {member.name: member for member in shape.members}
    return {
        name: change(each, members[name].shape, members[name]) if name in members else each
        for name, each in value.items()
    }
