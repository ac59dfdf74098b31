"""What one campaign has seen so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from contract_kit.cases.boundary import EVERY_MEMBER
from contract_kit.cases.case import Case
from contract_kit.contract.shape import Json
from contract_kit.fuzz.findings import Findings
from contract_kit.fuzz.partial_outcome import Part
from contract_kit.fuzz.sending.exchange import Exchanged
from contract_kit.verdict.judge import Judgement
from contract_kit.verdict.summary import Observation


@dataclass(slots=True)
class Record:
    """What one campaign has seen so far.

    previous: the case before. flaky: how many were judged otherwise when repeated.
    confirmed: findings that were judged the same, by kind. examples: how many were explored.
    told: how many requests were told of, and what came of them forgotten. busy_with: the case that
    the target is at work on still. accepted: the request that cases start from.
    """

    observations: list[Observation] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    previous: Case | None = None
    flaky: int = 0
    confirmed: Counter[tuple[str, ...]] = field(default_factory=Counter)
    examples: int = 0
    told: int = 0
    ended: str = ""
    busy_with: str = ""
    accepted: Json = None

    def observe(self, case: Case, judgement: Judgement, seen: Exchanged) -> None:
        """Keeps what came of a case."""
        self.observations.append(
            Observation(
                case=case,
                judgement=judgement,
                message=seen.message,
                reply=seen.reply,
                answer=seen.answer,
            )
        )
        if judgement.note:
            self.note(judgement.note)
        refused = seen.answer.kind == "error" and judgement.outcome == "kept"
        if case.slug == EVERY_MEMBER and case.expects == "any" and refused:
            self.note(
                f"a request with every member is refused with {seen.answer.name}; no finding, "
                "since members may exclude each other in ways that no model states"
            )

    def note_all(self, remarks: Iterable[str]) -> None:
        """Takes remarks for the report."""
        for remark in remarks:
            self.note(remark)

    def note(self, text: str) -> None:
        """Counts a remark."""
        self.notes[text] += 1

    def part(self, findings: Findings, sent: int) -> Part:
        """All of it as data. sent: how many requests there were since the campaign began."""
        return Part(
            observations=tuple(self.observations),
            findings=findings.all(),
            notes=tuple(self.notes.items()),
            examples=self.examples,
            requests=sent - self.told,
            ended=self.ended,
        )

    def forget(self, sent: int) -> None:
        """Keeps what later cases depend on alone. sent: how many requests are told of by now."""
        self.observations, self.notes, self.examples = [], Counter(), 0
        self.told = sent
