"""Text of a pattern → tree, in the dialect of java.util.regex.

Where Java refuses a text that services are known to use (a stray `{`, `}` or `]`, a `-` after a
shorthand), the character stands for itself.
"""

from __future__ import annotations

import re

from contract_kit.pattern import charset
from contract_kit.pattern.charset import Ranges
from contract_kit.pattern.escapes import Cursor
from contract_kit.pattern.syntax_tree import (
    END,
    NOTHING,
    START,
    Alt,
    At,
    Cat,
    Chars,
    Look,
    Node,
    Repeat,
    children,
    longest,
)

_COUNTS = re.compile(r"\{(\d+)(,(\d*))?\}", re.ASCII)
_QUOTED = re.compile(r"\\(?:Q(.*?)(?:\\E|\Z)|.)", re.DOTALL)
_NAMED_GROUP = re.compile(r"\?P?<[A-Za-z][A-Za-z0-9]*>")
_FLAGS = re.compile(r"\?([imsuxdU]*)(?:-([imsuxdU]+))?([:)])")
_LOOKS = {"?=": (True, False), "?!": (True, True), "?<=": (False, False), "?<!": (False, True)}
_PLACES: dict[str, Node] = {
    "A": START,
    "z": END,
    "Z": END,
    "b": At("word"),
    "B": At("inside"),
}
# Nothing a service publishes nests deeper; the recursion below is one Python frame per level.
_DEPTH = 100


def parse(text: str) -> Node:
    """The tree of the pattern as written: neither flattened nor otherwise made canonical.

    Raises UnsupportedPattern for backreferences, scripts and blocks, possessive quantifiers that
    change the meaning, and text Java would not compile.
    """
    reader = _PatternReader(_QUOTED.sub(_unquoted, text))
    node = reader.choice()
    if reader.at < len(text):
        raise reader.refuse(")")
    return node


def _unquoted(quoted: re.Match[str]) -> str:
    """\\Q...\\E with each character as an escape of its own."""
    if quoted[1] is None:
        return quoted[0]
    return "".join(f"\\x{{{ord(char):x}}}" for char in quoted[1])


def _looks_ahead(node: Node) -> bool:
    """Whether the node depends on what comes after it; `$` and `\\b` do."""
    match node:
        case Look(_, True, _):
            return True
        case At(place):
            return place != "start"
        case _:
            return any(map(_looks_ahead, children(node)))


def _class_node(items: list[Chars], negated: bool) -> Chars:
    """The union of the items; property terms survive as long as they are plain members."""
    ranges = charset.union(*(item.ranges for item in items))
    terms: tuple[str, ...] = ()
    rest: list[Ranges] = []
    for item in items:
        if item.terms and not item.negated:
            terms += item.terms
            rest.append(item.rest)
        else:
            rest.append(item.ranges)
    if ranges == charset.ALL:
        # A property and its complement say nothing of properties.
        terms = ()
    if not negated:
        return Chars(ranges, terms, charset.union(*rest) if terms else ())
    return Chars(charset.invert(ranges), terms, charset.union(*rest) if terms else (), bool(terms))


class _PatternReader(Cursor):
    """The cursor with the flags in force, and the grammar."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = 0
        self.ignore_case = False
        self.dot_all = False

    def choice(self) -> Node:
        self.depth += 1
        if self.depth > _DEPTH:
            raise self.refuse("(" * 3 + "...")
        before = (self.ignore_case, self.dot_all)
        options = [self.row()]
        while self.take("|"):
            options.append(self.row())
        self.ignore_case, self.dot_all = before
        self.depth -= 1
        return options[0] if len(options) == 1 else Alt(tuple(options))

    def row(self) -> Node:
        items: list[Node] = []
        while self.peek() not in ("", "|", ")"):
            item = self.quantified(self.atom())
            if item != NOTHING:
                items.append(item)
        return items[0] if len(items) == 1 else Cat(tuple(items))

    def quantified(self, item: Node) -> Node:
        counts = self.counts()
        if counts is None:
            return item
        least, most = counts
        if most is not None and most < least:
            raise self.refuse(f"{{{least},{most}}}")
        if self.take("+"):
            self.check_possessive(item, least, most)
        else:
            self.take("?")
        if self.counts() is not None:
            raise self.refuse("two quantifiers in a row")
        # Repeating a place changes nothing, unless zero times is allowed: then it says nothing.
        if isinstance(item, (At, Look)):
            return item if least else NOTHING
        return Repeat(item, least, most)

    def counts(self) -> tuple[int, int | None] | None:
        simple = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(self.peek())
        if simple is not None:
            self.at += 1
            return simple
        match = _COUNTS.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        least = int(match[1])
        if match[2] is None:
            return least, least
        return least, int(match[3]) if match[3] else None

    def check_possessive(self, item: Node, least: int, most: int | None) -> None:
        """Possessive means the same as greedy where the count is fixed or nothing comes after."""
        fixed = isinstance(item, Chars) and least == most
        last = self.depth == 1 and self.text[self.at :] in ("", "$")
        if not fixed and not (last and longest(item) == 1):
            raise self.refuse("possessive quantifier")

    def atom(self) -> Node:
        char = self.peek()
        if char == "(":
            self.at += 1
            return self.group()
        if char == "[":
            self.at += 1
            return self.fold(self.bracket())
        if char == "\\":
            self.at += 1
            return self.escaped_atom()
        if char in "*+?":
            raise self.refuse(char)
        self.at += 1
        if char == ".":
            dot = charset.ALL if self.dot_all else charset.invert(charset.LINE_ENDS)
            return Chars(dot)
        if char in "^$":
            return START if char == "^" else END
        return self.fold(Chars(charset.scalars(ord(char), ord(char))))

    def fold(self, node: Chars) -> Chars:
        return Chars(charset.fold_ascii(node.ranges)) if self.ignore_case else node

    def group(self) -> Node:
        before = (self.ignore_case, self.dot_all)
        look = next((mark for mark in _LOOKS if self.text.startswith(mark, self.at)), None)
        if look is not None:
            self.at += len(look)
            ahead, negated = _LOOKS[look]
            item = self.closed(self.choice())
            if not ahead and _looks_ahead(item):
                raise self.refuse("look-ahead inside a look-behind")
            return Look(item, ahead, negated)
        named = _NAMED_GROUP.match(self.text, self.at)
        flags = _FLAGS.match(self.text, self.at)
        if named is not None:
            self.at = named.end()
        elif flags is not None:
            self.at = flags.end()
            self.set_flags(flags[1], flags[2] or "")
            if flags[3] == ")":
                return NOTHING
        elif self.peek() == "?":
            raise self.refuse("(" + self.text[self.at : self.at + 3])
        node = self.closed(self.choice())
        self.ignore_case, self.dot_all = before
        return node

    def set_flags(self, on: str, off: str) -> None:
        for flag in on + off:
            if flag not in "is":
                raise self.refuse(f"(?{flag})")
        self.ignore_case = (self.ignore_case or "i" in on) and "i" not in off
        self.dot_all = (self.dot_all or "s" in on) and "s" not in off

    def closed(self, node: Node) -> Node:
        if not self.take(")"):
            raise self.refuse("unclosed (")
        return node

    def escaped_atom(self) -> Node:
        char = self.peek()
        if char in _PLACES and char:
            self.at += 1
            return _PLACES[char]
        return self.fold(self.escaped())

    def bracket(self) -> Chars:
        """A class; the opening bracket is already read."""
        negated = self.take("^")
        parts = [self.members(first=True)]
        while self.take("&&"):
            parts.append(self.members(first=False))
        if not self.take("]"):
            raise self.refuse("unclosed [")
        if len(parts) == 1:
            return _class_node(parts[0], negated)
        ranges = charset.ALL
        for part in parts:
            ranges = charset.both(ranges, charset.union(*(item.ranges for item in part)))
        return Chars(charset.invert(ranges) if negated else ranges)

    def members(self, *, first: bool) -> list[Chars]:
        items: list[Chars] = []
        while self.peek() and not self.text.startswith("&&", self.at):
            if self.peek() == "]" and not (first and not items):
                break
            if self.take("["):
                items.append(self.bracket())
            else:
                items.append(self.member())
        return items

    def member(self) -> Chars:
        """One character, shorthand or range of a class."""
        if self.peek() == "\\":
            self.at += 1
            if self.peek() in "wdshvWDSHVpP":
                return self.escaped()
            low = self.code()
        else:
            low = ord(self.peek())
            self.at += 1
        high = self.range_end()
        if high is None:
            return Chars(charset.scalars(low, low))
        if high < low:
            raise self.refuse(f"{chr(low)}-{chr(high)}")
        return Chars(charset.scalars(low, high))

    def range_end(self) -> int | None:
        """The upper end where a `-` makes a range; None, and nothing read, where it does not."""
        if self.peek() != "-" or self.peek(1) in ("", "]", "["):
            return None
        if self.peek(1) == "\\":
            if self.peek(2) in tuple("wdshvWDSHVpP"):
                return None
            self.at += 2
            return self.code()
        self.at += 2
        return ord(self.text[self.at - 1])
