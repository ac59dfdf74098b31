"""Fresh numbers in place of `{seq}`: none comes twice in a run, however many share them."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

OF_ONE_SEED = 100_000
"""Numbers of one seed, before those of the next begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A range of numbers from `start` on, without end.

    lanes: which of its users draws from it, and which part of that one, and so on; () where there
    is one user. Ranges with lanes of one depth have no number in common.

    >>> from itertools import islice
    >>> list(islice(Numbers(start=7), 3))
    [7, 8, 9]
    >>> first, second = Numbers().lane(0), Numbers().lane(1)
    >>> list(islice(first, 4)), list(islice(second, 4))
    ([1, 2, 4, 7], [3, 5, 8, 12])
    """

    start: int = 1
    lanes: tuple[int, ...] = ()

    def lane(self, index: int) -> Numbers:
        """The numbers of one user; index: 0 or more, another for each."""
        return replace(self, lanes=(*self.lanes, index))

    def __iter__(self) -> Iterator[int]:
        if not self.lanes:
            return itertools.count(self.start)
        lane = functools.reduce(_paired, self.lanes)
        return (self.start + _paired(lane, turn) for turn in itertools.count())


def numbers_of(seed: int) -> Numbers:
    """The numbers of a run that has a seed."""
    return Numbers(start=seed * OF_ONE_SEED + 1)


def _paired(lane: int, turn: int) -> int:
    """Cantor's pairing: another number for each pair, so that lanes need no common limit."""
    diagonal = lane + turn
    return diagonal * (diagonal + 1) // 2 + lane
