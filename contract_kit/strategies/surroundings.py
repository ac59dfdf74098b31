"""Conforming surroundings for a value that is put at one location."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from contract_kit.cases.good_request import GoodRequest
from contract_kit.contract.shape import ITEM, KEY, VALUE, Json, Location, Shape
from contract_kit.contract.values import ABSENT, get, rename
from contract_kit.contract.values import put as put_at
from contract_kit.strategies.plan import Plan, Values
from contract_kit.strategies.shape_strategies import Bound, Conforming, below


def around(builder: Conforming, location: Location, put: Values) -> Values:
    """Requests that conform except for a value drawn from `put` at the location.

    At a location that ends with `[key]` it becomes the key of one more entry of the map. ABSENT
    leaves a member out. Bindings at the location or below it give way; the rest of a binding around
    it is kept.
    """
    inner = Plan(drawn=put, open=True)
    return _around(builder, builder.operation.input, location, inner, builder.bound).values


def _around(builder: Conforming, name: str, rest: Location, put: Plan, bound: Bound) -> Plan:
    if not rest:
        return put
    if bound.get((), ABSENT) is not ABSENT:
        return _within(builder, name, rest, put, bound[()])
    # A member that is bound to be absent is present if a value is needed below it.
    bound = {} if () in bound else bound
    shape, head = builder.shapes[name], rest[0]
    if head in (KEY, VALUE):
        return _entry(builder, shape, rest, put, bound)
    if head == ITEM:
        return _item(builder, shape, rest, put, below(bound, ITEM))
    member = shape.member(head)
    assert member is not None, rest
    inner = _around(builder, member.shape, rest[1:], put, below(bound, head))
    return builder.structure(shape, bound=bound, given={head: inner})


def _within(builder: Conforming, name: str, rest: Location, put: Plan, given: Json) -> Plan:
    """A bound value with another value at one location below it."""
    whole, path = GoodRequest(builder.operation).reach_in(given, name, rest)
    make = put.make

    def replaced(drawn: Any) -> Json:
        if path[-1] != KEY:
            return put_at(whole, path, make(drawn))
        first = next(iter(get(whole, path[:-1])))
        return rename(whole, (*path[:-1], first), make(drawn))

    return Plan(drawn=put.drawn, make=replaced, open=put.open)


def _item(builder: Conforming, shape: Shape, rest: Location, put: Plan, bound: Bound) -> Plan:
    """Lists that hold one such item at any place."""
    assert shape.item is not None
    inner = _around(builder, shape.item, rest[1:], put, bound)
    low = max((shape.min_length or 0) - 1, 0)
    high = None if shape.max_length is None else max(shape.max_length - 1, 0)
    item = builder.plan(shape.item, bound=bound)
    others = st.lists(item.part, min_size=low, max_size=builder.most(low, high))
    make_item, make_inner = item.make, inner.make

    def insert(drawn: tuple[list[Json], Json, int]) -> Json:
        items = [make_item(value) for value in drawn[0]]
        items.insert(drawn[2] % (len(items) + 1), make_inner(drawn[1]))
        return items

    return Plan(drawn=st.tuples(others, inner.part, st.integers(0, 255)), make=insert)


def _entry(builder: Conforming, shape: Shape, rest: Location, put: Plan, bound: Bound) -> Plan:
    """Maps with one more entry, whose key or value it is."""
    assert shape.item is not None
    assert shape.key is not None
    low, high = shape.min_length or 0, builder.most_entries(shape)
    key, item = builder.plan(shape.key), builder.plan(shape.item, bound=below(bound, VALUE))
    # The new key may be one of the others: then they have to be enough by themselves.
    least = low if low > 1 else 0
    most = builder.most(least, None if high is None else max(high - 1, least))
    others = st.dictionaries(key.values, item.values, min_size=least, max_size=most)
    is_key = rest[0] == KEY
    inner = item if is_key else _around(builder, shape.item, rest[1:], put, below(bound, VALUE))

    def with_entry(drawn: tuple[dict[str, Json], str, Json]) -> Json:
        entries, name, value = drawn
        if high is not None and len(entries) >= high and name not in entries:
            entries.popitem()
        return {**entries, name: value}

    return Plan(
        drawn=st.tuples(others, (put if is_key else key).values, inner.values), make=with_entry
    )
