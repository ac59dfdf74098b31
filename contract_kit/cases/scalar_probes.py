"""Probes for numbers, booleans, timestamps and blobs, and wrong JSON types for every shape."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from contract_kit.cases.near_values import JSON_TYPES, json_type, sample
from contract_kit.cases.probe import Probe, either, inside, outside, wrong_type
from contract_kit.cases.string_probes import MAX_SENT
from contract_kit.cases.typical import EPOCH, number
from contract_kit.contract.shape import INTEGER_BITS, YEAR_1, YEAR_9999, Shape

NOT_A_NUMBER = float("nan")
INFINITE = float("inf")

WORD = sample(Shape(name="", type="document"), "string")
"""A word that no reader takes for a number, a boolean or a time, however lenient: if all is text,
nothing else is of a wrong type."""

NO_JSON = wrong_type("not-a-number", NOT_A_NUMBER)
"""Written as NaN. Many parsers take it, and some readers then take it for null."""


def integer_probes(shape: Shape) -> Iterator[Probe]:
    """Range, width, and what is nearly an integer."""
    bits = INTEGER_BITS[shape.type]
    # Beyond the width of its type, a number is of a wrong type, not out of range.
    yield from (probe for probe in range_probes(shape, 1) if _is_as_wide(probe.value, bits))
    for width in (16, 32, 64):
        top = 2 ** (width - 1)
        for value in (top - 1, top, -top, -top - 1):
            slug = f"{'minus-' if value < 0 else ''}2-to-{width - 1}{_offset(value, top)}"
            yield from _wide(shape, bits, slug, value)
    yield wrong_type("2-to-64", 2**64, tolerated=True)
    yield wrong_type("10-to-30", 10**30, tolerated=True)
    yield wrong_type("fraction", number(shape) + 0.5, tolerated=True)
    yield wrong_type("word", WORD)
    yield wrong_type("digits-in-string", str(number(shape)))
    yield wrong_type("empty-string", "")
    yield either("type", "whole-float", float(number(shape)))
    if shape.minimum is None:
        yield either("type", "zero", 0)
        yield either("type", "minus-one", -1)
    yield wrong_type("in-a-list", [number(shape)])
    yield from wrong_json_types(shape, but=("string", "list"))


def _offset(value: int, top: int) -> str:
    rest = abs(value) - top
    return {0: "", 1: "-and-one", -1: "-less-one"}[rest]


def _is_as_wide(value: int, bits: int) -> bool:
    top: int = 2 ** (bits - 1)
    return -top <= value < top


def _wide(shape: Shape, bits: int, slug: str, value: int) -> Iterator[Probe]:
    """A number at the width of an integer type: conforming if the type and the range hold it."""
    if not _is_as_wide(value, bits):
        yield wrong_type(slug, value, tolerated=True)
        return
    if _holds(shape, value):
        # No source documents that a negative amount is refused, nor that it is taken.
        negative = value < 0 and shape.minimum is None
        yield either("type", slug, value) if negative else inside("type", slug, value)


def range_probes(shape: Shape, step: int) -> Iterator[Probe]:
    """Both sides of the documented range."""
    low, high = shape.minimum, shape.maximum
    if low is not None:
        yield inside("minimum", "least", low)
        yield outside("minimum", "one-too-small", low - step)
        if low > 0:
            yield outside("minimum", "negative", -low)
            if low - step != 0:
                yield outside("minimum", "zero", 0)
    if high is not None:
        yield inside("maximum", "greatest", high)
        yield outside("maximum", "one-too-large", high + step)
        if high > 0 and 10 * high < 2**31:
            yield outside("maximum", "ten-times-too-large", 10 * high + step)


def float_probes(shape: Shape) -> Iterator[Probe]:
    """Range, fractions, and the three words for what is not finite."""
    yield from range_probes(shape, 1)
    bounded = shape.minimum is not None or shape.maximum is not None
    middle = number(shape)
    yield inside("type", "whole", middle)
    if not bounded:
        yield inside("type", "fraction", 0.5)
        for word in ("NaN", "Infinity", "-Infinity"):
            yield either("type", f"word-{word.lower()}", word)
    yield wrong_type("word", WORD)
    yield wrong_type("digits-in-string", str(middle))
    yield wrong_type("empty-string", "")
    yield wrong_type("in-a-list", [middle])
    yield from wrong_json_types(shape, but=("string", "list"))


def boolean_probes(shape: Shape) -> Iterator[Probe]:
    """Both values; words and numbers are none, though real AWS services take some words."""
    yield inside("type", "true", True)
    yield inside("type", "false", False)
    for word in ("true", "True", "yes", "1"):
        yield wrong_type(f"word-{word}", word, tolerated=True)
    yield wrong_type("word", WORD)
    yield wrong_type("empty-string", "")
    yield wrong_type("one", 1)
    yield wrong_type("zero", 0)
    yield wrong_type("in-a-list", [True])
    yield from wrong_json_types(shape, but=("number", "string", "list"))


def timestamp_probes(shape: Shape, typical: float) -> Iterator[Probe]:
    """Epoch seconds as a JSON number; fractions are allowed, dates in strings are not."""
    yield inside("type", "fraction", typical + 0.123456)
    yield inside("type", "epoch", 0)
    yield inside("type", "before-epoch", -1)
    yield inside("type", "beyond-32-bits", 2**31)
    yield inside("type", "last-second", YEAR_9999)
    for slug, value in (
        ("before-year-1", YEAR_1 - 1),
        ("after-year-9999", YEAR_9999 + 1),
        ("beyond-64-bits", 2**64),
        ("largest-double", 1.7e308),
    ):
        yield either("type", slug, value).only_once()
    yield wrong_type("word", WORD)
    yield wrong_type("iso-string", "2023-11-14T22:13:20Z")
    yield wrong_type("http-date", "Tue, 14 Nov 2023 22:13:20 GMT")
    yield wrong_type("nan-in-string", "NaN").only_once()
    yield wrong_type("digits-in-string", str(EPOCH))
    yield wrong_type("fraction-in-string", f"{EPOCH}.5").only_once()
    yield wrong_type("empty-string", "")
    yield wrong_type("not-a-number", NOT_A_NUMBER)
    yield wrong_type("infinity", INFINITE)
    yield wrong_type("in-a-list", [typical])
    yield from wrong_json_types(shape, but=("string", "list"))


def blob_probes(shape: Shape) -> Iterator[Probe]:
    """Lengths in bytes; a string that is not base64 is of the wrong type."""
    low, high = shape.min_length or 0, shape.max_length

    def blob(size: int) -> str:
        return base64.b64encode(b"\xffx"[:1] * size).decode()

    if low:
        yield inside("minLength", "shortest", blob(low))
        yield outside("minLength", "one-too-short", blob(low - 1))
    else:
        yield inside("type", "empty-blob", "")
    if high is not None and high <= MAX_SENT:
        yield inside("maxLength", "longest", blob(high))
        yield outside("maxLength", "one-too-long", blob(high + 1))
    yield wrong_type("not-base64", "%%%%")
    yield from wrong_json_types(shape)


def wrong_json_types(shape: Shape, *, but: tuple[str, ...] = ()) -> Iterator[Probe]:
    """A value of each other JSON type; but: types of which the shape's own probes hold one."""
    own = json_type(shape)
    for name in JSON_TYPES:
        if name != own and name not in but:
            yield wrong_type(name, sample(shape, name))
    if own == "number" and "boolean" not in but and not _holds(shape, 0) and _holds(shape, 1):
        # False is 0 in many languages, so that the range refuses it.
        yield wrong_type("true", True)


def _holds(shape: Shape, value: int) -> bool:
    """Whether the documented range of a number has a value in it."""
    low, high = shape.minimum, shape.maximum
    return (low is None or low <= value) and (high is None or value <= high)
