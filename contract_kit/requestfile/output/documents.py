"""Outputs that are one document: findings are kept until the end, up to a limit."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from contract_kit.contract.shape import Json
from contract_kit.requestfile.finding import FileFinding, Span
from contract_kit.requestfile.fix import Change
from contract_kit.requestfile.summary import RunSummary

MOST_FINDINGS = 10_000
"""Findings that a document holds at most, so that memory has an end; the rest is counted."""


@dataclass(slots=True)
class Report:
    """The findings of a run, kept for a document. left_out: those beyond MOST_FINDINGS."""

    findings: list[FileFinding] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    left_out: int = 0


Writer = Callable[[Report, RunSummary], str]
"""Makes the text of a document."""


class DocumentOutput:
    """Keeps everything, and writes one document at the end."""

    def __init__(self, write: Callable[[str], object], writer: Writer) -> None:
        self._write = write
        self._writer = writer
        self._report = Report()

    def finding(self, finding: FileFinding) -> None:
        """Keeps it, while there is room."""
        if len(self._report.findings) < MOST_FINDINGS:
            self._report.findings.append(finding)
        else:
            self._report.left_out += 1

    def error(self, file: str, message: str) -> None:
        """Keeps it."""
        self._report.errors.append((file, message))

    def note(self, file: str, message: str) -> None:
        """Keeps it."""
        self._report.notes.append((file, message))

    def change(self, change: Change) -> None:
        """Keeps it."""
        self._report.changes.append(change)

    def finish(self, summary: RunSummary) -> None:
        """Writes the document."""
        self._write(self._writer(self._report, summary))


def json_report(report: Report, summary: RunSummary) -> str:
    """Everything as JSON, one finding after the other."""
    document: Json = {
        "version": 1,
        "conforms": summary.exit_code == 0,
        "files": summary.files,
        "requests": summary.requests,
        "leftAlone": summary.left_alone,
        "schemas": summary.schemas,
        "errors": summary.errors,
        "warnings": summary.warnings,
        "byConstraint": dict(sorted(summary.by_constraint.items())),
        "findings": [as_json(finding) for finding in report.findings],
        "findingsLeftOut": report.left_out,
        "notChecked": [{"file": file, "message": message} for file, message in report.errors],
        "notes": [{"file": file, "message": message} for file, message in report.notes],
        "changes": [
            {"file": made.file, **_place(made.span), "old": made.old, "new": made.new}
            for made in report.changes
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def as_json(finding: FileFinding) -> Json:
    """One finding."""
    document: Json = {
        "file": finding.file,
        **_place(finding.span),
        "severity": finding.severity,
        "constraint": finding.constraint,
        "message": finding.message,
        "path": list(finding.path),
    }
    for name in ("operation", "limit", "value"):
        if getattr(finding, name):
            document[name] = getattr(finding, name)
    if finding.origins:
        document["origins"] = list(finding.origins)
    if finding.related:
        document["related"] = [{**_place(span), "message": text} for span, text in finding.related]
    if finding.fix is not None:
        document["fix"] = {
            **_place(finding.fix.span),
            "replacement": finding.fix.replacement,
            "hint": finding.fix.hint,
            "safe": finding.fix.safe,
        }
    return document


def _place(span: Span) -> Json:
    return {
        "line": span.line,
        "column": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
