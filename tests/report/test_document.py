"""The JSON report, and the schema that describes it."""

from __future__ import annotations

import base64
import json
from contextlib import closing
from dataclasses import replace
from typing import get_args

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_kit.contract.catalog import schema_root
from contract_kit.fuzz import fuzz
from contract_kit.reference.wsgi import app
from contract_kit.report.document import LONGEST_BODY, report_document
from contract_kit.report.repeat import reproduce
from contract_kit.report.run import ReportRun
from contract_kit.target.http import wsgi_target
from contract_kit.verdict.judge import FINDINGS, Profile
from contract_kit.verdict.summary import WORST_FIRST
from contract_kit.wire.message import Message, Reply
from contract_kit.wire.table import SHOWN_HEADERS

SCHEMA = json.loads((schema_root() / "report.schema.json").read_text())
CHECK = jsonschema.Draft202012Validator(SCHEMA)


def parsed(report):
    """The report as it comes out of a file."""
    return json.loads(json.dumps(report))


def test_the_schema_is_a_schema_with_an_id_of_its_own():
    """Reports name it."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == "urn:contract-kit:report:1"


def test_the_schema_knows_the_words_of_the_code():
    """Verdicts, profiles and failures are the same lists."""
    known = SCHEMA["$defs"]
    assert known["constraint"]["properties"]["verdict"]["enum"] == list(WORST_FIRST)
    assert set(known["finding"]["properties"]["verdict"]["enum"]) == set(FINDINGS)
    assert SCHEMA["properties"]["profile"]["enum"] == list(get_args(Profile))
    assert set(known["headers"]["properties"]) == set(SHOWN_HEADERS)
    assert all(
        f"`{word}`" in (Reply.__doc__ or "")
        for word in known["failure"]["properties"]["failure"]["enum"]
    )


def test_every_object_of_the_schema_is_closed():
    """A member that the schema does not know is a mistake of ours."""

    def objects(schema):
        if isinstance(schema, dict):
            if "object" in schema.get("type", ()):
                yield schema
            for inner in schema.values():
                yield from objects(inner)

    found = list(objects(SCHEMA))
    assert len(found) >= 7
    assert [schema for schema in found if "additionalProperties" not in schema] == []


def test_a_report_without_findings_is_valid(parts):
    """Every constraint is in it."""
    report = parsed(report_document(parts.outcome(notes=("a note",), holds=90), parts.RUN))
    CHECK.validate(report)
    assert (report["conforms"], report["findings"], report["notes"]) == (True, [], ["a note"])
    assert (report["cases"], report["requests"], report["seed"]) == (5, 7, 3)
    assert (report["proven"], report["provable"]) == (90, 93)
    assert {"ArchiveId.pattern", "wire.target", "error.leak", "response.ExportId.unique"} <= {
        entry["id"] for entry in report["constraints"]
    }


def test_a_run_that_ended_early_does_not_conform(parts):
    """The report says why it ended."""
    report = parsed(report_document(parts.outcome(ended="interrupted"), parts.RUN))
    CHECK.validate(report)
    assert (report["conforms"], report["ended"]) == (False, "interrupted")


def test_a_finding_tells_request_reply_and_how_to_repeat_it(parts):
    """With the smallest message and the number of cases that show it."""
    found = parts.finding(times=3)
    report = parsed(report_document(parts.outcome(found), parts.RUN))
    CHECK.validate(report)
    (finding,) = report["findings"]
    assert finding["constraint"] == "ArchiveId.pattern"
    assert (finding["verdict"], finding["side"], finding["cases"]) == ("too lax", "outside", 3)
    assert finding["request"]["body"] == '{"ArchiveId":"a-1"}'
    assert finding["request"]["headers"]["x-amz-target"] == "MailManagerSvc.StartArchiveExport"
    assert finding["reply"]["status"] == 200
    assert finding["curl"].startswith("curl ")
    (entry,) = (entry for entry in report["constraints"] if entry["id"] == "ArchiveId.pattern")
    assert (entry["verdict"], entry["detail"]) == ("too lax", "accepted; an error is documented")
    assert entry["fact"] == "must satisfy regular expression pattern: a-[\\w]{1,64}"
    assert any(origin.startswith("model: botocore") for origin in entry["origins"])


def test_no_signature_and_no_date_stands_in_a_report(parts):
    """Two runs give the same bytes, and nothing that looks like a credential."""
    secret = (("Authorization", "AWS4 s3cr3t"), ("X-Amz-Date", "s3cr3t"), ("Set-Cookie", "s3cr3t"))
    found = parts.finding(message=Message(headers=secret), reply=Reply(status=200, headers=secret))
    report = report_document(parts.outcome(found), parts.RUN)
    assert report["findings"][0]["request"]["headers"] == {}
    assert report["findings"][0]["reply"]["headers"] == {}


def test_a_failure_stands_in_place_of_a_reply(parts):
    """There is no status then."""
    found = parts.finding(reply=Reply(failure="timeout", detail="no whole reply within 5 s"))
    report = parsed(report_document(parts.outcome(found), parts.RUN))
    CHECK.validate(report)
    assert report["findings"][0]["reply"] == {
        "failure": "timeout",
        "detail": "no whole reply within 5 s",
    }


def test_a_long_body_is_cut_between_characters_and_its_length_told(parts):
    """Text stays text wherever the cut falls."""
    found = parts.finding(message=Message(body=b"x" + "😀".encode() * LONGEST_BODY))
    report = report_document(parts.outcome(found), parts.RUN)
    CHECK.validate(parsed(report))
    request = report["findings"][0]["request"]
    assert request["bytes"] == 1 + 4 * LONGEST_BODY
    assert request["body"] == "x" + "😀" * ((LONGEST_BODY - 1) // 4)


def test_a_long_body_repeats_the_cases_that_made_it(parts):
    """With the bindings and the request of the run, quoted for a shell."""
    run = ReportRun(
        url="http://127.0.0.1:8000",
        region="eu-west-1",
        profile="strict",
        seed=0,
        arguments=("--bind", "ArchiveId=a b"),
    )
    found = parts.finding("Filters.Include.maxItems", message=Message(body=b"x" * 100_000))
    line = report_document(parts.outcome(found), run)["findings"][0]["curl"]
    assert line.startswith(
        "contract-kit cases mailmanager:StartArchiveExport --bind 'ArchiveId=a b' "
        "--case StartArchiveExport/Filters.Include.maxItems/x --format body | curl "
    )


def test_an_id_with_brackets_is_quoted(parts):
    """Shells take brackets for patterns of file names."""
    found = parts.finding("Filters.Include[].type", message=Message(body=b"x" * 100_000))
    line = report_document(parts.outcome(found), parts.RUN)["findings"][0]["curl"]
    assert "--case 'StartArchiveExport/Filters.Include[].type/x' " in line


TEXTS = st.text(max_size=20)
HEADERS = st.lists(
    st.tuples(st.sampled_from(["Content-Type", "X-Amzn-ErrorType", "Retry-After", "X"]), TEXTS),
    max_size=3,
).map(tuple)
REPLIES = st.builds(
    Reply, status=st.integers(100, 599), headers=HEADERS, body=st.binary(max_size=60)
) | st.builds(Reply, failure=st.sampled_from(["timeout", "dropped", "raised"]), detail=TEXTS)


@given(
    message=st.builds(Message, headers=HEADERS, body=st.binary(max_size=60)),
    reply=REPLIES,
    reason=st.text(min_size=1, max_size=20),
)
@settings(max_examples=60)
def test_whatever_was_sent_and_came_is_a_valid_report(parts, message, reply, reason):
    """And no byte of a body is lost in it."""
    found = parts.finding(message=message, reply=reply, reason=reason)
    report = parsed(report_document(parts.outcome(found), parts.RUN))
    CHECK.validate(report)
    shown = report["findings"][0]["request"]
    text, encoded = shown.get("body"), shown.get("bodyBase64")
    assert (base64.b64decode(encoded) if text is None else text.encode()) == message.body


@pytest.mark.parametrize(
    "faults", [(), ("ArchiveId.pattern/not-enforced", "MaxResults.type/answered-with-500")]
)
def test_the_report_of_a_real_run_is_valid(parts, faults):
    """Of the embedded implementation, as it should be and with faults."""
    with closing(wsgi_target(app(faults))) as target:
        outcome = fuzz(parts.EXPORT, target, examples=0)
    report = parsed(report_document(outcome, parts.RUN))
    CHECK.validate(report)
    assert report["conforms"] is not bool(faults)
    assert {entry["constraint"] for entry in report["findings"]} >= {
        name.partition("/")[0] for name in faults
    }


@pytest.mark.parametrize(
    ("slug", "end"),
    [("x", " --case StartArchiveExport/ArchiveId.pattern/x"), ("explored-1", "")],
)
def test_what_was_drawn_is_repeated_by_its_seed_where_there_is_no_url(parts, slug, end):
    """The command carries what the run was given; a case on the list is named as well."""
    run = replace(parts.RUN, app=("--app", "server:app"))
    (finding,) = parts.finding(slug=slug).all()
    assert reproduce(finding, parts.EXPORT, run) == (
        "contract-kit fuzz mailmanager:StartArchiveExport --app server:app "
        f"--region eu-west-1 --seed 3{end}"
    )
