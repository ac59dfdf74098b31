"""Dialects: what AWS CLI v2 and boto3 take is taken, with botocore's own check as second opinion."""

from __future__ import annotations

import base64
import datetime
import json

import botocore.session
import jsonschema
import pytest
from botocore.exceptions import ParamValidationError
from botocore.utils import parse_to_aware_datetime
from botocore.validate import validate_parameters
from hypothesis import given
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.requestfile.dialect import REFUSED, converter, timestamp
from contract_kit.requestfile.editor import editor_schema

TIMES = [
    "2024-01-01",
    "2024-01-01T00:00:00Z",
    "2024-01-01T10",
    "2024-01-01 10:00",
    "2024-01-01t10:00:59.123456z",
    "2024-01-01T00:00:00,5Z",
    "2024-01-01T00:00:00 UTC",
    "2024-01-01T00:00:00+0130",
    "2024-02-29T00:00:00-01:30",
    "2024-01-01T00:00:00+01",
    "20240101T000000Z",
    "Mon, 01 Jan 2024 00:00:00 GMT",
    "1 Jan 2024 00:00:00 +0100",
    "1700000000",
    "1700000000.5",
    "1e3",
    "-5",
    " 5 ",
    5,
    -5,
    1700000000.25,
    -62135596800,
    253402300799,
    datetime.datetime(2024, 1, 1),
    datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
]
NO_TIMES = [
    "",
    "soon",
    "nan",
    "inf",
    "0x10",
    "2024-02-30",
    "2024-13-01",
    "2024-01-01T24:00:00",
    "2024-01-01T00:00:60",
    "2024-01-01T00:00:00+25:00",
    "0000-01-01",
    "9999-12-31T23:59:59-05:00",
    "253402300800",
    253402300800,
    -62135596801,
    1700000000000,
    float("nan"),
    float("inf"),
    None,
    [],
    {},
    datetime.date(2024, 1, 1),
]


def botocore_reads(value):
    """Epoch seconds by botocore; None where it refuses."""
    try:
        return parse_to_aware_datetime(value).timestamp()
    except (TypeError, ValueError, OverflowError, RuntimeError):
        return None


@pytest.mark.parametrize("value", TIMES, ids=str)
def test_a_time_is_read_as_botocore_reads_it(value):
    """In every form that the CLI documents."""
    assert timestamp(value) == pytest.approx(botocore_reads(value), abs=1e-5)


@pytest.mark.parametrize("value", NO_TIMES, ids=repr)
def test_what_is_no_time_for_botocore_is_none_here(value):
    """Milliseconds among them, which lie beyond year 9999."""
    assert botocore_reads(value) is None
    assert timestamp(value) is REFUSED


@given(
    st.datetimes(datetime.datetime(1, 1, 2), datetime.datetime(9999, 12, 30)),
    st.sampled_from(["", "Z", "+00:00", "-0930", "+14:00", " GMT"]),
    st.sampled_from(["T", " "]),
    st.sampled_from(["auto", "seconds", "milliseconds", "minutes"]),
)
def test_any_iso_time_is_read_as_botocore_reads_it(moment, zone, between, precision):
    """Whatever its zone and precision."""
    text = moment.isoformat(between, precision) + zone
    assert timestamp(text) == pytest.approx(botocore_reads(text), abs=1e-5)


@pytest.mark.parametrize("value", [True, "01/02/2024", "2024-01", "Jan 1 2024", "٣", "1_000"])
def test_times_that_nobody_documents_are_refused(value):
    """Though botocore reads them: what they mean depends on the reader, or on today's date."""
    assert botocore_reads(value) is not None
    assert timestamp(value) is REFUSED


@pytest.mark.parametrize("dialect", ["cli", "boto3"])
@pytest.mark.parametrize(
    "value", ["01/02/2024", "Jan 1 2024", "Wednesday, June 12, 2013 8:28:20 PM"]
)
def test_times_that_the_client_reads_by_guessing_are_a_warning(check, dialect, value):
    """It sends them; nobody else need read them so."""
    finding = check(json.dumps({**GOOD, "FromTimestamp": value}), dialect=dialect).only
    assert (finding.severity, finding.constraint) == ("warning", "FromTimestamp.type")
    assert "has to guess" in finding.message
    for wrong in ("soon", "2024-13-45", "1" * 100):
        kept = check(json.dumps({**GOOD, "FromTimestamp": wrong}), dialect=dialect)
        assert kept.only.severity == "error"


EXPORT = operation("mailmanager:StartArchiveExport")
SHAPE = botocore.session.get_session().get_service_model("mailmanager")
SHAPE = SHAPE.operation_model("StartArchiveExport").input_shape
GOOD = {
    "ArchiveId": "a-abc123",
    "FromTimestamp": "2024-01-01",
    "ToTimestamp": "2024-01-02T00:00:00Z",
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/path"}},
}


def cli_takes(request):
    """Whether botocore's own check lets a request pass."""
    try:
        validate_parameters(request, SHAPE)
    except ParamValidationError:
        return False
    return True


CHANGES = [
    ({}, []),
    ({"FromTimestamp": 1}, []),
    ({"FromTimestamp": "1"}, []),
    ({"FromTimestamp": "soon"}, ["FromTimestamp.type"]),
    ({"MaxResults": 5}, []),
    ({"MaxResults": "5"}, ["MaxResults.type"]),
    ({"MaxResults": 5.0}, ["MaxResults.type"]),
    ({"MaxResults": None}, ["MaxResults.type"]),
    ({"IncludeMetadata": "true"}, ["IncludeMetadata.type"]),
    ({"archiveId": "a-1"}, ["request.type"]),
    (
        {"Filters": {"Include": [{"Nope": 1}]}},
        ["Filters.Include[].union", "Filters.Include[].type"],
    ),
    ({"ExportDestinationConfiguration": {}}, ["ExportDestinationConfiguration.union"]),
]


@pytest.mark.parametrize("dialect", ["cli", "boto3"])
@pytest.mark.parametrize(("changes", "constraints"), CHANGES, ids=str)
def test_what_botocore_refuses_is_found(check, dialect, changes, constraints):
    """And nothing is found where it has no objection, in both dialects."""
    kept = check(json.dumps({**GOOD, **changes}), dialect=dialect)
    assert sorted(one.constraint for one in kept.findings) == sorted(constraints)
    assert cli_takes({**GOOD, **changes}) is (constraints == [])


def test_the_wire_takes_numbers_only(check):
    """And says which dialect takes text."""
    kept = check(json.dumps(GOOD), dialect="wire")
    assert [one.constraint for one in kept.findings] == ["FromTimestamp.type", "ToTimestamp.type"]
    assert all("--dialect cli" in one.message for one in kept.findings)
    assert check(json.dumps({**GOOD, "FromTimestamp": 1, "ToTimestamp": 2.5})).findings == []


CONDITION = {"Evaluate": {"Attribute": "HAS_ATTACHMENTS"}, "Operator": "IS_TRUE"}
NULLS = [
    ({"MaxResults": None}, []),
    ({"Filters": None, "IncludeMetadata": None}, []),
    ({"Filters": {"Include": [{"StringExpression": None, "BooleanExpression": CONDITION}]}}, []),
    ({"ExportDestinationConfiguration": {"S3": {"S3Location": None}}}, []),
    ({"ExportDestinationConfiguration": {"S3": None}}, ["ExportDestinationConfiguration.union"]),
    ({"ArchiveId": None}, ["ArchiveId.required"]),
    ({"Filters": {"Unless": [None]}}, ["Filters.Unless[].type"]),
    ({"maxResults": None}, ["request.type"]),
]


@pytest.mark.parametrize(("changes", "constraints"), NULLS, ids=str)
def test_on_the_wire_null_is_the_absence_of_a_member(check, changes, constraints):
    """Of an optional one; in lists, of required members and of unknown ones it is as wrong as ever.

    In a large file it is told alike, and so it is by the schema for editors.
    """
    request = {**GOOD, "FromTimestamp": 1, "ToTimestamp": 2, **changes}
    for text in (json.dumps(request), json.dumps(request)[:-1] + " " * 300_000 + "}"):
        kept = check(text, dialect="wire")
        assert [one.constraint for one in kept.findings] == constraints
        assert check(text + "\n" + text, name="x.ndjson").places == [
            (line, column, id) for line in (1, 2) for _, column, id in kept.places
        ]
    schema = editor_schema(operation("mailmanager:StartArchiveExport"), "wire")
    assert jsonschema.Draft202012Validator(schema).is_valid(request) is (constraints == [])
    for dialect in ("cli", "boto3"):
        assert check(json.dumps(request), dialect=dialect).findings


def test_a_null_that_has_no_place_is_told_with_what_to_do(check):
    """It is left out."""
    kept = check(json.dumps({**GOOD, "MaxResults": None}), dialect="cli")
    assert kept.only.message == "null must be of type integer of 32 bits; leave it out"


def test_times_of_a_dialect_are_compared(check):
    """The warning looks at what they mean."""
    request = {**GOOD, "FromTimestamp": "2024-01-03"}
    assert check(json.dumps(request), dialect="cli").only.constraint == "file.timeOrder"


def test_yaml_times_without_quotes(check):
    """A date alone is refused by botocore, a date with a time is not."""
    text = "\n".join(f"{name}: {json.dumps(value)}" for name, value in GOOD.items())
    assert check(text, name="x.yaml", dialect="cli").findings == []
    kept = check(text.replace('"2024-01-02T00:00:00Z"', "2024-01-02T00:00:00Z"), name="x.yaml")
    assert [one.constraint for one in kept.findings] == ["FromTimestamp.type", "ToTimestamp.type"]
    with_time = text.replace('"2024-01-02T00:00:00Z"', "2024-01-02T00:00:00Z")
    assert check(with_time, name="x.yaml", dialect="cli").findings == []
    finding = check(text.replace('"2024-01-01"', "2024-01-01"), name="x.yaml", dialect="cli").only
    assert finding.constraint == "FromTimestamp.type"
    assert "put it in quotes" in finding.message


BLOB = operation("kinesis:PutRecord")
RECORD = {"StreamName": "s", "PartitionKey": "k", "Data": "aGVsbG8="}


@pytest.mark.parametrize(
    ("dialect", "data", "conforms"),
    [
        ("wire", "aGVsbG8=", True),
        ("wire", "hello", False),
        ("cli", "aGVsbG8=", True),
        ("cli", "aGVs\nbG8=", True),
        ("cli", "hello", False),
        ("boto3", "hello", True),
        ("boto3", "é" * (5 * 1024 * 1024), True),
        ("boto3", "é" * (5 * 1024 * 1024) + "x", False),
    ],
    ids=lambda value: str(value)[:20],
)
def test_blobs_are_base64_but_for_boto3(dialect, data, conforms, check):
    """Which sends the UTF-8 form of a string; limits count the bytes that are sent."""
    text = json.dumps({**RECORD, "Data": data}, ensure_ascii=False)
    kept = check(text, operation=BLOB.id, dialect=dialect)
    assert kept.errors == []
    assert [one.constraint.partition(".")[0] for one in kept.findings] == (
        [] if conforms else ["Data"]
    )


def test_binary_values_of_yaml_are_blobs(check):
    """In every dialect."""
    text = "StreamName: s\nPartitionKey: k\nData: !!binary aGVsbG8=\n"
    for dialect in ("wire", "cli", "boto3"):
        assert check(text, name="x.yaml", operation=BLOB.id, dialect=dialect).findings == []


def test_a_conversion_leaves_the_value_as_it_was():
    """It returns a new one."""
    request = {**RECORD, "Data": "hello"}
    changed = converter(BLOB, "boto3")(request)
    assert base64.b64decode(changed["Data"]) == b"hello"
    assert request["Data"] == "hello"
