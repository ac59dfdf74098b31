"""Patterns of users, searched in linear time: no request may stall a check."""

from __future__ import annotations

import re
from collections.abc import Callable

from contract_kit.errors import UnsupportedPattern
from contract_kit.pattern.compiled import Pattern
from contract_kit.pattern.portable import validator

Search = Callable[[str], bool]
"""Whether a string contains a match."""

_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d+(?:,\d*)?\}|[{}]", re.DOTALL)
_SAME = {r"\A": "^", r"\Z": "$", "{": r"\{", "}": r"\}"}


def searcher(text: str) -> Search | None:
    """A search for a pattern as Python writes it; None where none takes linear time.

    Raises re.error, OverflowError or RecursionError for a text that is not a pattern.
    """
    re.compile(text)
    # A character that Python reads literally is escaped, so that other engines do so too.
    written = _TOKEN.sub(lambda match: _SAME.get(match[0], match[0]), text)
    found = validator({"pattern": written})
    if found is not None:
        return _guarded(found)
    try:
        whole = Pattern.parse(rf"[\s\S]*(?:{written})[\s\S]*")
        whole.matches("")
    except (UnsupportedPattern, RecursionError):
        return None
    return _guarded(whole.matches)


def _guarded(search: Search) -> Search:
    def found(text: str) -> bool:
        try:
            return search(text)
        except (ValueError, UnsupportedPattern):
            return False  # half a character, or more states at once than there may be

    return found
