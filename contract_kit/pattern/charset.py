"""Sets of Unicode scalar values as sorted, disjoint, inclusive ranges.

Surrogate code points belong to no set: neither JSON text nor a linear-time engine can carry them.
Names of properties follow java.util.regex.Pattern; the general categories come from `unicodedata`.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cache

Ranges = tuple[tuple[int, int], ...]

EMPTY: Ranges = ()
ALL: Ranges = ((0, 0xD7FF), (0xE000, 0x10FFFF))
ASCII: Ranges = ((0, 0x7F),)
DIGIT: Ranges = ((0x30, 0x39),)
UPPER: Ranges = ((0x41, 0x5A),)
LOWER: Ranges = ((0x61, 0x7A),)
WORD: Ranges = (*DIGIT, *UPPER, (0x5F, 0x5F), *LOWER)
SPACE: Ranges = ((0x09, 0x0D), (0x20, 0x20))
# A set of more ranges comes of Unicode properties.
_BY_HAND = 24
# Characters that Java's `.` leaves out unless (?s) is given.
LINE_ENDS: Ranges = ((0x0A, 0x0A), (0x0D, 0x0D), (0x85, 0x85), (0x2028, 0x2029))
VERTICAL: Ranges = ((0x0A, 0x0D), (0x85, 0x85), (0x2028, 0x2029))
HORIZONTAL: Ranges = (
    (0x09, 0x09),
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x180E, 0x180E),
    (0x2000, 0x200A),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
)
_PUNCT: Ranges = ((0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E))
_POSIX: dict[str, Ranges] = {
    "Lower": LOWER,
    "Upper": UPPER,
    "ASCII": ASCII,
    "Alpha": (*UPPER, *LOWER),
    "Digit": DIGIT,
    "Alnum": (*DIGIT, *UPPER, *LOWER),
    "Punct": _PUNCT,
    "Graph": ((0x21, 0x7E),),
    "Print": ((0x20, 0x7E),),
    "Blank": ((0x09, 0x09), (0x20, 0x20)),
    "Cntrl": ((0, 0x1F), (0x7F, 0x7F)),
    "XDigit": (*DIGIT, (0x41, 0x46), (0x61, 0x66)),
    "Space": SPACE,
    "all": ALL,
    "L1": ((0, 0xFF),),
}
_WHITE_SPACE: Ranges = (
    *((0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680)),
    *((0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)),
)


def union(*sets: Ranges) -> Ranges:
    """Every value that is in at least one of the sets, surrogates left out."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(pair for ranges in sets for pair in ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)


def invert(ranges: Ranges) -> Ranges:
    """Every scalar value that is not in the set."""
    return minus(ALL, ranges)


def minus(left: Ranges, right: Ranges) -> Ranges:
    """The values of `left` that are not in `right`."""
    kept: list[tuple[int, int]] = []
    for low, high in left:
        start = low
        for cut_low, cut_high in right[max(0, bisect_right(right, (low, -1)) - 1) :]:
            if cut_low > high:
                break
            if cut_high < start:
                continue
            if cut_low > start:
                kept.append((start, cut_low - 1))
            start = cut_high + 1
        if start <= high:
            kept.append((start, high))
    return tuple(kept)


def both(left: Ranges, right: Ranges) -> Ranges:
    """The values that are in both sets."""
    return minus(left, minus(left, right))


def scalars(low: int, high: int) -> Ranges:
    """The range `low` to `high`, inclusive, without surrogates."""
    return both(((low, high),), ALL)


def has(ranges: Ranges, code: int) -> bool:
    """Whether the code point is in the set."""
    at = bisect_right(ranges, (code, 0x110000)) - 1
    return at >= 0 and ranges[at][0] <= code <= ranges[at][1]


def size(ranges: Ranges) -> int:
    """How many values the set has."""
    return sum(high - low + 1 for low, high in ranges)


def is_settled(code: int) -> bool:
    """Whether every engine of the last decades knows the character, and as what it is known today.

    Servers match by the Unicode version of their time. Of old ones Python keeps 3.2.
    """
    char = chr(code)
    then = unicodedata.ucd_3_2_0.category(char)
    return then == unicodedata.category(char) and then not in ("Cn", "Co", "Cs")


def is_property(ranges: Ranges) -> bool:
    """Whether a set comes of Unicode properties: nobody writes so many ranges by hand."""
    return len(ranges) > _BY_HAND


@cache
def settled_edges(ranges: Ranges) -> tuple[int, ...]:
    """The edges of the first ranges of a set and of its last, of settled characters alone.

    Empty if it has none. The same with every version of Unicode since.
    """
    return (*_edges(ranges, 1, _BY_HAND), *reversed(_edges(ranges, -1, 2)))


def _edges(ranges: Ranges, step: int, count: int) -> list[int]:
    """The edges of so many runs of settled characters, from the start of a set or from its end."""
    found: list[int] = []
    previous = None
    for low, high in ranges[::step]:
        for code in range(low, high + 1)[::step]:
            if not is_settled(code):
                continue
            if previous is None or code != previous + step:
                if len(found) == 2 * count - 1:
                    return [*found, previous or code]
                found += [] if previous is None else [previous]
                found.append(code)
            previous = code
    return found if previous is None else [*found, previous]


def fold_ascii(ranges: Ranges) -> Ranges:
    """The set with the other case of each ASCII letter added, as Java's (?i) does."""
    lower = tuple((low + 32, high + 32) for low, high in both(ranges, UPPER))
    upper = tuple((low - 32, high - 32) for low, high in both(ranges, LOWER))
    return union(ranges, lower, upper)


@cache
def _categories() -> dict[str, Ranges]:
    """General category → its values. One pass over all code points, about 0.2 s."""
    found: dict[str, list[tuple[int, int]]] = {}
    for low, high in ALL:
        start, current = low, unicodedata.category(chr(low))
        for code in range(low + 1, high + 1):
            category = unicodedata.category(chr(code))
            if category != current:
                found.setdefault(current, []).append((start, code - 1))
                start, current = code, category
        found.setdefault(current, []).append((start, high))
    return {name: tuple(ranges) for name, ranges in found.items()}


def _category(name: str) -> Ranges | None:
    if name == "Cs":
        return EMPTY
    parts = [ranges for key, ranges in _categories().items() if key.startswith(name)]
    return union(*parts) if parts and len(name) in (1, 2) else None


@cache
def _alphabetic() -> Ranges:
    """The Alphabetic property: letters, letter numbers, and the marks and symbols that count.

    `unicodedata` does not know Other_Alphabetic, so the engine is asked about its three categories.
    """
    import jsonschema_rs

    asked = jsonschema_rs.validator_for({"pattern": r"^\p{Alphabetic}$"})
    extra = [
        (code, code)
        for low, high in alphabetic_beside_letters()
        for code in range(low, high + 1)
        if asked.is_valid(chr(code))
    ]
    return union(_category("L") or EMPTY, _categories()["Nl"], tuple(extra))


@cache
def alphabetic_beside_letters() -> Ranges:
    """Marks and signs, of which each version of Unicode calls more Alphabetic."""
    return union(*(_categories()[name] for name in ("Mn", "Mc", "So")))


@cache
def named(name: str) -> tuple[Ranges, tuple[str, ...]] | None:
    r"""The set that Java's `\p{name}` means and the ECMA-262 terms that say the same.

    The terms are empty where only spelling out the ranges is right. None: a name the kit
    does not know, scripts and blocks among them.
    """
    if name in _POSIX:
        return _POSIX[name], ()
    bare = name.removeprefix("Is")
    key = bare.upper().replace("_", "")
    if name.startswith("Is") and key == "ALPHABETIC":
        return _alphabetic(), (r"\p{Alphabetic}",)
    if name.startswith("Is") and key == "WHITESPACE":
        return _WHITE_SPACE, ()
    if name == "LD":
        return union(_category("L") or EMPTY, _categories()["Nd"]), (r"\p{L}", r"\p{Nd}")
    for prefix in ("general_category=", "gc="):
        bare = bare.removeprefix(prefix)
    ranges = _category(bare)
    return None if ranges is None else (ranges, (rf"\p{{{bare}}}",))
