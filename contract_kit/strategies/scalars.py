"""Strategies for values without members or items, and for those at the ends of their ranges."""

from __future__ import annotations

import base64
import math
import sys
from collections.abc import Sequence

from hypothesis import strategies as st

from contract_kit.cases.string_probes import LONG
from contract_kit.cases.typical import EPOCH
from contract_kit.contract.shape import INTEGER_BITS, NOT_FINITE, YEAR_1, YEAR_9999, Shape
from contract_kit.strategies.characters import ANY_CHARACTER
from contract_kit.strategies.pattern_strings import examples, matching
from contract_kit.strategies.pattern_trees import repeated, tiled
from contract_kit.strategies.plan import Plan, Values, constant, mapped

AHEAD = 4_102_444_800 - EPOCH
"""Seconds from the recent one that times shrink to until the year 2100, where times drawn end."""


LONGEST = 100_000
"""Characters of a string, or bytes of a blob, up to which an upper limit is tried out."""

HANDFUL = 4
"""Values of an enumeration up to which one draw settles a member's presence as well."""

STEM = st.text(alphabet=ANY_CHARACTER, min_size=1, max_size=8)
"""The part that long strings repeat."""


def scalar(shape: Shape) -> Plan:
    """Every conforming value of a shape without members or items; times of our days.

    Where no string within the limits matches the pattern, the limits alone are kept.
    """
    if len(shape.enum) == 1:
        return constant(shape.enum[0])
    if shape.enum:
        few = shape.enum if len(shape.enum) <= HANDFUL else ()
        return Plan(drawn=st.sampled_from(shape.enum), few=few)
    match shape.type:
        case "string":
            return text(shape, shape.min_length or 0, shape.max_length)
        case "blob":
            return blob(shape.min_length or 0, shape.max_length)
        case "timestamp":
            return Plan(drawn=st.integers(-EPOCH * 1000, AHEAD * 1000), make=seconds)
        case "boolean":
            return Plan(drawn=st.booleans(), few=(False, True))
        case "document":
            return Plan(drawn=document(), open=True)
        case _:
            return Plan(drawn=number(shape), open=shape.type not in INTEGER_BITS)


def text(shape: Shape, low: int, high: int | None) -> Plan:
    """Strings that match the shape's pattern, of `low` to `high` characters, both inclusive."""
    pattern = shape.regex
    found = None if pattern is None else matching(pattern, low, high)
    return repeated(ANY_CHARACTER, low, high) if found is None else found


def blob(low: int, high: int | None) -> Plan:
    """Base64 of `low` to `high` bytes, both inclusive."""
    most = max(low, min(LONGEST, high if high is not None else LONGEST))
    drawn = st.binary(min_size=min(low, 64), max_size=most)
    return Plan(drawn=drawn, make=lambda raw: base64_of(raw.ljust(low, b"\0")))


def base64_of(raw: bytes) -> str:
    """Bytes as a canonical request writes them."""
    return base64.b64encode(raw).decode()


def seconds(milliseconds: int) -> int | float:
    """Milliseconds after a recent time as epoch seconds: an integer where there is no fraction."""
    total = EPOCH * 1000 + milliseconds
    whole, rest = divmod(total, 1000)
    return total / 1000 if rest else whole


def number_range(shape: Shape) -> tuple[int | float | None, int | float | None]:
    """The least and the greatest value, both inclusive: documented, or by the integer's width."""
    low, high = shape.minimum, shape.maximum
    bits = INTEGER_BITS.get(shape.type)
    if bits:
        least, most = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
        low = least if low is None else max(math.ceil(low), least)
        high = most if high is None else min(math.floor(high), most)
    return low, high


def number(shape: Shape) -> Values:
    """Numbers of an integer type, or of a floating-point type with its words where unbounded."""
    low, high = number_range(shape)
    if shape.type in INTEGER_BITS:
        assert isinstance(low, int)
        assert isinstance(high, int)
        return st.integers(low, high)
    floats = st.floats(low, high, allow_nan=False, allow_infinity=False)
    if low is None and high is None:
        return st.one_of(floats, st.sampled_from(NOT_FINITE))
    return floats


def document() -> Values:
    """Any JSON value of a few levels but null, which a server may read as absence."""
    some = st.one_of(
        st.booleans(),
        st.integers(-(2**53), 2**53),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(alphabet=ANY_CHARACTER),
    )
    leaves = st.one_of(st.none(), some)
    return st.one_of(some, _containers(st.one_of(leaves, _containers(leaves))))


def _containers(inner: Values) -> Values:
    names = st.text(alphabet=ANY_CHARACTER, max_size=8)
    return st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3))


def extremes(shape: Shape) -> Values | None:
    """Conforming values at the ends of what a scalar shape allows; None where it has no ends."""
    if shape.enum or shape.type in ("boolean", "document"):
        return None
    if shape.type == "string":
        return _extreme_text(shape)
    if shape.type == "blob":
        sizes = ends(shape.min_length or 0, shape.max_length, 9)
        return st.sampled_from(sizes).flatmap(lambda size: blob(size, size).values)
    if shape.type == "timestamp":
        return st.sampled_from((0, -1, 0.5, 2**31, YEAR_9999, YEAR_1, -0.001))
    return _extreme_number(shape)


def ends(low: int, high: int | None, otherwise: int) -> Sequence[int]:
    """Both ends of a range of sizes; `otherwise` for the upper one where nothing limits it.

    An upper end beyond what is sent in a request is left out.
    """
    top = max(low, otherwise) if high is None else high
    return sorted({low, top} if top <= LONGEST else {low, low + 1})


def _extreme_text(shape: Shape) -> Values:
    low, high = shape.min_length or 0, shape.max_length
    pattern = shape.regex
    if pattern is not None:
        known = [found for found in examples(pattern, low, high) if len(found) <= LONGEST]
        if known:
            return st.sampled_from(known)
    sizes = ends(low, high, LONG)
    return mapped(st.tuples(st.sampled_from(sizes), STEM), lambda drawn: tiled(drawn[1], drawn[0]))


def _extreme_number(shape: Shape) -> Values:
    low, high = number_range(shape)
    found: list[int | float] = [0, 1, -1]
    if shape.type not in INTEGER_BITS:
        found += [0.5, -0.0, sys.float_info.max, -sys.float_info.max, sys.float_info.min]
    for end in (low, high):
        found += [] if end is None else [end, end + 1, end - 1]
    kept = [value for value in found if _in_range(value, low, high)]
    return st.sampled_from(list(dict.fromkeys(kept)))


def _in_range(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or low <= value) and (high is None or value <= high)
