"""`Pattern`: one regular expression of a service model, and everything the kit asks of it.

Matching needs the parser and the portable form alone; the modules that make strings are loaded on
first use, so that validating a file starts at once.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from contract_kit.errors import UnsupportedPattern
from contract_kit.pattern.canonical import canonical
from contract_kit.pattern.charset import ALL, LINE_ENDS, Ranges, has, minus, union
from contract_kit.pattern.parser import parse
from contract_kit.pattern.portable import Json, Matcher, keywords, validator
from contract_kit.pattern.syntax_tree import (
    Alt,
    Chars,
    Look,
    Node,
    Repeat,
    bounds,
    longest,
    mapped,
    plain,
)

if TYPE_CHECKING:
    from contract_kit.pattern.automaton import Automaton
    from contract_kit.pattern.automaton_search import Search
    from contract_kit.pattern.engine_differences import EngineDifferences
    from contract_kit.pattern.probes import PatternProbe

# Characters up to which the automaton is quicker than loading the engine, where nobody has yet.
_SHORT = 1_000
# How much longer than the shortest string the search looks for one that look-arounds let pass.
_SLACK = 64
# How much work a search may be (see there): seconds for an example, some 30 ms for a probe.
_BUDGET = 50_000
_VARIANT_BUDGET = 2_000
_ANY = Chars(ALL)


@dataclass(frozen=True)
class Pattern:
    """A pattern in Java's dialect, meant for the whole string."""

    text: str

    @staticmethod
    @lru_cache(maxsize=1024)
    def parse(text: str) -> Pattern:
        """The pattern of the text. Raises UnsupportedPattern outside the dialect."""
        pattern = Pattern(text)
        _ = pattern.tree
        return pattern

    @cached_property
    def min_length(self) -> int:
        """The least number of characters of a matching string."""
        return bounds(self.tree)[0]

    @cached_property
    def max_length(self) -> int | None:
        """The greatest number of characters of a matching string; None is unbounded.

        Look-arounds other than a leading `(?=.{1,80}$)` may rule out lengths within the bounds.
        """
        return bounds(self.tree)[1]

    @property
    def free_lengths(self) -> tuple[int, int | None] | None:
        """Least and greatest length of a pattern that takes any characters; None for all others."""
        return _free_lengths(self.tree)

    def takes_any_signs(self, length: int) -> bool:
        """Whether any `length` characters match, if only a dot took the end of a line as well."""
        found = _free_lengths(self.tree, parse(".")) or _free_lengths(self.tree)
        return found is not None and found[0] <= length and (found[1] or length) >= length

    @cached_property
    def raw(self) -> Node:
        return parse(self.text)

    @cached_property
    def tree(self) -> Node:
        """The canonical tree."""
        return canonical(self.raw)

    @cached_property
    def portable(self) -> dict[str, Json] | None:
        return keywords(self.tree)

    @cached_property
    def _matcher(self) -> Matcher:
        return validator(self.portable) or self.automaton.matches

    @cached_property
    def automaton(self) -> Automaton:
        from contract_kit.pattern.automaton import Automaton

        return Automaton(self.tree)

    def matches(self, text: str) -> bool:
        """Whether the whole string matches, in linear time; lone surrogates never do.

        Raises UnsupportedPattern where look-arounds, combined, need too many states at once; no
        pattern of botocore 1.44.5 does.
        """
        if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
            return False
        if len(text) <= _SHORT and "jsonschema_rs" not in sys.modules:
            return self.automaton.matches(text)
        return self._matcher(text)

    def accepts(self, text: str) -> bool:
        """Whether the whole string matches, to Java as well as to everyone else.

        In Java, `$` in a look-around also holds before a last line end; text that only Java accepts
        is not a violation. Raises UnsupportedPattern as `matches` does.
        """
        return self.matches(text) or (self.may_end_before_line_end and self._doubt.java_takes(text))

    @cached_property
    def may_end_before_line_end(self) -> bool:
        """Whether strings with a line end as their last character may match in Java alone."""
        return "(?" in self.text and "$" in self.text and self._doubt.is_of_ends

    def example(self, length: int | None = None) -> str | None:
        """A readable matching string, of exactly `length` characters if given; None if none exists.

        None as well where look-arounds with large counts hide it.
        """
        if length is not None and not self._may_have(length):
            return None
        return self.string_of(self.tree, length or 0, length)

    def _may_have(self, length: int) -> bool:
        # Looking for a string that cannot be takes seconds where there are look-arounds.
        longest = self.max_length
        return self.min_length <= length and (longest is None or length <= longest)

    def other_example(self, length: int) -> str | None:
        """A matching string of exactly `length` characters that shares as few as it can with
        `example(length)`; None if none exists.
        """
        first = self.example(length)
        if first is None:
            return None
        used = union(*(((ord(char), ord(char)),) for char in first))
        return self.string_of(_without(self.tree, used), length, length) or first

    def string_of(
        self, tree: Node, least: int, most: int | None, wished: int | None = None
    ) -> str | None:
        """A string of the tree, a variant of this pattern's, of `least` to `most` characters."""
        from contract_kit.pattern.strings_of_length import string

        found = string(tree, least, most, wished)
        if found is None or plain(tree) or self.matches(found):
            return found
        limits = [limit for limit in (most, longest(tree)) if limit is not None]
        high = min([*limits, max(least, len(found)) + _SLACK])
        return self._search_in(tree).find(least, high, len(found))

    def _search_in(self, tree: Node) -> Search:
        from contract_kit.pattern.automaton import Automaton
        from contract_kit.pattern.automaton_search import Search

        if tree is self.tree:
            return self._search
        return Search(Automaton(tree), budget=_VARIANT_BUDGET)

    @cached_property
    def _search(self) -> Search:
        from contract_kit.pattern.automaton_search import Search

        return Search(self.automaton, budget=_BUDGET)

    def inside(
        self, min_length: int = 0, max_length: int | None = None
    ) -> tuple[PatternProbe, ...]:
        """Matching strings within the bounds (characters, inclusive)."""
        from contract_kit.pattern.probes import inside

        def matches(text: str) -> bool:
            return self.matches(text) and not self.in_doubt(text)

        return inside(self.tree, self.string_of, matches, min_length, max_length)

    def outside(
        self, min_length: int = 0, max_length: int | None = None
    ) -> tuple[PatternProbe, ...]:
        """Near misses within the bounds (characters, inclusive); others are marked."""
        from contract_kit.pattern.near_misses import outside
        from contract_kit.pattern.strings_of_length import string

        return outside(
            self.tree,
            string,
            self.matches,
            self.opened,
            min_length,
            max_length,
        )

    def finer(self, min_length: int = 0, max_length: int | None = None) -> tuple[PatternProbe, ...]:
        """Near misses within the bounds beyond those of `outside`: one character at a time."""
        from contract_kit.pattern.finer_near_misses import ideas
        from contract_kit.pattern.near_misses import built
        from contract_kit.pattern.strings_of_length import string

        known = self.outside(min_length, max_length)
        texts = {probe.text for probe in known}
        more = ideas(self.tree, frozenset(probe.slug for probe in known))
        found = built(more, string, self.matches, self.opened, min_length, max_length)
        return tuple(each for each in found if each.within_length and each.text not in texts)

    def slow(self, pumps: int = 30) -> tuple[str, ...]:
        """Strings that a backtracking engine needs long to refuse, of `pumps` turns each."""
        from contract_kit.pattern.backtracking import slow

        return slow(self.raw, self.matches, pumps)

    def opened(self, text: str) -> bool:
        """Whether the text matches as soon as an end that the pattern leaves open is taken so.

        Such a text proves nothing, since the end may or may not be anchored. Nor does one in doubt.
        """
        return self._doubt.opens(text) or self.in_doubt(text)

    def in_doubt(self, text: str) -> bool:
        """Whether engines of different make or age may differ about the text.

        Nor is a text of several lines sure to be refused where only the dot refuses it, since the
        documentation means any text.
        """
        return self._doubt.has(text, self.matches) or self._means_any(text)

    def _means_any(self, text: str) -> bool:
        has_lines = any(has(LINE_ENDS, ord(char)) for char in text)
        return has_lines and self.takes_any_signs(len(text)) and not self.matches(text)

    @cached_property
    def _doubt(self) -> EngineDifferences:
        from contract_kit.pattern.engine_differences import EngineDifferences

        return EngineDifferences(self.raw, self.tree)


@lru_cache(maxsize=1024)
def understood(text: str) -> Pattern | None:
    """The pattern of the text; None outside the dialect, where nobody can decide it."""
    try:
        return Pattern.parse(text)
    except UnsupportedPattern:
        return None


def same(a: str, b: str) -> bool:
    """Whether two texts say the same, outer anchors and ways of writing aside.

    Raises UnsupportedPattern if one of them is outside the dialect.
    """
    return Pattern.parse(a).tree == Pattern.parse(b).tree


def _free_lengths(node: Node, one: Node = _ANY) -> tuple[int, int | None] | None:
    """How many characters a node takes that asks for nothing but `one` of them, again and again."""
    match node:
        case Chars():
            return (1, 1) if node == one else None
        case Repeat(item, least, most) if item == one:
            return least, most
        case Repeat(item, 0, 1) if (inner := _free_lengths(item, one)) and inner[0] <= 1:
            return 0, inner[1]
        case Alt(options) if (0, None) in [_free_lengths(option, one) for option in options]:
            return 0, None
        case _:
            return None


def _without(node: Node, used: Ranges) -> Node:
    """The node with classes that leave out the used characters, where others are left."""
    from contract_kit.pattern.variants import is_literal

    if isinstance(node, Chars):
        left = minus(node.ranges, used)
        return Chars(left) if left and not is_literal(node) else node
    return node if isinstance(node, Look) else mapped(node, lambda below: _without(below, used))
