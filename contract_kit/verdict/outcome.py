"""`Outcome`: everything that one campaign found, as data for reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from contract_kit.contract.id_globs import glob_of
from contract_kit.contract.operation import Operation
from contract_kit.verdict.judge import JudgedAs
from contract_kit.verdict.summary import ConstraintVerdict, Finding
from contract_kit.wire.wire import Wire

OPEN = ("masked", "untested")
"""Verdicts of constraints of which nothing is proven."""

PROVEN = ("enforced", "implied")
"""Verdicts of constraints that hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A deviation that its owner knows of.

    constraint: its id, or a glob for several, such as `Tags[].*`. reason: why it is accepted.
    verdicts: those that it excuses; empty for all.
    """

    constraint: str
    reason: str
    verdicts: tuple[JudgedAs, ...] = ()

    def is_of(self, constraint: str) -> bool:
        """Whether it is one of the constraint of that id."""
        return glob_of(self.constraint).fullmatch(constraint) is not None

    def covers(self, finding: Finding) -> bool:
        """Whether it excuses a finding."""
        excused = not self.verdicts or finding.verdict in self.verdicts
        return excused and self.is_of(finding.constraint)

    def is_closed(self, verdicts: Iterable[ConstraintVerdict]) -> bool:
        """Whether all its constraints hold by now, of those that have a verdict."""
        own = [entry.verdict for entry in verdicts if self.is_of(entry.constraint.id)]
        return bool(own) and all(verdict in PROVEN for verdict in own)


def covering(gaps: Iterable[Gap], finding: Finding) -> Gap | None:
    """The first gap that excuses a finding."""
    return next((gap for gap in gaps if gap.covers(finding)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The outcome of a campaign.

    requests: how many were sent. examples: how many were drawn at random, beyond the cases.
    ended: why it stopped early, if so. chosen: whether it sent some cases only.
    gaps: deviations that are known; their findings do not count against the implementation.
    """

    wire: Wire
    verdicts: tuple[ConstraintVerdict, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    cases: int
    requests: int
    examples: int = 0
    ended: str = ""
    chosen: bool = False
    gaps: tuple[Gap, ...] = ()

    @property
    def operation(self) -> Operation:
        """The operation that was tested."""
        return self.wire.operation

    @property
    def conforms(self) -> bool:
        """Whether all cases were sent, and something proven, with no finding but known gaps."""
        return not self.new_findings and not self.ended and not self.proves_nothing

    @property
    def provable(self) -> tuple[ConstraintVerdict, ...]:
        """The constraints that the run was about and that a request can show."""
        found = {finding.constraint for finding in self.findings}
        return tuple(
            entry
            for entry in self.verdicts
            if (not self.chosen or entry.cases or entry.constraint.id in found)
            and entry.verdict != "not expressible"
        )

    @property
    def proven(self) -> tuple[ConstraintVerdict, ...]:
        """Those of them that were shown to hold, or not to."""
        return tuple(entry for entry in self.provable if entry.verdict not in OPEN)

    @property
    def is_mostly_proven(self) -> bool:
        """Whether half of what can be proven was, either way."""
        return 2 * len(self.proven) >= len(self.provable)

    @property
    def proves_nothing(self) -> bool:
        """Whether nothing was proven of what has cases of its own."""
        own = [entry for entry in self.provable if not _is_of_replies(entry)]
        return bool(own) and not any(entry.verdict not in OPEN for entry in own)

    @property
    def unproven(self) -> str:
        """Why most is not proven, in the most frequent words; empty where most is."""
        if self.is_mostly_proven and not self.proves_nothing:
            return ""
        why = Counter(entry.detail for entry in self.provable if entry.verdict in OPEN)
        (reason, count), *_ = why.most_common(1)
        share = f"only {len(self.proven)} of {len(self.provable)} constraints were proven"
        return f"{share}; reason for {count} of the others: {reason}"

    @property
    def new_findings(self) -> tuple[Finding, ...]:
        """The findings that no known gap excuses."""
        return tuple(entry for entry in self.findings if covering(self.gaps, entry) is None)

    @property
    def closed_gaps(self) -> tuple[Gap, ...]:
        """Known gaps of constraints that hold by now."""
        return tuple(gap for gap in self.gaps if gap.is_closed(self.verdicts))

    @property
    def enforced_percent(self) -> float:
        """Of all constraints, how many are enforced or implied; 0 to 100, 0 of none."""
        proven = sum(entry.verdict in PROVEN for entry in self.verdicts)
        return 100 * proven / len(self.verdicts) if self.verdicts else 0.0


def _is_of_replies(entry: ConstraintVerdict) -> bool:
    """Whether any reply shows the constraint, whatever was asked."""
    kind, id = entry.constraint.kind, entry.constraint.id
    return kind in ("response", "error") or id == "wire.connection"


def proven_percent(outcomes: Iterable[Outcome]) -> float | None:
    """Of all constraints of all outcomes, how many hold; 0 to 100, None if there are none."""
    verdicts = [entry.verdict for outcome in outcomes for entry in outcome.verdicts]
    proven = sum(verdict in PROVEN for verdict in verdicts)
    return 100 * proven / len(verdicts) if verdicts else None
