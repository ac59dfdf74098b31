"""Scalars as text: in labels, query strings, headers, forms and XML.

Facts: Smithy specification, "HTTP bindings", "AWS query protocol" and "XML serialization".
"""

from __future__ import annotations

import math
import re

from contract_kit.contract.shape import NUMERIC_TIMES, Json, Shape
from contract_kit.errors import NotExpressible
from contract_kit.wire.timestamps import read_time, write_time

_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NEAR_TRUTH = frozenset(
    ("true", "false", "t", "f", "yes", "no", "y", "n", "on", "off", "1", "0", "", "null", "none")
)
"""Words that some lenient reader takes for a boolean."""

NOT_FINITE = ("NaN", "Infinity", "-Infinity")
INTEGERS = ("integer", "long")
NUMBERS = (*INTEGERS, "float", "double")
SCALARS = (*NUMBERS, "string", "boolean", "timestamp", "blob")


def says(shape: Shape, value: Json) -> bool:
    """Whether text keeps what a canonical value of a scalar shape means, right or wrong.

    Any text is a string, so a string member takes no value of a wrong type. Elsewhere a wrong
    value is one that no lenient reader takes: `abc`, but neither `"5"`, `1.0` nor `TRUE`.

    >>> from contract_kit.contract.shape import Shape
    >>> count = Shape(name="Count", type="integer")
    >>> says(count, 5), says(count, "5"), says(count, "abc"), says(count, None)
    (True, False, True, False)
    """
    if shape.type in ("string", "blob"):
        return isinstance(value, str)
    if isinstance(value, str):
        # A blank around a number, a sign or an exponent: somebody reads each of them.
        return value in NOT_FINITE or not _is_near(shape, value.strip())
    if shape.type == "boolean":
        return isinstance(value, bool)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return shape.type not in INTEGERS or isinstance(value, int)


def _is_near(shape: Shape, text: str) -> bool:
    """Whether some reader takes a text for a value of the shape's type."""
    if shape.type == "boolean":
        return text.lower() in _NEAR_TRUTH
    if shape.type == "timestamp" and not isinstance(read_time("iso8601", text), str):
        return True
    if shape.type == "timestamp" and not isinstance(read_time("rfc822", text), str):
        return True
    return not text or text[0].isdigit() or bool(_DECIMAL.fullmatch(text))


def write_text(shape: Shape, value: Json, time_format: str) -> str:
    """A canonical value of a scalar shape as text, right or wrong; raises NotExpressible.

    time_format: as botocore names it: `iso8601`, `rfc822` or `unixTimestamp`.

    >>> from contract_kit.contract.shape import Shape
    >>> write_text(Shape(name="Time", type="timestamp"), 0, "iso8601")
    '1970-01-01T00:00:00Z'
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or not isinstance(value, (int, float)):
        raise NotExpressible(f"text has no form for {type(value).__name__}")
    if shape.type == "timestamp" and time_format not in NUMERIC_TIMES:
        written = write_time(time_format, value)
        if isinstance(written, str):
            return written
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    return str(value)


def read_text(shape: Shape, text: str, time_format: str) -> Json:
    """The canonical value in a text. Text of another type stays text.

    >>> from contract_kit.contract.shape import Shape
    >>> read_text(Shape(name="Count", type="integer"), "5", ""), read_text(
    ...     Shape(name="Count", type="integer"), "five", ""
    ... )
    (5, 'five')
    """
    if shape.type == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if shape.type == "timestamp" and time_format not in NUMERIC_TIMES:
        return read_time(time_format, text)
    if shape.type not in (*NUMBERS, "timestamp"):
        return text
    bare = text.strip(" \t\r\n")
    if _INTEGER.fullmatch(bare) and len(bare) <= 4000:
        return int(bare)
    if shape.type not in INTEGERS and _DECIMAL.fullmatch(bare):
        number = float(bare)
        return number if math.isfinite(number) else text
    return text
