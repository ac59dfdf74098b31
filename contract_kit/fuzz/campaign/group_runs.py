"""A campaign that is run group by group, each with a verdict of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contract_kit.cases.case import Case
from contract_kit.cases.groups import Group, groups
from contract_kit.contract.operation import Constraint
from contract_kit.fuzz.campaign.campaign import Campaign
from contract_kit.fuzz.findings import Findings
from contract_kit.fuzz.partial_outcome import Part
from contract_kit.verdict.judge import JudgedAs
from contract_kit.verdict.outcome import PROVEN, Gap
from contract_kit.verdict.summary import Finding, Verdict, constraint_verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupResult:
    """The result of one group.

    verdict: of its constraint on its side, as far as the group shows. reason: why it is so, if
    there is anything to say. findings: of it, the worst first. part: all that was found meanwhile,
    also of other constraints, to be merged with that of other steps.
    """

    constraint: Constraint
    verdict: Verdict
    reason: str
    findings: tuple[Finding, ...]
    part: Part

    @property
    def finding(self) -> Finding | None:
        """The finding that shows the verdict, if there is one."""
        return self.findings[0] if self.findings else None


class GroupRuns:
    """Runs a campaign group by group, in any order and leaving out any."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self.constraints = campaign.wire.constraints
        self._constraints = {entry.id: entry for entry in campaign.wire.constraints}
        self._cases: dict[str, Case] = {}
        self._sent: dict[str, set[JudgedAs]] = {}
        """Cases that were judged, and which findings of their own constraint they showed."""
        self._ahead: dict[str, Part] = {}
        """Partial outcomes of cases that were sent before their group."""
        self._seen = Findings()
        self._places = places_of(groups(campaign.wire))
        self._at = 0
        """Where the group that was run last belongs."""
        self.start: Part | None = None

    def begin(self) -> Part:
        """Sends the preflight, once; what it found. `ended` is set where the target crashed on it.

        Raises TargetError where there is nothing to test.
        """
        if self.start is None:
            self._cases = {case.id: case for case in self._campaign.start()}
            self.start = self._take(0)
        return self.start

    def run(self, group: Group) -> GroupResult:
        """Sends the cases of a group, but those that `fails` sent already."""
        self.begin()
        self._at = self._place(group)
        known = [self._send(group, id) for id in group.cases if id in self._cases]
        if self._is_last(group):
            self._campaign.finish()
        return self._step(group, [part for part in known if part is not None])

    def fails(self, gap: Gap) -> tuple[bool | None, tuple[Part, ...]]:
        """Whether any case shows a finding that a gap excuses; and what was found on the way.

        None where that is not known, since the campaign ended before all of them were sent.

        Sends what was not sent yet, until one shows it: of what every reply is held to, any case
        may. A group of these cases sends them no more.
        """
        self.begin()
        parts = []
        held = [
            group
            for group in groups(self._campaign.wire)
            if group.of_replies and gap.is_of(group.constraint)
        ]
        for id, case in self._cases.items():
            if self._shows(gap):
                break
            if id not in self._sent and (held or gap.is_of(case.constraint)):
                self._campaign.send(case)
                self._ahead[id] = self._take(self._at)
                parts.append(self._ahead[id])
        if any(self._is_last(group) for group in held) and not self._shows(gap):
            self._campaign.finish()
            parts.append(self._take(self._at))
        shows = self._shows(gap)
        return shows if shows or not self._campaign.ended else None, tuple(parts)

    def known(self, group: Group) -> GroupResult:
        """The result of a group so far; nothing is sent."""
        return self._step(group, [])

    def _shows(self, gap: Gap) -> bool:
        """Whether a gap excuses anything that was seen so far."""
        if any(gap.covers(finding) for finding in self._seen.all()):
            return True
        return any(
            outcome in gap.verdicts or not gap.verdicts
            for id, shown in self._sent.items()
            if gap.is_of(self._cases[id].constraint)
            for outcome in shown
        )

    def _is_last(self, group: Group) -> bool:
        """Whether a last check of the whole connection concerns the group."""
        return group.of_replies and self._constraints[group.constraint].kind == "wire"

    def _send(self, group: Group, id: str) -> Part | None:
        """Sends a case for a group; what came of it if it was sent ahead."""
        case = self._cases[id]
        if group.of_replies and not self._is_last(group):
            self._campaign.send_for(group.constraint, case)
            return None
        if id in self._ahead:
            return self._ahead.pop(id)
        self._campaign.send(case)
        return None

    def _step(self, group: Group, known: list[Part]) -> GroupResult:
        part = self._take(self._at)
        constraint = self._constraints[group.constraint]
        found = Findings()
        for finding in (entry for each in (*known, part) for entry in each.findings):
            found.merge(finding)
        # A constraint on all replies may break anywhere.
        findings = self._seen.all() if group.of_replies else found.all()
        own = [
            entry
            for entry in findings
            if (entry.constraint, entry.side) == (group.constraint, group.side)
        ]
        observed = [
            entry
            for each in (*known, part)
            for entry in each.observations
            if entry.case.side == group.side
        ]
        (verdict,) = constraint_verdicts([constraint], observed, own)
        name, reason = verdict.verdict, verdict.detail
        if not own and self._campaign.ended:
            name, reason = "untested", self._campaign.ended
        elif not own and self._is_last(group):
            name = "enforced"
        return GroupResult(
            constraint=constraint,
            verdict=name,
            reason="" if name in PROVEN else reason,
            findings=tuple(own),
            part=part,
        )

    def _place(self, group: Group) -> int:
        first = self._places.get(group.cases[0]) if group.cases and not group.of_replies else None
        return self._places[group.name] if first is None else first

    def _take(self, at: int) -> Part:
        part = self._campaign.take(at)
        self._campaign.forget_findings()
        for finding in part.findings:
            self._seen.merge(finding)
        for entry in part.observations:
            known = self._cases.get(entry.case.id)
            # Sent for what every reply is held to, a case is not judged by itself.
            if known is not None and known.constraint == entry.case.constraint:
                shown = self._sent.setdefault(entry.case.id, set())
                if entry.judgement.is_finding:
                    shown.add(entry.judgement.outcome)
        return part


def places_of(ordered: Iterable[Group]) -> dict[str, int]:
    """Where parts belong: the name of each group, and the id of each case of its own, from 1 on."""
    places: dict[str, int] = {}
    for group in ordered:
        for name in (group.name, *(() if group.of_replies else group.cases)):
            places[name] = len(places) + 1
    return places
