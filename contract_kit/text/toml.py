"""TOML, parsed in bounded time and memory, with errors of one kind."""

from __future__ import annotations

import re
import tomllib
from typing import Any

_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"(?<![\w.\"'-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{50}}")
"""A key of so many parts: the parser keeps every beginning of it, in quadratic memory."""


def parse_toml(text: str) -> dict[str, Any]:
    """The table of a text. Raises ValueError, whose text says what is wrong."""
    if _LONG_KEY.search(text):
        raise ValueError("a key has more than 50 parts")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("nests too deeply") from None
