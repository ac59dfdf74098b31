"""Another typical value in place of a given one: every scalar in it differs, where it can."""

from __future__ import annotations

from contract_kit.cases.typical import text_of_length
from contract_kit.contract.shape import INTEGER_BITS, Json, Shape, Shapes
from contract_kit.contract.time_order import DAY
from contract_kit.contract.walk import mapped


def other(shapes: Shapes, name: str, value: Json) -> Json:
    """A conforming value of the same form as `value`, made of other characters and numbers."""
    shape = shapes[name]
    if isinstance(value, (dict, list)):
        return mapped(shape, value, lambda each, inner, _: other(shapes, inner, each))
    if shape.type == "timestamp":
        return value + DAY + 0.5
    if isinstance(value, bool):
        return not value
    if shape.type in INTEGER_BITS and isinstance(value, int):
        return _other_number(shape, value)
    if shape.type == "string" and isinstance(value, str):
        return _other_text(shape, value)
    return value


def _other_number(shape: Shape, value: int) -> int:
    top = 2 ** (INTEGER_BITS[shape.type] - 1)
    if value + 1 < top and (shape.maximum is None or value < shape.maximum):
        return value + 1
    # Of an integer type at its greatest there is always one less.
    return value - 1 if shape.minimum is None or value > shape.minimum else value


def _other_text(shape: Shape, value: str) -> str:
    if shape.enum:
        return shape.enum[-1]
    if shape.pattern is None:
        return text_of_length(len(value), "sample")
    return (shape.regex.other_example(len(value)) if shape.regex else None) or value
