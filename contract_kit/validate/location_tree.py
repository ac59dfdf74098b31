"""The shapes of one operation, laid out as a tree of locations that a walk can follow."""

from __future__ import annotations

from collections.abc import Mapping

from contract_kit.contract.constraints import own_constraints
from contract_kit.contract.shape import KEY, LENGTHS, Location, Member, Shape


class LocationNode:
    """One location: its shape, the ids of its constraints, and the nodes below it.

    A recursive shape leads back to the node where it was first entered, so that the tree of
    nodes is finite: deeper violations get the constraint ids of that first entry.
    Children are made when a walk first needs them.
    """

    __slots__ = (
        "_below",
        "_entered",
        "_members",
        "_shapes",
        "ids",
        "location",
        "matches",
        "names",
        "shape",
        "tails",
    )

    def __init__(
        self,
        shapes: Mapping[str, Shape],
        name: str,
        location: Location,
        member: Member | None,
        entered: Mapping[str, LocationNode],
    ) -> None:
        self._shapes = shapes
        self.shape = shapes[name]
        self.names = frozenset(member.name for member in self.shape.members)
        self.location = location
        self.ids: dict[str, str] = {"type": "request.type"}
        self.tails: dict[str, str] = {}
        for constraint in own_constraints(self.shape, location, member) if location else ():
            self.ids[constraint.kind] = constraint.id
            self.tails[constraint.kind] = tail(constraint.kind, constraint.limit)
        regex = self.shape.regex if "pattern" in self.ids else None
        self.matches = regex.accepts if regex is not None else None
        first = entered.get(name)
        self._entered = entered if first else {**entered, name: self}
        self._below: dict[str, LocationNode] = first._below if first else {}
        self._members: tuple[tuple[str, bool, LocationNode], ...] | None = None

    def child(self, segment: str, *, member: Member | None = None) -> LocationNode:
        """The node one segment below."""
        node = self._below.get(segment)
        if node is None:
            origin = self._entered[self.shape.name]
            name = member.shape if member else self._entry(segment)
            location = (*origin.location, segment)
            node = LocationNode(self._shapes, name, location, member, origin._entered)
            self._below[segment] = node
        return node

    def _entry(self, segment: str) -> str:
        name = self.shape.key if segment == KEY else self.shape.item
        assert name is not None, f"{self.shape.name} has no {segment}"
        return name

    @property
    def members(self) -> tuple[tuple[str, bool, LocationNode], ...]:
        """Name, whether it is required, and node of each member."""
        if self._members is None:
            self._members = tuple(
                (member.name, member.required, self.child(member.name, member=member))
                for member in self.shape.members
            )
        return self._members

    @property
    def length_kinds(self) -> tuple[str, str]:
        """Names of the two length constraints of this shape's type."""
        return LENGTHS[self.shape.type]


def tail(kind: str, limit: object) -> str:
    """AWS's words after `Member must`, for one constraint.

    The words are those of the validation errors of AWS services.
    """
    if kind in ("minLength", "minItems", "minProperties"):
        return f"have length greater than or equal to {limit}"
    if kind in ("maxLength", "maxItems", "maxProperties"):
        return f"have length less than or equal to {limit}"
    if kind == "rule":
        return str(limit)
    if kind == "minimum":
        return f"have value greater than or equal to {limit}"
    if kind == "maximum":
        return f"have value less than or equal to {limit}"
    if kind == "pattern":
        return f"satisfy regular expression pattern: {limit}"
    if kind == "enum" and isinstance(limit, list):
        return f"satisfy enum value set: [{', '.join(limit)}]"
    if kind == "union" and isinstance(limit, list):
        return f"have exactly one of the members [{', '.join(limit)}]"
    return "not be null" if kind == "required" else f"be of type {limit}"
