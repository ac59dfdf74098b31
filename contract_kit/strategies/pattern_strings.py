"""Strings that match a pattern within length limits, and strings that nearly do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from hypothesis import strategies as st

from contract_kit.pattern import charset
from contract_kit.pattern.compiled import Pattern
from contract_kit.pattern.strings_of_length import string
from contract_kit.pattern.syntax_tree import NOTHING, Alt, Cat, Chars, Node, Repeat, cat, repeat
from contract_kit.pattern.variants import Site, is_literal, literal, replaced, sites, text_of
from contract_kit.strategies.characters import sendable
from contract_kit.strategies.pattern_trees import always_fits, settled, strings, within
from contract_kit.strategies.plan import Plan, alternatives

ANYTHING = Repeat(Chars(charset.ALL), 0, None)
"""The tree of any text."""

_BEYOND = 8
# Places of a pattern at which a mutation is made; the longest patterns have hundreds.
_PLACES = 60


@lru_cache(maxsize=1024)
def matching(pattern: Pattern, low: int, high: int | None) -> Plan | None:
    """Strings that match, of `low` to `high` characters, both inclusive; None if there are none."""
    if high is not None and high < low:
        return None
    known = examples(pattern, low, high)
    if not known:
        return None
    drawn = strings(pattern.tree, low, high)
    if always_fits(pattern.tree, low, high):
        return drawn
    return settled(
        drawn, lambda text: within(len(text), low, high) and pattern.matches(text), known
    )


@lru_cache(maxsize=1024)
def examples(pattern: Pattern, low: int, high: int | None) -> tuple[str, ...]:
    """Matching strings that show each count, option and character class, the shortest first."""
    known = {probe.text for probe in pattern.inside(low, high)}
    one = pattern.string_of(pattern.tree, low, high, low)
    if one is not None and within(len(one), low, high):
        known.add(one)
    return tuple(sorted((text for text in known if "\0" not in text), key=lambda t: (len(t), t)))


@lru_cache(maxsize=1024)
def near_misses(pattern: Pattern, low: int, high: int | None) -> Plan | None:
    """Strings of `low` to `high` characters that do not match, however the pattern is anchored.

    Each is a random matching string with one thing wrong, or any text. None where every string of
    such a length matches.
    """
    short = max(low, pattern.min_length + 1)
    # Short ones first, so that what a longer one shows has something to shrink to.
    limits = [*([short] if high is None or short < high else []), high]
    probes = [probe for most in limits for probe in pattern.outside(low, most)]
    known = tuple(
        dict.fromkeys(
            probe.text
            for probe in probes
            if probe.within_length and not probe.open_end and "\0" not in probe.text
        )
    )
    if not known:
        return None

    def wrong(text: str) -> bool:
        return (
            within(len(text), low, high) and not pattern.matches(text) and not pattern.opened(text)
        )

    fitting = [tree for tree in _mutations(pattern.tree) if _has_room(tree, low, high)]
    drawn = [strings(tree, low, high) for tree in fitting]
    # A fourth of the draws are those that are known to reveal faults.
    telling = [Plan(drawn=st.sampled_from(known))] * max(1, len(drawn) // 3)
    return settled(alternatives([*drawn, *telling]), wrong, known)


def _has_room(tree: Node, low: int, high: int | None) -> bool:
    return string(tree, low, high) is not None


def _mutations(tree: Node) -> Iterator[Node]:
    """Variants of the tree of which most strings do not match, the simplest first."""
    yield ANYTHING
    yield Cat((tree, Chars(charset.ALL)))
    yield Cat((Chars(charset.ALL), tree))
    for site in sites(tree)[:_PLACES]:
        for wrong in _wrong(site):
            yield replaced(tree, site, wrong)


def _wrong(site: Site) -> Iterator[Node]:
    """Replacements for a place, which it does not allow by itself."""
    node = site.node
    if site.name.startswith("word"):
        yield from _wrong_words(text_of(node))
    elif isinstance(node, Repeat):
        yield from _wrong_turns(node)
    elif isinstance(node, Chars) and not is_literal(node):
        yield from _outsider(node)
        yield NOTHING
    elif isinstance(node, Alt):
        yield ANYTHING


def _wrong_words(text: str) -> Iterator[Node]:
    yield NOTHING
    yield literal(text.swapcase())
    for place, char in enumerate(text[:_BEYOND]):
        before, after = literal(text[:place]), literal(text[place + 1 :])
        other = next(_outsider(Chars(((ord(char), ord(char)),))))
        yield cat((before, other, after))
        yield cat((before, after))


def _wrong_turns(node: Repeat) -> Iterator[Node]:
    item = node.item
    if node.least:
        yield repeat(item, 0, node.least - 1)
    if node.most is not None:
        yield Repeat(item, node.most + 1, node.most + _BEYOND)
    if isinstance(item, Chars):
        # One stranger among the others, at any place.
        fewer = None if node.most is None else max(node.most - 1, 0)
        for stranger in _outsider(item):
            yield cat((repeat(item, 0, fewer), stranger, repeat(item, 0, fewer)))


def _outsider(node: Chars) -> Iterator[Chars]:
    """A character that the class leaves out: one of ASCII, and any."""
    left = charset.invert(node.ranges)
    for ranges in (charset.both(left, ((0x21, 0x7E),)), left):
        if ranges:
            yield Chars(sendable(ranges))
