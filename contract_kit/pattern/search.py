"""Strings that an automaton accepts, found by counting back from its accepting states.

Slower than arithmetic on the tree, but look-arounds are decided along the way.
"""

from __future__ import annotations

from contract_kit.pattern import charset
from contract_kit.pattern.automaton import Automaton, Place
from contract_kit.pattern.build import pool
from contract_kit.pattern.lengths import nearest

_GROUPS = ("abcdefghijklmnopqrstuvwxyz", "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")

Graph = dict[Place, list[tuple[str, Place]]]


def search(automaton: Automaton, least: int, most: int, wished: int, *, budget: int) -> str | None:
    """An accepted string of `least` to `most` characters, both inclusive, near the wished length.

    None if there is none, or if telling would take more than `budget` moves of single goals.
    """
    graph = _explore(automaton, budget)
    if graph is None:
        return None
    ends = frozenset(place for place in graph if automaton.accepts(place))
    layers = [ends]
    remembered: dict[frozenset[Place], frozenset[Place]] = {}
    while len(layers) <= most:
        last = layers[-1]
        if last not in remembered:
            remembered[last] = frozenset(
                place for place, edges in graph.items() if any(to in last for _, to in edges)
            )
        layers.append(remembered[last])
    possible = sum(
        1 << length for length in range(least, most + 1) if automaton.start in layers[length]
    )
    length = nearest(possible, max(least, wished))
    if length is None:
        return None
    place, text = automaton.start, []
    for left in range(length - 1, -1, -1):
        char, place = next(edge for edge in graph[place] if edge[1] in layers[left])
        text.append(char)
    return "".join(text)


def _explore(automaton: Automaton, budget: int) -> Graph | None:
    """Every place that can be reached, with its ways on, the most readable characters first."""
    letters = _letters(automaton)
    graph: Graph = {}
    waiting = [automaton.start]
    while waiting:
        place = waiting.pop()
        if place in graph:
            continue
        goals = sum(map(len, (*place.state, *place.behinds)))
        budget -= (1 + goals) * len(letters)
        if budget < 0:
            return None
        edges = [(char, automaton.step(place, char)) for char in letters]
        graph[place] = [(char, to) for char, to in edges if to.state]
        waiting += [to for _, to in graph[place] if to not in graph]
    return graph


def _letters(automaton: Automaton) -> list[str]:
    """One readable character per class of the automaton, most readable first."""
    found = [pool(ranges)[0] for _, ranges in automaton.kinds() if ranges]
    return sorted(found, key=lambda char: (_rank(char), char))


def _rank(char: str) -> int:
    for rank, group in enumerate(_GROUPS):
        if char in group:
            return rank
    return len(_GROUPS) if charset.has(charset.ASCII, ord(char)) and char > " " else 9
