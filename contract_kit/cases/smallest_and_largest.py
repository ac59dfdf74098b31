"""The smallest, the fullest and the largest values of a shape."""

from __future__ import annotations

from contract_kit.cases.string_probes import ASTRAL
from contract_kit.cases.typical import scalar, text_of_length, typical, typical_members
from contract_kit.contract.shape import Json, Shapes
from contract_kit.contract.walk import mapped

MOST = 2_000_000
"""Characters of a request that is still worth sending; services limit what they read, too."""

UNLIMITED_ITEMS = 3
"""Items of a list and entries of a map whose size nothing limits, unless it must be larger."""


def largest(shapes: Shapes, name: str, *, astral: bool = False) -> Json:
    """A request as large as the limits allow; None where that is too much to send.

    astral: fill free strings with characters outside the Basic Multilingual Plane.
    """
    if _size(shapes, name, ()) > MOST:
        return None
    return _build(shapes, name, astral, "", ())


def _count(shapes: Shapes, name: str) -> int:
    shape = shapes[name]
    if shape.max_length is not None:
        return shape.max_length
    return max(UNLIMITED_ITEMS, shape.min_length or 0)


def _size(shapes: Shapes, name: str, within: tuple[str, ...]) -> int:
    """About how many characters the largest value has, without building it."""
    shape, inner = shapes[name], (*within, name)
    if name in within:
        return 2
    sizes = [_size(shapes, member.shape, inner) for member in shape.members]
    if shape.takes_one:
        return max(sizes, default=0)
    if shape.type == "structure":
        return sum(sizes)
    if shape.item:
        return _count(shapes, name) * _size(shapes, shape.item, inner)
    return shape.max_length or 16


def _build(shapes: Shapes, name: str, astral: bool, label: str, within: tuple[str, ...]) -> Json:
    shape, inner = shapes[name], (*within, name)
    members = [
        member
        for member in shape.members
        if member.shape not in inner and not member.page_token and not member.waits
    ]
    if shape.takes_one and members:
        members = [max(members, key=lambda member: _size(shapes, member.shape, inner))]
    if shape.is_structure:
        return {
            member.name: _build(shapes, member.shape, astral, member.name, inner)
            for member in members
        }
    if shape.type == "list" and shape.item and shape.item not in inner:
        item = _build(shapes, shape.item, astral, "", inner)
        return [item] * _count(shapes, name)
    if shape.type == "string" and shape.pattern is None and not shape.enum and shape.max_length:
        return ASTRAL * shape.max_length if astral else text_of_length(shape.max_length)
    if shape.type in ("list", "map"):
        return typical(shapes, name, within=within)
    return scalar(shape, label)


def least(shapes: Shapes, name: str, label: str = "") -> Json:
    """The smallest conforming value: required members only, all the way down."""
    shape = shapes[name]
    if shape.is_structure:
        required = [member for member in shape.members if member.required]
        members = shape.members[:1] if shape.takes_one else required
        return {member.name: least(shapes, member.shape, member.name) for member in members}
    if shape.type in ("list", "map") and not shape.min_length:
        return [] if shape.type == "list" else {}
    return typical(shapes, name, label=label)


def fullest(shapes: Shapes, name: str, within: tuple[str, ...], given: Json) -> Json:
    """A value in which every member of every structure is present. within: the shapes around it."""
    shape = shapes[name]
    inner = (*within, name)
    if shape.type == "map":
        return given
    if shape.is_structure and not shape.takes_one and isinstance(given, dict):
        given = {**typical_members(shapes, shape, inner), **given}
    return mapped(shape, given, lambda value, below, _: fullest(shapes, below, inner, value))
