"""Reads a body as RFC 8259 defines JSON: no literal, comma, comment or text beyond it."""

from __future__ import annotations

import json

from contract_kit.contract.number_literals import real
from contract_kit.contract.shape import Json
from contract_kit.reference.refusal import Refusal, serialization
from contract_kit.validate.validator import nested_deeper

MAX_DEPTH = 64
"""Levels of nesting that are read, inclusive; servers observed stop between 64 and 128."""

MAX_DIGITS = 400
"""Digits of the longest integer read exactly; a double ends at 309."""

BLANK = b" \t\r\n"


def parse(body: bytes) -> Json:
    """The value of a body; an empty one is an empty object. Raises Refusal."""
    if not body.strip(BLANK):
        return {}
    try:
        value = DECODER.decode(body.decode())
    except (ValueError, RecursionError) as error:
        raise unreadable(error) from None
    # Most bodies have too few brackets to nest deeply; counting them is cheaper than looking.
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and nested_deeper(value, MAX_DEPTH):
        raise serialization(f"the body nests deeper than {MAX_DEPTH} levels")
    return value


def unreadable(error: Exception) -> Refusal:
    """The refusal of a body that cannot be parsed."""
    return serialization(f"the body is not JSON text in UTF-8 ({type(error).__name__})")


def integer(text: str) -> int | float:
    """An integer literal; one beyond every number type is infinite, so that no type holds it.

    CPython refuses to convert more than 4,300 digits, and takes quadratic time for fewer.
    """
    return int(text) if len(text) <= MAX_DIGITS else float(text)


def refuse_constant(name: str) -> Json:
    """NaN and the infinities are not JSON; raises ValueError."""
    raise ValueError(f"{name} is not a JSON literal")


DECODER = json.JSONDecoder(parse_float=real, parse_int=integer, parse_constant=refuse_constant)
