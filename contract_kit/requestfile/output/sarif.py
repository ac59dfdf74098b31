"""Findings as SARIF 2.1.0, which code scanning services and editors read."""

from __future__ import annotations

import json
import os
from urllib.parse import quote

from contract_kit.contract.shape import Json
from contract_kit.requestfile.finding import FILE_RULES, FileFinding, Fix, Span
from contract_kit.requestfile.output.documents import Report
from contract_kit.requestfile.summary import RunSummary

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"


def sarif_report(report: Report, summary: RunSummary) -> str:
    """A log of one run. Rules are the constraints, with what is documented of each."""
    rules: dict[tuple[str, str], int] = {}
    for finding in report.findings:
        rules.setdefault((finding.operation, finding.constraint), len(rules))
    first = {
        (finding.operation, finding.constraint): finding for finding in reversed(report.findings)
    }
    notifications = [
        {
            "level": level,
            "message": {"text": f"{file}: {message}"},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(file)}}],
        }
        for level, reported in (("error", report.errors), ("note", report.notes))
        for file, message in reported
    ]
    if report.left_out:
        text = f"{report.left_out} more findings are counted, but left out"
        notifications.append({"level": "warning", "message": {"text": text}})
    run = {
        "tool": {
            "driver": {
                "name": "contract-kit",
                "rules": [_rule(first[key]) for key in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not report.errors,
                "exitCode": summary.exit_code,
                "toolExecutionNotifications": notifications,
            }
        ],
        "results": [
            _result(finding, rules[(finding.operation, finding.constraint)])
            for finding in report.findings
        ],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2) + "\n"


def _rule_id(finding: FileFinding) -> str:
    return f"{finding.operation}/{finding.constraint}".lstrip("/")


def _rule(finding: FileFinding) -> Json:
    """The rule that a finding breaks: the constraint, and who documents it."""
    fact = FILE_RULES.get(finding.constraint) or finding.limit
    rule: Json = {
        "id": _rule_id(finding),
        "name": finding.constraint,
        "shortDescription": {"text": fact},
        "defaultConfiguration": {"level": finding.severity},
    }
    if finding.origins:
        rule["fullDescription"] = {"text": f"{fact} [{'; '.join(finding.origins)}]"}
        rule["properties"] = {"operation": finding.operation, "origins": list(finding.origins)}
    return rule


def _result(finding: FileFinding, index: int) -> Json:
    result: Json = {
        "ruleId": _rule_id(finding),
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": finding.message},
        "locations": [_location(finding.file, finding.span)],
    }
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, **_location(finding.file, span), "message": {"text": text}}
            for number, (span, text) in enumerate(finding.related)
        ]
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.file, finding.fix)]
    return result


def _fix(file: str, fix: Fix) -> Json:
    replacement = {
        "deletedRegion": _region(fix.span),
        "insertedContent": {"text": fix.replacement},
    }
    change = {"artifactLocation": _artifact(file), "replacements": [replacement]}
    return {"description": {"text": fix.hint}, "artifactChanges": [change]}


def _location(file: str, span: Span) -> Json:
    return {"physicalLocation": {"artifactLocation": _artifact(file), "region": _region(span)}}


def _region(span: Span) -> Json:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _artifact(file: str) -> Json:
    """A relative path stays relative: services resolve it against the checkout."""
    uri = quote(file.replace(os.sep, "/"), errors="surrogateescape")
    return {"uri": f"file://{uri}" if os.path.isabs(file) else uri}
