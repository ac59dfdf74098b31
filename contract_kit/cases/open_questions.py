"""Values about which no source promises that they are accepted, nor that they are refused."""

from __future__ import annotations

from contract_kit.cases.typical import Shapes
from contract_kit.contract.shape import Json, Shape


def has_odd_character(text: str) -> bool:
    """Whether a string holds NUL or a lone surrogate, of which no source says what they do."""
    return "\0" in text or any("\ud800" <= char <= "\udfff" for char in text)


def has_empty_branch(shapes: Shapes, shape: Shape, value: Json) -> bool:
    """Whether a union holds a structure in which every member is left out.

    It conforms; some correct servers refuse it all the same, since it names nothing.
    """
    if isinstance(value, list) and shape.item:
        return any(has_empty_branch(shapes, shapes[shape.item], item) for item in value)
    if not isinstance(value, dict):
        return False
    for member in shape.members:
        given, below = value.get(member.name), shapes[member.shape]
        if given is None:
            continue
        if shape.type == "union" and below.type == "structure" and isinstance(given, dict):
            named = (given.get(entry.name) for entry in below.members)
            if all(entry is None for entry in named):
                return True
        if has_empty_branch(shapes, below, given):
            return True
    return False
