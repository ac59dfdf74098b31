"""Which shapes contain themselves, and how flat the flattest value of each can be."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from contract_kit.contract.shape import Shape
from contract_kit.validate.beyond_engine import targets


def heights(shapes: Mapping[str, Shape]) -> dict[str, float]:
    """Levels that the flattest value of each shape takes."""
    found: dict[str, float] = dict.fromkeys(shapes, math.inf)
    changed = True
    while changed:
        changed = False
        for name, shape in shapes.items():
            height = _height(shape, found)
            if height < found[name]:
                found[name], changed = height, True
    return found


def _height(shape: Shape, heights: Mapping[str, float]) -> float:
    if shape.type == "union":
        return 1 + min((heights[member.shape] for member in shape.members), default=0)
    if shape.type == "structure":
        return 1 + max((heights[m.shape] for m in shape.members if m.required), default=0)
    if shape.item and shape.min_length:
        return 1 + heights[shape.item]
    return 1


def recursive(shapes: Mapping[str, Shape]) -> Iterator[str]:
    """Names of the shapes that contain themselves."""
    for name in shapes:
        reached: set[str] = set()
        waiting = [*targets(shapes[name])]
        while waiting:
            other = waiting.pop()
            if other not in reached:
                reached.add(other)
                waiting += targets(shapes[other])
        if name in reached:
            yield name
