"""Probes that do not match although little is wrong with them."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from contract_kit.pattern import charset
from contract_kit.pattern.charset import Ranges
from contract_kit.pattern.probes import Builder, PatternProbe
from contract_kit.pattern.strings_of_length import pool
from contract_kit.pattern.syntax_tree import Cat, Chars, Node, Repeat, cat, children
from contract_kit.pattern.variants import Site, is_literal, literal, replaced, sites, text_of

_MODERATE = 74
# Where a word is longer, its first, middle and last characters are changed.
_SHORT_WORD = 5
# A digit of full width is one to whoever normalises, as it is to whoever asks Unicode.
_FOREIGN = {"latin-letter": "é", "wide-digit": "\uff13", "astral": "\U0001f600"}
# Ranges of a class whose neighbours are probed; property sets have hundreds.
_NEIGHBOURS = 12
# Characters that lax patterns also accept: those of names first, then of paths and addresses.
_BESIDE = "-_. %+=?~:@\\,"
# Schemes that are taken for one another.
_SCHEMES = ("https", "file")
_STRANGE = "#!%~\u00a7"

# The right characters beside a wrong one.
_COMPANY = 3

# How much a kind of probe reveals: the lower, the earlier it comes.
_EDGES, _COUNTS, _WORDS, _CLASS, _REST = range(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """A variant of the tree whose strings should not match. rank: the lower, the earlier."""

    rank: int
    slug: str
    tree: Node


def outside(
    tree: Node,
    build: Builder,
    matches: Callable[[str], bool],
    opened: Callable[[str], bool],
    least: int,
    most: int | None,
) -> tuple[PatternProbe, ...]:
    """The near misses of `least` to `most` characters, inclusive, those that reveal most first.

    Those that only exist outside the bounds are marked. `opened` says whether the pattern with its
    open end matches.
    """
    ranked = sorted(_ideas(tree), key=lambda idea: idea.rank)
    found = built(ranked, build, matches, opened, least, most)
    return tuple(itertools.islice(found, _MODERATE))


def built(
    ideas: Iterable[Idea],
    build: Builder,
    matches: Callable[[str], bool],
    opened: Callable[[str], bool],
    least: int,
    most: int | None,
) -> Iterator[PatternProbe]:
    """A string of each idea that does not match, each string once; arguments as in `outside`."""
    found: set[str] = set()
    for idea in ideas:
        text = build(idea.tree, least, most, None)
        within = text is not None
        if text is None:
            text = build(idea.tree, 0, None, None)
        if text is None or text in found or matches(text):
            continue
        found.add(text)
        yield PatternProbe(slug=idea.slug, text=text, open_end=opened(text), within_length=within)


def _ideas(tree: Node) -> list[Idea]:
    places = sites(tree)
    ideas = list(_around(tree))
    classes = 0
    for site in places:
        if site.name.startswith("word"):
            ideas += _word(tree, site)
        if isinstance(site.node, Repeat):
            ideas += _turns(tree, site)
        ranges = class_at(site)
        if ranges:
            classes += 1
            ideas += _class(tree, site, ranges, classes)
    return ideas


def class_at(site: Site) -> Ranges:
    """The members of the class at a site, alone or repeated; none if there is no class."""
    node = site.node
    chars = node.item if isinstance(node, Repeat) else node
    # The repeat of a loop covers a class inside it.
    if not isinstance(chars, Chars) or is_literal(chars) or site.looped:
        return ()
    return chars.ranges


def _around(tree: Node) -> Iterator[Idea]:
    """Texts before, after or beside a whole match."""
    alphabet = _alphabet(tree)
    known = pool(alphabet)[0] if alphabet else "a"
    strange = next((char for char in _STRANGE if not charset.has(alphabet, ord(char))), "\u00a7")
    new, junk = literal("\n"), literal(strange + known)
    rows = {
        "empty": literal(""),
        "only-blanks": Repeat(Chars(((0x20, 0x20),)), 1, None),
        "trailing-newline": Cat((tree, new)),
        "second-line-junk": Cat((tree, new, junk)),
        "first-line-junk": Cat((junk, new, tree)),
        "second-line-valid": Cat((tree, new, tree)),
        "leading-newline": Cat((new, tree)),
        "leading-blank": Cat((literal(" "), tree)),
        "trailing-blank": Cat((tree, literal(" "))),
        "foreign-prefix": Cat((literal(strange), tree)),
        "foreign-suffix": Cat((tree, literal(strange))),
        "known-prefix": Cat((literal(known), tree)),
        "known-suffix": Cat((tree, literal(known))),
        "trailing-nul": Cat((tree, literal("\0"))),
    }
    for slug, row in rows.items():
        yield Idea(rank=_EDGES, slug=slug, tree=row)


def _alphabet(node: Node) -> Ranges:
    if isinstance(node, Chars):
        return node.ranges
    return charset.union(*map(_alphabet, children(node)))


def _word(tree: Node, site: Site) -> Iterator[Idea]:
    text = text_of(site.node)
    changes = {"missing": ""}
    if text.swapcase() != text and len(text.swapcase()) == len(text):
        changes["case"] = text.swapcase()
    at = range(len(text))
    places = at if len(text) <= _SHORT_WORD else (0, len(text) // 2, len(text) - 1)
    scheme, found, rest = text.partition("://")
    if found:
        for other in (*_SCHEMES, f"{scheme}n", f"{scheme}a"):
            changes[f"scheme-{other}"] = other + found + rest
    if "-" in text:
        changes["underscore"] = text.replace("-", "_")
    changes["doubled"] = text + text[-1]
    for place in places:
        other = "x" if text[place] != "x" else "y"
        changes[f"changed{place + 1}"] = text[:place] + other + text[place + 1 :]
        changes[f"without{place + 1}"] = text[:place] + text[place + 1 :]
    for number, (slug, new) in enumerate(changes.items()):
        rank = _WORDS if number < 7 else _REST
        yield Idea(rank=rank, slug=f"{site.name}-{slug}", tree=replaced(tree, site, literal(new)))


def _turns(tree: Node, site: Site) -> Iterator[Idea]:
    node = site.node
    assert isinstance(node, Repeat)
    if node.least:
        few = Repeat(node.item, node.least - 1, node.least - 1)
        yield Idea(rank=_COUNTS, slug=f"{site.name}-too-few", tree=replaced(tree, site, few))
    if node.most is not None:
        many = Repeat(node.item, node.most + 1, node.most + 1)
        yield Idea(rank=_COUNTS, slug=f"{site.name}-too-many", tree=replaced(tree, site, many))


def _class(tree: Node, site: Site, ranges: Ranges, number: int) -> Iterator[Idea]:
    """A character outside the class in its stead: in a loop as first, inner and last turn."""
    wrong = dict(_wrong(ranges, foreign=number == 1))
    for index, (slug, char) in enumerate(wrong.items()):
        spots = _spots(site.node, char)
        names = ["middle" if "middle" in spots else "only"]
        # One wrong character shows whether the ends of a loop are checked like its middle.
        if index == 0 and number == 1:
            names += [name for name in spots if name not in names]
        for name in names:
            rank = _CLASS if index == 0 or number == 1 else _REST
            yield Idea(
                rank=rank,
                slug=f"{site.name}-{slug}-{name}",
                tree=replaced(tree, site, spots[name]),
            )


def _spots(node: Node, char: str) -> dict[str, Node]:
    """The places in the class's repetitions where the character can be."""
    bad = literal(char)
    if not isinstance(node, Repeat) or node.most == 1:
        return {"only": bad}
    fewer = None if node.most is None else node.most - 1
    # Company for the wrong character, so that it is at one end only.
    company = _COMPANY if fewer is None else min(_COMPANY, fewer)
    rest = Repeat(node.item, max(node.least - 1, company), fewer)
    spots = {"first": cat((bad, rest)), "last": cat((rest, bad))}
    if node.most is not None and node.most < 3:
        return {"only": spots["first"], **spots}
    left = max(1, (node.least - 1) // 2)
    more = None if node.most is None else node.most - 1 - left
    right = Repeat(node.item, max(1, node.least - 1 - left), more)
    return {"middle": cat((Repeat(node.item, left, left), bad, right)), **spots}


def _wrong(ranges: Ranges, *, foreign: bool) -> Iterator[tuple[str, str]]:
    """The neighbours of each range, the other case of a range, and what only looks alike."""
    for low, high in ranges[:_NEIGHBOURS]:
        for code in (low - 1, high + 1):
            outside = not charset.has(ranges, code) and charset.has(charset.ALL, code)
            # Controls have probes of their own; newer ones depend on the Unicode version.
            if outside and charset.is_settled(code) and unicodedata.category(chr(code)) != "Cc":
                yield f"u{code:04x}", chr(code)
    yield from _other_case(ranges)
    ascii_only = not charset.minus(ranges, charset.ASCII)
    for slug, char in _FOREIGN.items():
        if ascii_only and (foreign or slug == "latin-letter"):
            yield slug, char
    for char in _BESIDE:
        if not charset.has(ranges, ord(char)):
            yield f"u{ord(char):04x}", char
    if not charset.has(ranges, 1):
        yield "control", "\x01"
    if foreign and not charset.has(ranges, 0):
        yield "nul", "\0"


def _other_case(ranges: Ranges) -> Iterator[tuple[str, str]]:
    """Per range of ASCII letters, an end of it in the case that the class leaves out."""
    for low, high in charset.both(ranges, ((0x41, 0x5A), (0x61, 0x7A))):
        for code in {low ^ 32, high ^ 32}:
            if not charset.has(ranges, code):
                yield f"case-u{code:04x}", chr(code)
                break
