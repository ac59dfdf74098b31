"""`Outcome`: everything that one campaign found, as data for reports."""

from __future__ import annotations

from dataclasses import dataclass

from contract_kit.contract.operation import Operation
from contract_kit.verdict.summary import ConstraintVerdict, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a campaign found. requests: how many were sent. ended: why it stopped early, if so."""

    operation: Operation
    verdicts: tuple[ConstraintVerdict, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    cases: int
    requests: int
    ended: str = ""

    @property
    def conforms(self) -> bool:
        """Whether all cases were sent and nothing was found."""
        return not self.findings and not self.ended
