"""Required strings of which no conforming one is known, so that no request can be made."""

from __future__ import annotations

import functools
from collections.abc import Collection

from contract_kit.cases.typical import text
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Location, Shape, Shapes, location_id
from contract_kit.contract.walk import grown, segments
from contract_kit.errors import UnknownText


@functools.lru_cache(maxsize=64)
def unknown_shapes(operation: Operation) -> frozenset[str]:
    """Names of the shapes of which no conforming value is known.

    The strings whose pattern cannot be decided or holds for none within their limits, and whatever
    cannot do without one of them.
    """
    shapes = operation.shapes
    return frozenset(grown(shapes, lambda name, unknown: _is_unknown(shapes[name], unknown)))


def check_possible(operation: Operation, given: Collection[Location] = ()) -> None:
    """Raises UnknownText where no conforming request is known.

    given: the locations of values that every request has.
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
    """The location of the first required string that is not known."""
    if name not in unknown or location in given:
        return None
    shape = shapes[name]
    if shape.type == "string":
        return location
    each = (
        _first_unknown(shapes, inner, (*location, segment), unknown, given)
        for segment, inner, member in segments(shape)
        if member is None or member.required or shape.type == "union"
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
    found = text(shape)
    return shape.regex is not None and shape.fits(len(found)) and shape.regex.matches(found)
