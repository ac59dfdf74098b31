"""Values that break one constraint of a shape, and no other."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable

from hypothesis import strategies as st

from contract_kit.cases.near_values import UNKNOWN, near
from contract_kit.cases.string_probes import MAX_SENT, REACH
from contract_kit.contract.operation import Constraint
from contract_kit.contract.shape import INTEGER_BITS, Json, Shape
from contract_kit.contract.values import ABSENT
from contract_kit.strategies.characters import ANY_CHARACTER
from contract_kit.strategies.list_sizes import MANY, of_sizes
from contract_kit.strategies.pattern_strings import matching, near_misses
from contract_kit.strategies.pattern_trees import repeated, settled, tiled, within
from contract_kit.strategies.plan import Values, mapped
from contract_kit.strategies.scalars import STEM, base64_of
from contract_kit.strategies.shape_strategies import Conforming
from contract_kit.strategies.wrong_types import wrong_type

OF_TEXTS = ("minLength", "maxLength", "pattern", "enum")

_OVER = 10
"""How far beyond an upper limit a size goes."""


def breaking(builder: Conforming, constraint: Constraint) -> Values | None:
    """Values for the constraint's location that break it alone; None if there is none."""
    operation = builder.operation
    shape = operation.shape_at(constraint.location)
    if constraint.kind in OF_TEXTS and shape.pattern is not None and shape.regex is None:
        return None
    match constraint.kind:
        case "type":
            return wrong_type(builder, shape, null=refuses_null(builder, constraint))
        case "required":
            return st.sampled_from((ABSENT,) if shape.type == "document" else (ABSENT, None))
        case "union":
            return _unions(builder, shape)
        case "enum":
            return _outside_enum(shape)
        case "pattern":
            return None if shape.enum else _unmatched(shape)
        case "minimum" | "maximum":
            return _out_of_range(shape, constraint.kind)
        case "minLength" | "minItems" | "minProperties":
            return _too_small(builder, shape)
        case "maxLength" | "maxItems" | "maxProperties":
            return _too_large(builder, shape)
        case _:
            return None


def refuses_null(builder: Conforming, constraint: Constraint) -> bool:
    """Whether null is of a wrong type at the location: for a member it means absence."""
    location = constraint.location
    if not location:
        return True
    if location[-1] not in ("[]", "[value]"):
        return False
    return not builder.operation.shape_at(location[:-1]).sparse


def _unions(builder: Conforming, shape: Shape) -> Values:
    """None of the members, several, only null, only unknown ones."""
    shapes = builder.operation.shapes
    # Null is a document like any other.
    nulls = [each.name for each in shape.members if shapes[each.shape].type != "document"]
    none: list[Json] = [{}, *({name: None} for name in nulls[:1]), {UNKNOWN: {}}]
    none.append(dict.fromkeys(nulls))
    empty = mapped(st.sampled_from(range(len(none))), lambda number: {**none[number]})
    if len(shape.members) == 1:
        return empty
    each = {member.name: builder.value(member.shape) for member in shape.members}
    names = st.lists(st.sampled_from(list(each)), min_size=2, max_size=3, unique=True)
    two = names.flatmap(lambda chosen: st.fixed_dictionaries({n: each[n] for n in chosen}))
    return st.one_of(empty, two)


def _outside_enum(shape: Shape) -> Values | None:
    """Strings that are none of the values, those that are nearly one among them.

    Length and pattern, where the shape has them, are kept.
    """
    pattern, low, high = shape.regex, shape.min_length or 0, shape.max_length

    def other(text: str) -> bool:
        fits = within(len(text), low, high) and (pattern is None or pattern.matches(text))
        return fits and text not in shape.enum

    known = tuple(
        dict.fromkeys(text for value in shape.enum for text in _variants(value) if other(text))
    )
    drawn = repeated(ANY_CHARACTER, low, high) if pattern is None else matching(pattern, low, high)
    if not known or drawn is None:
        return None
    return st.one_of(settled(drawn, other, known).values, st.sampled_from(known))


def _variants(value: str) -> Iterable[str]:
    return near(
        value,
        *("lower-case", "upper-case", "title-case", "prefix", "suffix", "leading-blank"),
        *("trailing-blank", "trailing-newline", "dash", "underscore", "empty"),
    ).values()


def _unmatched(shape: Shape) -> Values | None:
    pattern = shape.regex
    if pattern is None:
        return None
    found = near_misses(pattern, shape.min_length or 0, shape.max_length)
    return None if found is None else found.values


def _out_of_range(shape: Shape, kind: str) -> Values:
    """Numbers on the wrong side of a bound, within the width of their type."""
    low, high = shape.minimum, shape.maximum
    top = 2 ** (INTEGER_BITS.get(shape.type, 64) - 1)
    if kind == "minimum":
        assert low is not None
        below = mapped(st.integers(0, math.ceil(low) - 1 + top), lambda by: math.ceil(low) - 1 - by)
        if shape.type in INTEGER_BITS:
            return below
        floats = st.floats(max_value=low, exclude_max=True, allow_infinity=False)
        return st.one_of(below, floats)
    assert high is not None
    least = math.floor(high) + 1
    above = mapped(st.integers(0, top - 1 - least), lambda by: least + by)
    if shape.type in INTEGER_BITS:
        return above
    return st.one_of(above, st.floats(min_value=high, exclude_min=True, allow_infinity=False))


def _too_small(builder: Conforming, shape: Shape) -> Values | None:
    low = shape.min_length
    assert low is not None
    match shape.type:
        case "list":
            assert shape.item is not None
            return st.lists(builder.value(shape.item), max_size=low - 1)
        case "map":
            assert shape.item is not None
            assert shape.key is not None
            key, item = builder.value(shape.key), builder.value(shape.item)
            return st.dictionaries(key, item, max_size=low - 1)
        case "blob":
            return mapped(st.binary(max_size=low - 1), base64_of)
        case _:
            return _text_of(shape, 0, low - 1)


def _too_large(builder: Conforming, shape: Shape) -> Values | None:
    high = shape.max_length
    assert high is not None
    if shape.item:
        sizes = range(high + 1, high + _OVER + 1) if high <= MANY else ()
        return of_sizes(builder, shape, sizes) if sizes else None
    if high > MAX_SENT:
        return None
    if shape.type == "blob":
        raw = st.tuples(st.binary(min_size=1, max_size=8), st.integers(1, _OVER))
        return mapped(raw, lambda drawn: _long_blob(drawn[0], high + drawn[1]))
    return _text_of(shape, high + 1, high + REACH)


def _long_blob(stem: bytes, size: int) -> str:
    return base64.b64encode((stem * (size // len(stem) + 1))[:size]).decode()


def _text_of(shape: Shape, low: int, high: int) -> Values | None:
    """Strings of a length that the shape forbids, which match its pattern where it has one."""
    if shape.enum:
        return None
    pattern = shape.regex
    if pattern is not None:
        found = matching(pattern, low, high)
        return None if found is None else found.values
    if high <= REACH:
        return repeated(ANY_CHARACTER, low, high).values
    sizes = st.integers(low, min(high, low + _OVER))
    return mapped(st.tuples(sizes, STEM), lambda drawn: tiled(drawn[1], drawn[0]))
