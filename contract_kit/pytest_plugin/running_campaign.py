"""A campaign that is under way, and how reports show that it was run."""

from __future__ import annotations

from dataclasses import dataclass

from contract_kit.fuzz.campaign.group_runs import GroupRuns
from contract_kit.fuzz.partial_outcome import Part
from contract_kit.fuzz.setup import Setup
from contract_kit.report.explain import explanation
from contract_kit.report.run import ReportRun, program
from contract_kit.target.interface import Target
from contract_kit.verdict.summary import Finding
from contract_kit.wire.wire import Wire


@dataclass(slots=True, kw_only=True)
class RunningCampaign:
    """A campaign that is under way. given: the target as the fixture gives it.

    unable: why it cannot go on, if so.
    """

    wire: Wire
    given: object
    target: Target | None
    steps: GroupRuns | None
    run: ReportRun
    unable: str = ""
    untold: list[Part] | None = None

    def explain(self, finding: Finding) -> str:
        """A finding as the command line shows it."""
        known = {entry.id: entry for entry in self.steps.constraints} if self.steps else {}
        return explanation(finding, known[finding.constraint], self.wire, self.run)

    def close(self) -> None:
        """Frees what the target holds, unless it is the user's own."""
        if self.target is not None and self.target is not self.given:
            self.target.close()
            self.target = None


def run_of(setup: Setup, target: Target) -> ReportRun:
    """How a campaign is run, as far as reports show it."""
    return ReportRun(
        url=target.url,
        region=setup.region,
        profile=setup.profile,
        seed=0,
        headers=target.abilities.header_names,
        by_url=target.abilities.reached_by_url,
        program=program(),
        credentials=len(setup.credentials),
    )
