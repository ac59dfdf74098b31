"""The good request that cases start from, extended to reach any location."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from typing import TypeAlias

from contract_kit.cases.alternative import other
from contract_kit.cases.bindings import (
    Bindings,
    bind,
    filled,
    filled_up,
    holds,
    parse_location,
    parsed,
    start_for,
)
from contract_kit.cases.chosen_entry import Chosen, chosen
from contract_kit.cases.keeping_rules import settled
from contract_kit.cases.smallest_and_largest import fullest, least
from contract_kit.cases.typical import typical, varied
from contract_kit.contract.operation import Operation, child
from contract_kit.contract.shape import ITEM, KEY, VALUE, Json, Location, Path, Shape, location_id
from contract_kit.contract.values import PADDED_SEQUENCE, get, put, unsequenced

__all__ = ["Bindings", "GoodRequest", "full_count", "parse_location", "unsequenced"]

Within: TypeAlias = Mapping[Location, bool]
"""As for `GoodRequest`."""

ELSEWHERE = "(elsewhere)"
"""Begins locations in a value that is not in the request: nothing is bound there."""


class GoodRequest:
    """Builds requests that reach a location, each conforming, each as small as can be.

    request: a known-good request to start from, or a list of them, of which each location is
        reached in the first that has most of the way to it; by default the typical one.
    within: locations that are probed in the first entry of the lists and maps that the user
        filled, and not in one beside it; each with whether the other members there stay, although
        it may be a union.
    Raises UsageError for a binding whose location the operation does not have.
    """

    def __init__(
        self,
        operation: Operation,
        bindings: Bindings | None = None,
        request: Json = None,
        *,
        within: Within | None = None,
    ) -> None:
        self._operation = operation
        self.probed_within: Within = dict(within or {})
        self._shapes = operation.shapes
        self._input = operation.input
        self._bindings = parsed(operation, bindings or {})
        usual = typical(operation.shapes, operation.input)
        first = usual if request is None else request
        given = first if isinstance(first, (list, tuple)) else [first]
        self.requests = tuple(self.bound(each) for each in given)
        self.request = self.requests[0]
        self._filled = self._filled_by_user(usual)
        self._wholes: dict[int, Json] = {}
        top = set.intersection(*map(set, given)) if request is not None else set()
        self.given = frozenset((*self._bindings, *((name,) for name in top)))
        """The locations of the values that the user gave."""

    def _filled_by_user(self, usual: Json) -> frozenset[Location]:
        """The lists and maps that the user filled, whose entries stay in all cases below them."""
        for location, value in self._bindings.items():
            if not isinstance(value, (dict, list)):
                usual = bind(self._shapes, self._input, usual, location, value)
        found: set[Location] = set()
        for request in self.requests:
            found |= set(filled(self._shapes, self._input, request, usual))
        for location, value in self._bindings.items():
            name = self._name_at(location)
            found |= {(*location, *rest) for rest in filled(self._shapes, name, value, None)}
        return frozenset(found)

    def _name_at(self, location: Location) -> str:
        name = self._input
        for segment in location:
            name = child(self._shapes[name], segment)
        return name

    def bound(self, request: Json, *, around: Location = ()) -> Json:
        """The request with every bound value that it has a place for.

        around: a location that is probed: what is bound around it holds already.
        """
        for location, value in self._bindings.items():
            if location == around or around[: len(location)] != location:
                request = bind(self._shapes, self._input, request, location, value, around=around)
        request = settled(
            self._operation,
            request,
            around=around,
            bound=frozenset(self._bindings),
            make=self.new,
        )
        return self.with_token(request)

    def within(self, locations: Within) -> GoodRequest:
        """The same with locations that are probed in what the user gave, see `GoodRequest`."""
        found = copy.copy(self)
        found.probed_within = locations
        return found

    def starting_from(self, operation: Operation, requests: list[Json]) -> GoodRequest:
        """The same for an operation that is read otherwise, with requests to start from."""
        bindings = {location_id(place): value for place, value in self._bindings.items()}
        return GoodRequest(operation, bindings, requests)

    def lies_in_given(self, location: Location) -> bool:
        """Whether a location is that of an entry, or lies in one, of what the user filled."""
        return any(
            location[: len(place)] == place and location[len(place) :][:1] in ((ITEM,), (VALUE,))
            for place in self._filled
        )

    def new(self, location: Location) -> Json:
        """A value for a location that has none, with what is bound there."""
        return self._new(self._name_at(location), location)

    def keeps(self, location: Location, request: Json) -> bool:
        """Whether a request has all that the user gave at a location or below it.

        A single value that is bound there does not count: it is what a case probes.
        """
        bound = {place: value for place, value in self._bindings.items() if place != location}
        start = self.requests[start_for(self.requests, location)]
        entries = {place: get(start, place, ()) for place in self._filled}
        return all(
            holds(get(request, place), given)
            for place, given in {**entries, **bound}.items()
            if given != ()
            if place[: len(location)] == location and not {ITEM, KEY, VALUE} & {*place}
        )

    def with_token(self, request: Json, *, but: Location = ()) -> Json:
        """The request with an idempotency token that is fresh in each sending, as clients send it.

        but: a location that keeps what it has. Bound tokens stay, too.
        """
        if not isinstance(request, dict):
            return request
        token = f"00000000-0000-4000-8000-{PADDED_SEQUENCE}"
        for member in self._shapes[self._input].members:
            if member.idempotency_token and (member.name,) not in (but, *self._bindings):
                request = put(request, (member.name,), token)
        return request

    def is_bound(self, location: Location) -> bool:
        """Whether the user gave a value for this location, so that it may name a resource."""
        return location in self._bindings

    def binds_in(self, location: Location) -> bool:
        """Whether the user gave a value for this location or for one below it."""
        return any(place[: len(location)] == location for place in self._bindings)

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
        number = start_for(self.requests, location)
        start = self._whole(number) if among_all else self.requests[number]
        value, path = self._reach(start, self._input, location, (), fill, index)
        return self.bound(value, around=location), path

    def reach_in(self, value: Json, name: str, location: Location) -> tuple[Json, Path]:
        """A value of the shape `name` extended like a request, and the path to the location."""
        return self._reach(value, name, location, (ELSEWHERE,), None, 0)

    def reach_beside_others(self, location: Location) -> tuple[Json, Path]:
        """As `reach`, in a request with every member, of which every other value differs."""
        value, path = self._reach(self._other_whole, self._input, location, (), None, 0)
        return self.bound(value, around=location), path

    def smallest(self) -> Json:
        """The smallest conforming request: required members only, all the way down."""
        return self.bound(least(self._shapes, self._input))

    def other(self, *, full: bool = False) -> Json:
        """A request like the usual one, or the full one, of which every value differs if it can."""
        given = self.full() if full else self.request
        return self.bound(other(self._shapes, self._input, given))

    def full(self) -> Json:
        """A typical request in which every member of every structure is present."""
        return self._whole(0)

    def _whole(self, number: int) -> Json:
        # Every case among all members starts from it, which are thousands in large operations.
        if number not in self._wholes:
            whole = fullest(self._shapes, self._input, (), self.requests[number])
            self._wholes[number] = self.bound(whole)
        return self._wholes[number]

    @functools.cached_property
    def _other_whole(self) -> Json:
        return self.other(full=True)

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
            beside, _ = self._beside(value, shape, passed, location)
            return beside, (KEY,)
        if head in (ITEM, VALUE):
            return self._reach_entry(value, shape, location, passed, fill, index)
        member = shape.member(head)
        assert member is not None, location
        inner = (value or {}).get(head)
        if inner is None:
            inner = self._new(member.shape, here, rest)
        inner, path = self._reach(inner, member.shape, rest, here, fill, index)
        stays = shape.type != "union" and self.probed_within.get((*passed, *location), False)
        others = {} if shape.takes_one and not stays else value or {}
        return {**others, head: inner}, (head, *path)

    def _new(self, name: str, here: Location, rest: Location = ()) -> Json:
        """A value for a location that has none, with what is bound there."""
        target = self._shapes[name]
        # On the way to a member of its own, a structure needs no other optional one.
        bare = rest and target.is_structure and not any(m.required for m in target.members)
        value = {} if bare else typical(self._shapes, name, label=here[-1])
        for location, bound in self._bindings.items():
            if location[: len(here)] == here:
                below = location[len(here) :]
                value = bind(self._shapes, name, value, below, bound, around=rest)
        return value

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
        entries, at = self._beside(value, shape, passed, location)
        is_full = fill == passed
        if is_full and passed in self._filled and value:
            entries, at = filled_up(value, full_count(shape), index)
        inner, path = self._reach(entries[at], shape.item, rest, here, fill, index)
        if is_full and passed not in self._filled:
            count = full_count(shape)
            alike = varied(self._shapes, shape.item, count) if not rest else [inner] * count
            return alike, (min(index, count - 1), *path)
        return put(entries, (at,), inner), (at, *path)

    def _beside(self, value: Json, shape: Shape, location: Location, rest: Location) -> Chosen:
        """A list or map, and where in it an entry is probed. rest: from it to what is probed."""
        assert shape.item is not None, location
        segment = ITEM if shape.type == "list" else VALUE
        name = shape.item
        return chosen(
            self._shapes,
            shape,
            value,
            keeps=location in self._filled and (*location, *rest) not in self.probed_within,
            make=lambda: self._new(name, (*location, segment)),
        )


def full_count(shape: Shape) -> int:
    """Items of a full list: its maximum, or a few where it has none or one too large to send."""
    return max(min(shape.max_length or 3, 20), shape.min_length or 0)
