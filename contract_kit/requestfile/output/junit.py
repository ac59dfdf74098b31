"""Findings as a JUnit report: a test case per finding, and one per file that could not be read."""

from __future__ import annotations

from xml.etree import ElementTree

from contract_kit.requestfile.output.documents import Report
from contract_kit.requestfile.summary import RunSummary
from contract_kit.validate.violation import printable


def junit_report(report: Report, summary: RunSummary) -> str:
    """One suite. A run without findings has a single case, so that it shows."""
    failures = sum(finding.severity == "error" for finding in report.findings)
    suite = ElementTree.Element("testsuite", name="contract-kit validate")
    for finding in report.findings:
        span = finding.span
        name = f"{finding.constraint} at {span.line}:{span.column}"
        case = _case(suite, finding.file, name)
        text = f"{finding.file}:{span.line}:{span.column}: {finding.message}"
        if finding.severity == "error":
            _child(case, "failure", finding.message, text, type=finding.constraint)
        else:
            ElementTree.SubElement(case, "system-out").text = printable(f"warning: {text}")
    for file, message in report.errors:
        _child(_case(suite, file, "checked"), "error", message, message, type="not checked")
    if not report.findings and not report.errors:
        _case(suite, "contract-kit", f"files that conform: {summary.files}")
    if report.left_out:
        ElementTree.SubElement(
            suite, "system-out"
        ).text = f"{report.left_out} more findings are left out"
    for file, message in report.notes:
        ElementTree.SubElement(suite, "system-out").text = printable(f"{file}: {message}")
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(failures))
    suite.set("errors", str(len(report.errors)))
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _case(suite: ElementTree.Element, file: str, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(
        suite, "testcase", classname=printable(file), name=printable(name), file=printable(file)
    )


def _child(case: ElementTree.Element, tag: str, message: str, text: str, *, type: str) -> None:
    child = ElementTree.SubElement(case, tag, message=printable(message), type=type)
    child.text = printable(text)
