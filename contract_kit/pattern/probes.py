"""Probes, and those that match: each count, option and character that a pattern offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from contract_kit.pattern import charset
from contract_kit.pattern.syntax_tree import Alt, Cat, Chars, Node, Repeat, longest, shortest
from contract_kit.pattern.variants import Site, is_literal, literal, replaced, sites

# A class of more members than this is probed at the edges of its ranges.
_ALL_MEMBERS = 128
# Ranges of a huge class whose edges are probed; property sets have hundreds.
_EDGE_RANGES = 24
# "Many" turns of an endless repeat.
_MANY_TURNS = 950
# More probes say little more: long patterns have hundreds of edges.
_MODERATE = 100
# Longest string built to reach a documented maximum, in characters.
_LONGEST = 1_000_000
_SAMPLE = "é٣я中\u00a0\u2028😀\U0001f468\u200d\U0001f469"

# string(tree, least, most, wished): a string of a variant of the pattern, or None.
Builder = Callable[[Node, int, int | None, int | None], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternProbe:
    """One string that shows whether a server keeps to a pattern.

    `slug` says what it probes and stays the same when other probes come or go.
    `open_end`: the string matches as soon as the end without an anchor is left open.
    `within_length`: the string keeps the length bounds that were asked for.
    """

    slug: str
    text: str
    open_end: bool = False
    within_length: bool = True


def inside(
    tree: Node, build: Builder, matches: Callable[[str], bool], least: int, most: int | None
) -> tuple[PatternProbe, ...]:
    """The matching probes of `least` to `most` characters, both inclusive."""
    found: dict[str, PatternProbe] = {}
    for slug, variant, low, high, wished in _variants(tree, least, most):
        text = build(variant, low, high, wished)
        if text is not None and text not in found and matches(text):
            found[text] = PatternProbe(slug=slug, text=text)
            if len(found) == _MODERATE:
                break
    return tuple(found.values())


Variant = tuple[str, Node, int, int | None, int | None]


def _variants(tree: Node, least: int, most: int | None) -> Iterator[Variant]:
    yield "typical", tree, least, most, None
    yield "shortest", tree, least, most, 0
    highs = [size for size in (most, longest(tree)) if size is not None]
    if highs and min(highs) <= _LONGEST:
        yield "longest", tree, least, min(highs), min(highs)
    places = sites(tree)
    for site in places:
        yield from _counts(tree, site, least, most)
    for number, variant in enumerate(_packed_singles(tree)):
        yield f"members-{number + 1}", variant, least, most, None
    for site in places:
        yield from _members(tree, site, least, most)


def _counts(tree: Node, site: Site, least: int, most: int | None) -> Iterator[Variant]:
    node = site.node
    if isinstance(node, Alt):
        for number, option in enumerate(node.options):
            yield f"{site.name}-option{number + 1}", replaced(tree, site, option), least, most, None
    if isinstance(node, Repeat):
        turns = {"least": node.least, "one": 1 if node.least == 0 else node.least}
        turns["most"] = max(_MANY_TURNS, node.least) if node.most is None else node.most
        for name, count in turns.items():
            item = node.item
            if name == "least" and isinstance(item, Chars) and item.ranges:
                # Rules of their own about first and last characters show in a row of the oddest.
                item = literal(members(item)[-1])
            held = replaced(tree, site, Repeat(item, count, count))
            yield f"{site.name}-{name}", held, least, most, None


def _packed_singles(tree: Node) -> Iterator[Node]:
    """Classes that every string passes once: the k-th variant holds the k-th member of each."""
    sizes = [len(members(each)) for each in _singles(tree)]
    for number in range(max(sizes, default=0)):
        yield _pick(tree, number)


def _singles(node: Node) -> Iterator[Chars]:
    if isinstance(node, Chars) and not is_literal(node) and node.ranges:
        yield node
    if isinstance(node, Cat):
        for item in node.items:
            yield from _singles(item)


def _pick(node: Node, number: int) -> Node:
    if isinstance(node, Cat):
        return Cat(tuple(_pick(item, number) for item in node.items))
    if isinstance(node, Chars) and not is_literal(node) and node.ranges:
        return literal((found := members(node))[number % len(found)])
    return node


def _members(tree: Node, site: Site, least: int, most: int | None) -> Iterator[Variant]:
    node = site.node
    if isinstance(node, Repeat) and isinstance(node.item, Chars) and not is_literal(node.item):
        chars = members(node.item)
        others = shortest(replaced(tree, site, Cat(())))
        room = [_ALL_MEMBERS * 2 if most is None else max(1, most - others)]
        room += [] if node.most is None else [node.most]
        size = min(room)
        for start in range(0, len(chars), size):
            part = chars[start : start + size]
            part += (chars * node.least)[: max(0, node.least - len(part))]
            held = replaced(tree, site, literal(part))
            yield f"{site.name}-members{start // size + 1}", held, least, most, None
    elif isinstance(node, Chars) and not (is_literal(node) or site.sure or site.looped):
        for edge in _first_edges(node):
            held = replaced(tree, site, literal(chr(edge)))
            yield f"{site.name}-u{edge:04x}", held, least, most, None


def _first_edges(chars: Chars) -> dict[int, None]:
    """The edges of the first ranges of a class."""
    if has_property(chars):
        return dict.fromkeys(_settled_edges(chars))
    return dict.fromkeys(code for pair in chars.ranges[:_EDGE_RANGES] for code in pair)


def members(chars: Chars) -> str:
    """Every member of a small class, signs last; of a huge one edges of its ranges and a sample.

    Of a class of Unicode properties those alone that were assigned long ago.
    """
    ranges = chars.ranges
    if charset.size(ranges) <= _ALL_MEMBERS:
        found = [chr(code) for low, high in ranges for code in range(low, high + 1)]
        return "".join(sorted(found, key=lambda char: not char.isalnum()))
    sample = [ord(char) for char in _SAMPLE if charset.has(ranges, ord(char))]
    if not has_property(chars):
        edges = [code for pair in ranges for code in pair]
        return "".join(dict.fromkeys(map(chr, edges + sample)))
    sample = [code for code in sample if charset.is_settled(code)]
    return "".join(dict.fromkeys(map(chr, [*_settled_edges(chars), *sample])))


def _settled_edges(chars: Chars) -> tuple[int, ...]:
    ranges = chars.ranges
    if r"\p{Alphabetic}" in chars.terms:
        ranges = charset.minus(ranges, charset.alphabetic_beside_letters())
    return charset.settled_edges(ranges)


def has_property(chars: Chars) -> bool:
    """Whether the version of Unicode decides what belongs to a class."""
    return bool(chars.terms) or charset.is_property(chars.ranges)
