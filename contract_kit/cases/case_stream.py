"""`CaseStream`: the cases of an operation, each made when it is first asked for."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from contract_kit.cases.case import Case

AHEAD = 0.5
"""Seconds in which cases are made before the first is sent."""


class CaseStream(Sequence[Case]):
    """Cases in their order, each id once. The first is there at once, however many there are.

    Asking for their number, or for the last one, makes all of them; `total` does not.
    """

    def __init__(self, cases: Iterable[Case]) -> None:
        self._made: list[Case] = []
        self._rest = _each_once(cases)
        self._is_whole = False

    @property
    def total(self) -> int | None:
        """How many cases there are, once the last one was made; None before."""
        return len(self._made) if self._is_whole else None

    def make_ahead(self, seconds: float) -> None:
        """Makes cases before they are asked for, for so long at most."""
        end = time.monotonic() + seconds
        while self._has(len(self._made)) and time.monotonic() < end:
            pass

    def __iter__(self) -> Iterator[Case]:
        number = 0
        while self._has(number):
            # One ahead, so that `total` is known with the last one.
            self._has(number + 1)
            yield self._made[number]
            number += 1

    def __len__(self) -> int:
        self._made.extend(self._rest)
        self._is_whole = True
        return len(self._made)

    @overload
    def __getitem__(self, index: int) -> Case: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Case, ...]: ...

    def __getitem__(self, index: int | slice) -> Case | tuple[Case, ...]:
        if isinstance(index, slice):
            return tuple(self)[index]
        if index < 0:
            index += len(self)
        if not self._has(index):
            raise IndexError(f"there are {len(self)} cases, and none of number {index}")
        return self._made[index]

    def _has(self, number: int) -> bool:
        while len(self._made) <= number:
            case = next(self._rest, None)
            if case is None:
                self._is_whole = True
                return False
            self._made.append(case)
        return number >= 0


def make_ahead(cases: Sequence[Case]) -> None:
    """Makes cases for a moment, so that the number of those of most operations is known."""
    if isinstance(cases, CaseStream):
        cases.make_ahead(AHEAD)


def total_of(cases: Sequence[Case], more: int) -> int | None:
    """How many cases and `more` there are in all; None as long as not all cases are made."""
    known = cases.total if isinstance(cases, CaseStream) else len(cases)
    return None if known is None else known + more


def _each_once(cases: Iterable[Case]) -> Iterator[Case]:
    seen: set[str] = set()
    for case in cases:
        if case.id not in seen:
            seen.add(case.id)
            yield case
