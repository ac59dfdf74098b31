"""Violations of large requests: the engine says which parts to walk through, and which to skip."""

from __future__ import annotations

from collections.abc import Callable

from contract_kit.contract.document import DEFS
from contract_kit.contract.shape import ITEM, Json, Path
from contract_kit.contract.walk import MAX_DEPTH
from contract_kit.validate.location_tree import LocationNode
from contract_kit.validate.request_walk import MAX_FOUND, RequestWalk
from contract_kit.validate.violation import Violation

FEW = 16
"""Items of a list that are walked through without asking the engine about a part of them."""

Takes = Callable[[Json], bool]


class GuidedWalk(RequestWalk):
    """A walk over a request of one document, as the engine reads it. nulls: see `RequestWalk`.

    May raise ValueError, for values that JSON cannot hold.
    """

    __slots__ = ("_document", "_made")

    def __init__(self, document: Json, *, nulls: bool) -> None:
        super().__init__(wire=False, nulls=nulls)
        self._document = document
        self._made: dict[tuple[str, str], Takes] = {}

    def check(self, node: LocationNode, value: Json, path: Path) -> None:
        """Adds what `value` breaks at `node` and below."""
        kind = node.shape.type
        if isinstance(value, list) and kind == "list" and len(path) <= MAX_DEPTH:
            self._hidden_below += node.shape.sensitive
            self._length(node, len(value), value, path)
            # In halves at once: the whole is likely what is wrong.
            middle = len(value) // 2
            self._part(node, value, path, 0, middle)
            self._part(node, value, path, middle, len(value))
            self._hidden_below -= node.shape.sensitive
        elif node.shape.item or node.shape.members:
            if not path or not self._takes("", node.shape.name)(value):
                super().check(node, value, path)
        else:
            super().check(node, value, path)

    def _part(
        self, node: LocationNode, value: list[Json], path: Path, start: int, end: int
    ) -> None:
        """Looks at the items from `start` to `end`, exclusive, halving what the engine refuses."""
        if len(self.found) >= MAX_FOUND or self._takes("items", node.shape.name)(value[start:end]):
            return
        if end - start > FEW:
            middle = (start + end) // 2
            self._part(node, value, path, start, middle)
            self._part(node, value, path, middle, end)
            return
        child = node.child(ITEM)
        for index in range(start, end):
            self._entry(node, child, value[index], (*path, index))

    def _takes(self, part: str, name: str) -> Takes:
        """The engine for values of a shape, or for lists of its items of any length."""
        key = (part, name)
        if key not in self._made:
            import jsonschema_rs

            schema = {"$ref": DEFS + name}
            if part:
                schema = {"type": "array", "items": self._document["$defs"][name]["items"]}
            document = {**schema, "$defs": self._document["$defs"]}
            self._made[key] = jsonschema_rs.validator_for(document).is_valid
        return self._made[key]


def guided_violations(
    root: LocationNode, document: Json, request: Json, *, nulls: bool = False
) -> tuple[Violation, ...]:
    """Every broken constraint that the engine sees, as a walk reports it, in document order.

    document: the engine's. nulls: see `RequestWalk`.

    May raise ValueError, for values that JSON cannot hold.
    """
    walk = GuidedWalk(document, nulls=nulls)
    walk.check(root, request, ())
    return tuple(walk.found)
