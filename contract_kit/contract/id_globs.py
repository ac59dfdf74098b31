"""Globs over the ids of operations and constraints."""

from __future__ import annotations

import fnmatch
import re


def is_glob(text: str) -> bool:
    """Whether a text may stand for several ids: brackets are part of ids, as in `Tags[].type`."""
    return "*" in text or "?" in text


def glob_of(text: str) -> re.Pattern[str]:
    r"""A pattern for whole ids: `*` stands for any characters, `?` for one, all else for itself.

    >>> bool(glob_of("Tags[].*").fullmatch("Tags[].Key.required"))
    True
    """
    # Python's translation never backtracks over a star that has found its end.
    return re.compile(fnmatch.translate(text.replace("[", "[[]")))
