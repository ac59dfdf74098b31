"""Strings of a tree at a given length, by arithmetic on the lengths of its parts.

Look-arounds and places are passed over here: the caller checks the result against them.
"""

from __future__ import annotations

from functools import cache
from itertools import accumulate

from contract_kit.pattern import charset
from contract_kit.pattern.charset import Ranges
from contract_kit.pattern.lengths import ZERO, add, complements, lengths, nearest, power
from contract_kit.pattern.syntax_tree import Alt, Cat, Chars, Node, Repeat, longest, shortest

# A class repeated without need comes this often: long enough to read as a name.
_TYPICAL = 8
# Hexadecimal digits first, for names are often identifiers in truth; digits start at 1, so that
# an account id reads 123456789012.
_READABLE = (
    "abcdef",
    "1234567890",
    "ghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "-_./:+=@,;!#$%&'()*<>?[]^`{|}~\\\"",
)


def typical(node: Node) -> int:
    """How many characters a natural string of the node has."""
    match node:
        case Chars():
            return 1
        case Cat(items):
            return sum(map(typical, items))
        case Alt(options):
            return typical(options[0])
        case Repeat(Chars(), least, most):
            wished = _TYPICAL if least else 0
            return max(least, wished if most is None else min(most, wished))
        case Repeat(item, least, _):
            return least * typical(item)
        case _:
            return 0


def string(node: Node, least: int, most: int | None, wished: int | None = None) -> str | None:
    """A string of `least` to `most` characters, both inclusive, near the wished length.

    None if the node has no string of such a length.
    """
    natural = typical(node)
    target = max(least, wished if wished is not None else natural if natural > 2 else _TYPICAL)
    limits = [limit for limit in (most, longest(node)) if limit is not None]
    # Between two possible lengths of an endless pattern lies never more than one turn of its loops.
    cap = min([*limits, max(target, shortest(node)) + 2 * shortest(node) + 256])
    if cap < least:
        return None
    possible = lengths(node, cap) >> least << least
    length = nearest(possible, min(target, cap))
    return None if length is None else "".join(_fill(node, length))


def _fill(node: Node, length: int) -> list[str]:
    """The parts of a string of the length, which the node is known to have."""
    match node:
        case Chars(ranges):
            return [pool(ranges)[0]]
        case Cat(items):
            return _fill_row(items, length)
        case Alt(options):
            fitting = next(each for each in options if lengths(each, length) >> length & 1)
            return _fill(fitting, length)
        case Repeat(Chars(ranges), _, _):
            members = pool(ranges)
            return [(members * (length // len(members) + 1))[:length]]
        case Repeat(item, least, most):
            return _fill_turns(item, _turns(item, least, most, length), length)
        case _:
            return []


def _fill_row(items: tuple[Node, ...], length: int) -> list[str]:
    if not items:
        return []
    ends = list(
        accumulate(
            (lengths(item, length) for item in reversed(items[1:])),
            lambda right, left: add(right, left, length),
            initial=ZERO,
        )
    )[::-1]
    parts: list[str] = []
    for item, after in zip(items, ends, strict=True):
        choice = lengths(item, length) & complements(after, length)
        size = nearest(choice, typical(item))
        assert size is not None
        parts += _fill(item, size)
        length -= size
    return parts


def _turns(item: Node, least: int, most: int | None, length: int) -> int:
    """How often the item has to be repeated to make the length."""
    each = lengths(item, length)
    smallest, largest = (each & -each).bit_length() - 1, each.bit_length() - 1
    if length == 0:
        return least
    turns = max(least, -(-length // largest), 1)
    limit = length // max(smallest, 1) if smallest else length
    limit = max(limit if most is None else min(most, limit), turns)
    while turns < limit and not power(each, turns, length) >> length & 1:
        turns += 1
    return turns


def _fill_turns(item: Node, turns: int, length: int) -> list[str]:
    """`turns` items that make the length together, halved until one is left."""
    if turns == 0:
        return []
    if turns == 1:
        return _fill(item, length)
    each, half = lengths(item, length), turns // 2
    if each.bit_count() == 1:
        return _fill(item, length // turns) * turns
    left, right = power(each, half, length), power(each, turns - half, length)
    size = nearest(left & complements(right, length), length * half // turns)
    assert size is not None
    return _fill_turns(item, half, size) + _fill_turns(item, turns - half, length - size)


@cache
def pool(ranges: Ranges) -> str:
    """The members that read best: lower-case letters, else digits, capitals, signs, the first."""
    for group in _READABLE:
        members = "".join(char for char in group if charset.has(ranges, ord(char)))
        if members:
            return members
    low, high = next((pair for pair in ranges if pair[0] > 0x20), ranges[0])
    return "".join(map(chr, range(low, min(high, low + 15) + 1)))
