"""Patterns that are matched otherwise, or are written with one small slip."""

from __future__ import annotations

import functools
import re
from collections import deque
from collections.abc import Callable, Iterator
from itertools import pairwise

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Shape
from contract_kit.pattern import charset
from contract_kit.pattern.automaton import ANYTHING, Automaton
from contract_kit.pattern.charset import Ranges
from contract_kit.pattern.compiled import Pattern
from contract_kit.pattern.syntax_tree import (
    NOTHING,
    Alt,
    Cat,
    Chars,
    Look,
    Node,
    Repeat,
    children,
    mapped,
    plain,
)
from contract_kit.reference.faults.changes import rejudging
from contract_kit.reference.faults.enforcement import request_constraints
from contract_kit.reference.faults.fault import Fault, Install
from contract_kit.reference.steps import Steps

NEWLINE = Chars(((0x0A, 0x0A),))
BLANKS = Repeat(Chars(charset.SPACE), 0, None)
ALNUM = (*charset.DIGIT, *charset.UPPER, *charset.LOWER)

FEW = 20
"""Characters of a class up to which each one is left out in turn."""

Tree = Callable[[Node], Node]

READINGS: dict[str, tuple[str, Tree]] = {
    "searched": ("anywhere in the text", lambda tree: Cat((ANYTHING, tree, ANYTHING))),
    "start-only": ("at the start alone", lambda tree: Cat((tree, ANYTHING))),
    "end-only": ("at the end alone", lambda tree: Cat((ANYTHING, tree))),
    "newline-at-end": ("or with a newline after", lambda tree: Cat((tree, Repeat(NEWLINE, 0, 1)))),
    "any-line": (
        "in any one line",
        lambda tree: Cat(
            (
                Alt((NOTHING, Cat((ANYTHING, NEWLINE)))),
                tree,
                Alt((NOTHING, Cat((NEWLINE, ANYTHING)))),
            )
        ),
    ),
    "first-line-only": (
        "in the first line alone",
        lambda tree: Cat((tree, Alt((NOTHING, Cat((NEWLINE, ANYTHING)))))),
    ),
    "last-line-only": (
        "in the last line alone",
        lambda tree: Cat((Alt((NOTHING, Cat((ANYTHING, NEWLINE)))), tree)),
    ),
    "stripped": ("with blanks around", lambda tree: Cat((BLANKS, tree, BLANKS))),
    "left-stripped": ("with blanks before", lambda tree: Cat((BLANKS, tree))),
    "right-stripped": ("with blanks after", lambda tree: Cat((tree, BLANKS))),
    "case-ignored": ("in any case", lambda tree: with_classes(tree, charset.fold_ascii)),
    "empty-taken": ("or empty", lambda tree: Alt((tree, NOTHING))),
}


def pattern_faults(operation: Operation) -> Iterator[Fault]:
    """Each pattern at each location, read otherwise or changed in one place."""
    for constraint in request_constraints(operation):
        if constraint.kind != "pattern":
            continue
        shape = operation.shape_at(constraint.location)
        pattern = shape.regex
        if pattern is None:
            continue
        yield from _readings(operation, constraint, pattern, shape)
        for slug, what, tree in slips(pattern.tree):
            yield Fault(
                name=f"{constraint.id}/{slug}",
                mechanism=f"pattern: {what}",
                description=f"matches {constraint.id} with a slip in it: {slug.replace('-', ' ')}",
                install=_matching(operation, constraint, tree),
                equivalent=_proof(pattern.tree, tree, shape),
            )


def _readings(
    operation: Operation, constraint: Constraint, pattern: Pattern, shape: Shape
) -> Iterator[Fault]:
    for slug, (words, change) in READINGS.items():
        tree = change(pattern.tree)
        yield Fault(
            name=f"{constraint.id}/{slug}",
            mechanism=f"pattern: {slug.replace('-', ' ')}",
            description=f"matches {constraint.id} {words}",
            install=_matching(operation, constraint, tree),
            equivalent=_proof(pattern.tree, tree, shape),
        )
    if re.search(r"\\[wd]", constraint.limit):
        yield Fault(
            name=f"{constraint.id}/unicode-classes",
            mechanism="pattern: classes of all scripts",
            description=r"reads \w and \d as letters and digits of all scripts",
            install=_by_python(operation, constraint),
        )
    if pattern.slow():
        yield Fault(
            name=f"{constraint.id}/backtracking",
            mechanism="pattern: backtracking engine",
            description="needs time exponential in some texts' length: serve it on its own",
            install=_by_python(operation, constraint, re.ASCII),
        )


def _by_python(operation: Operation, constraint: Constraint, flags: int = 0) -> Install:
    def install(steps: Steps) -> Steps:
        pattern = re.compile(constraint.limit, flags)
        return rejudging(operation, constraint, lambda text: bool(pattern.fullmatch(text)))(steps)

    return install


def _matching(operation: Operation, constraint: Constraint, tree: Node) -> Install:
    def install(steps: Steps) -> Steps:
        return rejudging(operation, constraint, Automaton(tree).matches)(steps)

    return install


def with_classes(node: Node, change: Callable[[Ranges], Ranges]) -> Node:
    """The tree with every class changed."""
    if isinstance(node, Chars):
        return Chars(change(node.ranges))
    return mapped(node, lambda below: with_classes(below, change))


def slips(tree: Node) -> Iterator[tuple[str, str, Node]]:
    """Name, kind and result of each slip, numbered in reading order."""
    counts: dict[str, int] = {}
    for path, node in _nodes(tree, ()):
        variants = _of_class(node) if isinstance(node, Chars) else _of_repeat(node)
        kind = "repeat" if isinstance(node, Repeat) else "character"
        number = counts[kind] = counts.get(kind, 0) + 1
        for slug, what, new in variants:
            yield f"{kind}{number}-{slug}", what, _put(tree, path, new)


def _nodes(node: Node, path: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Node]]:
    """Every class and every repeat, outer ones first."""
    if isinstance(node, (Chars, Repeat)):
        yield path, node
    if not isinstance(node, Look):
        for place, child in enumerate(children(node)):
            yield from _nodes(child, (*path, place))


def _put(node: Node, path: tuple[int, ...], new: Node) -> Node:
    if not path:
        return new
    at, below = path[0], path[1:]
    match node:
        case Cat(items):
            return Cat((*items[:at], _put(items[at], below, new), *items[at + 1 :]))
        case Alt(options):
            return Alt((*options[:at], _put(options[at], below, new), *options[at + 1 :]))
        case Repeat(item, least, most):
            return Repeat(_put(item, below, new), least, most)
        case _:
            raise AssertionError(f"no class lies below {node!r}")


def _of_class(chars: Chars) -> Iterator[tuple[str, str, Node]]:
    """Other sets of characters, or none at all, in the place of one."""
    ranges = chars.ranges
    if charset.size(ranges) == 1:
        other = charset.minus(charset.fold_ascii(ranges), ranges)
        if other:
            yield "in-any-case", "literal in any case", Chars(charset.union(ranges, other))
        yield "any-character", "any character for a literal", Chars(charset.ALL)
        yield "left-out", "literal optional", Repeat(chars, 0, 1)
        return
    for code in _telling(ranges):
        rest = charset.minus(ranges, ((code, code),))
        yield f"without-{_name(code)}", "class lacks a character", Chars(rest)
    for code in dict.fromkeys(code for low, high in ranges for code in (low - 1, high + 1)):
        if charset.has(charset.ASCII, code) and not charset.has(ranges, code):
            more = charset.union(ranges, ((code, code),))
            yield f"with-{_name(code)}", "class has a character too many", Chars(more)
    for name, others in (
        ("blank", ((0x20, 0x20),)),
        ("ascii", ((0x21, 0x7E),)),
        ("controls", ((0, 0x1F),)),
        ("non-ascii", charset.minus(charset.ALL, charset.ASCII)),
    ):
        if charset.minus(others, ranges):
            more = charset.union(ranges, others)
            yield f"with-{name}", "class has characters too many", Chars(more)


def _telling(ranges: Ranges) -> list[int]:
    """Both ends of each run of letters or digits, and every other character where they are few."""
    runs = charset.both(ranges, charset.union(*((pair,) for pair in ALNUM)))
    ends = [code for low, high in runs for code in (low, high)]
    rest = charset.minus(ranges, runs)
    if charset.size(rest) <= FEW:
        ends += [code for low, high in rest for code in range(low, high + 1)]
    return sorted(set(ends))


def _name(code: int) -> str:
    char = chr(code)
    return char if char.isalnum() and char.isascii() else f"u{code:04x}"


def _of_repeat(node: Node) -> Iterator[tuple[str, str, Node]]:
    """Repeats that begin or end one turn off, or whose end is lost or made up."""
    assert isinstance(node, Repeat)
    item, least, most = node.item, node.least, node.most
    if least:
        yield "one-less", "repeat one too short", Repeat(item, least - 1, most)
    if most is None or least < most:
        yield "one-more-needed", "repeat needs one more", Repeat(item, least + 1, most)
    if most is not None:
        yield "one-more", "repeat one too long", Repeat(item, least, most + 1)
        if most > max(least, 1):
            yield "one-more-refused", "repeat ends one too early", Repeat(item, least, most - 1)
        yield "endless", "repeat without end", Repeat(item, least, None)
    else:
        yield "at-most-once", "repeat at most once", Repeat(item, min(least, 1), 1)


def _proof(tree: Node, changed: Node, shape: Shape) -> str:
    """Why no string distinguishes a changed pattern from the right one; empty if one does."""
    low, high = shape.min_length or 0, shape.max_length
    if difference(tree, changed, low, high):
        return ""
    return "both patterns match the same texts of the lengths allowed: walked through to the end"


def difference(left: Node, right: Node, low: int = 0, high: int | None = None) -> bool:
    """Whether one of the trees alone matches some text of `low` to `high` characters, inclusive.

    Walks both automata side by side, through every pair of states that a text leads to.
    """
    one, two = _automaton(left), Automaton(right)
    # Without look-arounds every state can still lead to a match, but for the empty one.
    lively = plain(left) and plain(right) and not low and high is None
    alphabet = _alphabet(one, two)
    seen = {(one.start, two.start, 0)}
    waiting = deque(seen)
    while waiting:
        place, other, length = waiting.popleft()
        if length >= low and one.accepts(place) != two.accepts(other):
            return True
        if lively and bool(place.state) != bool(other.state):
            return True
        if length == high:
            continue
        # Where nothing limits a text, more than the least length counts like that.
        more = length + 1 if high is not None else min(length + 1, low)
        for char in alphabet:
            entry = (one.step(place, char), two.step(other, char), more)
            if entry not in seen:
                seen.add(entry)
                waiting.append(entry)
    return False


@functools.lru_cache(maxsize=8)
def _automaton(tree: Node) -> Automaton:
    """The walk over a pattern as it is, which remembers its steps from one slip to the next."""
    return Automaton(tree)


def _alphabet(one: Automaton, two: Automaton) -> list[str]:
    """One character of each kind that either automaton distinguishes."""
    edges = {low for walk in (one, two) for _, ranges in walk.kinds() for low, _ in ranges}
    found: dict[tuple[int, int], str] = {}
    for low, _ in pairwise([*sorted(edges), 0x110000]):
        char = chr(low)
        found.setdefault((one.kind(char), two.kind(char)), char)
    return list(found.values())
