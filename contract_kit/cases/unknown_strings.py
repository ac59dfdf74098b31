"""What no request can be made for: strings of which none is known that conforms."""

from __future__ import annotations

import functools
from collections.abc import Collection

from contract_kit.cases.typical import Shapes, text
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import ITEM, VALUE, Location, Shape, location_id
from contract_kit.errors import UnknownText, UnsupportedPattern
from contract_kit.pattern.compiled import Pattern


@functools.lru_cache(maxsize=64)
def unknown_shapes(operation: Operation) -> frozenset[str]:
    """Names of the shapes of which no conforming value is known.

    The strings whose pattern cannot be decided or holds for none within their limits, and whatever
    cannot do without one of them.
    """
    unknown: set[str] = set()
    grown = True
    while grown:
        more = {
            name
            for name, shape in operation.shapes.items()
            if name not in unknown and _is_unknown(shape, unknown)
        }
        grown = bool(more)
        unknown |= more
    return frozenset(unknown)


def check_possible(operation: Operation, given: Collection[Location] = ()) -> None:
    """Raises UnknownText where no conforming request is known.

    given: the locations of values that stand in every request.
    """
    unknown = unknown_shapes(operation)
    if operation.input not in unknown:
        return
    location = _first_unknown(operation.shapes, operation.input, (), unknown, frozenset(given))
    if location is not None:
        shape = operation.shape_at(location)
        raise UnknownText(operation.id, location_id(location), shape.pattern or "")


def _first_unknown(
    shapes: Shapes,
    name: str,
    location: Location,
    unknown: frozenset[str],
    given: frozenset[Location],
) -> Location | None:
    """Where the first string stands that has to be there and is not known."""
    if name not in unknown or location in given:
        return None
    shape = shapes[name]
    if shape.type == "string":
        return location
    is_union = shape.type == "union"
    below = [(each.name, each.shape) for each in shape.members if each.required or is_union]
    if shape.item:
        below.append((VALUE if shape.type == "map" else ITEM, shape.item))
    if shape.key:
        below.append(("[key]", shape.key))
    each = (
        _first_unknown(shapes, inner, (*location, segment), unknown, given)
        for segment, inner in below
    )
    return next((found for found in each if found is not None), None)


def _is_unknown(shape: Shape, unknown: set[str]) -> bool:
    if shape.type == "structure":
        return any(member.required and member.shape in unknown for member in shape.members)
    if shape.type == "union":
        return bool(shape.members) and all(member.shape in unknown for member in shape.members)
    if shape.type in ("list", "map"):
        return bool(shape.min_length) and not unknown.isdisjoint((shape.item, shape.key))
    return shape.type == "string" and not _has_text(shape)


@functools.lru_cache(maxsize=4096)
def _has_text(shape: Shape) -> bool:
    """Whether a string of a shape is known that conforms."""
    if shape.pattern is None or shape.enum:
        return True
    try:
        pattern = Pattern.parse(shape.pattern)
    except UnsupportedPattern:
        return False
    found, high = text(shape), shape.max_length
    fits = (shape.min_length or 0) <= len(found) and (high is None or len(found) <= high)
    return fits and pattern.matches(found)
