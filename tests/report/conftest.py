"""Outcomes to report, made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract_kit import operation
from contract_kit.cases.case import Case
from contract_kit.fuzz.findings import Findings
from contract_kit.report.run import ReportRun
from contract_kit.verdict.judge import Judgement
from contract_kit.verdict.outcome import Outcome
from contract_kit.verdict.summary import constraint_verdicts
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.message import Message, Reply
from contract_kit.wire.table import wire_of

EXPORT = operation("mailmanager:StartArchiveExport")
MESSAGE = AwsJson().encode(EXPORT, {"ArchiveId": "a-1"})
REPLY = Reply(
    status=200, headers=(("Content-Type", "application/x-amz-json-1.0"),), body=b'{"ExportId":"e"}'
)


class Parts:
    """What reports are made from."""

    EXPORT, MESSAGE, REPLY = EXPORT, MESSAGE, REPLY
    RUN = ReportRun(url="http://127.0.0.1:8000", region="eu-west-1", profile="strict", seed=3)

    @staticmethod
    def finding(
        constraint: str = "ArchiveId.pattern",
        outcome: str = "too lax",
        message: Message = MESSAGE,
        reply: Reply = REPLY,
        *,
        reason: str = "accepted; an error is documented",
        slug: str = "x",
        times: int = 1,
    ) -> Findings:
        """One finding, shown by as many cases as `times` says."""
        found = Findings()
        case = Case(
            id=f"StartArchiveExport/{constraint}/{slug}",
            constraint=constraint,
            side="outside",
            expects="reject",
            family="value",
        )
        for _ in range(times):
            found.add(case, Judgement(outcome=outcome, reason=reason), message, reply)
        return found

    @staticmethod
    def outcome(
        *found: Findings, notes: tuple[str, ...] = (), ended: str = "", holds: int = 0
    ) -> Outcome:
        """The outcome of a run with these findings. holds: how many other constraints do."""
        findings = tuple(entry for each in found for entry in each.all())
        wire = wire_of(EXPORT)
        constraints = wire.constraints
        verdicts = constraint_verdicts(constraints, [], findings)
        open_ = [entry.constraint.id for entry in verdicts if entry.verdict == "untested"][:holds]
        return Outcome(
            wire=wire,
            verdicts=tuple(
                replace(entry, verdict="enforced", detail="")
                if entry.constraint.id in open_
                else entry
                for entry in verdicts
            ),
            findings=findings,
            notes=notes,
            cases=5,
            requests=7,
            ended=ended,
        )


@pytest.fixture(scope="session")
def parts():
    """Findings and outcomes to report."""
    return Parts
