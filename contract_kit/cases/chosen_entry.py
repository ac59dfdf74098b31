"""The entry of a list or map that holds a probe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from contract_kit.cases.bindings import first_given
from contract_kit.cases.typical import varied
from contract_kit.contract.shape import Json, Shape, Shapes
from contract_kit.contract.values import put

Chosen: TypeAlias = tuple[Json, Any]
"""A list or map, and the index or key of the entry in it."""


def chosen(
    shapes: Shapes, shape: Shape, value: Json, *, keeps: bool, make: Callable[[], Json]
) -> Chosen:
    """A list or map with an entry to probe: the first one it has, or one that is made.

    keeps: its entries stay, so that the new one is beside them if there is room.
    """
    keeps = keeps and bool(value)
    room = shape.max_length is None or len(value or ()) < shape.max_length
    if shape.type == "list":
        given = value or [None]
        entry = first_given(given) or make()
        if keeps and room:
            return [*given, entry], len(given)
        at = len(given) - 1 if keeps else 0
        return put(given, (at,), entry if given[at] is None else given[at]), at
    given = value or {}
    key = _new_key(shapes, shape, given) if not given or (keeps and room) else None
    if key is None:
        key = [*given][-1 if keeps else 0]
    entry = given.get(key) or first_given(given.values())
    return {**given, key: entry or make()}, key


def _new_key(shapes: Shapes, shape: Shape, given: Json) -> str | None:
    """A key that a map does not have; None where its type allows for no other one."""
    made = varied(shapes, shape.key or "", len(given) + 1)
    return next((key for key in made if key not in given), None)
