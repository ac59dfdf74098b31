"""The report for CI servers: JUnit XML."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_kit.errors import UsageError
from contract_kit.report.document import report_document
from contract_kit.report.formats import ReportFile, report_file, report_files
from contract_kit.report.junit import junit_text
from contract_kit.verdict.outcome import Gap


def suites(parts, *outcomes):
    """The parsed document."""
    return ElementTree.fromstring(
        junit_text([report_document(outcome, parts.RUN) for outcome in outcomes])
    )


def test_each_constraint_is_a_test_case(parts):
    """Those that were not tested are skipped, with the reason."""
    root = suites(parts, parts.outcome())
    (suite,) = root
    names = [case.get("name") for case in suite.iter("testcase")]
    assert set(names) >= {constraint.id for constraint in parts.EXPORT.constraints}
    assert len(names) == int(suite.get("tests")) == int(root.get("tests"))
    skipped = suite.find("testcase[@name='ArchiveId.pattern']/skipped")
    assert skipped.get("message") == "untested: no case for it could be sent"


def test_nothing_is_skipped_without_a_reason(parts):
    """Also what every reply is held to, where none came."""
    (suite,) = suites(parts, parts.outcome(ended="not begun"))
    skipped = {case.get("name"): case.find("skipped") for case in suite.iter("testcase")}
    del skipped["run"]
    assert "error.shape" in skipped
    for each in skipped.values():
        assert each.get("message").removeprefix("untested: ")


def test_a_finding_is_a_failure_that_can_be_repeated(parts):
    """With the verdict as its type and the command in its text."""
    root = suites(parts, parts.outcome(parts.finding("ArchiveId.pattern", "too lax")))
    failure = root.find("testsuite/testcase[@name='ArchiveId.pattern']/failure")
    assert failure.get("type") == "too lax"
    assert failure.get("message") == "accepted; an error is documented"
    assert "must satisfy regular expression pattern" in failure.text
    assert "curl -sS" in failure.text
    assert root.get("failures") == "1"


def test_a_known_gap_is_skipped_with_its_reason(parts):
    """It is no failure."""
    outcome = parts.outcome(parts.finding("ArchiveId.pattern", "too lax"))
    gap = Gap(constraint="ArchiveId.pattern", reason="on purpose")
    root = suites(parts, replace(outcome, gaps=(gap,)))
    skipped = root.find("testsuite/testcase[@name='ArchiveId.pattern']/skipped")
    assert skipped.get("message") == "known gap, too lax: on purpose"
    assert root.get("failures") == "0"


def test_another_verdict_of_a_known_gap_is_a_failure(parts):
    """With that verdict alone; the one that was known is not news."""
    outcome = parts.outcome(
        parts.finding("ArchiveId.pattern", "too lax"), parts.finding("ArchiveId.pattern", "crash")
    )
    gap = Gap(constraint="ArchiveId.*", verdicts=("crash",), reason="on purpose")
    root = suites(parts, replace(outcome, gaps=(gap,)))
    failure = root.find("testsuite/testcase[@name='ArchiveId.pattern']/failure")
    assert failure.get("type") == "too lax"
    assert failure.text.count("why") == 1
    assert root.get("failures") == "1"


def test_a_run_that_ended_early_is_an_error(parts):
    """A CI server must not take it for a whole one."""
    root = suites(parts, parts.outcome(ended="interrupted"))
    assert root.find("testsuite/testcase[@name='run']/error").get("message") == "interrupted"
    assert root.get("errors") == "1"


def test_several_operations_are_several_suites(parts):
    """Their counts add up at the root."""
    root = suites(parts, parts.outcome(parts.finding()), parts.outcome())
    assert len(root) == 2
    assert int(root.get("tests")) == sum(int(suite.get("tests")) for suite in root)


@given(st.text())
def test_whatever_a_server_says_is_xml(parts, reason):
    """Control characters and lone surrogates, which XML cannot hold, are shown as escapes."""
    root = suites(parts, parts.outcome(parts.finding(reason=reason)))
    failure = root.find("testsuite/testcase[@name='ArchiveId.pattern']/failure")
    if reason.isprintable():
        assert failure.get("message") == reason


def test_a_report_of_several_operations_is_a_list(parts, tmp_path):
    """That of one is the document itself."""
    document = report_document(parts.outcome(), parts.RUN)
    file = ReportFile(format="json", path=tmp_path / "r.json")
    file.write([document])
    assert json.loads(file.path.read_text()) == document
    file.write([document, document])
    assert json.loads(file.path.read_text()) == [document, document]


@pytest.mark.parametrize("second", ["json:a.out", "junit:./a.out", "junit:link"])
def test_two_reports_need_two_files(tmp_path, monkeypatch, second):
    """However the file is written: the second would take the place of the first."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to("a.out")
    with pytest.raises(UsageError, match=r"^--own 'j.*: a\.out is already used for another report"):
        report_files(["json:a.out", "junit:b.out", second], option="--own")
    assert len(report_files(["json:a.out", "junit:b.out"])) == 2


@pytest.mark.parametrize("text", ["r.xml", "html:r.html", "junit:", ""])
def test_a_report_needs_a_format_and_a_path(text):
    """The message shows both."""
    with pytest.raises(UsageError, match="write FORMAT:PATH with a format of json, junit"):
        report_file(text)
