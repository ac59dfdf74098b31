"""Outputs: one model of findings, told in each format with the same places."""

from __future__ import annotations

import inspect
import itertools
import json
import re
from xml.etree import ElementTree

import pytest

from contract_kit.requestfile.finding import FILE_RULES
from contract_kit.requestfile.interface import Output
from contract_kit.requestfile.output import documents
from contract_kit.requestfile.output.documents import DocumentOutput, json_report
from contract_kit.requestfile.output.github import GithubOutput
from contract_kit.requestfile.output.junit import junit_report
from contract_kit.requestfile.output.sarif import sarif_report
from contract_kit.requestfile.output.text import TextOutput

TEXT = """\
{
\t"archiveId": "a%b,c:d\\u0001", "MaxResults": 1, "MaxResults": 2,
  "ArchiveId": "😀漢 x", "FromTimestamp": 5, "ToTimestamp": 1,
  "ExportDestinationConfiguration": {
    "S3": {"S3Location": "http"},
    "x": 1
  }
}
"""


@pytest.fixture
def told(check):
    """`told(make, content, name)`: what an output writes about a file, and the findings."""

    def run(make, content=TEXT, name="dir/a,b%.json", missing=()):
        kept = check(content, name=name)
        written = []
        output = make(written.append)
        for finding in kept.findings:
            output.finding(finding)
        for file in missing:
            output.error(file, "no such file; give a path that exists")
            kept.summary.not_checked += 1
        output.finish(kept.summary)
        return "".join(written), kept

    return run


def document(writer):
    """An output that makes one document."""
    return lambda write: DocumentOutput(write, writer)


def test_text_underlines_what_is_wrong(told):
    """Under tabs, wide letters and emoji too."""
    text, kept = told(TextOutput)
    lines = text.splitlines()
    marked = [
        (source[8:], under[8:])
        for source, under in itertools.pairwise(lines)
        if re.fullmatch(r"      \| \s*\^+", under)
    ]
    assert len(marked) == len(kept.findings)
    assert (
        '\t"archiveId": "a%b,c:d\\u0001", "MaxResults": 1, "MaxResults": 2,',
        "\t" + "^" * 11,
    ) in marked
    assert (
        '  "ArchiveId": "😀漢 x", "FromTimestamp": 5, "ToTimestamp": 1,',
        " " * 15 + "^" * 8,
    ) in marked
    assert "\x1b" not in text


def test_text_names_the_sources_where_asked(told):
    """A line more for each constraint that is documented, and nothing else."""
    plain, _ = told(TextOutput)
    verbose, kept = told(lambda write: TextOutput(write, verbose=True))
    sources = [line for line in verbose.splitlines() if line.startswith("      documented by ")]
    assert len(sources) == sum(bool(finding.origins) for finding in kept.findings) > 0
    assert [line for line in verbose.splitlines() if line not in sources] == plain.splitlines()


def test_text_has_colours_where_it_may(told):
    """And then nothing else differs."""
    plain, _ = told(TextOutput)
    coloured, _ = told(lambda write: TextOutput(write, colour=True))
    assert coloured != plain
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_long_lines_are_shown_around_the_place(told):
    """Not in full."""
    text, _ = told(
        TextOutput, '{"x": "' + "y" * 5000 + '", "ArchiveId": "x y", "z": "' + "z" * 5000 + '"}'
    )
    assert max(len(line) for line in text.splitlines()) < 400
    assert '"ArchiveId": "x y"' in text


def test_values_of_sensitive_members_are_not_shown(check):
    """Neither in the message nor as a source line."""
    config = {"SmtpPassword": "hunter2"}
    kept = check(
        json.dumps(
            {
                "IngressPointName": "n",
                "Type": "AUTH",
                "RuleSetId": "r",
                "TrafficPolicyId": "t",
                "IngressPointConfiguration": config,
            }
        ),
        operation="mailmanager:CreateIngressPoint",
    )
    (finding,) = [one for one in kept.findings if one.path[-1] == "SmtpPassword"]
    assert "hunter2" not in repr(finding)


def test_json_holds_every_fact(told):
    """And is JSON."""
    text, kept = told(document(json_report), missing=["gone.json"])
    report = json.loads(text)
    assert report["conforms"] is False
    assert [one["constraint"] for one in report["findings"]] == [
        one.constraint for one in kept.findings
    ]
    (pattern,) = [one for one in report["findings"] if one["constraint"] == "ArchiveId.pattern"]
    assert (pattern["line"], pattern["column"], pattern["endLine"], pattern["endColumn"]) == (
        3,
        16,
        3,
        22,
    )
    assert pattern["limit"].endswith(r"a-[\w]{1,64}")
    assert len(pattern["origins"]) == 2
    (key,) = [one for one in report["findings"] if one["path"] == ["archiveId"]]
    assert "fix" not in key
    (double,) = [one for one in report["findings"] if one["constraint"] == "file.duplicateKey"]
    assert [place["column"] for place in double["related"]] == [32]
    assert report["notChecked"] == [
        {"file": "gone.json", "message": "no such file; give a path that exists"}
    ]
    assert sum(report["byConstraint"].values()) == len(kept.findings)


def test_a_document_has_an_end(told, monkeypatch):
    """What is left out is counted."""
    monkeypatch.setattr(documents, "MOST_FINDINGS", 2)
    report = json.loads(told(document(json_report))[0])
    assert len(report["findings"]) == 2
    assert report["findingsLeftOut"] == sum(report["byConstraint"].values()) - 2


def test_github_gets_one_line_each(told):
    """With what it takes for syntax escaped."""
    text, kept = told(GithubOutput, missing=["gone.json"])
    *commands, closing = text.splitlines()
    assert len(commands) == len(kept.findings) + 1
    levels = [command.partition(" ")[0] for command in commands]
    assert levels.count("::warning") == 1
    assert set(levels) == {"::warning", "::error"}
    first = next(command for command in commands if "title=request.type" in command)
    assert "/a%2Cb%25.json,line=2,endLine=2,col=2,endColumn=13,title=request.type::" in first
    assert closing.endswith("1 not checked")


def test_github_gets_no_columns_of_what_spans_lines(told):
    """It does not take them."""
    text, _ = told(GithubOutput, '{\n"ArchiveId": "a-b"\n}')
    assert "line=1,endLine=3,title=FromTimestamp.required::" in text


def test_sarif_has_rules_and_places(told):
    """Rules are the constraints; columns count code points; fixes stand where there is one."""
    text, kept = told(document(sarif_report), missing=["gone.json"])
    log = json.loads(text)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]
    assert len(set(ids)) == len(ids)
    for result, finding in zip(run["results"], kept.findings, strict=True):
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["name"] == finding.constraint
        region = result["locations"][0]["physicalLocation"]["region"]
        span = finding.span
        assert region == {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        }
        assert ("fixes" in result) is (finding.fix is not None)
        assert result["level"] == finding.severity
    (rule,) = [rule for rule in rules if rule["name"] == "ArchiveId.pattern"]
    assert "botocore" in rule["fullDescription"]["text"]
    (double,) = [rule for rule in rules if rule["id"] == "file.duplicateKey"]
    assert double["shortDescription"]["text"] == FILE_RULES["file.duplicateKey"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "gone.json" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_sarif_says_what_a_fix_writes(told):
    """In place of which region."""
    text, _ = told(document(sarif_report), TEXT.replace('"ArchiveId"', '"Y"'))
    results = json.loads(text)["runs"][0]["results"]
    (fix,) = [fix for result in results for fix in result.get("fixes", ())]
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    assert replacement["insertedContent"] == {"text": '"ArchiveId"'}
    assert replacement["deletedRegion"] == {
        "startLine": 2,
        "startColumn": 2,
        "endLine": 2,
        "endColumn": 13,
    }


def test_junit_has_a_case_for_each_finding(told):
    """Errors fail, warnings do not; no character that XML cannot hold gets in."""
    text, kept = told(document(junit_report), TEXT + "\x01", missing=["gone\x01.json"])
    suite = ElementTree.fromstring(text)[0]
    cases = suite.findall("testcase")
    assert len(cases) == int(suite.get("tests")) == len(kept.findings) + 1
    assert (
        len(suite.findall("testcase/failure")) == int(suite.get("failures")) == kept.summary.errors
    )
    assert len(suite.findall("testcase/error")) == int(suite.get("errors")) == 1


def test_junit_of_what_conforms_has_one_case(told):
    """So that CI shows that something ran."""
    good = (
        '{"ArchiveId": "a-b", "FromTimestamp": 1, "ToTimestamp": 2, '
        '"ExportDestinationConfiguration": {"S3": {}}}'
    )
    suite = ElementTree.fromstring(told(document(junit_report), good)[0])[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("1", "0", "0")


@pytest.mark.parametrize("output", [TextOutput, GithubOutput, DocumentOutput])
def test_every_output_is_told_all_that_a_run_tells(output):
    """With the same words: what runs call is an interface, which nobody derives from."""
    told_of = [name for name in vars(Output) if not name.startswith("_")]
    assert "finding" in told_of
    for name in told_of:
        wanted = inspect.signature(getattr(Output, name)).parameters
        given = inspect.signature(getattr(output, name)).parameters
        assert list(given) == list(wanted), name
