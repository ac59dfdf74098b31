"""Values of wrong JSON types that nothing but their type refuses, should a server convert them.

A number in place of a string shows nothing where its digits are too short to be the string: the
server that takes it for one refuses it all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from contract_kit.contract.shape import Json, Shape

_SAMPLES: dict[str, Json] = {
    "string": "contract-kit",
    "number": 5,
    # False and [] are what a check by truth value overlooks.
    "boolean": False,
    "list": [],
    "object": {},
}
JSON_TYPES = tuple(_SAMPLES)

MOST_DIGITS = 15
"""Digits of the largest number that stands for a string: each language reads it exactly."""


def sample(shape: Shape, json_type: str) -> Json:
    """A value of a JSON type that a shape does not have, such as it would take if converted."""
    usual = _SAMPLES[json_type]
    if shape.type == "string" and json_type in ("number", "boolean"):
        return next((value for value in _alike(json_type) if _takes(shape, value)), usual)
    if shape.type == "blob" and json_type == "number":
        return next((value for value in _alike(json_type) if _is_blob(shape, str(value))), usual)
    return usual


def _alike(json_type: str) -> Iterator[Json]:
    if json_type == "boolean":
        yield from (False, True)
    else:
        yield from (int("5" * digits) for digits in range(1, MOST_DIGITS + 1))


def _takes(shape: Shape, value: Json) -> bool:
    """Whether a string shape takes the text of a value."""
    text = str(value).lower()
    if shape.enum or not shape.fits(len(text)):
        return text in shape.enum and shape.fits(len(text))
    return shape.pattern is None or (shape.regex is not None and shape.regex.matches(text))


def _is_blob(shape: Shape, text: str) -> bool:
    """Whether digits are base64 of a size that a blob may have."""
    return len(text) % 4 == 0 and shape.fits(len(text) // 4 * 3)
