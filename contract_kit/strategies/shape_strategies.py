"""`Conforming`: builds the strategies for conforming values of an operation's shapes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from hypothesis import strategies as st

from contract_kit.cases.unknown_strings import unknown_shapes
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import ITEM, VALUE, Json, Location, Member, Shape
from contract_kit.contract.time_order import put_in_order, ranked_times
from contract_kit.contract.values import ABSENT
from contract_kit.contract.walk import recursive
from contract_kit.strategies.plan import (
    Plan,
    Values,
    alternatives,
    constant,
    maybe,
    together,
)
from contract_kit.strategies.recursion import heights
from contract_kit.strategies.scalars import scalar

DEEP = 5
"""Levels of shapes below the entry into a recursive one; deeper members are left out."""

FEW = 4
"""Optional members up to which each is there in half of the draws; of more, each in fewer."""

SHORT = 2
"""Entries beyond the fewest that a short list or map has at most."""

Bound = Mapping[Location, Json]
UNBOUND: Bound = {}


class Conforming:
    """Builds the strategies of one operation's requests, those of each shape once.

    bound: location → the value that holds there wherever its parents are present.
    short: lists and maps have a few entries only, which makes requests several times as fast.
    """

    def __init__(
        self, operation: Operation, bound: Bound = UNBOUND, *, short: bool = False
    ) -> None:
        self.operation = operation
        self.shapes = operation.shapes
        self.bound = bound
        self.short = short
        self._made: dict[tuple[str, int | None], Plan] = {}
        self._heights = heights(self.shapes)
        self._unknown = unknown_shapes(operation)
        self._recursive = recursive(self.shapes)

    def request(self) -> Values:
        """Every conforming request."""
        return self.plan(self.operation.input, bound=self.bound).values

    def value(self, name: str) -> Values:
        """Every conforming value of a shape, wherever it is."""
        return self.plan(name).values

    def is_bound(self, location: Location) -> bool:
        """Whether the user gave a value for the location, for one around it, or one below it."""
        return any(
            location[: len(path)] == path or path[: len(location)] == location
            for path in self.bound
        )

    def is_unknown(self, location: Location) -> bool:
        """Whether no conforming value is known for the location or for what is around it."""
        shapes = (
            self.operation.shape_at(location[:depth]) for depth in range(1, len(location) + 1)
        )
        return bool(self._unknown) and any(shape.name in self._unknown for shape in shapes)

    def plan(self, name: str, *, left: int | None = None, bound: Bound = UNBOUND) -> Plan:
        """Every conforming value of a shape.

        left: levels left below a recursive shape around it. bound: as seen from the shape.
        """
        if () in bound:
            return constant(bound[()])
        if name not in self._recursive:
            left = None
        else:
            left = max(DEEP, int(self._heights[name])) if left is None else left - 1
        if bound:
            return self._make(self.shapes[name], left, bound)
        key = (name, left)
        if key not in self._made:
            self._made[key] = self._make(self.shapes[name], left, UNBOUND)
        return self._made[key]

    def _make(self, shape: Shape, left: int | None, bound: Bound) -> Plan:
        if shape.is_structure:
            return self.structure(shape, left=left, bound=bound)
        if not shape.item:
            return scalar(shape)
        if not self._fits(shape.item, left) or (shape.key and not self._fits(shape.key, left)):
            return Plan(drawn=None, make=lambda _: [] if shape.type == "list" else {})
        nested = left is not None
        if shape.type == "list":
            return self._list(shape, left, below(bound, ITEM), nested)
        return self._map(shape, left, below(bound, VALUE), nested)

    def _fits(self, name: str, left: int | None) -> bool:
        """Whether a conforming value of a shape can be made, so many levels deep."""
        if name in self._unknown:
            return False
        return left is None or name not in self._recursive or self._heights[name] < left

    def structure(
        self,
        shape: Shape,
        *,
        left: int | None = None,
        bound: Bound = UNBOUND,
        given: Mapping[str, Plan] | None = None,
    ) -> Plan:
        """Structures and unions of a shape. given: member → its value in every draw."""
        given = given or {}
        if shape.type == "union":
            return self._union(shape, left, bound) if not given else self._members(shape, given, ())
        parts: dict[str, Plan] = {**given}
        fixed = {name for (name, *rest) in bound if not rest} - given.keys()
        optional: list[Member] = []
        for member in shape.members:
            if member.name in given:
                continue
            if member.required or member.name in fixed:
                inner = below(bound, member.name)
                parts[member.name] = self.plan(member.shape, left=left, bound=inner)
            elif self._fits(member.shape, left):
                optional.append(member)
        rare = FEW if left is not None else min(max(len(optional) // FEW, 1), FEW)
        for member in optional:
            some = self.plan(member.shape, left=left, bound=below(bound, member.name))
            parts[member.name] = maybe(some, rare)
        return self._members(shape, parts, fixed)

    def _members(self, shape: Shape, parts: Mapping[str, Plan], fixed: Collection[str]) -> Plan:
        names = tuple(member.name for member in shape.members if member.name in parts)
        times = ranked_times(self.shapes, shape, fixed)

        def structure(values: Sequence[Json]) -> Json:
            pairs = zip(names, values, strict=True)
            made = {name: value for name, value in pairs if value is not ABSENT}
            if times:
                put_in_order(made, times)
            return made

        return together([parts[name] for name in names], structure)

    def _union(self, shape: Shape, left: int | None, bound: Bound) -> Plan:
        fixed = {name for (name, *rest) in bound if not rest}
        each = [
            self._members(shape, {member.name: self._member(member, left, bound)}, ())
            for member in shape.members
            if (member.name in fixed if fixed else self._fits(member.shape, left))
        ]
        return alternatives(each)

    def _member(self, member: Member, left: int | None, bound: Bound) -> Plan:
        return self.plan(member.shape, left=left, bound=below(bound, member.name))

    def _list(self, shape: Shape, left: int | None, bound: Bound, nested: bool) -> Plan:
        assert shape.item is not None
        item = self.plan(shape.item, left=left, bound=bound)
        low = shape.min_length or 0
        drawn = st.lists(item.part, min_size=low, max_size=self.most(low, shape.max_length, nested))
        make = item.make
        return Plan(drawn=drawn, make=lambda values: [make(value) for value in values])

    def _map(self, shape: Shape, left: int | None, bound: Bound, nested: bool) -> Plan:
        assert shape.item is not None
        assert shape.key is not None
        key, item = self.plan(shape.key), self.plan(shape.item, left=left, bound=bound)
        low = shape.min_length or 0
        most = self.most(low, self.most_entries(shape), nested)
        drawn = st.dictionaries(key.values, item.part, min_size=low, max_size=most)
        make = item.make
        return Plan(
            drawn=drawn,
            make=lambda entries: {name: make(value) for name, value in entries.items()},
        )

    def most(self, low: int, high: int | None, nested: bool = False) -> int | None:
        """The most entries of a list or map that may have `low` to `high`, both inclusive."""
        if not (self.short or nested):
            return high
        return low + SHORT if high is None else min(high, low + SHORT)

    def most_entries(self, shape: Shape) -> int | None:
        """The most entries that a map can have: its limit, or one for each value of its key."""
        keys = self.shapes[shape.key or ""].enum
        limits = [shape.max_length] if shape.max_length is not None else []
        return min([*limits, *([len(keys)] if keys else [])], default=None)


def below(bound: Bound, segment: str) -> Bound:
    """The bindings below one segment, seen from there."""
    if not bound:
        return UNBOUND
    return {path[1:]: value for path, value in bound.items() if path[:1] == (segment,)}
