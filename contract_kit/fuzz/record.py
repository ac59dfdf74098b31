"""The findings of one campaign so far; all that send for it write into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from contract_kit.cases.boundary import EVERY_MEMBER
from contract_kit.cases.case import Case
from contract_kit.contract.shape import Json
from contract_kit.fuzz.events import Listener, Tested, ignore
from contract_kit.fuzz.findings import Findings
from contract_kit.fuzz.partial_outcome import Part
from contract_kit.fuzz.sending.exchange import Exchanged
from contract_kit.verdict.faults import judged
from contract_kit.verdict.judge import Judgement
from contract_kit.verdict.strictness import Refusal
from contract_kit.verdict.summary import Observation

CONNECTION = "wire.connection"
"""The constraint that other messages change no answer."""


@dataclass(slots=True)
class Record:
    """The findings of one campaign so far.

    listener: is sent each part as soon as it is found. findings: all that are known.
    previous: the case before. flaky: how many were judged otherwise when repeated.
    confirmed: findings that were judged the same, by kind. done: cases and examples.
    ended: why the campaign stopped early. busy_with: the case that the target is at work on still.
    accepted: the request that cases start from.
    """

    listener: Listener = ignore
    findings: Findings = field(default_factory=Findings)
    previous: Case | None = None
    flaky: int = 0
    confirmed: Counter[tuple[str, ...]] = field(default_factory=Counter)
    done: int = 0
    ended: str = ""
    busy_with: str = ""
    accepted: Json = None
    _observations: list[Observation] = field(default_factory=list)
    _found: Findings = field(default_factory=Findings)
    _notes: Counter[str] = field(default_factory=Counter)
    _refused: Counter[Refusal] = field(default_factory=Counter)
    _examples: int = 0
    _reported: int = 0

    def observe(self, case: Case, judgement: Judgement, seen: Exchanged) -> None:
        """Keeps what came of a case."""
        self._observations.append(
            Observation(
                case=case,
                judgement=judgement,
                message=seen.message,
                reply=seen.reply,
                answer=seen.answer,
            )
        )
        self.note_judgement(case, judgement)
        refused = seen.answer.kind == "error" and judgement.outcome == "kept"
        if case.slug == EVERY_MEMBER and case.expects == "any" and refused:
            self.note(
                f"a request with every member is refused with {seen.answer.name}; no finding, "
                "since members may exclude each other in ways that no model states"
            )

    def add(
        self,
        case: Case,
        judgement: Judgement,
        seen: Exchanged,
        *,
        constraint: str | None = None,
        twin: bool = False,
    ) -> None:
        """Adds what a case shows, of its own constraint or of another.

        twin: the twin of the case was accepted.
        """
        for findings in (self.findings, self._found):
            findings.add(
                case, judgement, seen.message, seen.reply, constraint=constraint, twin=twin
            )

    def blame_connection(self, case: Case, judgement: Judgement, seen: Exchanged) -> None:
        """Adds a case that is answered otherwise for the sake of other messages."""
        self.add(case, replace(judgement, answered=""), seen, constraint=CONNECTION)

    def add_fault(self, case: Case, id: str, text: str, seen: Exchanged) -> None:
        """Adds what a reply gets wrong whatever its case: content type, status, schema."""
        self.add(case, judged(id, text), seen, constraint=id)

    def note_judgement(self, case: Case, judgement: Judgement) -> None:
        """Counts what a judgement says beside its verdict."""
        if judgement.reason_kind == "made up":
            self._refused[case.constraint, judgement.reason] += 1
        elif judgement.note:
            self.note(judgement.note)

    def note_run(self, remarks: Iterable[str]) -> None:
        """Takes remarks about the whole run: they count once, however many parts it has."""
        self._notes.update(dict.fromkeys(remarks, 0))

    def note(self, remark: str) -> None:
        """Counts a remark."""
        self._notes[remark] += 1

    def advance(self, total: int | None, sent: int, *, examples: int = 0) -> None:
        """Reports that a case, or an example, is done. sent: as for `take`."""
        self.done += 1
        self._examples += examples
        self.listener(Tested(done=self.done, total=total, part=self.take(sent)))

    def take(self, sent: int, *, at: int = 0) -> Part:
        """The partial outcome since the last call. sent: requests since the campaign began."""
        part = Part(
            at=at,
            observations=tuple(self._observations),
            findings=self._found.all(),
            notes=tuple(self._notes.items()),
            refused=tuple(self._refused.items()),
            examples=self._examples,
            requests=sent - self._reported,
            ended=self.ended,
        )
        self._observations, self._found, self._examples = [], Findings(), 0
        self._notes, self._refused = Counter(), Counter()
        self._reported = sent
        return part

    def forget_findings(self) -> None:
        """Lets what follows be confirmed by itself, whatever was found before."""
        self.findings = Findings()
