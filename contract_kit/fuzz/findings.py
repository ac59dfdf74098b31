"""Collects findings: one per constraint, side and verdict, each with its smallest message."""

from __future__ import annotations

from dataclasses import replace

from contract_kit.cases.case import Case, Side
from contract_kit.cases.select import EXPLORED
from contract_kit.report.twin import twin_in_words
from contract_kit.verdict.judge import JudgedAs, Judgement
from contract_kit.verdict.summary import WORST_FIRST, Finding
from contract_kit.wire.message import Message, Reply

_WORST_FIRST: tuple[str, ...] = WORST_FIRST

SIDES: tuple[Side, ...] = ("inside", "outside")


class Findings:
    """All findings of a campaign, in the order in which they were first seen."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Side, JudgedAs], Finding] = {}

    def __len__(self) -> int:
        return len(self._found)

    def has(self, case: Case, verdict: JudgedAs | None = None) -> bool:
        """Whether something was found for the constraint and side of a case: that, or anything."""
        return any(
            (found.constraint, found.side) == (case.constraint, case.side)
            and verdict in (None, found.verdict)
            for found in self._found.values()
        )

    def hangs(self, case: Case) -> bool:
        """Whether it was found that the constraint of a case, on its side, gets no answer."""
        found = self._found.get((case.constraint, case.side, "crash"))
        return found is not None and found.reply.failure == "timeout"

    def knows(self, constraint: str, *sides: Side) -> bool:
        """Whether something was found for a constraint on one of the sides; on any if none."""
        return any(
            found.constraint == constraint and found.side in (sides or SIDES)
            for found in self._found.values()
        )

    def ids(self, side: Side) -> tuple[str, ...]:
        """The constraints for which something was found on one side, in the order of finding."""
        found = (each.constraint for each in self._found.values() if each.side == side)
        return tuple(dict.fromkeys(found))

    def add(
        self,
        case: Case,
        judgement: Judgement,
        message: Message,
        reply: Reply,
        *,
        constraint: str | None = None,
        twin: bool = False,
    ) -> None:
        """Adds what one case shows, of its own constraint or of another.

        twin: the twin of the case was accepted.
        """
        finding = Finding(
            constraint=constraint or case.constraint,
            side=_side(constraint, case),
            verdict=judgement.outcome,
            case=case.id,
            reason=judgement.reason,
            reason_kind=judgement.reason_kind,
            answered=judgement.answered,
            message=message,
            reply=reply,
            twin=twin_in_words(case.request, case.twin) if twin and case.request else "",
        )
        self.merge(finding)

    def merge(self, finding: Finding) -> None:
        """Adds a finding, one of its constraint, side and verdict with those that are there."""
        key = (finding.constraint, finding.side, finding.verdict)
        earlier = self._found.get(key)
        if earlier is None:
            self._found[key] = finding
        else:
            shown = finding if _tells_more(finding, earlier) else earlier
            self._found[key] = replace(shown, count=earlier.count + finding.count)

    def all(self) -> tuple[Finding, ...]:
        """The findings, worst verdict first."""
        return tuple(sorted(self._found.values(), key=_badness))


def _side(constraint: str | None, case: Case) -> Side:
    """The side of a finding; what every reply is held to has one side only."""
    if constraint is None:
        return case.side
    return "inside" if constraint.startswith("response.") else "outside"


def _badness(finding: Finding) -> int:
    return _WORST_FIRST.index(finding.verdict)


def _is_drawn(finding: Finding) -> bool:
    return finding.case.rpartition("/")[2].startswith(EXPLORED)


def _tells_more(new: Finding, old: Finding) -> bool:
    """A case that is on the list, then the one of a smaller message."""
    if _is_drawn(new) != _is_drawn(old):
        return _is_drawn(old)
    return len(new.message.body) < len(old.message.body)
