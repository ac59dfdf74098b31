"""How flat the flattest value of a shape can be, which may contain itself."""

from __future__ import annotations

import math
from collections.abc import Mapping

from contract_kit.contract.shape import Shape


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
