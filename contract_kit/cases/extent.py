"""The smallest and the fullest value of a shape."""

from __future__ import annotations

from contract_kit.cases.typical import typical, typical_members
from contract_kit.contract.shape import Json, Shapes
from contract_kit.contract.walk import mapped


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
