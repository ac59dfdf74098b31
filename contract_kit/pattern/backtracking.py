"""Strings that make a backtracking engine run long: ambiguous loops, pumped, with a failing tail.

A loop is ambiguous when one text makes a single turn of it as well as several: `(a+)+`, `(/x*)*`.
Two endless loops side by side that share a character are ambiguous as well, though less harmful.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from contract_kit.pattern import charset
from contract_kit.pattern.automaton import Automaton
from contract_kit.pattern.strings_of_length import pool, string
from contract_kit.pattern.syntax_tree import Alt, Cat, Chars, Node, Repeat, children, shortest
from contract_kit.pattern.variants import Site, before, sites

_TAILS = "#\0!~\n"
_FEW = 4
# A loop with at least so many turns can be pumped like an endless one.
_MANY_TURNS = 20


def slow(tree: Node, matches: Callable[[str], bool], pumps: int) -> tuple[str, ...]:
    """One string per ambiguous loop of the tree, the worst loops first; empty if none is found.

    `tree` is the tree as written, since a canonical one has lost ambiguous options.
    """
    found: dict[str, None] = {}
    for prefix, pump in (*_nested(tree), *_adjacent(tree)):
        for tail in _TAILS:
            text = prefix + pump * pumps + tail
            if not matches(text):
                found[text] = None
                break
        if len(found) == _FEW:
            break
    return tuple(found)


def _loops(tree: Node) -> Iterator[tuple[Site, Repeat]]:
    for site in sites(tree):
        node = site.node
        if isinstance(node, Repeat) and (node.most is None or node.most >= _MANY_TURNS):
            yield site, node


def _nested(tree: Node) -> Iterator[tuple[str, str]]:
    for site, loop in _loops(tree):
        if isinstance(loop.item, Chars):
            continue
        pump = _ambiguous(loop.item)
        prefix = string(before(tree, site), 0, None, 0)
        if pump and prefix is not None:
            yield prefix, pump


def _ambiguous(item: Node) -> str | None:
    """A text that one turn takes in two ways, or that one turn and two turns take alike."""
    walk = Automaton(item)
    for text in _candidates(item):
        if text and walk.matches(text) and walk.matches(text + text):
            return text
    for choice in _choices(item):
        walks = [Automaton(option) for option in choice.options]
        for text in _candidates(choice):
            if text and walk.matches(text) and sum(each.matches(text) for each in walks) > 1:
                return text
    return None


def _choices(node: Node) -> Iterator[Alt]:
    if isinstance(node, Alt):
        yield node
    for child in children(node):
        yield from _choices(child)


def _candidates(node: Node) -> Iterator[str]:
    """The shortest texts of the node, and single readable characters of its classes."""
    least = shortest(node)
    for length in (least, least + 1, least + 2):
        text = string(node, length, length)
        if text is not None:
            yield text
    ranges = _classes(node)
    for each in ranges:
        yield pool(each)[0]
    for index, one in enumerate(ranges):
        for other in ranges[index + 1 :]:
            if shared := charset.both(one, other):
                yield pool(shared)[0]


def _classes(node: Node) -> list[charset.Ranges]:
    if isinstance(node, Chars):
        return [node.ranges] if node.ranges else []
    found: list[charset.Ranges] = []
    for child in children(node):
        found += [ranges for ranges in _classes(child) if ranges not in found]
    return found[:20]


def _adjacent(tree: Node) -> Iterator[tuple[str, str]]:
    """Two endless loops over classes in a row, with nothing needed between them."""
    loops = [(site, loop) for site, loop in _loops(tree) if isinstance(loop.item, Chars)]
    for (site, loop), (later, other) in pairwise(loops):
        assert isinstance(loop.item, Chars)
        assert isinstance(other.item, Chars)
        shared = charset.both(loop.item.ranges, other.item.ranges)
        if site.path[:-1] != later.path[:-1] or not shared:
            continue
        parent = tree
        for place in site.path[:-1]:
            parent = children(parent)[place]
        if not isinstance(parent, Cat):
            continue
        char = pool(shared)[0]
        between = Cat(parent.items[site.path[-1] + 1 : later.path[-1]])
        prefix = string(before(tree, site), 0, None, 0)
        if prefix is not None and Automaton(Cat((loop, between, other))).matches(char * 40):
            yield prefix, char
