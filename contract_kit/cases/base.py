"""The good request that cases start from, extended to reach any location."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from contract_kit.cases.other import other
from contract_kit.cases.place import get, put
from contract_kit.cases.typical import typical, varied
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import ITEM, KEY, VALUE, Json, Location, Path, Shape
from contract_kit.errors import UsageError

Bindings = Mapping[str, Json]
"""Location id → the value that holds there in the cases of all other members."""

PADDED_SEQUENCE = "{seq12}"
"""Stands in strings for a number that is fresh in each request sent, as `{seq}` does, in twelve
digits, as in the last group of a UUID."""


class Base:
    """Builds requests that reach a location, each conforming, each as small as can be.

    request: a known-good request to start from; by default the typical one.
    Raises UsageError for a binding whose location the operation does not have.
    """

    def __init__(
        self, operation: Operation, bindings: Bindings | None = None, request: Json = None
    ) -> None:
        self._shapes = operation.shapes
        self._input = operation.input
        self._bindings = {
            parse_location(operation, id): value for id, value in (bindings or {}).items()
        }
        if request is None:
            request = typical(operation.shapes, operation.input)
        self.request = self.bound(request)

    def bound(self, request: Json) -> Json:
        """The request with every bound value that it has a place for."""
        for location, value in self._bindings.items():
            request = _bind(request, location, value)
        return self.with_token(request)

    def with_token(self, request: Json, *, but: Location = ()) -> Json:
        """The request with a token that is fresh in each sending, where it has one.

        but: a location that keeps what it has. Bound tokens stay, too.
        """
        if not isinstance(request, dict):
            return request
        for member in self._shapes[self._input].members:
            here = (member.name,)
            present = member.idempotency_token and member.name in request
            if present and here not in (but, *self._bindings):
                token = f"00000000-0000-4000-8000-{PADDED_SEQUENCE}"
                request = put(request, here, token)
        return request

    def is_bound(self, location: Location) -> bool:
        """Whether the user gave a value for this location, so that it may name a resource."""
        return location in self._bindings

    def reach(
        self,
        location: Location,
        *,
        fill: Location | None = None,
        index: int = 0,
        among_all: bool = False,
    ) -> tuple[Json, Path]:
        """A request that has a typical value at `location`, and the path to it.

        fill: a list location on the way that is filled to its end, and `index` the item in it
        that the path leads through. among_all: every other member is present as well.
        """
        start = self.full() if among_all else self.request
        value, path = self._reach(start, self._input, location, (), fill, index)
        return self.bound(value), path

    def reach_in(self, value: Json, name: str, location: Location) -> tuple[Json, Path]:
        """A value of the shape `name` extended like a request, and the path to the location."""
        return self._reach(value, name, location, (), None, 0)

    def reach_beside_others(self, location: Location) -> tuple[Json, Path]:
        """As `reach`, in a request with every member, of which every other value differs."""
        value, path = self._reach(self._other_whole, self._input, location, (), None, 0)
        return self.bound(value), path

    def smallest(self) -> Json:
        """The smallest conforming request: required members only, all the way down."""
        return self.bound(self._least(self._input))

    def other(self, *, full: bool = False) -> Json:
        """A request like the usual one, or the full one, of which every value differs if it can."""
        given = self.full() if full else self.request
        return self.bound(other(self._shapes, self._input, given))

    def full(self) -> Json:
        """A typical request in which every member of every structure is present."""
        return self._whole

    @functools.cached_property
    def _whole(self) -> Json:
        # Every case among all members starts from it, which are thousands in large operations.
        return self.bound(self._full(self._input, (), self.request))

    @functools.cached_property
    def _other_whole(self) -> Json:
        return self.other(full=True)

    def _least(self, name: str, label: str = "") -> Json:
        shape = self._shapes[name]
        if shape.is_structure:
            members = [member for member in shape.members if member.required]
            if shape.type == "union":
                members = list(shape.members[:1])
            return {member.name: self._least(member.shape, member.name) for member in members}
        if shape.type in ("list", "map") and not shape.min_length:
            return [] if shape.type == "list" else {}
        return typical(self._shapes, name, label=label)

    def _full(self, name: str, within: tuple[str, ...], given: Json) -> Json:
        shape = self._shapes[name]
        inner = (*within, name)
        if shape.is_structure and isinstance(given, dict):
            known = {member.name: member for member in shape.members}
            if shape.type == "structure":
                given = {**typical_members(self._shapes, shape, inner), **given}
            return {
                label: self._full(known[label].shape, inner, value) if label in known else value
                for label, value in given.items()
            }
        if shape.type == "list" and shape.item and isinstance(given, list):
            item = shape.item
            return [self._full(item, inner, value) for value in given]
        return given

    def _reach(
        self,
        value: Json,
        name: str,
        location: Location,
        passed: Location,
        fill: Location | None,
        index: int,
    ) -> tuple[Json, Path]:
        if not location:
            return value, ()
        head, rest = location[0], location[1:]
        shape = self._shapes[name]
        here = (*passed, head)
        if head == KEY:
            return value, (KEY,)
        if head in (ITEM, VALUE):
            return self._reach_entry(value, shape, location, passed, fill, index)
        member = shape.member(head)
        assert member is not None, location
        inner = (value or {}).get(head)
        if inner is None:
            target = self._shapes[member.shape]
            # On the way to a member of its own, a structure needs no other optional one.
            bare = rest and target.is_structure and not any(m.required for m in target.members)
            inner = {} if bare else typical(self._shapes, member.shape, label=head)
        inner, path = self._reach(inner, member.shape, rest, here, fill, index)
        others = {} if shape.type == "union" else value or {}
        return {**others, head: inner}, (head, *path)

    def _reach_entry(
        self,
        value: Json,
        shape: Shape,
        location: Location,
        passed: Location,
        fill: Location | None,
        index: int,
    ) -> tuple[Json, Path]:
        assert shape.item is not None, location
        rest, here = location[1:], (*passed, location[0])
        if shape.type == "map":
            key = next(iter(value or {}), None)
            if key is None:
                assert shape.key is not None
                key = typical(self._shapes, shape.key)
            inner = (value or {}).get(key)
            if inner is None:
                inner = typical(self._shapes, shape.item)
            inner, path = self._reach(inner, shape.item, rest, here, fill, index)
            return {**(value or {}), key: inner}, (key, *path)
        first = value[0] if value else typical(self._shapes, shape.item)
        inner, path = self._reach(first, shape.item, rest, here, fill, index)
        if fill != passed:
            return [inner, *(value or [])[1:]], (0, *path)
        count = full_count(shape)
        items = varied(self._shapes, shape.item, count) if not rest else [inner] * count
        return items, (min(index, count - 1), *path)


def full_count(shape: Shape) -> int:
    """Items of a full list: its maximum, or a few where it has none or one too large to send."""
    return max(min(shape.max_length or 3, 20), shape.min_length or 0)


def typical_members(
    shapes: Mapping[str, Shape], shape: Shape, within: tuple[str, ...]
) -> dict[str, Json]:
    """A typical value for each member of a structure, but those that lead back into it."""
    return {
        member.name: typical(shapes, member.shape, within=within, label=member.name)
        for member in shape.members
        if member.shape not in within
    }


def parse_location(operation: Operation, id: str) -> Location:
    """`Filters.Include[].Values` as a location; raises UsageError where it leads nowhere."""
    location = tuple(part for part in id.replace("[", ".[").split(".") if part)
    try:
        operation.shape_at(location)
    except KeyError as error:
        raise UsageError(
            f"{operation.id} has no {id!r}: nothing is called {error.args[0]!r} there; "
            "write member names as in Filters.Include[].BooleanExpression"
        ) from None
    if not location:
        raise UsageError(f"{id!r} names no member; write MEMBER=VALUE")
    return location


def _bind(value: Json, location: Location, bound: Json) -> Json:
    """Sets a bound value wherever its parents are present."""
    if not location:
        return bound
    head, rest = location[0], location[1:]
    if head in (ITEM, VALUE):
        if isinstance(value, list):
            return [_bind(item, rest, bound) for item in value]
        if isinstance(value, dict):
            return {key: _bind(item, rest, bound) for key, item in value.items()}
        return value
    if not isinstance(value, dict) or (rest and get(value, (head,)) is None):
        return value
    return {**value, head: _bind(value.get(head), rest, bound)}


def unsequenced(value: Json) -> Json:
    """The request as its first sending would hold it, with numbers in place of `{seq}`."""
    if isinstance(value, str):
        return value.replace("{seq12}", "0" * 12).replace("{seq}", "0")
    if isinstance(value, dict):
        return {name: unsequenced(item) for name, item in value.items()}
    if isinstance(value, list):
        return [unsequenced(item) for item in value]
    return value
