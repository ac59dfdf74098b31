"""Probes for strings: lengths, enumerations and patterns."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from contract_kit.cases.near_values import near
from contract_kit.cases.probe import Probe, either, inside, outside
from contract_kit.cases.typical import text, text_of_length
from contract_kit.contract.operation import ConstraintKind
from contract_kit.contract.shape import Shape
from contract_kit.pattern.compiled import Pattern

ASTRAL = "\U0001f600"
"""One Unicode scalar value outside the Basic Multilingual Plane: two UTF-16 units, four bytes."""

BLANKS = " "
CONTROLS = "\t\n\r\x01\x1f\x7f\x85\u2028"
LONG = 4096
"""Characters of a string whose length nothing limits."""

MAX_SENT = 1_500_000
"""Characters of the longest string that a case holds; longer limits are not probed above."""


@functools.lru_cache(maxsize=256)
def string_probes(shape: Shape, others: tuple[str, ...]) -> tuple[Probe, ...]:
    """Probes of a string shape. others: one value of each enumeration of the operation.

    Kept, since a shape has many places and some patterns take seconds to search.
    """
    if shape.enum:
        return (*enum_probes(shape, others), *beside_enum_probes(shape))
    if shape.pattern is not None:
        return tuple(pattern_probes(shape))
    return tuple(length_probes(shape))


def enum_probes(shape: Shape, others: tuple[str, ...]) -> Iterator[Probe]:
    """Each value, and what is nearly one: enumerations are closed and compared with case."""
    value = shape.enum[0]
    found = near(
        value,
        *("lower-case", "upper-case", "leading-blank", "trailing-blank", "trailing-newline"),
        *("empty", "prefix", "suffix"),
    )
    siblings = [other for other in others if other not in shape.enum]
    found.update({f"other-enum-{other}": other for other in siblings})
    if len(shape.enum) > 2:
        # A look-up in a JavaScript object finds it; one enumeration shows that.
        found["object-method"] = "constructor"
    joined = next((value for value in shape.enum if "_" in value), None)
    if joined is not None:
        found |= near(joined, "dash")
    seen = set(shape.enum)
    for slug, changed in found.items():
        if changed not in seen and keeps_limits(shape, changed):
            seen.add(changed)
            probe = outside("enum", slug, changed)
            # A server that mixes up two enumerations does so by their names, wherever they are.
            yield probe.only_once() if changed in (*siblings[1:], "constructor") else probe
    # Right after wrong values, and first the ones that no other case has: a server that carries
    # an error over to the next request shows it here.
    for value in reversed(shape.enum):
        yield inside("enum", f"value-{value}" if value else "empty-value", value)


def beside_enum_probes(shape: Shape) -> Iterator[Probe]:
    """One violation of each limit that is stated beside an enumeration, which implies them all."""
    reported = set()
    limits = length_probes if shape.pattern is None else pattern_probes
    for probe in limits(shape):
        if (
            probe.expects == "reject"
            and probe.kind not in reported
            and probe.value not in shape.enum
        ):
            reported.add(probe.kind)
            yield probe


def keeps_limits(shape: Shape, value: str) -> bool:
    """Whether a string keeps what is stated of its length and pattern, whatever is enumerated."""
    pattern = shape.regex
    return shape.fits(len(value)) and (pattern is None or pattern.matches(value))


def length_probes(shape: Shape) -> Iterator[Probe]:
    """Both sides of each limit, counted in Unicode scalar values whatever the characters are."""
    low, high = shape.min_length or 0, shape.max_length
    if low:
        yield inside("minLength", "shortest", text_of_length(low))
        yield outside("minLength", "one-too-short", text_of_length(low - 1))
        yield inside("minLength", "blanks", BLANKS * low)
        if low > 1:
            yield outside("minLength", "empty", "")
            # Two UTF-16 units, or four bytes, are still one character.
            yield outside("minLength", "astral-too-short", ASTRAL * (low - 1))
    elif high != 0:
        yield inside("type", "empty-string", "")
    if high is not None and high <= MAX_SENT:
        kind: ConstraintKind = "maxLength"
        yield inside(kind, "longest", text_of_length(high))
        yield outside(kind, "one-too-long", text_of_length(high + 1))
        if high:
            yield inside(kind, "longest-astral", ASTRAL * high)
        yield outside(kind, "astral-too-long", ASTRAL * (high + 1))
        yield outside(kind, "blank-too-long", text_of_length(high) + " ")
        if high:
            # Normalised or counted in graphemes, it would be short enough.
            yield outside(kind, "combining-too-long", ("e\u0301" * high)[: high + 1])
    elif high is None:
        yield inside("type", "long-string", text_of_length(max(low, LONG)))
    yield from character_probes(low, high)


def character_probes(low: int, high: int | None) -> Iterator[Probe]:
    """Characters that any string may hold where no pattern forbids them."""
    samples = {
        "mixed-scripts": f"e\u0301\u05d0\u202e{ASTRAL}'\"\\<%${{",
        "controls": CONTROLS,
        "blank-edges": " a ",
    }
    for slug, sample in samples.items():
        value = sample + "a" * (low - len(sample))
        if high is None or len(value) <= high:
            yield inside("type", slug, value)
    for slug, sample in (("nul", "a\0b"), ("lone-surrogate", "a\ud800b")):
        value = sample + "a" * (low - len(sample))
        if high is None or len(value) <= high:
            yield either("type", slug, value).only_once()


def pattern_probes(shape: Shape) -> Iterator[Probe]:
    """Matches at the ends of each repeat, and near misses; within the length limits."""
    low, high = shape.min_length or 0, shape.max_length
    pattern = shape.regex
    if pattern is None:
        return
    for miss in pattern.outside(low, high):
        if miss.within_length:
            make = either if miss.open_end else outside
            yield make("pattern", miss.slug, miss.text)
    for match in reversed(pattern.inside(low, high)):
        yield inside("pattern", match.slug, match.text)
    yield from pattern_length_probes(shape, pattern)


REACH = 128
"""Lengths beyond a limit among which a string that matches the pattern is looked for."""


def pattern_length_probes(shape: Shape, pattern: Pattern) -> Iterator[Probe]:
    """Both sides of the length limits, in strings that match the pattern where any do.

    Where none does, the pattern implies the limit: the probe then breaks both.
    """
    low, high = shape.min_length or 0, shape.max_length
    if low:
        shortest = pattern.example(low)
        if shortest is not None:
            yield inside("minLength", "shortest", shortest)
        below = _first_example(pattern, range(low - 1, max(low - REACH, 0) - 1, -1))
        if below is not None:
            yield outside("minLength", "one-too-short", below)
        elif pattern.min_length >= low:
            yield outside("minLength", "one-too-short", text(shape)[: low - 1])
            if low > 1:
                yield outside("minLength", "empty", "")
    if high is not None and high <= MAX_SENT:
        longest = pattern.example(high)
        if longest is not None:
            yield inside("maxLength", "longest", longest)
        above = _first_example(pattern, range(high + 1, high + REACH))
        if above is not None:
            yield outside("maxLength", "one-too-long", above)
        elif pattern.max_length is not None and pattern.max_length <= high:
            stem = longest or text(shape)
            stretched = stem + (stem[-1:] or "a") * (high + 1 - len(stem))
            yield outside("maxLength", "one-too-long", stretched)


def _first_example(pattern: Pattern, lengths: range) -> str | None:
    return next((found for n in lengths if (found := pattern.example(n)) is not None), None)
