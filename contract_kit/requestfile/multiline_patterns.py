"""Patterns whose dot stands for any sign of a line, beside texts of more lines than one.

Where such a pattern asks for nothing else, its documentation means any text; and where each line
satisfies it, only the ends of lines are in doubt.
"""

from __future__ import annotations

import re
from typing import Literal

from contract_kit.contract.operation import Operation
from contract_kit.pattern.compiled import understood
from contract_kit.requestfile.values import shape_at
from contract_kit.validate.violation import Violation

_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""Line ends, which a dot does not match in Java."""

_DOT = re.compile(r"(?:[^\\]|^)(?:\\\\)*\.")


def takes_lines(operation: Operation, violation: Violation) -> Literal["any", "each"] | None:
    """How a broken pattern reads a text of several lines.

    any: it asks for nothing but any signs. each: every line that is not blank satisfies it.
    """
    shape = shape_at(operation, violation.path)
    if shape is None or shape.pattern is None or violation.of_key:
        return None
    return reading(shape.pattern, violation.value)


def reading(text: str, value: str) -> Literal["any", "each"] | None:
    """How a pattern reads the lines of a text that breaks it; see `takes_lines`."""
    if not _DOT.search(text) or not _ENDS.search(value):
        return None
    pattern = understood(text)
    if pattern is None:
        return None
    if pattern.takes_any_signs(len(value)):
        return "any"
    lines = [line for line in _ENDS.split(value) if line.strip()]
    return "each" if lines and all(map(pattern.matches, lines)) else None
