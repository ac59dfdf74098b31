"""Names of members in JSON, where they are not the members' own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from contract_kit.contract.shape import Json, Shape

Shapes = Mapping[str, Shape]
Names = Callable[[Shape], dict[str, tuple[str, str]]]
"""A structure → by the name that is given, the name that is wanted and the member's shape."""


def outward(shapes: Shapes, shape: str, value: Json) -> Json:
    """A value with each member under its `locationName`; unknown members keep their names."""
    return _renamed(shapes, shapes[shape], value, _outer_names)


def inward(shapes: Shapes, shape: str, value: Json) -> Json:
    """A value with each member under its own name; a name that no member has stays as it is."""
    return _renamed(shapes, shapes[shape], value, _inner_names)


def _outer_names(shape: Shape) -> dict[str, tuple[str, str]]:
    return {each.name: (each.binding.name or each.name, each.shape) for each in shape.members}


def _inner_names(shape: Shape) -> dict[str, tuple[str, str]]:
    return {each.binding.name or each.name: (each.name, each.shape) for each in shape.members}


def _renamed(shapes: Shapes, shape: Shape, value: Json, names: Names) -> Json:
    if isinstance(value, list) and shape.type == "list" and shape.item:
        return [_renamed(shapes, shapes[shape.item], each, names) for each in value]
    if not isinstance(value, dict):
        return value
    if shape.type == "map" and shape.item:
        item = shapes[shape.item]
        return {key: _renamed(shapes, item, each, names) for key, each in value.items()}
    known = names(shape)
    return {
        known[name][0] if name in known else name: (
            _renamed(shapes, shapes[known[name][1]], each, names) if name in known else each
        )
        for name, each in value.items()
    }
