"""Values that are nearly right: of another JSON type, in another spelling, or of an enumeration.

A number in place of a string shows nothing where its digits are too short to be the string: the
server that takes it for one refuses it all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from contract_kit.contract.shape import INTEGER_BITS, Json, Shape

UNKNOWN = "ContractKitUnknown"
"""A member name that no shape has."""

BOOLEAN_WORDS = {
    "true": True,
    "false": False,
    "yes": True,
    "no": False,
    "1": True,
    "0": False,
    "on": True,
    "off": False,
}
"""Texts that lax parsers read as a boolean, in any case."""

_TOLERATED = tuple(BOOLEAN_WORDS)[:6]
"""Those that real AWS services are known to take."""

_NEAR: dict[str, Callable[[str], str]] = {
    "lower-case": str.lower,
    "upper-case": str.upper,
    "title-case": str.title,
    "other-case": str.swapcase,
    "capitalized": str.capitalize,
    "leading-blank": " {}".format,
    "trailing-blank": "{} ".format,
    "trailing-newline": "{}\n".format,
    "trailing-tab": "{}\t".format,
    "in-quotes": '"{}"'.format,
    "empty": lambda value: "",
    "prefix": lambda value: value[:-1],
    "suffix": "{}X".format,
    "without-first": lambda value: value[1:],
    "negated": "NOT_{}".format,
    "dash": lambda value: value.replace("_", "-"),
    "underscore": lambda value: value.replace("-", "_"),
    "blank": lambda value: value.replace("_", " "),
    "joined-words": lambda value: value.replace("_", ""),
    "last-word": lambda value: value.rpartition("_")[2],
}
"""Slug → what is nearly a value of an enumeration, which is closed and compared with case."""


def near(value: str, *slugs: str) -> dict[str, str]:
    """Slug → text that is nearly the value, for these slugs in their order.

    >>> near("NOT_EQUALS", "prefix", "dash")
    {'prefix': 'NOT_EQUAL', 'dash': 'NOT-EQUALS'}
    """
    return {slug: _NEAR[slug](value) for slug in slugs}


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


_JSON_TYPE = {
    "structure": "object",
    "union": "object",
    "map": "object",
    "list": "list",
    "string": "string",
    "blob": "string",
    "boolean": "boolean",
}


def json_type(shape: Shape) -> str:
    """Of which JSON type the values of a shape are."""
    return _JSON_TYPE.get(shape.type, "number")


def is_tolerated(shape: Shape, value: Json) -> bool:
    """Whether real AWS services are known to take a value of a wrong type."""
    if shape.type == "boolean":
        return isinstance(value, str) and value.lower() in _TOLERATED
    return shape.type in INTEGER_BITS and type(value) in (int, float)


_MORE_SAMPLES: dict[str, dict[str, Json]] = {
    "string": {"empty-string": ""},
    "number": {"zero": 0, "one-and-a-half": 1.5},
    "boolean": {"true": True},
    "list": {"empty-list": []},
}
_DATES = ("now", "2023-11-14", "2023-11-14 22:13:20", "1.7e9")
_TEXTS = {
    "boolean": ("0", "no", "FALSE", "on", "t"),
    "number": ("0x10", "1e1", " 10", "10.0", "ten"),
}


def more_samples(shape: Shape) -> Iterator[tuple[str, Json]]:
    """Slug and value of other JSON types, which one language or another converts or overlooks."""
    own = json_type(shape)
    for name, samples in _MORE_SAMPLES.items():
        if name != own:
            yield from samples.items()


def read_texts(shape: Shape) -> tuple[str, ...]:
    """Strings that lax parsers read as a value of a shape that is not a string."""
    return _DATES if shape.type == "timestamp" else _TEXTS.get(json_type(shape), ())
