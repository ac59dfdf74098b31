"""Pairs of times whose names say which one comes first."""

from __future__ import annotations

from collections.abc import Iterator

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, Path
from contract_kit.contract.time_order import Pair, time_pairs
from contract_kit.contract.walk import containing, walked


class Times:
    """The pairs of an operation, laid out so that a request without them costs nothing."""

    __slots__ = ("_operation", "_pairs", "_wanted")

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self._pairs: dict[str, tuple[Pair, ...]] = {}
        for name, shape in operation.shapes.items():
            if shape.members and (pairs := tuple(time_pairs(operation.shapes, shape))):
                self._pairs[name] = pairs
        self._wanted = containing(operation.shapes, self._pairs)

    @property
    def at_the_root(self) -> tuple[Pair, ...] | None:
        """The pairs, where they are members of the request itself; None where others are."""
        root = self._operation.input
        return self._pairs.get(root, ()) if self._wanted <= {root} else None

    def in_order(self, value: Json) -> bool:
        """Whether no time of a canonical request lies before the one it follows."""
        pairs = self.at_the_root
        if pairs is not None and isinstance(value, dict):
            return not any(_is_inverted(value, pair) for pair in pairs)
        return next(self.inverted(value), None) is None

    def inverted(self, value: Json) -> Iterator[tuple[Path, str]]:
        """Path of each later time that lies before the earlier one, whose name follows."""
        shapes, root = self._operation.shapes, self._operation.input
        for here in walked(shapes, root, value, only=self._wanted):
            if isinstance(here.value, dict):
                for pair in self._pairs.get(here.shape.name, ()):
                    if _is_inverted(here.value, pair):
                        yield (*here.path, pair[1]), pair[0]


def _is_inverted(value: dict[str, Json], pair: Pair) -> bool:
    low: Json = value.get(pair[0])
    high: Json = value.get(pair[1])
    return _is_time(low) and _is_time(high) and bool(low > high)


def _is_time(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value - value == 0
