"""Parts of a value, and what is documented of them, by path."""

from __future__ import annotations

from dataclasses import replace

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, Path, Shape


def shape_at(operation: Operation, path: Path) -> Shape | None:
    """The shape of the value at a path of a request; None where nothing is documented.

    Its format of times is the one that holds there.
    """
    shape, stated = operation.shapes[operation.input], ""
    for segment in path:
        if shape.is_structure:
            member = shape.member(str(segment))
            name, stated = (member.shape, member.timestamp_format) if member else (None, "")
        else:
            name, stated = shape.item, ""
        if name is None:
            return None
        shape = operation.shapes[name]
    return replace(shape, timestamp_format=stated) if stated else shape


def at_path(value: Json, path: Path) -> Json:
    """The part of a value at a path; raises LookupError or TypeError where there is none."""
    for segment in path:
        value = value[segment]
    return value


def is_there(value: Json, path: Path) -> bool:
    """Whether a value has a part at the path, if only null."""
    try:
        at_path(value, path)
    except (LookupError, TypeError):
        return False
    return True


def is_sensitive(operation: Operation, path: Path) -> bool:
    """Whether the value at a path, or one around it, is documented as sensitive."""
    shapes = (shape_at(operation, path[:length]) for length in range(len(path) + 1))
    return any(shape.sensitive for shape in shapes if shape is not None)
