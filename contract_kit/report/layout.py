"""Lines that fit a terminal: texts cut, folded, and commands continued."""

from __future__ import annotations

import re
import textwrap

_WORD = re.compile(r"""(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\])+""")
"""A word of a shell command as it is written, quotes included."""

_SEGMENT = re.compile(r"(?=\.)")

LEAST = 20
"""Columns that a text gets at least, however narrow the terminal is."""


def cut(text: str, room: int) -> str:
    """A text in at most `room` columns; an ellipsis marks the cut."""
    room = max(room, LEAST)
    return text if len(text) <= room else text[: room - 1] + "…"


def from_name(text: str, name: str, room: int) -> str:
    """JSON text, without its beginning where a member of that name would be cut off."""
    at = text.rfind(f'"{name}"')
    return f"…{text[at:]}" if at + len(name) > max(room, LEAST) * 2 // 3 else text


def folded(text: str, room: int, *, whole: bool = False) -> list[str]:
    """A text as lines of at most so many columns. whole: a longer word stays as it is."""
    room = max(room, LEAST)
    lines = textwrap.wrap(text, room, break_long_words=not whole, break_on_hyphens=False)
    return lines or [""]


def tail_of(name: str, room: int) -> str:
    """A name without its beginning where it is too long: members differ at their ends."""
    if len(name) <= room:
        return name
    for part in _SEGMENT.finditer(name):
        if len(name) - part.start() < room:
            return "…" + name[part.start() + 1 :]
    return "…" + name[len(name) - room + 1 :]


def continued(command: str, room: int) -> list[str]:
    """A shell command as lines that can be pasted together; a longer word stays whole."""
    words = [match[0] for match in _WORD.finditer(command)]
    if len(command) <= room or " ".join(words) != command:
        return [command]
    lines = [""]
    for word in words:
        if lines[-1].strip() and len(lines[-1]) + len(word) + 3 > room:
            lines.append(" ")
        lines[-1] += f" {word}" if lines[-1] else word
    return [f"{line} \\" for line in lines[:-1]] + lines[-1:]
