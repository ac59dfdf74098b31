"""Known gaps turn a test into an expected failure, or fail it because a gap has closed."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from contract_kit.cases.groups import Group
from contract_kit.fuzz.campaign.group_runs import GroupResult, GroupRuns
from contract_kit.fuzz.partial_outcome import Part
from contract_kit.verdict.outcome import PROVEN, Gap, covering


class ExpectedResult(NamedTuple):
    """step: what came of the test. parts: all that was found for it. failure: the reason why the
    test has to fail, empty where it need not: an open gap, or one that has closed."""

    step: GroupResult
    parts: tuple[Part, ...]
    failure: str


def expected_result(
    steps: GroupRuns, group: Group, gaps: tuple[Gap, ...], *, file: str
) -> ExpectedResult:
    """Sends the cases of a group, and returns the result expected of its test.

    file: where gaps that have closed are to be taken out. A test that passes while others show
    the gap does not have to fail.
    """
    step = steps.run(group)
    parts, failure = [step.part], ""
    own = [gap for gap in gaps if gap.is_of(group.constraint)]
    for gap in own if step.verdict in PROVEN and not step.findings else ():
        still, found = steps.fails(gap)
        parts += found
        if still and group.of_replies:
            step = steps.known(group)
        elif still is False and not failure:
            failure = f"{gap.constraint} holds now; remove it from {file}: {gap.reason}"
    if step.findings:
        # Findings that no gap excuses come first, so that no gap hides them.
        excused = {finding: covering(gaps, finding) for finding in step.findings}
        findings = sorted(excused, key=lambda finding: excused[finding] is not None)
        step = replace(step, findings=tuple(findings))
        known = excused[findings[0]]
        failure = f"known gap: {known.reason}" if known else ""
    return ExpectedResult(step, tuple(parts), failure)
