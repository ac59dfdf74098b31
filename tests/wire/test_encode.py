"""Requests as awsJson messages."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.errors import UsageError
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.table import wire_of

EXPORT = operation("mailmanager:StartArchiveExport")

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_a_request_is_one_post_to_the_root_that_names_the_operation_in_a_header():
    """Smithy's awsJson: POST /, the service and operation in X-Amz-Target, a JSON object."""
    message = AwsJson().encode(EXPORT, {"ArchiveId": "a-1"})
    assert (message.method, message.path) == ("POST", "/")
    assert dict(message.headers) == {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": "MailManagerSvc.StartArchiveExport",
    }
    assert message.body == b'{"ArchiveId":"a-1"}'


@pytest.mark.parametrize(
    ("declared", "content_type"),
    [
        ("1.0", "application/x-amz-json-1.0"),
        ("1.1", "application/x-amz-json-1.1"),
        ("", "application/x-amz-json-1.1"),
    ],
)
def test_the_content_type_has_the_version_that_the_service_declares(declared, content_type):
    """A model without a version means 1.1, as botocore reads it."""
    message = AwsJson().encode(replace(EXPORT, facts={"jsonVersion": declared}), {})
    assert dict(message.headers)["Content-Type"] == content_type


@given(st.dictionaries(st.text(), JSON_VALUES, max_size=3))
def test_a_body_is_utf8_json_of_the_same_value(request_value):
    """Nothing is lost on the way, and text stands in the body as itself."""
    body = AwsJson().encode(EXPORT, request_value).body
    assert json.loads(body.decode()) == request_value


def test_text_outside_ascii_is_not_escaped():
    """A body is as long as its text in UTF-8, so that size limits are probed as meant."""
    assert "é😀".encode() in AwsJson().encode(EXPORT, {"ArchiveId": "é😀"}).body


def test_a_lone_surrogate_travels_as_an_escape():
    """It has no UTF-8 form; JSON can still spell it."""
    body = AwsJson().encode(EXPORT, {"ArchiveId": "a\ud800é"}).body
    assert body == b'{"ArchiveId":"a\\ud800\\u00e9"}'


def test_the_usual_protocol_is_the_one_that_botocore_resolves():
    """Mail Manager lists CBOR first, and is spoken to in JSON all the same."""
    assert EXPORT.protocols[0] != "json"
    assert wire_of(EXPORT).protocol.name == "json"


def test_an_operation_without_a_spoken_protocol_is_a_usage_error():
    """The message names what it speaks and what can be sent."""
    unheard = replace(EXPORT, protocols=("smoke", "drums"))
    with pytest.raises(UsageError, match=r"speaks smoke, drums; .* can send json, .* only"):
        wire_of(unheard)


def test_clients_of_the_query_protocol_say_so():
    """The service then tells errors by the names that they know."""
    message = AwsJson().encode(operation("sqs:GetQueueUrl"), {"QueueName": "q"})
    assert ("x-amzn-query-mode", "true") in message.headers
    assert "x-amzn-query-mode" not in dict(AwsJson().encode(EXPORT, {}).headers)


@pytest.mark.parametrize(
    ("template", "request_value", "prefix"),
    [
        ("", {}, ""),
        ("data-", {}, "data-"),
        ("{ArchiveId}.data-", {"ArchiveId": "a-1"}, "a-1.data-"),
        ("{ArchiveId}.", {}, ""),
        ("{ArchiveId}.", {"ArchiveId": 5}, ""),
        ("{ArchiveId}.", {"ArchiveId": "a b"}, ""),
        ("{ArchiveId}.", {"ArchiveId": "evil.example/"}, ""),
    ],
)
def test_a_prefix_of_the_host_is_filled_in_from_the_request(template, request_value, prefix):
    """Where the member is a part of a host's name; else none goes before it."""
    prefixed = replace(EXPORT, host_prefix=template)
    assert AwsJson().encode(prefixed, request_value).host_prefix == prefix


def test_host_prefixes_of_real_models_reach_the_operation():
    """Seventeen operations that speak awsJson have one."""
    assert operation("stepfunctions:StartSyncExecution").host_prefix == "sync-"
