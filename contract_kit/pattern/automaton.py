"""A deterministic automaton over a tree, look-arounds included, built while it is walked.

A state is a choice between conjunctions of goals. A goal is what is left to match (a linked list
of nodes), or a negated state: a negative look-ahead that must not come true. Look-behinds are
states of their own that walk along from the start. Each step costs time bounded by the number of
goals, and is remembered by (state, class of characters): no input makes the walk exponential in
its length.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from contract_kit.errors import UnsupportedPattern
from contract_kit.pattern import charset
from contract_kit.pattern.syntax_tree import (
    Alt,
    At,
    Cat,
    Chars,
    Look,
    Node,
    Repeat,
    children,
    longest,
)

ANY = Chars(charset.ALL)
ANYTHING = Repeat(ANY, 0, None)
_BEHIND_WORD = Look(Chars(charset.WORD), ahead=False, negated=False)
_NOT_BEHIND_WORD = Look(Chars(charset.WORD), ahead=False, negated=True)
_AHEAD_WORD = Look(Chars(charset.WORD), ahead=True, negated=False)
_NOT_AHEAD_WORD = Look(Chars(charset.WORD), ahead=True, negated=True)
# The meaning of a place, written with look-arounds.
_PLACES: dict[str, Node] = {
    "start": Look(ANY, ahead=False, negated=True),
    "end": Look(ANY, ahead=True, negated=True),
    "word": Alt((Cat((_BEHIND_WORD, _NOT_AHEAD_WORD)), Cat((_NOT_BEHIND_WORD, _AHEAD_WORD)))),
    "inside": Alt((Cat((_BEHIND_WORD, _AHEAD_WORD)), Cat((_NOT_BEHIND_WORD, _NOT_AHEAD_WORD)))),
}
# A state of more conjunctions than this is no longer decided in bounded time.
_MANY = 20_000

# The nodes left to match: (first node, the rest), or None without any.
Rest = tuple[Node, "Rest"] | None


@dataclass(frozen=True, slots=True)
class Denied:
    """A goal that holds as long as the state does not accept."""

    state: frozenset[frozenset[Goal]]


# A goal before a step is a Rest; right after expanding, it is (set of characters, Rest).
Goal = Rest | Denied
State = frozenset[frozenset[Goal]]

TRUE: State = frozenset({frozenset()})
FALSE: State = frozenset()


class AutomatonState(NamedTuple):
    """The place of a walk: the state of the pattern, and those of its look-behinds."""

    state: State
    behinds: tuple[State, ...]


class Automaton:
    """The walk over one tree."""

    def __init__(self, node: Node) -> None:
        self._behinds: list[Look] = []
        sets: set[charset.Ranges] = set()
        _collect(node, self._behinds, sets)
        pairs = {pair for ranges in sets for pair in ranges}
        self._edges = sorted({edge for low, high in pairs for edge in (low, high + 1)})
        self._steps: dict[tuple[AutomatonState, int], AutomatonState] = {}
        self._expanded: dict[tuple[Rest, tuple[bool, ...]], State] = {}
        self._open: set[tuple[Rest, tuple[bool, ...]]] = set()
        self._behind_starts = tuple(_goal((ANYTHING, (look.item, None))) for look in self._behinds)
        self.start = AutomatonState(_goal((node, None)), self._behind_starts)

    def kind(self, char: str) -> int:
        """The number of the character's class; the pattern treats characters of one class alike."""
        return bisect_right(self._edges, ord(char))

    def kinds(self) -> list[tuple[int, charset.Ranges]]:
        """Each class with its characters."""
        edges = [0, *(edge for edge in self._edges if 0 < edge <= 0x10FFFF), 0x110000]
        pairs = pairwise(edges)
        found = [(self.kind(chr(low)), charset.scalars(low, high - 1)) for low, high in pairs]
        return [(kind, ranges) for kind, ranges in found if ranges]

    def step(self, place: AutomatonState, char: str) -> AutomatonState:
        """The place of the walk after the character."""
        key = (place, self.kind(char))
        found = self._steps.get(key)
        if found is None:
            truths = self._truths(place)
            code = ord(char)
            found = AutomatonState(
                self._move(place.state, truths, code),
                tuple(self._move(state, truths, code) for state in place.behinds),
            )
            self._steps[key] = found
        return found

    def accepts(self, place: AutomatonState) -> bool:
        """Whether the string may end here."""
        return self._ends(place.state, self._truths(place))

    def matches(self, text: str) -> bool:
        """Whether the whole string matches."""
        place = self.start
        for char in text:
            place = self.step(place, char)
            if not place.state:
                return False
        return self.accepts(place)

    def _truths(self, place: AutomatonState) -> tuple[bool, ...]:
        """Per look-behind, whether its item ends at the place; earlier ones serve later ones."""
        truths: tuple[bool, ...] = ()
        for state in place.behinds:
            truths += (self._ends(state, truths),)
        return truths

    def _ends(self, state: State, truths: tuple[bool, ...]) -> bool:
        return any(
            all(
                not self._ends(goal.state, truths)
                if isinstance(goal, Denied)
                else self._ends_here(goal, truths)
                for goal in both
            )
            for both in state
        )

    def _ends_here(self, rest: Rest, truths: tuple[bool, ...]) -> bool:
        if rest is None:
            return True
        expanded = self._expand(rest, truths)
        return any(
            all(
                goal is None if not isinstance(goal, Denied) else not self._ends(goal.state, truths)
                for goal in both
            )
            for both in expanded
        )

    def _move(self, state: State, truths: tuple[bool, ...], code: int) -> State:
        parts = []
        for both in state:
            part = TRUE
            for goal in both:
                part = _and(part, self._move_goal(goal, truths, code))
                if not part:
                    break
            parts.append(part)
        moved = _or(*parts)
        if len(moved) > _MANY:
            raise UnsupportedPattern(f"look-arounds need more than {_MANY} states at once")
        return moved

    def _move_goal(self, goal: Goal, truths: tuple[bool, ...], code: int) -> State:
        if isinstance(goal, Denied):
            inner = self._move(goal.state, truths, code)
            return _deny(inner)
        parts = []
        for both in self._expand(goal, truths):
            part = TRUE
            for one in both:
                if isinstance(one, Denied):
                    part = _and(part, self._move_goal(one, truths, code))
                # Expanded items begin with one character, which mypy cannot know.
                elif one is None or not charset.has(one[0].ranges, code):  # type: ignore[union-attr]
                    part = FALSE
                else:
                    part = _and(part, _goal(one[1]))
            parts.append(part)
        return _or(*parts)

    def _expand(self, rest: Rest, truths: tuple[bool, ...]) -> State:
        """The goal in terms of goals that begin with one character, or are at the end."""
        if rest is None or isinstance(rest[0], Chars):
            return _goal(rest)
        key = (rest, truths)
        found = self._expanded.get(key)
        if found is not None:
            return found
        if key in self._open:
            return FALSE  # an empty turn of a loop: it brings nothing new
        self._open.add(key)
        found = self._expand_node(rest[0], rest[1], truths)
        self._open.discard(key)
        if not self._open:
            self._expanded[key] = found
        return found

    def _expand_node(self, node: Node, rest: Rest, truths: tuple[bool, ...]) -> State:
        match node:
            case Cat(items):
                for item in reversed(items):
                    rest = (item, rest)
                return self._expand(rest, truths)
            case Alt(options):
                return _or(*(self._expand((option, rest), truths) for option in options))
            case Repeat(item, least, most):
                return self._expand_repeat(item, least, most, rest, truths)
            case Look(item, True, negated):
                ahead = _goal((item, (ANYTHING, None)))
                return _and(
                    _deny(ahead) if negated else self._expand((item, (ANYTHING, None)), truths),
                    self._expand(rest, truths),
                )
            case Look():
                index = self._behinds.index(node_key(node))
                known = index < len(truths) and truths[index]
                return self._expand(rest, truths) if known != node.negated else FALSE
            case At(place):
                return self._expand((_PLACES[place], rest), truths)
            case _:
                return _goal((node, rest))

    def _expand_repeat(
        self, item: Node, least: int, most: int | None, rest: Rest, truths: tuple[bool, ...]
    ) -> State:
        if most == 0:
            return self._expand(rest, truths)
        fewer = None if most is None else most - 1
        more: Rest = rest if fewer == 0 else (Repeat(item, max(0, least - 1), fewer), rest)
        if least and longest(item) == 0:
            more = rest
        found = self._expand((item, more), truths)
        return found if least else _or(found, self._expand(rest, truths))


def node_key(look: Look) -> Look:
    """Look-behinds that differ only in being negated share one walk."""
    return Look(look.item, ahead=False, negated=False)


def _collect(node: Node, behinds: list[Look], sets: set[charset.Ranges]) -> None:
    if isinstance(node, At):
        _collect(_PLACES[node.place], behinds, sets)
    if isinstance(node, Chars):
        sets.add(node.ranges)
    for child in children(node):
        _collect(child, behinds, sets)
    if isinstance(node, Look) and not node.ahead and node_key(node) not in behinds:
        behinds.append(node_key(node))


def _goal(rest: Rest) -> State:
    """The state of one goal; one that takes any ending is true at once."""
    if rest == (ANYTHING, None):
        return TRUE
    return frozenset({frozenset({rest})})


def _deny(state: State) -> State:
    if state == TRUE:
        return FALSE
    return frozenset({frozenset({Denied(state)})}) if state else TRUE


def _or(*states: State) -> State:
    """Any of the states; a conjunction that another one implies is left out."""
    joined = frozenset().union(*states)
    if frozenset() in joined:
        return TRUE
    if all(len(both) == 1 for both in joined):
        return joined
    return frozenset(
        both for both in joined if len(both) == 1 or not any(other < both for other in joined)
    )


def _and(left: State, right: State) -> State:
    if left == TRUE or right == TRUE:
        return right if left == TRUE else left
    return _or(frozenset(one | other for one in left for other in right))
