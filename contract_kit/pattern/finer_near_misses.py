"""Near misses too many for the list: every sign beside each class, and what careless readers trim.

Servers fail on single characters, so that only trying each of them finds those.
"""

from __future__ import annotations

from collections.abc import Iterator

from contract_kit.pattern import charset
from contract_kit.pattern.charset import Ranges
from contract_kit.pattern.near_misses import Idea, class_at
from contract_kit.pattern.syntax_tree import Cat, Node, Repeat
from contract_kit.pattern.variants import Site, literal, replaced, sites, text_of

_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
# Letters and digits to whoever asks Unicode, normalises, or compares without regard to case: long
# s, the sign of Kelvin, Cyrillic a, an Arabic digit, a letter above the line, an accent; blanks.
_STRAYS = "\u017f\u212a\u0430\u0661\u00aa\u0301\u00a0\u200b\t\r"
# Characters that one language or another strips from the ends of strings.
_PADS = {
    "tab": "\t",
    "return": "\r",
    "form-feed": "\f",
    "no-break-space": "\u00a0",
    "wide-space": "\u3000",
    "zero-width-space": "\u200b",
    "byte-order-mark": "\ufeff",
    "slash": "/",
    "dot": ".",
}
_PAIRS = {
    "double-quotes": ('"', '"'),
    "single-quotes": ("'", "'"),
    "angle-brackets": ("<", ">"),
    "braces": ("{", "}"),
}
# Turns of a loop before the wrong character: another number of them for each.
_SPREAD = 6


def ideas(tree: Node, known: frozenset[str]) -> Iterator[Idea]:
    """Variants of a tree whose strings should not match, all of one rank.

    known: slugs of near misses that hold some of the signs already.
    """
    for site in sites(tree):
        ranges = class_at(site)
        if ranges:
            yield from _beside(tree, site, ranges, known)
        elif site.name.startswith("word"):
            encoded = "".join(f"%{ord(char):02X}" for char in text_of(site.node))
            yield _idea(f"{site.name}-percent-encoded", replaced(tree, site, literal(encoded)))
    yield from _around(tree)


def _beside(tree: Node, site: Site, ranges: Ranges, known: frozenset[str]) -> Iterator[Idea]:
    """Each sign that the class leaves out, at one place of its loop or another."""
    letter = next((char for char in "abcABC123" if charset.has(ranges, ord(char))), None)
    if letter is not None:
        encodings = {"percent-encoded": f"%{ord(letter):02X}", "html-entity": f"&#{ord(letter)};"}
        for slug, encoded in encodings.items():
            yield _idea(f"{site.name}-{slug}", _spread(tree, site, encoded, 0))
    for number, char in enumerate((*_PRINTABLE, *_STRAYS)):
        slug = f"{site.name}-u{ord(char):04x}"
        was_tried = any(other.startswith(f"{slug}-") for other in known)
        if not was_tried and not charset.has(ranges, ord(char)):
            yield _idea(f"{slug}-spread", _spread(tree, site, char, number % _SPREAD))


def _spread(tree: Node, site: Site, text: str, turns: int) -> Node:
    """The tree with a text after so many turns of the class, and as many turns after it as fit."""
    node = site.node
    room = turns + len(text) + 1
    if not isinstance(node, Repeat) or (node.most is not None and node.most < room):
        return replaced(tree, site, literal(text))
    most = None if node.most is None else node.most - turns - len(text)
    after = Repeat(node.item, max(1, node.least - turns - len(text)), most)
    return replaced(tree, site, Cat((Repeat(node.item, turns, turns), literal(text), after)))


def _around(tree: Node) -> Iterator[Idea]:
    for slug, pad in _PADS.items():
        yield _idea(f"leading-{slug}", Cat((literal(pad), tree)))
        yield _idea(f"trailing-{slug}", Cat((tree, literal(pad))))
    for slug, (opening, closing) in _PAIRS.items():
        yield _idea(f"in-{slug}", Cat((literal(opening), tree, literal(closing))))
    yield _idea("trailing-return-and-newline", Cat((tree, literal("\r\n"))))


def _idea(slug: str, tree: Node) -> Idea:
    return Idea(rank=0, slug=slug, tree=tree)
