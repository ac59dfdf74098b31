"""The smallest request that shows a finding: without what a case holds beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from contract_kit.cases.case import Case
from contract_kit.cases.good_request import Base
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import ITEM, Json, Location, Path, Shape
from contract_kit.contract.values import ABSENT, get, put, unsequenced
from contract_kit.fuzz.findings import Findings
from contract_kit.fuzz.sending.exchange import Exchanged
from contract_kit.fuzz.sending.memo import ReplyMemo
from contract_kit.validate.validator import Validator
from contract_kit.verdict.judge import Judgement
from contract_kit.wire.message import Answer

MOST = 300
"""Requests of one run that make findings small."""

MOST_OF_ONE = 40
"""Those for one finding, its twins not counted."""

_NOTHING = object()


class Smallest:
    """Makes the findings of one campaign small.

    judge: judges the answer to a case. findings: those so far; what is known is not made small.
    """

    def __init__(
        self,
        operation: Operation,
        base: Base,
        replies: ReplyMemo,
        judge: Callable[[Case, Answer], Judgement],
        findings: Callable[[], Findings],
    ) -> None:
        self._operation = operation
        self._base = base
        self._replies = replies
        self._judge = judge
        self._findings = findings
        self._validator = Validator(operation, wire=True)
        self._locations = {entry.id: entry.location for entry in operation.constraints}
        self._left = MOST

    def of(self, case: Case, judgement: Judgement, seen: Exchanged) -> Exchanged:
        """The exchange that shows the same with the fewest members and items; else the given one.

        The twin shrinks alike, and is accepted. What is found is sent twice.
        """
        location = self._locations.get(case.constraint, ())
        is_known = self._findings().has(case, judgement.outcome)
        if is_known or case.request is None or seen.reply.failure or not location:
            return seen
        small, tried = case, 0
        again = True
        while again:
            again = False
            for smaller in _smaller(self._operation, self._base.request, small, location):
                if tried >= MOST_OF_ONE or self._left <= 0:
                    break
                tried += 1
                if self._shows(smaller, judgement, seen):
                    small = smaller
                    again = True
                    break
        if small is case:
            return seen
        found = self._replies.send(small)
        return found if self._is_same(small, judgement, seen, found) else seen

    def _shows(self, case: Case, judgement: Judgement, seen: Exchanged) -> bool:
        violations = self._validator.violations(unsequenced(case.request))
        if {each.constraint for each in violations} != set(case.breaks):
            return False
        if case.twin is not None and judgement.outcome != "too lax":
            if self._validator.violations(unsequenced(case.twin)):
                return False
            if not self._replies.twin_is_accepted(case):
                return False
        self._left -= 1
        return self._is_same(case, judgement, seen, self._replies.send(case))

    def _is_same(self, case: Case, judgement: Judgement, before: Exchanged, now: Exchanged) -> bool:
        """Whether a smaller case is answered like the one it was made of, and judged so."""
        same = (before.answer.kind, before.answer.name, before.reply.status)
        return (
            now.answer.kind,
            now.answer.name,
            now.reply.status,
        ) == same and self._judge(case, now.answer).outcome == judgement.outcome


def _smaller(operation: Operation, base: Json, case: Case, location: Location) -> Iterator[Case]:
    """The case with less beside what it probes: with nothing, then without one thing or another."""
    found = list(_removable(operation, case, base, location))
    if len(found) > 1:
        yield _without(case, found)
    for path in found:
        yield _without(case, [path])
    yield from _with_fewer_items(operation, case, location)


def _without(case: Case, paths: list[Path]) -> Case:
    request, twin = case.request, case.twin
    for path in paths:
        request = put(request, path, ABSENT)
        twin = None if twin is None else put(twin, path, ABSENT)
    return replace(case, request=request, twin=twin)


def _removable(operation: Operation, case: Case, base: Json, location: Location) -> Iterator[Path]:
    """Optional members that request and twin share, and that the smallest good request lacks."""
    root = operation.shapes[operation.input]
    yield from _removable_in(operation, root, case.request, (), (case, base, location))


def _removable_in(
    operation: Operation,
    shape: Shape,
    value: Json,
    path: Path,
    given: tuple[Case, Json, Location],
) -> Iterator[Path]:
    case, base, location = given
    if shape.type == "list" and shape.item and isinstance(value, list):
        inner = operation.shapes[shape.item]
        for index, item in enumerate(value):
            yield from _removable_in(operation, inner, item, (*path, index), given)
        return
    if shape.type != "structure" or not isinstance(value, dict):
        return
    for member in shape.members:
        here = (*path, member.name)
        where = _location_of(here)
        if member.name not in value or get(base, here, _NOTHING) is not _NOTHING:
            continue
        is_shared = case.twin is None or get(case.twin, here) == value[member.name]
        if is_shared and not member.required and location[: len(where)] != where:
            yield here
        elif location[: len(where)] == where:
            inner = operation.shapes[member.shape]
            yield from _removable_in(operation, inner, value[member.name], here, given)


def _location_of(path: Path) -> Location:
    return tuple(ITEM if isinstance(segment, int) else segment for segment in path)


def _with_fewer_items(operation: Operation, case: Case, location: Location) -> Iterator[Case]:
    """The case with shorter lists around what it probes: alone in each, or behind another item."""
    if case.twin is None:
        return
    for depth, segment in enumerate(location):
        fill = location[:depth]
        if segment != ITEM or ITEM in fill:
            continue
        items, others = get(case.request, fill), get(case.twin, fill)
        if not isinstance(items, list) or not isinstance(others, list) or len(items) != len(others):
            continue
        wrong = [at for at, item in enumerate(items) if item != others[at]]
        least = operation.shape_at(fill).min_length or 0
        for count in sorted({max(1, least), max(2, least)}):
            if len(wrong) == 1 and count < len(items):
                kept = [*range(count - 1), wrong[0]] if wrong[0] >= count - 1 else range(count)
                request = put(case.request, fill, [items[at] for at in kept])
                twin = put(case.twin, fill, [others[at] for at in kept])
                yield replace(case, request=request, twin=twin)
