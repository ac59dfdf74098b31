"""The smallest and the fullest value of a shape."""

from __future__ import annotations

from contract_kit.cases.typical import Shapes, typical, typical_members
from contract_kit.contract.shape import Json


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
    if shape.is_structure and isinstance(given, dict):
        known = {member.name: member for member in shape.members}
        if not shape.takes_one:
            given = {**typical_members(shapes, shape, inner), **given}
        return {
            label: fullest(shapes, known[label].shape, inner, value) if label in known else value
            for label, value in given.items()
        }
    if shape.type == "list" and shape.item and isinstance(given, list):
        item = shape.item
        return [fullest(shapes, item, inner, value) for value in given]
    return given
