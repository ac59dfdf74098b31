"""Strings about which a pattern says less than it seems to.

Where its text kept one anchor alone, whether the other end is anchored is not known. And engines of
different make or age may differ: they know different versions of Unicode; and to Java, `$` in a
look-around also holds before a last line end (java.util.regex.Pattern, "Line terminators").
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from contract_kit.pattern import charset
from contract_kit.pattern.automaton import ANYTHING, Automaton
from contract_kit.pattern.canonical import canonical
from contract_kit.pattern.portable import Matcher, keywords, validator
from contract_kit.pattern.probes import has_property
from contract_kit.pattern.syntax_tree import (
    END,
    NOTHING,
    START,
    Alt,
    Cat,
    Chars,
    Look,
    Node,
    cat,
    mapped,
    nodes,
)

_RETURN, _NEWLINE = Chars(((0x0D, 0x0D),)), Chars(((0x0A, 0x0A),))
_LINE_END: Node = Alt((NOTHING, Chars(charset.LINE_ENDS), Cat((_RETURN, _NEWLINE))))
_BEFORE_LAST_LINE_END = Look(Cat((_LINE_END, END)), ahead=True, negated=False)


class EngineDifferences:
    """The doubts about one pattern. raw, tree: as it was written, and its canonical tree."""

    def __init__(self, raw: Node, tree: Node) -> None:
        self._raw = raw
        start, end = _anchored(raw, START), _anchored(raw, END)
        self._is_open = (end and not start, start and not end)
        self._asks_unicode = any(
            isinstance(node, Chars) and has_property(node) for node in nodes(tree)
        )
        otherwise = canonical(_as_java(raw))
        self._otherwise = None if otherwise == tree else Automaton(otherwise)

    @property
    def is_of_ends(self) -> bool:
        """Whether Java may read the pattern's `$` in another way."""
        return self._otherwise is not None

    def java_takes(self, text: str) -> bool:
        """Whether Java matches a text that ends a line, and others do not have to."""
        ends_line = charset.has(charset.LINE_ENDS, ord(text[-1:] or "a"))
        return ends_line and self._otherwise is not None and self._otherwise.matches(text)

    def has(self, text: str, matches: Callable[[str], bool]) -> bool:
        """Whether the text is in doubt. matches: the pattern's own word on it."""
        if self._asks_unicode and not text.isascii():
            return not all(char.isascii() or charset.is_settled(ord(char)) for char in text)
        if self._otherwise is None or not charset.has(charset.LINE_ENDS, ord(text[-1:] or "a")):
            return False
        return self._otherwise.matches(text) != matches(text)

    def opens(self, text: str) -> bool:
        """Whether the text matches as soon as an end without an anchor is left open."""
        return any(self._is_open) and self._opened(text)

    @cached_property
    def _opened(self) -> Matcher:
        start, end = self._is_open
        row = ((ANYTHING,) if start else ()) + (self._raw,) + ((ANYTHING,) if end else ())
        tree = canonical(cat(row))
        return validator(keywords(tree)) or Automaton(tree).matches


def _anchored(node: Node, anchor: Node) -> bool:
    """Whether an option of the node begins with `^`, or ends with `$`."""
    match node:
        case Alt(options):
            return any(_anchored(option, anchor) for option in options)
        case Cat(items):
            ordered = items if anchor == START else items[::-1]
            first = next((item for item in ordered if not isinstance(item, Look)), None)
            return first is not None and _anchored(first, anchor)
        case _:
            return node == anchor


def _as_java(node: Node, *, looks: bool = False) -> Node:
    """The node with each `$` of its look-arounds as Java reads it. looks: it is within one."""
    if looks and node == END:
        return _BEFORE_LAST_LINE_END
    looks = looks or isinstance(node, Look)
    return mapped(node, lambda below: _as_java(below, looks=looks))
