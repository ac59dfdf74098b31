"""Globs over paths with forward slashes, as `.gitignore` reads them."""

from __future__ import annotations

import functools
import re


@functools.lru_cache(maxsize=1024)
def glob(pattern: str) -> re.Pattern[str]:
    """`**` stands for any folders, `*` and `?` for what is no slash, `[ab]` for one of these.

    A pattern without a slash matches the name of a file in any folder; one that ends with a slash
    matches everything in that folder.
    """
    if "/" not in pattern:
        pattern = f"**/{pattern}"
    elif pattern.endswith("/"):
        pattern += "**"
    pattern = pattern.removeprefix("./").removeprefix("/")
    made, at = "", 0
    while at < len(pattern):
        token = next(
            part for part in ("**/", "**", "*", "?", "[", "") if pattern.startswith(part, at)
        )
        end = pattern.find("]", at + 2) if token == "[" else -1
        if token == "[" and end > 0:
            inner = pattern[at + 1 : end].replace("\\", r"\\").replace("[", r"\[")
            made += f"[^{inner[1:]}]" if inner.startswith("!") else f"[{inner}]"
            at = end + 1
            continue
        wild = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
        made += wild[token] if token in wild else re.escape(pattern[at])
        at += len(token) if token in wild else 1
    return re.compile(made, re.DOTALL)


def matches(pattern: str, path: str) -> bool:
    """Whether a path, relative to the folder of the patterns, matches."""
    return glob(pattern).fullmatch(path) is not None
