"""A campaign that is run group by group, each with a verdict of its own."""

from __future__ import annotations

from dataclasses import dataclass

from contract_kit.cases.case import Case
from contract_kit.contract.operation import Constraint
from contract_kit.fuzz.campaign import Campaign
from contract_kit.fuzz.findings import Findings
from contract_kit.fuzz.groups import Group, groups
from contract_kit.fuzz.part import Part
from contract_kit.verdict.outcome import PROVEN
from contract_kit.verdict.summary import Finding, Verdict, constraint_verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What came of one group.

    verdict: of its constraint on its side, as far as the group tells. reason: why it is so, if
    there is anything to say. finding: where the verdict is one, what shows it. part: all that was
    found meanwhile, also of other constraints, to be merged with that of other steps.
    """

    constraint: Constraint
    verdict: Verdict
    reason: str
    finding: Finding | None
    part: Part


class Steps:
    """Runs a campaign group by group, in any order and leaving out any."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self.constraints = campaign.constraints
        self._constraints = {entry.id: entry for entry in campaign.constraints}
        self._cases: dict[str, Case] = {}
        self._failing: dict[str, bool] = {}
        self._seen = Findings()
        self.start: Part | None = None

    def begin(self) -> Part:
        """Sends the preflight, once; what it found. `ended` is set where the target crashed on it.

        Raises TargetError where there is nothing to test.
        """
        if self.start is None:
            self._cases = {case.id: case for case in self._campaign.start()}
            self.start = self._take()
        return self.start

    def run(self, group: Group) -> Step:
        """Sends the cases of a group."""
        self.begin()
        before = self._campaign.ended
        if group.of_replies:
            self._send_for(group)
        else:
            for id in group.cases:
                # A binding may leave no room for a case.
                if id in self._cases:
                    self._campaign.send(self._cases[id])
        return self._step(group, before)

    def fails(self, constraint: str) -> bool:
        """Whether any case of a constraint shows a finding; sends them all, once."""
        if constraint not in self._failing:
            all_groups = groups(self._campaign.operation)
            mine = [group for group in all_groups if group.constraint == constraint]
            self._failing[constraint] = any(self.run(group).finding is not None for group in mine)
        return self._failing[constraint]

    def _send_for(self, group: Group) -> None:
        for id in group.cases:
            if id in self._cases:
                self._campaign.send_for(group.constraint, self._cases[id])
        if not group.cases:
            self._campaign.finish()

    def _step(self, group: Group, ended_before: str) -> Step:
        part = self._take()
        constraint = self._constraints[group.constraint]
        # What all replies are held to shows anywhere.
        findings = self._seen.all() if group.of_replies else part.findings
        own = [
            entry
            for entry in findings
            if (entry.constraint, entry.side) == (group.constraint, group.side)
        ]
        observed = [entry for entry in part.observations if entry.case.side == group.side]
        (verdict,) = constraint_verdicts([constraint], observed, own)
        name, reason = verdict.verdict, verdict.detail
        if not own and ended_before:
            name, reason = "untested", ended_before
        elif not own and group.of_replies and not group.cases:
            name = "enforced"
        return Step(
            constraint=constraint,
            verdict=name,
            reason="" if name in PROVEN else reason,
            finding=own[0] if own else None,
            part=part,
        )

    def _take(self) -> Part:
        part = self._campaign.take()
        for finding in part.findings:
            self._seen.merge(finding)
        return part
