"""Recognises the output of `aws … --generate-cli-skeleton` that nobody has edited."""

from __future__ import annotations

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json

EPOCH = "1970-01-01T00:00:00"
"""The time of a skeleton; YAML reads it as a date."""

_SCALARS: dict[str, tuple[Json, ...]] = {
    "integer": (0,),
    "long": (0,),
    "float": (0.0,),
    "double": (0.0,),
    "boolean": (True,),
    "timestamp": (EPOCH,),
    "blob": (None, "", b""),
    "document": (None, {}, ""),
}
"""The skeleton's value for a member of each type, in JSON and in YAML."""

_EMPTY: tuple[Json, ...] = ("", b"", *_SCALARS["timestamp"])
"""Values that only skeletons have, or that say nothing."""

MAP_KEY = "KeyName"
"""The key of each map in a skeleton."""


def is_skeleton(operation: Operation, value: Json) -> bool:
    """Whether a request is what the AWS CLI generates for the operation, unedited."""
    return bool(value) and _same(operation, operation.input, value, ())


def _same(operation: Operation, name: str, value: Json, around: tuple[str, ...]) -> bool:
    shape = operation.shapes[name]
    around = (*around, name)
    if shape.is_structure:
        if not isinstance(value, dict):
            return False
        if around.count(name) > 1:
            return not value
        if len(value) != len(shape.members):
            return False
        names = {part.name: part.shape for part in shape.members}
        return value.keys() == names.keys() and all(
            _same(operation, names[key], entry, around) for key, entry in value.items()
        )
    if shape.type == "list":
        return (
            isinstance(value, list)
            and len(value) == 1
            and _same(operation, shape.item or "", value[0], around)
        )
    if shape.type == "map":
        return (
            isinstance(value, dict)
            and value.keys() == {MAP_KEY}
            and _same(operation, shape.item or "", value[MAP_KEY], around)
        )
    if shape.type == "string":
        # The AWS CLI draws one of the values.
        return value in ("", *shape.enum)
    wanted, value = _SCALARS[shape.type], _as_text(value)
    return any(type(value) is type(one) and value == one for one in wanted)


def has_placeholder(value: Json) -> bool:
    """Whether something in a skeleton shows that it waits to be filled in.

    Enum values, booleans and numbers do not: a request that has nothing else may be meant so.
    """
    if isinstance(value, dict):
        return MAP_KEY in value or any(has_placeholder(entry) for entry in value.values())
    if isinstance(value, list):
        return any(has_placeholder(entry) for entry in value)
    return value is None or any(_as_text(value) == one for one in _EMPTY)


def _as_text(value: Json) -> Json:
    """A time that YAML has read, as the skeleton writes it; anything else as it is."""
    # Loading datetime takes as long as reading a file.
    return value.isoformat() if hasattr(value, "isoformat") else value


def text_member(operation: Operation) -> str | None:
    """A member of the request that is an empty string in every skeleton; None where none is."""
    shapes = operation.shapes
    members = shapes[operation.input].members
    texts = (
        part.name
        for part in members
        if shapes[part.shape].type == "string" and not shapes[part.shape].enum
    )
    return next(texts, None)
