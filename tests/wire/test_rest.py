"""restJson1 and restXml: botocore's serializers and parsers as the second opinion."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlencode

import botocore.parsers
import botocore.serialize
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.cases.typical import typical
from contract_kit.wire.message import Message, Reply
from contract_kit.wire.table import wire_of
from contract_kit.wire.uri_template import uri_template
from contract_kit.wire.xml_values import parse
from tests.wire.test_official_suites import element
from tests.wire.test_query import every_member, model_of, theirs

OPERATIONS = (
    "lambda:CreateFunction",
    "lambda:ListFunctions",
    "apigateway:CreateRestApi",
    "sesv2:CreateEmailIdentity",
    "eks:CreateCluster",
    "batch:SubmitJob",
    "iot:CreateThing",
    "backup:StartBackupJob",
    "s3:PutBucketTagging",
    "s3:PutBucketCors",
    "s3:ListObjectsV2",
    "s3:CreateBucket",
    "route53:CreateHostedZone",
    "cloudfront:CreateInvalidation",
    "s3control:CreateJob",
)


def body_of(message):
    """A body as a value that means the same."""
    type = message.header("content-type") or ""
    if not message.body:
        return None
    if "json" in type:
        return json.loads(message.body)
    return element(parse(message.body)) if "xml" in type else message.body


@pytest.mark.parametrize("id", OPERATIONS)
def test_a_request_goes_where_botocore_sends_it_and_means_the_same(id):
    op = operation(id)
    model, entry = model_of(op)
    request = every_member(op)
    ours = wire_of(op).encode(request)
    serializer = botocore.serialize.create_serializer(model.metadata["protocol"])
    wanted = serializer.serialize_to_request(theirs(op, op.input, request), entry)
    path, _, query = ours.path.partition("?")
    other, _, literal = wanted["url_path"].partition("?")
    assert (ours.method, path) == (wanted["method"], other)
    given = urlencode(wanted["query_string"], doseq=True) if wanted["query_string"] else ""
    pairs = [*parse_qsl(literal, keep_blank_values=True), *parse_qsl(given, keep_blank_values=True)]
    assert sorted(parse_qsl(query, keep_blank_values=True)) == sorted(pairs)
    headers = {name.lower(): value for name, value in ours.headers}
    for name, value in wanted["headers"].items():
        if name.lower() not in ("content-type", "content-md5"):
            assert headers[name.lower()] == value, name
    body = wanted["body"]
    theirs_message = Message(
        headers=ours.headers, body=body.encode() if type(body) is str else body
    )
    assert body_of(ours) == body_of(theirs_message) or not theirs_message.body.strip(b"{} ")


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


@pytest.mark.parametrize(
    "id", ["lambda:CreateFunction", "s3:CreateBucket", "route53:GetHostedZone"]
)
def test_an_error_is_read_back_and_by_botocore_alike(id):
    op = operation(id)
    model, entry = model_of(op)
    reply = wire_of(op).error_reply("InvalidInput", "it is wrong")
    answer = wire_of(op).decode(reply)
    assert (answer.kind, answer.name, answer.text) == ("error", "InvalidInput", "it is wrong")
    assert not answer.faults
    parser = botocore.parsers.create_parser(model.metadata["protocol"])
    headers = {name.lower(): value for name, value in reply.headers}
    given = {"status_code": reply.status, "headers": headers, "body": reply.body}
    assert parser.parse(given, entry.output_shape)["Error"]["Code"] == "InvalidInput"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
@settings(max_examples=80, derandomize=True)
def test_a_label_keeps_any_text_and_never_leaves_its_segment(text):
    template = uri_template("/things/{Name}/end")
    path = template.expand({"Name": text})
    assert path.count("/") == 3
    assert template.texts(path) == {"Name": text}


def test_a_greedy_label_keeps_its_slashes_and_dots():
    """No client may tidy up a path: `..` is a part of the name."""
    message = wire_of(operation("s3:PutObject")).encode({"Bucket": "b", "Key": "a/../b//c"})
    assert message.path == "/b/a/../b//c"


@pytest.mark.parametrize(
    ("id", "request_", "why"),
    [
        ("lambda:GetFunction", {}, "a label is missing: that is another route"),
        ("lambda:GetFunction", {"FunctionName": ""}, "a label is empty"),
        ("lambda:GetFunction", {"FunctionName": 5}, "any text is a string"),
        ("lambda:ListFunctions", {"MaxItems": "5"}, "text in place of a number is that number"),
        ("lambda:ListFunctions", {"MaxItems": None}, "there is no null in a query string"),
        ("s3:PutObject", {"Bucket": "b", "Key": "k", "CacheControl": ""}, "an empty header"),
        ("s3:PutObject", {"Bucket": "b", "Key": "k", "CacheControl": " a"}, "a blank at the end"),
        ("s3:PutObject", {"Bucket": "b", "Key": "k", "CacheControl": "ä"}, "no ASCII"),
        ("s3:PutObject", {"Bucket": "b", "Key": "k", "ContentLength": 3}, "the body decides it"),
        ("s3:PutBucketTagging", {"Bucket": "b", "Tagging": {"TagSet": None}}, "no null in XML"),
        ("route53:CreateHostedZone", {"Name": 5, "CallerReference": "a"}, "any text is a string"),
    ],
)
def test_what_has_no_form_is_known_beforehand(id, request_, why):
    assert wire_of(operation(id)).cannot_say(request_), why


@pytest.mark.parametrize(
    ("id", "request_"),
    [
        ("lambda:ListFunctions", {"MaxItems": "many"}),
        ("lambda:CreateFunction", {"FunctionName": 5}),
        ("lambda:CreateFunction", {"FunctionName": None}),
        ("route53:ListHostedZones", {"MaxItems": "many"}),
    ],
)
def test_what_is_wrong_and_has_a_form_is_sent(id, request_):
    assert not wire_of(operation(id)).cannot_say(request_)


def test_a_stream_of_events_is_not_expressible():
    op = operation("lexv2-runtime:StartConversation")
    assert "stream of events" in wire_of(op).cannot_say(typical(op.shapes, op.input))


@pytest.mark.parametrize("id", ["lambda:CreateFunction", "s3:PutBucketTagging"])
def test_every_malformed_message_reads_as_it_is_expected(id):
    op = operation(id)
    wire = wire_of(op)
    request = every_member(op)
    probes = list(wire.malformed(request, typical(op.shapes, op.input)))
    assert len(probes) > 10
    for probe in probes:
        reading = wire.read(probe.message)
        if probe.expects == "accept":
            assert not reading.constraint, probe.slug
            assert request.items() <= reading.request.items(), probe.slug
        if probe.expects == "refuse":
            assert reading.expects == "refuse", probe.slug


def test_a_reply_to_head_has_no_body_and_still_says_what_is_wrong():
    answer = wire_of(operation("s3:HeadObject")).decode(Reply(status=404))
    assert (answer.kind, answer.name) == ("error", "NoSuchKey")


def test_a_success_with_an_error_inside_is_an_error():
    body = b"<Error><Code>InternalError</Code><Message>try again</Message></Error>"
    headers = (("Content-Type", "application/xml"),)
    answer = wire_of(operation("s3:CopyObject")).decode(
        Reply(status=200, headers=headers, body=body)
    )
    assert (answer.kind, answer.name) == ("error", "InternalError")
