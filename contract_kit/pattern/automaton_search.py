"""Strings that an automaton accepts, found by walking it forward, one character after the other.

Slower than arithmetic on the tree, but look-arounds are decided along the way.
"""

from __future__ import annotations

from contract_kit.pattern import charset
from contract_kit.pattern.automaton import Automaton, AutomatonState
from contract_kit.pattern.strings_of_length import pool

_GROUPS = ("abcdefghijklmnopqrstuvwxyz", "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")

START = 0
"""The number of the place where a walk begins."""

Layer = frozenset[int]


class Search:
    """The strings of one automaton, by length. Later searches reuse the facts that one finds.

    budget: moves of single goals after which it walks no further. Which lengths it reaches depends
    on the automaton alone, not on what was asked before.
    """

    def __init__(self, automaton: Automaton, *, budget: int) -> None:
        self._automaton = automaton
        self._budget = budget
        self._letters = _letters(automaton)
        # Places get numbers, since each one takes long to compare.
        self._numbers: dict[AutomatonState, int] = {automaton.start: START}
        self._places = [automaton.start]
        self._ends: dict[int, bool] = {}
        self._into: list[list[tuple[int, int]]] = [[]]
        """By place: rank of a letter and place before it, for each way to get there."""
        self._onward: dict[int, Layer] = {}
        self._layers: list[Layer] = [frozenset((START,))]
        """By length: the places that strings of that many characters lead to."""
        self._after: dict[Layer, Layer] = {}

    def find(self, least: int, most: int, wished: int) -> str | None:
        """A string of `least` to `most` characters, both inclusive, near the wished length.

        The first that is as long as wished, else the longest. None if there is none, or if the
        search would take more than the budget.
        """
        below: int | None = None
        for length in range(least, most + 1):
            if not self._reaches(length):
                break
            if any(map(self._accepts, self._layers[length])):
                below = length
                if length >= wished:
                    break
        return None if below is None else self._text(below)

    def _text(self, length: int) -> str:
        """An accepted string, from its end to its start, of the most readable letters."""
        place = min(filter(self._accepts, self._layers[length]))
        found = []
        for size in range(length - 1, -1, -1):
            before = self._layers[size]
            rank, place = min(way for way in self._into[place] if way[1] in before)
            found.append(self._letters[rank])
        return "".join(reversed(found))

    def _accepts(self, place: int) -> bool:
        if place not in self._ends:
            self._ends[place] = self._automaton.accepts(self._places[place])
        return self._ends[place]

    def _reaches(self, length: int) -> bool:
        """Whether any place is reached by so many characters, within the budget."""
        while len(self._layers) <= length:
            last = self._layers[-1]
            if last not in self._after:
                if self._budget < 0:
                    return False
                self._after[last] = frozenset().union(*map(self._ways_on, sorted(last)))
            self._layers.append(self._after[last])
        return bool(self._layers[length])

    def _ways_on(self, number: int) -> Layer:
        """The places that one character leads to from a place."""
        if number not in self._onward:
            place = self._places[number]
            goals = sum(map(len, (*place.state, *place.behinds)))
            self._budget -= (1 + goals) * len(self._letters)
            found = set()
            for rank, char in enumerate(self._letters):
                to = self._automaton.step(place, char)
                if to.state:
                    found.add(self._number(to))
                    self._into[self._number(to)].append((rank, number))
            self._onward[number] = frozenset(found)
        return self._onward[number]

    def _number(self, place: AutomatonState) -> int:
        if place not in self._numbers:
            self._numbers[place] = len(self._places)
            self._places.append(place)
            self._into.append([])
        return self._numbers[place]


def _letters(automaton: Automaton) -> list[str]:
    """One readable character per class of the automaton, most readable first."""
    found = [pool(ranges)[0] for _, ranges in automaton.kinds() if ranges]
    return sorted(found, key=lambda char: (_rank(char), char))


def _rank(char: str) -> int:
    for rank, group in enumerate(_GROUPS):
        if char in group:
            return rank
    return len(_GROUPS) if charset.has(charset.ASCII, ord(char)) and char > " " else 9
