"""Cases of patterns made to run long in a backtracking engine, and their strings."""

from __future__ import annotations

from contract_kit.cases.case import Case, Step
from contract_kit.cases.good_request import Bindings, GoodRequest, Within
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, location_id
from contract_kit.contract.values import put
from contract_kit.contract.walk import places
from contract_kit.pattern.compiled import understood

PUMPED = 40
"""Characters of a string that keeps an engine busy whose pattern has nested repeats: long enough
for hours, should the implementation write the documented pattern in such a way."""

LONGEST_TURN = 4
"""Characters of the longest text that is looked for as what repeats in a string."""


class SlowTexts:
    """The slow strings of one pattern: refused at their end, after as many repeats as fit.

    shortest, longest: the limits that they keep, in characters; None where there are none.
    """

    def __init__(self, pattern: str, shortest: int | None, longest: int | None) -> None:
        self._shortest, self._longest = shortest or 0, longest
        self.texts: tuple[str, ...] = ()
        parsed = understood(pattern)
        if parsed is None:
            return
        self._pattern = parsed
        lengths = range(min(longest or PUMPED, PUMPED) - 1, self._pattern.min_length, -1)
        stem = next((text for n in lengths if (text := self._pattern.example(n)) is not None), None)
        texts = [*self._pattern.slow(), *([f"{stem}!"] if stem else [])]
        self.texts = tuple(text for text in dict.fromkeys(texts) if self._is_refused(text))

    def _is_refused(self, text: str) -> bool:
        fits = self._shortest <= len(text) <= (self._longest or len(text))
        return fits and not self._pattern.matches(text)

    def steps(self, text: str) -> tuple[str, ...]:
        """Shorter texts of the same make, the shortest first, as far as the pattern refuses them.

        With fewer repeats; or where little repeats, with fewer characters before the last.
        """
        start, end, turn = repeated(text)
        if end - start < len(text) // 2:
            start, end, turn = 0, len(text) - 1, 1
        shorter = (text[: start + kept] + text[end:] for kept in range(turn, end - start, turn))
        return tuple(step for step in shorter if self._is_refused(step))


def repeated(text: str) -> tuple[int, int, int]:
    """The longest run of repeats in a text: start, end, and characters of one turn."""
    best = (0, 0, 1)
    for turn in range(1, LONGEST_TURN + 1):
        start = 0
        for at in range(turn, len(text) + 1):
            if at == len(text) or text[at] != text[at - turn]:
                whole = (at - start) // turn * turn
                if whole >= 2 * turn and whole > best[1] - best[0]:
                    best = (start, start + whole, turn)
                start = at - turn + 1
    return best


def slow_cases(
    operation: Operation,
    *,
    bindings: Bindings | None = None,
    request: Json = None,
    within: Within | None = None,
) -> tuple[Case, ...]:
    """Strings that a backtracking engine needs long to refuse, one per pattern of the operation."""
    base = GoodRequest(operation, bindings, request, within=within)
    cases: list[Case] = []
    disputed = {entry.id for entry in operation.constraints if entry.disputed}
    done: set[str] = set()
    for place in places(operation):
        pattern = place.shape.pattern
        if pattern is None or pattern in done or place.location[-1] == "[key]":
            continue
        if place.shape.enum:
            # A server that looks the value up does not need the pattern.
            continue
        done.add(pattern)
        found = SlowTexts(pattern, place.shape.min_length, place.shape.max_length)
        twin, path = base.reach(place.location)
        constraint = f"{location_id(place.location)}.pattern"
        for number, text in enumerate(found.texts, 1):
            cases.append(
                Case(
                    id=f"{operation.name}/{constraint}/runs-long-{number}",
                    constraint=constraint,
                    side="outside",
                    expects="any" if constraint in disputed else "reject",
                    family="value",
                    request=put(twin, path, text),
                    twin=twin,
                    breaks=(constraint,),
                    steps=tuple(
                        Step(size=len(shorter), request=put(twin, path, shorter))
                        for shorter in found.steps(text)
                    ),
                )
            )
    return tuple(cases)
