"""Violations of large requests: the engine says where to look, and the walk goes nowhere else."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

from contract_kit.contract.shape import ITEM, VALUE, Json, Path
from contract_kit.validate.node import Node
from contract_kit.validate.violation import Violation
from contract_kit.validate.walk import MAX_FOUND, Walk

SHALLOW = frozenset(
    (
        *("required", "additionalProperties", "oneOf"),
        *("minItems", "maxItems", "minProperties", "maxProperties"),
    )
)
"""Keywords that speak of a collection itself, and not of what it holds."""

Errors = Callable[[Json], Iterable[Any]]
"""The engine's `iter_errors`."""


class _Here(Walk):
    """A walk that looks at one value, and not at those inside it."""

    __slots__ = ("_begun",)

    def __init__(self) -> None:
        super().__init__(wire=False)
        self._begun = False

    def check(self, node: Node, value: Json, path: Path) -> None:
        """Checks the first value alone."""
        if not self._begun:
            self._begun = True
            super().check(node, value, path)


def guided_violations(root: Node, errors: Errors, request: Json) -> tuple[Violation, ...]:
    """Every broken constraint that the engine sees, as a walk tells it.

    May raise ValueError, for values that JSON cannot hold.
    """
    places: dict[Path, bool] = {}
    for error in itertools.islice(errors(request), MAX_FOUND):
        path = tuple(error.instance_path)
        shallow = error.schema_path[-1] in SHALLOW
        if path and error.instance is None:
            # What null breaks is told by what holds it: it may be a missing member.
            path, shallow = path[:-1], True
        places[path] = places.get(path, True) and shallow
    found: dict[tuple[str, Path], Violation] = {}
    for path, shallow in places.items():
        node, value = root, request
        for segment in path:
            node, value = _below(node, segment), value[segment]
        walk = _Here() if shallow else Walk(wire=False)
        walk.check(node, value, path)
        for violation in walk.found:
            found.setdefault((violation.constraint, violation.path), violation)
    return tuple(found.values())[:MAX_FOUND]


def _below(node: Node, segment: str | int) -> Node:
    if isinstance(segment, int):
        return node.child(ITEM)
    for name, _, child in node.members:
        if name == segment:
            return child
    return node.child(VALUE)
