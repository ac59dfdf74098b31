"""Raw tree → canonical tree for a match of the whole string.

Anchors that always or never hold are resolved, so that `^a$`, `a` and `(?:a)` become one tree.
"""

from __future__ import annotations

from functools import cache
from itertools import accumulate

from contract_kit.pattern import charset
from contract_kit.pattern.syntax_tree import (
    END,
    NEVER,
    NOTHING,
    START,
    Alt,
    At,
    Cat,
    Chars,
    Look,
    Node,
    Repeat,
    alt,
    cat,
    longest,
    repeat,
    shortest,
)

# How many characters lie between a node and the edge of the string: (least, most or None).
Distance = tuple[int, int | None]
AT_EDGE: Distance = (0, 0)
ANYWHERE: Distance = (0, None)

# Rows into which the options of a row are taken apart at most.
_MOST_ROWS = 64


@cache
def canonical(node: Node, before: Distance = AT_EDGE, after: Distance = AT_EDGE) -> Node:
    """The node's tree where `before` and `after` characters of the string surround it."""
    match node:
        case Chars():
            return node
        case At():
            return _place(node, before, after)
        case Alt(options):
            return alt(tuple(canonical(option, before, after) for option in options))
        case Look(item, ahead, negated):
            if node != (place := _as_place(node)):
                return canonical(place, before, after)
            return _look(item, ahead, negated, before, after)
        case Repeat():
            return _repetition(node, before, after)
        case Cat(items):
            return _row(items, before, after)


def _place(node: At, before: Distance, after: Distance) -> Node:
    if node.place not in ("start", "end"):
        return node
    least, most = before if node.place == "start" else after
    return NOTHING if most == 0 else NEVER if least > 0 else node


def _look(item: Node, ahead: bool, negated: bool, before: Distance, after: Distance) -> Node:
    inner = canonical(item, before, ANYWHERE) if ahead else canonical(item, ANYWHERE, after)
    if inner == NOTHING:
        return NEVER if negated else NOTHING
    if inner == NEVER:
        return NOTHING if negated else NEVER
    return Look(inner, ahead, negated)


def _repetition(node: Repeat, before: Distance, after: Distance) -> Node:
    if node.most != 1:
        each = AT_EDGE if longest(node.item) == 0 else ANYWHERE
        before, after = _add(before, each), _add(after, each)
    return repeat(canonical(node.item, before, after), node.least, node.most)


def _row(items: tuple[Node, ...], before: Distance, after: Distance) -> Node:
    items = _cut(_items(cat(tuple(map(_as_place, items)))))
    if rows := _apart(items):
        return alt(tuple(_row(row, before, after) for row in rows))
    sizes = [(shortest(item), longest(item)) for item in items]
    left = list(accumulate(sizes, _add, initial=before))
    right = list(accumulate(reversed(sizes), _add, initial=after))[::-1]
    done = cat(
        tuple(canonical(item, left[place], right[place + 1]) for place, item in enumerate(items))
    )
    known = _words(_items(done), before, after)
    return _join(known.items) if isinstance(known, Cat) else known


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Cat) else (node,)


def _as_place(node: Node) -> Node:
    """`(?![\\s\\S])` is the end of the string, `(?<![\\s\\S])` the start."""
    match node:
        case Look(Chars(charset.ALL), True, True):
            return END
        case Look(Chars(charset.ALL), False, True):
            return START
        case _:
            return node


def _words(items: tuple[Node, ...], before: Distance, after: Distance) -> Node:
    """The row without the word boundaries that its neighbours decide."""
    kept: list[Node] = []
    for place, item in enumerate(items):
        if isinstance(item, At) and item.place in ("word", "inside"):
            left = _edge_word(items[:place][::-1], -1, before)
            right = _edge_word(items[place + 1 :], 0, after)
            if left is not None and right is not None:
                if (left != right) != (item.place == "word"):
                    return NEVER
                continue
        kept.append(item)
    return cat(tuple(kept))


def _edge_word(items: tuple[Node, ...], side: int, distance: Distance) -> bool | None:
    """Whether the nearest character is of `\\w`; not at the string's edge, None if unknown."""
    if not items:
        return False if distance == AT_EDGE else None
    match items[0]:
        case Chars(ranges):
            outside = charset.minus(ranges, charset.WORD)
            return None if outside and outside != ranges else not outside
        case Cat(parts) if parts:
            return _edge_word(parts[:: 1 if side == 0 else -1], side, ANYWHERE)
        case Alt(options):
            found = {_edge_word((option,), side, ANYWHERE) for option in options}
            return found.pop() if len(found) == 1 else None
        case Repeat(item, least, _) if least:
            return _edge_word((item,), side, ANYWHERE)
        case _:
            return None


def _cut(items: tuple[Node, ...]) -> tuple[Node, ...]:
    """Replaces items before a `^` and after a `$`, which can only be empty, by their empty form."""
    for place, item in enumerate(items):
        if item == START and any(longest(other) != 0 for other in items[:place]):
            return _cut(_items(cat((*map(_empty, items[:place]), *items[place:]))))
        if item == END and any(longest(other) != 0 for other in items[place:]):
            return _cut(_items(cat((*items[:place], *map(_empty, items[place:])))))
    return items


def _empty(node: Node) -> Node:
    """The node's form that consumes no character: its places and look-arounds stay."""
    match node:
        case Chars():
            return NEVER
        case Cat(items):
            return cat(tuple(map(_empty, items)))
        case Alt(options):
            return alt(tuple(map(_empty, options)))
        case Repeat(item, least, _):
            return _empty(item) if least else NOTHING
        case _:
            return node


def _apart(items: tuple[Node, ...]) -> tuple[tuple[Node, ...], ...]:
    """Rows of which one matches if the row does, if options contain `^` or `$`; otherwise none.

    So that `.*(^a$|^b).*` becomes `a|b.*`: each anchor is held against what surrounds it.
    """
    rows: tuple[tuple[Node, ...], ...] = ((),)
    for place, item in enumerate(items):
        inner = any(longest(other) != 0 for other in items[:place])
        outer = any(longest(other) != 0 for other in items[place + 1 :])
        split = isinstance(item, Alt) and any(
            (inner and _edge(option, 0) == START) or (outer and _edge(option, -1) == END)
            for option in item.options
        )
        options = item.options if split and isinstance(item, Alt) else (item,)
        rows = tuple((*row, *_items(option)) for row in rows for option in options)
        if len(rows) > _MOST_ROWS:
            return ()
    return rows if len(rows) > 1 else ()


def _edge(node: Node, side: int) -> Node:
    """The first or the last item of a row, looked for in the rows and options inside it."""
    while isinstance(node, Cat) and node.items:
        node = node.items[side]
    if isinstance(node, Alt):
        edges = (_edge(option, side) for option in node.options)
        return next((edge for edge in edges if isinstance(edge, At)), node)
    return node


def _add(left: Distance, right: Distance) -> Distance:
    most = None if left[1] is None or right[1] is None else left[1] + right[1]
    return left[0] + right[0], most


def _join(items: tuple[Node, ...]) -> Node:
    """`x*x` and `xx*` are one repeat of x: probes see each class once."""
    joined: list[Node] = []
    for item in items:
        last = joined[-1] if joined else NOTHING
        repeats = [part for part in (last, item) if isinstance(part, Repeat)]
        if repeats and _unit(last) == _unit(item):
            joined[-1] = Repeat(repeats[0].item, *_add(_counts(last), _counts(item)))
        else:
            joined.append(item)
    return cat(tuple(joined))


def _unit(node: Node) -> Node:
    return node.item if isinstance(node, Repeat) else node


def _counts(node: Node) -> Distance:
    return (node.least, node.most) if isinstance(node, Repeat) else (1, 1)
