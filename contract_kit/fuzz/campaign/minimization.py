"""The smallest request that shows a finding: without what a case holds beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from contract_kit.cases.case import Case
from contract_kit.cases.good_request import GoodRequest
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Location, Path
from contract_kit.contract.values import get, unsequenced
from contract_kit.fuzz.campaign.smaller_cases import smaller
from contract_kit.fuzz.judging import Judge
from contract_kit.fuzz.record import Record
from contract_kit.fuzz.sending.exchange import Exchanged
from contract_kit.fuzz.sending.memo import ReplyMemo
from contract_kit.validate.validator import Validator
from contract_kit.verdict.judge import Judgement

MOST = 300
"""Requests of one run that make findings small."""

MOST_OF_ONE = 40
"""Those for one finding, its twins not counted."""

_NOTHING = object()

Shows = Callable[[Case, Exchanged], bool]
"""Whether an exchange shows what is to be shown."""


class Minimizer:
    """Makes the findings of one campaign small.

    record: has those so far; what is known is not made small.
    """

    def __init__(
        self,
        operation: Operation,
        base: GoodRequest,
        replies: ReplyMemo,
        judge: Judge,
        record: Record,
    ) -> None:
        self._operation = operation
        self._base = base
        self._replies = replies
        self._judge = judge
        self._record = record
        self._validator = Validator(operation, wire=True)
        self._locations = {entry.id: entry.location for entry in operation.constraints}
        self._left = MOST

    def minimal(self, case: Case, judgement: Judgement, seen: Exchanged) -> Exchanged:
        """The exchange that shows the same with the least beside it; else the given one.

        The twin shrinks alike, and is accepted. The result is sent twice.
        """
        location = self._locations.get(case.constraint, ())
        if self._record.findings.has(case, judgement.outcome) or not location:
            return seen

        def shows(small: Case, now: Exchanged) -> bool:
            return self._judge.of(small, now.answer).outcome == judgement.outcome

        return self._least(case, seen, location, judgement.outcome != "too lax", shows)

    def minimal_reply(
        self, case: Case, id: str, text: str, seen: Exchanged
    ) -> tuple[str, Exchanged]:
        """The same for a fault of a reply, whatever its case; with what is wrong there.

        id: of the constraint that it breaks. text: what is wrong with the reply seen.
        """
        if self._record.findings.knows(id):
            return text, seen
        subject = text.partition(":")[0]

        def shows(small: Case, now: Exchanged) -> bool:
            return any(
                other == id and said.partition(":")[0] == subject
                for other, said in now.answer.faults
            )

        location = self._locations.get(case.constraint, ()) if case.breaks else ()
        shown = self._least(replace(case, twin=None), seen, location, False, shows)
        return dict(shown.answer.faults).get(id, text) if shown is not seen else text, shown

    def _least(
        self, case: Case, seen: Exchanged, location: Location, needs_twin: bool, shows: Shows
    ) -> Exchanged:
        if case.request is None or seen.reply.failure:
            return seen

        def is_shown(small: Case, now: Exchanged) -> bool:
            return _kind(now) == _kind(seen) and shows(small, now)

        small, tried = case, 0
        again = True
        while again:
            again = False
            for candidate in smaller(self._operation, small, location, self._is_given):
                if tried >= MOST_OF_ONE or self._left <= 0:
                    break
                if not self._is_fit(candidate, needs_twin):
                    continue
                tried += 1
                self._left -= 1
                if is_shown(candidate, self._replies.send(candidate)):
                    small = candidate
                    again = True
                    break
        if small is case:
            return seen
        found = self._replies.send(small)
        return found if is_shown(small, found) else seen

    def _is_given(self, path: Path) -> bool:
        """Whether the user gave what is at a path: without it, a request may do something else."""
        given = any(path[: len(place)] == place for place in self._base.given)
        return given and get(self._base.request, path, _NOTHING) is not _NOTHING

    def _is_fit(self, case: Case, needs_twin: bool) -> bool:
        """Whether a case breaks what it says, and its twin, where it needs one, is accepted."""
        violations = self._validator.violations(unsequenced(case.request))
        if {each.constraint for each in violations} != set(case.breaks):
            return False
        if case.twin is None or not needs_twin:
            return True
        if self._validator.violations(unsequenced(case.twin)):
            return False
        return self._replies.twin_is_accepted(case)


def _kind(seen: Exchanged) -> tuple[str, str, int]:
    return seen.answer.kind, seen.answer.name, seen.reply.status
