"""The tree of a parsed pattern, and the constructors that keep it canonical.

Groups, capturing or not, leave no node behind; a lazy quantifier is a greedy one, since only the
whole string counts. Two texts that differ in such things alone have equal trees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from contract_kit.pattern import charset
from contract_kit.pattern.charset import Ranges


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of a set.

    `terms` and `negated` write a large set in ECMA-262 (`\\p{L}` …); comparisons ignore them.
    `rest` are the ranges beside the terms.
    """

    ranges: Ranges
    terms: tuple[str, ...] = field(default=(), compare=False)
    rest: Ranges = field(default=(), compare=False)
    negated: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Cat:
    """One item after the other."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Alt:
    """Any one of the options."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The item `least` to `most` times, both inclusive; None is unbounded."""

    item: Node
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Look:
    """A look-ahead or look-behind: the item is there (or, negated, is not), nothing is consumed."""

    item: Node
    ahead: bool
    negated: bool


@dataclass(frozen=True, slots=True)
class At:
    """A place: the start or end of the string, a word boundary or none."""

    place: Literal["start", "end", "word", "inside"]


Node = Chars | Cat | Alt | Repeat | Look | At

NOTHING = Cat(())
NEVER = Chars(())
START = At("start")
END = At("end")


def cat(items: tuple[Node, ...]) -> Node:
    """The items in a row, nested rows flattened."""
    flat: list[Node] = []
    for item in items:
        flat.extend(item.items if isinstance(item, Cat) else (item,))
    if NEVER in flat:
        return NEVER
    return flat[0] if len(flat) == 1 else Cat(tuple(flat))


def alt(options: tuple[Node, ...]) -> Node:
    """A choice, nested ones flattened, doubles removed, single characters joined into a class."""
    flat: list[Node] = []
    for option in options:
        flat.extend(option.options if isinstance(option, Alt) else (option,))
    flat = [option for option in dict.fromkeys(flat) if option != NEVER]
    chars = [option for option in flat if isinstance(option, Chars)]
    if len(chars) > 1:
        joined = Chars(charset.union(*(option.ranges for option in chars)))
        flat = [option for option in flat if not isinstance(option, Chars) or option is chars[0]]
        flat[flat.index(chars[0])] = joined
    if len(flat) == 2 and NOTHING in flat:
        flat.remove(NOTHING)
        return repeat(flat[0], 0, 1)
    return flat[0] if len(flat) == 1 else Alt(tuple(flat)) if flat else NEVER


def repeat(item: Node, least: int, most: int | None) -> Node:
    """A repetition; one that says nothing is left out."""
    if item == NOTHING or most == 0 or (item == NEVER and least == 0):
        return NOTHING
    if item == NEVER or (least == 1 and most == 1):
        return item
    if isinstance(item, Repeat) and item.least in (0, 1) and item.most is None and most is None:
        return Repeat(item.item, min(item.least, least), None)
    if isinstance(item, Repeat) and item.least <= 1 and item.most == 1 and least == 0:
        return Repeat(item.item, 0, most)
    return Repeat(item, least, most)


@cache
def shortest(node: Node) -> int:
    """The least number of characters the node consumes; look-arounds are not considered."""
    match node:
        case Chars():
            return 1
        case Cat(items):
            return sum(map(shortest, items))
        case Alt(options):
            return min(map(shortest, options))
        case Repeat(item, least, _):
            return least * shortest(item)
        case _:
            return 0


@cache
def longest(node: Node) -> int | None:
    """The greatest number of characters the node consumes; None is unbounded."""
    match node:
        case Chars():
            return 1
        case Cat(parts) | Alt(parts):
            each = [longest(part) for part in parts]
            known = [size for size in each if size is not None]
            if len(known) < len(each):
                return None
            return sum(known) if isinstance(node, Cat) else max(known)
        case Repeat(item, _, most):
            size = longest(item)
            if size == 0:
                return 0
            return None if most is None or size is None else most * size
        case _:
            return 0


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, look-arounds' items included."""
    match node:
        case Cat(parts) | Alt(parts):
            return parts
        case Repeat(item, _, _) | Look(item, _, _):
            return (item,)
        case _:
            return ()


def nodes(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    for below in children(node):
        yield from nodes(below)


def mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with other nodes directly below it; one without any stays."""
    match node:
        case Cat(items):
            return Cat(tuple(map(change, items)))
        case Alt(options):
            return Alt(tuple(map(change, options)))
        case Repeat(item, least, most):
            return Repeat(change(item), least, most)
        case Look(item, ahead, negated):
            return Look(change(item), ahead, negated)
        case _:
            return node


@cache
def plain(node: Node) -> bool:
    """Whether the node is free of look-arounds and places."""
    return not isinstance(node, (Look, At)) and all(map(plain, children(node)))


def bounds(tree: Node) -> tuple[int, int | None]:
    """The least and the greatest length of a matching string, None for no greatest one.

    Leading look-aheads that limit it count.
    """
    if isinstance(tree, Alt):
        each = [bounds(option) for option in tree.options]
        greatest = [most for _, most in each if most is not None]
        is_bounded = len(greatest) == len(each)
        return min(least for least, _ in each), max(greatest) if is_bounded else None
    least, most = shortest(tree), longest(tree)
    items = tree.items if isinstance(tree, Cat) else (tree,)
    for item in items:
        if not isinstance(item, Look):
            break
        if item.ahead and not item.negated:
            least = max(least, shortest(item.item))
            inner = item.item.items if isinstance(item.item, Cat) else (item.item,)
            limit = longest(item.item) if inner[-1] == END else None
            most = limit if most is None else most if limit is None else min(most, limit)
    return least, most
