"""`CaseStream`: the cases of an operation, each made when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from contract_kit.cases.case import Case


class CaseStream(Sequence[Case]):
    """Cases in their order, each id once. The first is there at once, however many there are.

    Asking for their number, or for the last one, makes all of them.
    """

    def __init__(self, cases: Iterable[Case]) -> None:
        self._made: list[Case] = []
        self._rest = _each_once(cases)

    def __iter__(self) -> Iterator[Case]:
        number = 0
        while self._has(number):
            yield self._made[number]
            number += 1

    def __len__(self) -> int:
        self._made.extend(self._rest)
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
                return False
            self._made.append(case)
        return number >= 0


def _each_once(cases: Iterable[Case]) -> Iterator[Case]:
    seen: set[str] = set()
    for case in cases:
        if case.id not in seen:
            seen.add(case.id)
            yield case
