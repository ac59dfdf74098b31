"""`Plan`: a strategy and the function applied to its draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_kit.contract.shape import Json
from contract_kit.contract.values import ABSENT

Values = SearchStrategy[Any]
"""A strategy for JSON values, or for what a plan makes them of."""


def same(value: Json) -> Json:
    """The value itself."""
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A strategy and the function applied to its draws, apart: each mapped strategy costs time.

    drawn: None where nothing is left open; make then gets None.
    few: all values, where they are a handful.
    open: `drawn` offers alternatives, which `st.one_of` would take for its own and count.
    """

    drawn: Values | None
    make: Callable[[Any], Json] = same
    few: tuple[Json, ...] = ()
    open: bool = False

    @property
    def values(self) -> Values:
        """The strategy for what the plan makes."""
        if self.drawn is None:
            return mapped(st.none(), self.make)
        return self.drawn if self.make is same else mapped(self.drawn, self.make)

    @property
    def part(self) -> Values:
        """The strategy for what the plan makes its value of."""
        return st.none() if self.drawn is None else self.drawn


def mapped(values: Values, make: Callable[[Any], Json]) -> Values:
    """The results of `make`, which Hypothesis shows as plain data."""
    return values.map(_Unnamed(make))


class _Unnamed:
    """A function whose calls are not shown.

    Hypothesis shows a call in place of a longer result where that is valid Python; a request has to
    be shown as data that can be pasted.
    """

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[Any], Json]) -> None:
        self._make = make

    def __call__(self, value: Any) -> Json:
        return self._make(value)

    def __repr__(self) -> str:
        return "<made>"


def constant(value: Json) -> Plan:
    """Always the same value."""
    return Plan(drawn=None, make=lambda _: value)


def weighted(*choices: tuple[int, Values]) -> Values:
    """A draw from one of the strategies, each as often as its weight says; the simplest first."""
    table = tuple(strategy for weight, strategy in choices for _ in range(weight))
    return st.sampled_from(range(len(table))).flatmap(table.__getitem__)


def maybe(plan: Plan, rare: int) -> Plan:
    """The plan, or `rare` times as often ABSENT."""
    if plan.few:
        values = (ABSENT,) * (rare * len(plan.few)) + plan.few
        return Plan(drawn=st.sampled_from(values), make=plan.make)
    left_out = [st.just(ABSENT) for _ in range(rare)]
    if plan.open:
        drawn = weighted((rare, left_out[0]), (1, plan.part))
    else:
        drawn = st.one_of([*left_out, plan.part])
    make = plan.make
    return Plan(drawn=drawn, make=lambda value: value if value is ABSENT else make(value))


def alternatives(plans: Sequence[Plan]) -> Plan:
    """One of the plans; draws once where all of them are constant."""
    if len(plans) == 1:
        return plans[0]
    if all(plan.drawn is None for plan in plans):
        makes = [plan.make for plan in plans]
        return Plan(drawn=st.sampled_from(range(len(makes))), make=lambda n: makes[n](None))
    return Plan(drawn=st.one_of([plan.values for plan in plans]), open=True)


def together(parts: Iterable[Plan], finish: Callable[[Sequence[Json]], Json]) -> Plan:
    """All parts, and what `finish` makes of their values; draws nothing for the constant ones."""
    plans = tuple(parts)
    places = tuple(place for place, plan in enumerate(plans) if plan.drawn is not None)
    makes = tuple(plan.make for plan in plans)
    if not places:
        return Plan(drawn=None, make=lambda _: finish([make(None) for make in makes]))
    if len(places) == 1:
        (only,) = places
        return Plan(
            drawn=plans[only].drawn,
            make=lambda drawn: finish(
                [make(drawn if place == only else None) for place, make in enumerate(makes)]
            ),
            open=plans[only].open,
        )
    row: list[None] = [None] * len(plans)

    def whole(drawn: tuple[Any, ...]) -> Json:
        filled: list[Any] = row.copy()
        for place, value in zip(places, drawn, strict=True):
            filled[place] = value
        return finish([make(value) for make, value in zip(makes, filled, strict=True)])

    return Plan(drawn=st.tuples(*(plans[place].part for place in places)), make=whole)
