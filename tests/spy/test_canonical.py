"""Values of boto3 in the kit's canonical form; botocore's own serializer is the oracle."""

from __future__ import annotations

import base64
import datetime
import decimal
import io
import json

import botocore.session
import pytest
from botocore.serialize import create_serializer
from dateutil.tz import tzoffset
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.spy.canonical import converter
from contract_kit.spy.snapshot import snapshot
from contract_kit.strategies import valid
from contract_kit.validate import Validator

SESSION = botocore.session.Session()
SETTINGS = settings(derandomize=True, database=None, deadline=None, max_examples=60)
UTC = datetime.UTC


def model_of(id):
    """botocore's model of an operation."""
    service, _, name = id.partition(":")
    return SESSION.get_service_model(service).operation_model(name)


def canonical(id, value, *, output=False):
    """Parameters, or a result, of an operation in canonical form."""
    model = model_of(id)
    return converter(model.output_shape if output else model.input_shape)(snapshot(value))


def as_boto3(shape, value):
    """A canonical request as a user of boto3 writes it: times and bytes as Python has them."""
    if shape.type_name == "structure" and not shape.is_document_type:
        return {name: as_boto3(shape.members[name], item) for name, item in value.items()}
    if shape.type_name == "list":
        return [as_boto3(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {name: as_boto3(shape.value, item) for name, item in value.items()}
    if shape.type_name == "timestamp":
        return datetime.datetime.fromtimestamp(value, UTC)
    return base64.b64decode(value) if shape.type_name == "blob" else value


def emptied(shape, value):
    """A request whose blobs hold zeros: what is kept of bytes is how many they are."""
    if shape.type_name == "blob":
        return base64.b64encode(bytes(len(base64.b64decode(value)))).decode()
    if shape.type_name == "structure" and not shape.is_document_type:
        return {name: emptied(shape.members[name], item) for name, item in value.items()}
    if shape.type_name == "list":
        return [emptied(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {name: emptied(shape.value, item) for name, item in value.items()}
    return value


@pytest.mark.parametrize(
    "id", ["mailmanager:StartArchiveExport", "dynamodb:PutItem", "kinesis:PutRecords"]
)
def test_parameters_read_as_what_botocore_writes_on_the_wire(id):
    """For every conforming request, with the times and bytes of Python; recursive ones too."""
    model = model_of(id)
    serializer = create_serializer("json")

    @SETTINGS
    @given(valid(operation(id)))
    def check(request):
        try:
            params = as_boto3(model.input_shape, request)
        except (ValueError, OverflowError, OSError):
            return  # a time that Python has no word for
        body = json.loads(serializer.serialize_to_request(params, model)["body"])
        found = canonical(id, params)
        # On the wire botocore leaves out the fractions of a second.
        assert times_cut(found) == times_cut(emptied(model.input_shape, body))

    check()


def times_cut(value):
    """Without the fractions of a second."""
    if isinstance(value, dict):
        return {
            name: int(item // 1) if name.endswith("Timestamp") else times_cut(item)
            for name, item in value.items()
        }
    return [times_cut(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (datetime.datetime(1970, 1, 2, tzinfo=UTC), 86400),
        (datetime.datetime(1970, 1, 2, 1, tzinfo=tzoffset(None, 3600)), 86400),
        ("1970-01-02", 86400),
        ("1970-01-02T00:00:00.5Z", 86400.5),
        ("86400", 86400),
        (86400, 86400),
        (0.25, 0.25),
        ("no time", "no time"),
        (None, None),
    ],
)
def test_times_are_seconds(given, seconds):
    """In any way that botocore takes them; what is no time stays, and breaks the type."""
    assert canonical("mailmanager:StartArchiveExport", {"FromTimestamp": given}) == {
        "FromTimestamp": seconds
    }


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (decimal.Decimal("1.5"), 1.5),
        (float("nan"), "NaN"),
        (float("inf"), "Infinity"),
        (float("-inf"), "-Infinity"),
        (2, 2),
    ],
)
def test_numbers_that_json_lacks_are_words(given, written):
    """As in the canonical form."""
    params = {"MetricData": [{"MetricName": "m", "Value": given}], "Namespace": "n"}
    found = canonical("cloudwatch:PutMetricData", params)
    assert found["MetricData"][0]["Value"] == written
    assert Validator(operation("cloudwatch:PutMetricData")).is_valid(found)


@pytest.mark.parametrize("given", [b"12345", bytearray(b"12345"), memoryview(b"12345"), "12345"])
def test_a_blob_is_as_long_as_it_was(given):
    """Its content breaks nothing."""
    params = {"StreamName": "s", "Data": given, "PartitionKey": "k"}
    assert base64.b64decode(canonical("kinesis:PutRecord", params)["Data"]) == bytes(5)


@pytest.mark.parametrize("given", [5, ["a"], {"a": 1}])
def test_what_is_no_blob_stays_and_breaks_the_type(given):
    """As botocore refuses it."""
    params = {"StreamName": "s", "Data": given, "PartitionKey": "k"}
    found = canonical("kinesis:PutRecord", params)
    (violation,) = Validator(operation("kinesis:PutRecord")).violations(found)
    assert (violation.constraint, violation.value) == ("Data.type", given)


@pytest.mark.parametrize("given", ["x", 5, True])
def test_what_is_no_list_or_structure_stays_and_breaks_the_type(given):
    """Where something inside has another canonical form, too."""
    for params, id in (
        ({"Records": given, "StreamName": "s"}, "Records.type"),
        ({"Records": [given], "StreamName": "s"}, "Records[].type"),
    ):
        found = canonical("kinesis:PutRecords", params)
        (violation,) = Validator(operation("kinesis:PutRecords")).violations(found)
        assert violation.constraint == id


def test_a_file_is_not_read():
    """It counts as one of the shortest length that is allowed."""
    file = io.BytesIO(b"12345")
    found = canonical("kms:Encrypt", {"KeyId": "k", "Plaintext": file})
    assert Validator(operation("kms:Encrypt")).violations(found) == ()
    assert file.tell() == 0


def test_streams_are_left_out():
    """Bodies and events have no place in a JSON value."""
    found = canonical("s3:PutObject", {"Bucket": "b", "Key": "k", "Body": b"body"})
    assert found == {"Bucket": "b", "Key": "k"}
    reply = {"Body": io.BytesIO(), "ContentLength": 1}
    assert canonical("s3:GetObject", reply, output=True) == {"ContentLength": 1}
    assert canonical("s3:SelectObjectContent", {"Payload": object()}, output=True) == {}


def test_json_inside_a_header_takes_any_value():
    """botocore writes it as text."""
    params = {"botName": "b", "botAlias": "a", "userId": "me", "inputStream": b""}
    found = canonical("lex-runtime:PostContent", {**params, "sessionAttributes": {"a": 1}})
    assert isinstance(found["sessionAttributes"], str)
    assert "inputStream" not in found


@pytest.mark.parametrize("given", [{1, 2}, object(), range(3), b"bytes"])
def test_a_value_of_another_type_shows_as_its_type(given):
    """Never as its content."""
    found = canonical("ssm:GetParameter", {"Name": given})
    (violation,) = Validator(operation("ssm:GetParameter")).violations(found)
    assert violation.constraint == "Name.type"
    assert violation.message.lower().startswith(f"value '{type(given).__name__}' at 'name' ")


@SETTINGS
@given(
    st.recursive(
        st.none() | st.integers() | st.text() | st.binary() | st.booleans(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    )
)
def test_a_snapshot_shares_nothing_that_can_change(value):
    """Lists and dicts are new at every depth."""

    def containers(part):
        if isinstance(part, (dict, list)):
            yield id(part)
            for item in part.values() if isinstance(part, dict) else part:
                yield from containers(item)

    assert set(containers(value)).isdisjoint(containers(snapshot(value)))


def test_an_operation_without_input_or_output_has_no_shape():
    """Its parameters stay as they are."""
    assert converter(None)({"a": 1}) == {"a": 1}
