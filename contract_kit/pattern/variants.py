"""Variants of a tree: the same pattern with one of its places held to something else.

A site is a path of child numbers from the root. Replacing the node there, while loops and
choices on the way are held to the turn and the option that hold the site, gives a tree whose every
string shows the replacement; the rest keeps its freedom, so that any length can still be reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_kit.pattern import charset
from contract_kit.pattern.syntax_tree import NOTHING, Alt, Cat, Chars, Look, Node, Repeat, children

Path = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place in the tree.

    `name` is its kind and number in reading order, such as `class2`. `end` is the child number
    after the site's last, for a word: a run of single characters in a row.
    """

    name: str
    path: Path
    node: Node
    sure: bool  # every string passes here exactly once
    looped: bool  # a repeat is directly above
    end: int = 0


def sites(tree: Node) -> tuple[Site, ...]:
    """Every word, class, repeat and choice, in reading order; look-arounds are left out."""
    counts: dict[str, int] = {}
    found = []
    for kind, path, node, sure, end in _walk(tree, (), True):
        counts[kind] = counts.get(kind, 0) + 1
        looped = bool(path) and isinstance(_below(tree, path[:-1]), Repeat)
        name = f"{kind}{counts[kind]}"
        found.append(Site(name=name, path=path, node=node, sure=sure, looped=looped, end=end))
    return tuple(found)


def _below(node: Node, path: Path) -> Node:
    for place in path:
        node = children(node)[place]
    return node


def _walk(node: Node, path: Path, sure: bool) -> Iterator[tuple[str, Path, Node, bool, int]]:
    match node:
        case Chars():
            yield "word" if is_literal(node) else "class", path, node, sure, 0
        case Cat(items):
            yield from _walk_row(items, path, sure)
        case Alt(options):
            yield "choice", path, node, sure, 0
            for place, option in enumerate(options):
                yield from _walk(option, (*path, place), False)
        case Repeat(item, _, _):
            yield "repeat", path, node, sure, 0
            yield from _walk(item, (*path, 0), False)
        case _:
            return


def _walk_row(
    items: tuple[Node, ...], path: Path, sure: bool
) -> Iterator[tuple[str, Path, Node, bool, int]]:
    place = 0
    while place < len(items):
        end = place
        while end < len(items) and is_literal(items[end]):
            end += 1
        if end > place:
            yield "word", (*path, place), Cat(items[place:end]), sure, end
            place = end
        else:
            yield from _walk(items[place], (*path, place), sure)
            place += 1


def is_literal(node: Node) -> bool:
    """Whether the node is one certain character."""
    return isinstance(node, Chars) and charset.size(node.ranges) == 1


def literal(text: str) -> Node:
    """The tree of exactly this text."""
    return Cat(tuple(Chars(((ord(char), ord(char)),)) for char in text))


def text_of(node: Node) -> str:
    """The text of a word."""
    parts = node.items if isinstance(node, Cat) else (node,)
    return "".join(chr(part.ranges[0][0]) for part in parts if isinstance(part, Chars))


def replaced(tree: Node, site: Site, new: Node) -> Node:
    """The variant of the tree with `new` at the site."""
    return _replace(tree, site.path, site.end, new)


def _replace(node: Node, path: Path, end: int, new: Node) -> Node:
    if not path:
        return new
    at, below = path[0], path[1:]
    match node:
        case Cat(items):
            stop = end if end and not below else at + 1
            inner = new if not below else _replace(items[at], below, end, new)
            return Cat((*items[:at], inner, *items[stop:]))
        case Alt(options):
            return _replace(options[at], below, end, new)
        case Repeat(item, least, most):
            first = _replace(item, below, end, new)
            fewer = None if most is None else most - 1
            rest = NOTHING if fewer == 0 else Repeat(item, max(0, least - 1), fewer)
            return Cat((first, rest))
        case _:
            raise AssertionError(f"no site lies below {node!r}")


def before(tree: Node, site: Site) -> Node:
    """The tree of what comes before the site on the first way to it."""
    node, parts = tree, list[Node]()
    for at in site.path:
        if isinstance(node, Cat):
            parts += [item for item in node.items[:at] if not isinstance(item, Look)]
            node = node.items[at]
        elif isinstance(node, Alt):
            node = node.options[at]
        elif isinstance(node, Repeat):
            node = node.item
    return Cat(tuple(parts))
