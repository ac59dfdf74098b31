"""awsQuery and ec2Query: botocore's serializers and parsers as the second opinion."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import botocore.model
import botocore.parsers
import botocore.serialize
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.cases.typical import typical
from contract_kit.contract.shape import Shape
from contract_kit.derive.service_model import load_model
from contract_kit.errors import NotExpressible
from contract_kit.wire.form_values import decode_pairs, encode_pairs
from contract_kit.wire.message import Message, Reply, Unreadable
from contract_kit.wire.table import wire_of
from contract_kit.wire.text_values import read_text, says, write_text
from contract_kit.wire.xml_values import parse

OPERATIONS = (
    "sns:CreateTopic",
    "sns:Publish",
    "iam:CreateRole",
    "sts:AssumeRole",
    "autoscaling:CreateAutoScalingGroup",
    "cloudformation:CreateStack",
    "elasticache:CreateCacheCluster",
    "rds:CreateDBInstance",
    "sdb:PutAttributes",
    "ses:SendEmail",
    "ec2:CreateVolume",
    "ec2:RunInstances",
    "ec2:DescribeInstances",
    "ec2:CreateLaunchTemplate",
)


def every_member(op):
    """A request with each member of the input, whatever rules between members say."""
    shape = op.shapes[op.input]
    return {each.name: typical(op.shapes, each.shape, label=each.name) for each in shape.members}


def theirs(op, name, value):
    """A canonical value as botocore takes it."""
    shape = op.shapes[name]
    if shape.type == "blob":
        return base64.b64decode(value)
    if shape.type == "timestamp":
        return datetime.fromtimestamp(value, UTC)
    if isinstance(value, list):
        return [theirs(op, shape.item, each) for each in value]
    if isinstance(value, dict) and shape.type == "map":
        return {key: theirs(op, shape.item, each) for key, each in value.items()}
    if isinstance(value, dict):
        return {key: theirs(op, shape.member(key).shape, each) for key, each in value.items()}
    return value


def model_of(op):
    model = botocore.model.ServiceModel(load_model(op.service).body, op.service)
    return model, model.operation_model(op.name)


@pytest.mark.parametrize("id", OPERATIONS)
def test_a_form_has_the_pairs_that_botocore_sends(id):
    op = operation(id)
    model, entry = model_of(op)
    request = every_member(op)
    message = wire_of(op).encode(request)
    serializer = botocore.serialize.create_serializer(model.metadata["protocol"])
    body = serializer.serialize_to_request(theirs(op, op.input, request), entry)["body"]
    wanted = {(key, str(value)) for key, value in body.items()}
    assert set(parse_qsl(message.body.decode(), keep_blank_values=True)) == wanted


@pytest.mark.parametrize("id", OPERATIONS)
def test_a_request_that_was_written_is_read_back(id):
    op = operation(id)
    request = every_member(op)
    reading = wire_of(op).read(wire_of(op).encode(request))
    assert (reading.request, reading.constraint) == (request, "")


@pytest.mark.parametrize("id", OPERATIONS)
def test_botocore_reads_our_results_as_we_do(id):
    op = operation(id)
    if op.output is None:
        pytest.skip("it has no result")
    model, entry = model_of(op)
    result = typical(op.shapes, op.output)
    reply = wire_of(op).result_reply(result)
    assert wire_of(op).decode(reply).result == result
    parser = botocore.parsers.create_parser(model.metadata["protocol"])
    given = {"status_code": reply.status, "headers": dict(reply.headers), "body": reply.body}
    parsed = parser.parse(given, entry.output_shape)
    assert {name: parsed[name] for name in result} == theirs(op, op.output, result)


@pytest.mark.parametrize("id", ["iam:CreateRole", "ec2:CreateVolume"])
def test_an_error_is_read_back_and_by_botocore_alike(id):
    op = operation(id)
    model, entry = model_of(op)
    reply = wire_of(op).error_reply("ValidationError", "1 validation error")
    answer = wire_of(op).decode(reply)
    assert (answer.kind, answer.name, answer.text) == (
        "error",
        "ValidationError",
        "1 validation error",
    )
    assert not answer.faults
    parser = botocore.parsers.create_parser(model.metadata["protocol"])
    given = {"status_code": reply.status, "headers": dict(reply.headers), "body": reply.body}
    assert parser.parse(given, entry.output_shape)["Error"]["Code"] == "ValidationError"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"Name": None}, "null"),
        ({"Name": "t", "Tags": None}, "null"),
        ({"Name": "t", "Attributes": {}}, "an empty map"),
        ({"Name": 5}, "a number is any other text"),
        ({"Name": "t", "Attributes": "text"}, "a map of text"),
    ],
)
def test_what_a_form_has_no_way_to_say_is_known_beforehand(value, why):
    assert wire_of(operation("sns:CreateTopic")).cannot_say(value), why


def test_an_empty_list_is_said_in_query_and_not_in_ec2():
    topic, tags = wire_of(operation("sns:CreateTopic")), wire_of(operation("ec2:CreateTags"))
    assert not topic.cannot_say({"Name": "t", "Tags": []})
    assert topic.encode({"Name": "t", "Tags": []}).body.endswith(b"&Name=t&Tags=")
    assert tags.cannot_say({"Resources": []})


@pytest.mark.parametrize(
    ("type", "value", "said"),
    [
        ("integer", "abc", True),
        ("integer", "5", False),
        ("integer", " 5", False),
        ("integer", "5e3", False),
        ("integer", "0x10", False),
        ("integer", 1.5, False),
        ("integer", 2**70, True),
        ("integer", True, False),
        ("boolean", "abc", True),
        ("boolean", "TRUE", False),
        ("boolean", "0", False),
        ("timestamp", "abc", True),
        ("timestamp", "2023-11-14T22:13:20Z", False),
        ("timestamp", "Tue, 14 Nov 2023 22:13:20 GMT", False),
        ("double", "NaN", True),
        ("string", "anything", True),
        ("string", 5, False),
    ],
)
def test_text_keeps_only_what_no_lenient_reader_takes_for_something_else(type, value, said):
    assert says(Shape(name="X", type=type), value) is said


@given(st.lists(st.tuples(st.text(min_size=1), st.text())))
@settings(max_examples=60, derandomize=True)
def test_pairs_survive_their_encoding(pairs):
    encodable = [pair for pair in pairs if "".join(pair).isprintable()]
    assert decode_pairs(encode_pairs(encodable)) == encodable
    assert parse_qsl(encode_pairs(encodable).decode(), keep_blank_values=True) == encodable


@pytest.mark.parametrize("body", [b"a=%", b"a=%4", b"a=%zz", b"a=%ff"])
def test_an_encoding_that_no_text_has_is_unreadable(body):
    with pytest.raises(Unreadable):
        decode_pairs(body)


@given(st.integers(-30_000_000_000, 253_402_300_799), st.sampled_from(["iso8601", "rfc822"]))
@settings(max_examples=60, derandomize=True)
def test_times_survive_as_text(seconds, form):
    shape = Shape(name="T", type="timestamp")
    assert read_text(shape, write_text(shape, seconds, form), form) == seconds


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not XML",
        b"<a>",
        b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><a>&x;</a>",
        b"<a/><b/>",
    ],
)
def test_documents_that_are_no_xml_or_declare_entities_are_refused(body):
    with pytest.raises(Unreadable):
        parse(body)


@pytest.mark.parametrize(
    ("body", "faulty"),
    [
        (b"<Error><Code>ValidationError</Code><Message>m</Message></Error>", True),
        (
            b"<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>"
            b"<Message>m</Message></Error></ErrorResponse>",
            False,
        ),
        (
            b"<ErrorResponse><Error><Type>Receiver</Type><Code>ValidationError</Code>"
            b"<Message>m</Message></Error></ErrorResponse>",
            True,
        ),
        (
            b"<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>"
            b"</Error></ErrorResponse>",
            True,
        ),
    ],
)
def test_an_error_in_the_wrong_place_or_form_is_a_fault(body, faulty):
    wire = wire_of(operation("iam:CreateRole"))
    answer = wire.decode(Reply(status=400, headers=(("Content-Type", "text/xml"),), body=body))
    assert answer.name == "ValidationError"
    assert bool(answer.faults) is faulty


def test_a_result_under_another_root_is_no_result():
    wire = wire_of(operation("iam:CreateRole"))
    reply = Reply(status=200, headers=(("Content-Type", "text/xml"),), body=b"<Other/>")
    assert ("response.schema", "the root of the body is Other, should be CreateRoleResponse") in (
        wire.decode(reply).faults
    )


def test_every_malformed_message_reads_as_it_is_expected():
    """Our own reader agrees with what each probe expects of a correct server."""
    op = operation("iam:CreateRole")
    wire = wire_of(op)
    request = every_member(op)
    for probe in wire.malformed(request, typical(op.shapes, op.input)):
        reading = wire.read(probe.message)
        if probe.expects == "accept":
            assert (reading.constraint, reading.request) == ("", request), probe.slug
        if probe.expects in ("reject", "refuse"):
            assert reading.expects == probe.expects, probe.slug


def test_ec2_has_no_maps_and_says_so():
    """None of its inputs has one; a value that claims to be one is refused."""
    wire = wire_of(operation("ec2:CreateVolume"))
    with pytest.raises(NotExpressible):
        wire.encode({"Size": {"a": 1}})
    assert isinstance(wire.encode({"Size": 1}), Message)
