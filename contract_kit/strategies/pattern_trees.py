"""Strings of a pattern's tree, drawn part by part, so that every one of them can come up.

Look-arounds and places are passed over here, and lengths are kept where a row has a part that can
give or take characters; `settled` decides more, about the whole string.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_kit.contract.shape import Json
from contract_kit.pattern.strings_of_length import pool
from contract_kit.pattern.syntax_tree import (
    Alt,
    At,
    Cat,
    Chars,
    Look,
    Node,
    Repeat,
    longest,
    plain,
    shortest,
)
from contract_kit.pattern.variants import is_literal, text_of
from contract_kit.strategies.characters import character, sendable
from contract_kit.strategies.plan import Plan, alternatives, constant, together

MOST_DRAWN = 128
"""Characters of the shortest string that is drawn one by one; a longer one repeats itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreePart:
    """One item of a row.

    plan: its strings. least, most: its lengths in characters, inclusive; most is None where
        nothing limits it.
    fill: characters that lengthen a part that is one repeated class; empty for others.
    """

    plan: Plan
    least: int
    most: int | None
    fill: str = ""


def within(length: int, low: int, high: int | None) -> bool:
    """Whether a length keeps the bounds, both inclusive."""
    return low <= length and (high is None or length <= high)


def settled(plan: Plan, good: Callable[[str], bool], instead: Sequence[str]) -> Plan:
    """The plan with one of the strings in `instead` for each one that is not good."""
    others, make = tuple(instead), plan.make

    def settle(drawn: Json) -> str:
        text: str = make(drawn)
        return text if good(text) else others[len(text) % len(others)]

    return Plan(drawn=plan.drawn, make=settle, open=plan.open)


def strings(tree: Node, low: int, high: int | None) -> Plan:
    """Strings of the tree, of `low` to `high` characters wherever a part of it can be fitted."""
    if isinstance(tree, Alt):
        fitting = [option for option in tree.options if _can_fit(option, low, high)]
        if fitting:
            return alternatives([strings(option, low, high) for option in fitting])
    items = _without_looks(tree)
    least = sum(map(shortest, items))
    parts = [_part(item, low, _room(item, least, high), len(items)) for item in items]
    finish: Callable[[Sequence[str]], str] = "".join
    if not always_fits(tree, low, high):
        finish = partial(_fitted, parts=tuple(parts), low=low, high=high)
    return together([part.plan for part in parts], finish)


def always_fits(tree: Node, low: int, high: int | None) -> bool:
    """Whether every draw from `strings` is a string of the tree of `low` to `high` characters."""
    if not plain(tree):
        return False
    if isinstance(tree, Repeat) and isinstance(tree.item, Chars):
        return True
    most = longest(tree)
    return low <= shortest(tree) and (high is None or (most is not None and most <= high))


def _can_fit(node: Node, low: int, high: int | None) -> bool:
    most = longest(node)
    return (high is None or shortest(node) <= high) and (most is None or most >= low)


def _without_looks(tree: Node) -> tuple[Node, ...]:
    """The items of a row, runs of single characters as one item each."""
    found: list[Node] = []
    for item in _flat(tree):
        if found and is_literal(item) and _is_word(found[-1]):
            found[-1] = Cat((*_characters(found[-1]), item))
        else:
            found.append(item)
    return tuple(found)


def _flat(node: Node) -> Iterator[Node]:
    if isinstance(node, Cat):
        for item in node.items:
            yield from _flat(item)
    elif not isinstance(node, (Look, At)):
        yield node


def _is_word(node: Node) -> bool:
    return all(map(is_literal, _characters(node)))


def _characters(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Cat) else (node,)


def _room(item: Node, least: int, high: int | None) -> int | None:
    """Characters left for an item when all others are as short as they can be."""
    return None if high is None else max(high - least + shortest(item), shortest(item))


def _part(item: Node, low: int, room: int | None, count: int) -> TreePart:
    most = longest(item)
    if room is not None:
        most = room if most is None else min(most, room)
    if isinstance(item, Repeat) and isinstance(item.item, Chars):
        least = max(item.least, low) if count == 1 else item.least
        least = least if most is None else min(least, most)
        ranges = sendable(item.item.ranges)
        plan = repeated(character(ranges), least, most)
        return TreePart(plan=plan, least=least, most=most, fill=pool(ranges)[0])
    return TreePart(plan=_any(item, room), least=shortest(item), most=most)


def repeated(alphabet: SearchStrategy[str], least: int, most: int | None) -> Plan:
    """Texts of `least` to `most` characters, both inclusive; long ones repeat what they begin with.

    Hypothesis gives up on tests that draw thousands of characters one by one.
    """
    if least <= MOST_DRAWN:
        return Plan(drawn=st.text(alphabet=alphabet, min_size=least, max_size=most))
    return Plan(
        drawn=st.text(alphabet=alphabet, min_size=1, max_size=most),
        make=lambda text: text if len(text) >= least else tiled(text, least),
    )


def tiled(stem: str, size: int) -> str:
    """A string of exactly `size` characters that repeats the stem."""
    return (stem * (size // len(stem) + 1))[:size]


def _fitted(texts: Sequence[str], parts: tuple[TreePart, ...], low: int, high: int | None) -> str:
    """The row, with characters taken from or given to its repeated classes, the last one first."""
    found = list(texts)
    size = sum(map(len, texts))
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if not part.fill:
            continue
        own = len(found[index])
        if high is not None and size > high:
            keep = max(part.least, own - (size - high))
            found[index] = found[index][:keep]
        elif size < low:
            room = low - size if part.most is None else min(low - size, part.most - own)
            found[index] += part.fill * room
        size += len(found[index]) - own
    return "".join(found)


def _any(node: Node, room: int | None) -> Plan:
    """Strings of a node, each part of which has at most `room` characters where it has a choice."""
    if _is_word(node):
        return constant(text_of(node))
    match node:
        case Chars(ranges):
            return Plan(drawn=st.text(alphabet=character(ranges), min_size=1, max_size=1))
        case Cat():
            items = _without_looks(node)
            least = sum(map(shortest, items))
            return together([_any(item, _room(item, least, room)) for item in items], "".join)
        case Alt(options):
            fitting = [option for option in options if room is None or shortest(option) <= room]
            fitting = fitting or [min(options, key=shortest)]
            return alternatives([_any(option, room) for option in fitting])
        case Repeat(Chars(ranges), least, most):
            limits = [limit for limit in (most, room) if limit is not None]
            top = max(least, min(limits)) if limits else None
            return repeated(character(ranges), least, top)
        case Repeat(item, least, most):
            return _turns(item, least, most, room)
        case _:
            return constant("")


def _turns(item: Node, least: int, most: int | None, room: int | None) -> Plan:
    size = shortest(item)
    if room is not None and size:
        fitting = max(room // size, least)
        most = fitting if most is None else min(most, fitting)
    inner = None if room is None else max(room - max(least - 1, 0) * size, size)
    turn = _any(item, inner)
    if (least, most) == (0, 1):
        return alternatives([constant(""), turn])
    make = turn.make
    return Plan(
        drawn=st.lists(turn.part, min_size=least, max_size=most),
        make=lambda turns: "".join(map(make, turns)),
    )
