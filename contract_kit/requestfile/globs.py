"""Globs over paths with forward slashes, as git reads those of `.gitignore`, in linear time."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

_SIGN = r"(?:\[:[a-z]+:\]|\\.|[^\]\\])"
_CLASS = re.compile(rf"\[([!^]?)(\]{_SIGN}*|{_SIGN}+)\]", re.DOTALL)
"""A class; a bracket that closes it cannot be its first sign."""
_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "digit": "0-9",
    "lower": "a-z",
    "punct": "!-.:-@\\[-`{-~",
    "space": " \\t\\n\\r\\f\\v",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_INNER = re.compile(r"\[:([a-z]+):\]|\\(.)|(.)", re.DOTALL)

ANY = "**"
"""A segment that stands for any folders, none among them."""


class Glob:
    """One glob. Raises re.error for a class that is none.

    `**` stands for any folders, `*` and `?` for anything but a slash, `[ab]` for one of these. One
    without a slash, but for its end, matches in any folder; one that ends with a slash matches
    folders alone. A glob that matches a folder matches everything in it. negated: it begins with
    `!`, and takes back what an earlier one says.
    """

    __slots__ = ("_folders_only", "_segments", "negated")

    def __init__(self, pattern: str) -> None:
        self.negated = pattern.startswith("!")
        pattern = _without_blanks(pattern.removeprefix("!").removeprefix("./"))
        self._folders_only = pattern.endswith("/")
        parts = pattern.strip("/").split("/")
        if "/" not in pattern.rstrip("/"):
            parts.insert(0, ANY)
        self._segments = [part if part == ANY else re.compile(_segment(part)) for part in parts]

    def matches(self, path: str) -> bool:
        """Whether a path matches, or a folder around it. A folder ends with a slash."""
        parts = path.strip("/").split("/")
        # A glob that ends with `**` matches the content of a folder, not the folder itself.
        folders = len(parts) if path.endswith("/") else len(parts) - 1
        return any(
            self.matches_itself(parts[:end], is_folder=end <= folders)
            for end in range(1, len(parts) + 1)
        )

    def matches_itself(self, parts: list[str], *, is_folder: bool) -> bool:
        """Whether the path of these segments matches, whatever is around it."""
        return (is_folder or not self._folders_only) and self._whole(parts)

    def _whole(self, parts: list[str]) -> bool:
        """Whether all segments match all parts; where they don't, the last `**` takes one more."""
        at = part = 0
        back: tuple[int, int] | None = None
        while part < len(parts):
            segment = self._segments[at] if at < len(self._segments) else None
            if segment == ANY:
                back = (at + 1, part)
                at += 1
                if at == len(self._segments):
                    return True
            elif isinstance(segment, re.Pattern) and segment.fullmatch(parts[part]):
                at, part = at + 1, part + 1
            elif back is not None:
                back = (back[0], back[1] + 1)
                at, part = back
            else:
                return False
        return at == len(self._segments)


def _without_blanks(pattern: str) -> str:
    """A pattern without blanks at its end, unless they are escaped."""
    bare = pattern.rstrip(" ")
    return f"{bare} " if bare.endswith("\\") and bare != pattern else bare


def _segment(text: str) -> str:
    """The pattern of one segment. Each star but the last takes as little as it can, for good."""
    pieces, at = [""], 0
    while at < len(text):
        sign = text[at]
        inner = _CLASS.match(text, at) if sign == "[" else None
        if inner is not None:
            pieces[-1] += _one_of(inner[1], inner[2])
            at = inner.end()
            continue
        if sign == "*":
            pieces += [""] if pieces[-1] or len(pieces) == 1 else []
        elif sign == "\\" and at + 1 < len(text):
            at += 1
            pieces[-1] += re.escape(text[at])
        else:
            pieces[-1] += "[^/]" if sign == "?" else re.escape(sign)
        at += 1
    first, *others = pieces
    if not others:
        return f"(?s:{first})"
    *middle, last = others
    return f"(?s:{first}{''.join(f'(?>.*?{piece})' for piece in middle)}.*{last})"


def _one_of(negated: str, inner: str) -> str:
    made = ""
    for match in _INNER.finditer(inner):
        if match[1]:
            made += _POSIX.get(match[1], "")
        else:
            made += match[3] if match[3] == "-" else re.escape(match[2] or match[3])
    return f"(?!/)[{'^' if negated else ''}{made}]"


@functools.lru_cache(maxsize=1024)
def glob(pattern: str) -> Glob:
    """The glob of a text; raises re.error."""
    return Glob(pattern)


def matches(pattern: str, path: str) -> bool:
    """Whether a path, relative to the folder of the patterns, matches."""
    return glob(pattern).matches(path)


def ignored(patterns: Iterable[str], path: str) -> bool:
    """Whether a path is to be ignored: the last pattern that matches it decides.

    Nothing in a folder that is ignored is taken back.
    """
    globs = [glob(pattern) for pattern in patterns]
    parts = path.strip("/").split("/")
    for end in range(1, len(parts) + 1):
        is_folder = end < len(parts) or path.endswith("/")
        found = False
        for made in globs:
            if made.negated is found and made.matches_itself(parts[:end], is_folder=is_folder):
                found = not made.negated
        if found:
            return True
    return False
