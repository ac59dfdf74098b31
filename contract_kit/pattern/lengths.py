"""The possible lengths of the strings of a tree, as bit sets: bit k stands for k characters.

Look-arounds and places count as empty; the automaton decides them afterwards.
"""

from __future__ import annotations

from functools import lru_cache

from contract_kit.pattern.syntax_tree import Alt, Cat, Chars, Node, Repeat

ZERO = 1


@lru_cache(maxsize=4096)
def lengths(node: Node, cap: int) -> int:
    """The lengths from 0 to `cap`, inclusive, that the node's strings can have."""
    match node:
        case Chars(ranges):
            return (2 if ranges else 0) & _mask(cap)
        case Cat(items):
            found = ZERO
            for item in items:
                found = add(found, lengths(item, cap), cap)
            return found
        case Alt(options):
            found = 0
            for option in options:
                found |= lengths(option, cap)
            return found
        case Repeat(item, least, most):
            each = lengths(item, cap)
            if each.bit_count() == 1:
                return _multiples(each.bit_length() - 1, least, most, cap)
            optional = cap if most is None else most - least
            return add(power(each, least, cap), power(each | ZERO, optional, cap), cap)
        case _:
            return ZERO


@lru_cache(maxsize=4096)
def power(each: int, count: int, cap: int) -> int:
    """The lengths of `count` items in a row, each of one of the lengths `each`."""
    found, square = ZERO, each
    while count:
        if count & 1:
            found = add(found, square, cap)
        count >>= 1
        if count:
            doubled = add(square, square, cap)
            # Once an optional item's lengths stop growing, more turns add nothing.
            if doubled == square and square & ZERO:
                return add(found, square, cap)
            square = doubled
    return found


def nearest(bits: int, target: int) -> int | None:
    """The set bit nearest to the target, the lower one of two; None if there is none."""
    below = (bits & _mask(target)).bit_length() - 1
    above = bits >> (target + 1)
    if not above:
        return below if below >= 0 else None
    over = target + (above & -above).bit_length()
    return below if below >= 0 and target - below <= over - target else over


def complements(bits: int, total: int) -> int:
    """The lengths k for which the bit at `total - k` is set."""
    text = format(bits & _mask(total), f"0{total + 1}b")
    return int(text[::-1], 2)


def _mask(cap: int) -> int:
    return (1 << (cap + 1)) - 1


def _multiples(size: int, least: int, most: int | None, cap: int) -> int:
    if size == 0:
        return ZERO
    last = cap // size if most is None else min(most, cap // size)
    if last < least:
        return 0
    return _spread(1 << (least * size), last - least, size)


def _spread(bits: int, count: int, step: int) -> int:
    """The bits shifted by 0, 1 … `count` steps, all together."""
    done = 0
    while done < count:
        shift = min(done + 1, count - done)
        bits |= bits << (shift * step)
        done += shift
    return bits


def add(left: int, right: int, cap: int) -> int:
    """The sums of one length of each side, up to the cap."""
    if _runs(left) > _runs(right):
        left, right = right, left
    found, offset = 0, 0
    while left:
        low = (left & -left).bit_length() - 1
        left >>= low
        offset += low
        run = (~left & (left + 1)).bit_length() - 1
        found |= _spread(right << offset, run - 1, 1) & _mask(cap)
        left >>= run
        offset += run
    return found


def _runs(bits: int) -> int:
    return (bits & ~(bits << 1)).bit_count()
