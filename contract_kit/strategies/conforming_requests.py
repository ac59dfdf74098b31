"""Conforming requests: `valid`."""

from __future__ import annotations

import functools
from contextlib import suppress

from hypothesis import strategies as st

from contract_kit.cases.good_request import Bindings, parse_location
from contract_kit.cases.keeping_rules import settled
from contract_kit.cases.unknown_strings import check_possible
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, Location
from contract_kit.contract.walk import places
from contract_kit.errors import UnknownText
from contract_kit.strategies.list_sizes import sized
from contract_kit.strategies.plan import Values, weighted
from contract_kit.strategies.scalars import extremes
from contract_kit.strategies.shape_strategies import UNBOUND, Bound, Conforming
from contract_kit.strategies.surroundings import around
from contract_kit.validate.broken_rules import broken_rules

SHORT, WHOLE, EXTREME = 5, 1, 2
"""How often requests come with short lists, with lists of any length, and with a value at the end
of its range somewhere. Long ones take most of the time and show little more."""


def valid(operation: Operation, *, bindings: Bindings | None = None) -> Values:
    """Requests that conform to every constraint, over the whole space that the contract leaves.

    Shrinks to the smallest request: required members only, short strings, small numbers. No string
    holds NUL, since no source says how a service treats it.

    bindings: location id → value that holds there wherever its parents are present.
    Raises UsageError for a binding that names no location, and UnknownText if every request needs
    a string for whose pattern the kit knows no match. Optional ones are left out.

    >>> from contract_kit import operation
    >>> from hypothesis import find
    >>> find(valid(operation("mailmanager:ListArchives")), lambda request: True)
    {}
    """
    bound = bound_by(operation, bindings or {})
    values = _valid(operation, bound) if bindings else _unbound(operation)
    return keeping_rules(operation, values, bound=frozenset(bound))


def keeping_rules(
    operation: Operation,
    values: Values,
    *,
    around: Location = (),
    bound: frozenset[Location] = frozenset(),
) -> Values:
    """Requests made to keep the rules of the user's own; the same where there are none.

    around: a location that stays as it is drawn.
    """
    if not operation.rules:
        return values

    def keeping(request: Json) -> Json:
        return settled(operation, request, around=around, bound=bound)

    return values.map(keeping).filter(lambda request: not any(broken_rules(operation, request)))


def near(operation: Operation, request: Json, *, bindings: Bindings | None = None) -> Values:
    """Conforming requests like a given one: of its members, one at most has another value.

    request: a conforming one, an object. bindings: as for `valid`; bound members stay as they are.
    Members that it lacks come and go.
    """
    held = {**request, **(bindings or {})}
    free = [name for name in request if name not in (bindings or {})]
    each = [valid(operation, bindings=held)]
    for name in free:
        rest = {id: value for id, value in held.items() if id != name}
        # Values that only the user knows stay.
        with suppress(UnknownText):
            each.append(valid(operation, bindings=rest))
    return weighted(*((1, values) for values in each))


def bound_by(operation: Operation, bindings: Bindings) -> Bound:
    """Bindings by location; raises UsageError for one that names no location."""
    return {parse_location(operation, id): value for id, value in bindings.items()}


@functools.lru_cache(maxsize=64)
def _unbound(operation: Operation) -> Values:
    return _valid(operation, UNBOUND)


def _valid(operation: Operation, bound: Bound) -> Values:
    check_possible(operation, bound)
    short, whole = Conforming(operation, bound, short=True), Conforming(operation, bound)
    choices = [(SHORT, short.request()), (WHOLE, whole.request())]
    extreme = _with_extreme(short)
    return weighted(*choices, *([] if extreme is None else [(EXTREME, extreme)]))


def _with_extreme(builder: Conforming) -> Values | None:
    """Requests in which one value is at the end of its range; None if no range ends."""
    ends = functools.cache(functools.partial(_extreme, builder))
    found = [
        (place.location, values)
        for place in places(builder.operation)
        if not builder.is_bound(place.location) and not builder.is_unknown(place.location)
        if (values := ends(place.shape.name)) is not None
    ]

    @functools.cache
    def extreme(number: int) -> Values:
        return around(builder, *found[number])

    return st.sampled_from(range(len(found))).flatmap(extreme) if found else None


def _extreme(builder: Conforming, name: str) -> Values | None:
    """Values of a shape at the ends of its range or size; None for shapes without ends."""
    shape = builder.shapes[name]
    if shape.is_structure:
        return None
    return sized(builder, shape) if shape.item else extremes(shape)
