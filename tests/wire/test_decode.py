"""What awsJson replies say, and what each of them gets wrong."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.target.encoding import decoded
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.message import Reply

EXPORT = operation("mailmanager:StartArchiveExport")
TYPE = ("Content-Type", "application/x-amz-json-1.0")
INVALID = {"__type": "ValidationException", "message": "no"}


def decode(status, body, *headers, op=EXPORT):
    """The answer in a reply with these headers, the right content type if none are given."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    reply = Reply(status=status, headers=headers or (TYPE,), body=content)
    return AwsJson().decode(op, reply)


def faults(answer):
    """Ids of the faults of an answer."""
    return [id for id, _ in answer.faults]


def test_a_result_as_documented_has_no_fault():
    """200, the protocol's content type, and an object that conforms to the documented output."""
    answer = decode(200, {"ExportId": "export-1"})
    assert (answer.kind, answer.status, answer.faults) == ("result", 200, ())
    assert answer.result == {"ExportId": "export-1"}


@pytest.mark.parametrize(
    ("status", "body", "headers", "fault", "said"),
    [
        (201, {"ExportId": "e"}, (TYPE,), "response.status", "HTTP 201, documented is 200"),
        (200, {"ExportId": "e"}, (("Date", "x"),), "response.contentType", "no Content-Type"),
        (
            200,
            {"ExportId": "e"},
            (("Content-Type", "text/html"),),
            "response.contentType",
            "Content-Type is text/html, should be application/x-amz-json-1.0",
        ),
        (200, {"ExportId": 5}, (TYPE,), "response.schema", "of type string"),
        (200, {"ExportId": ""}, (TYPE,), "response.schema", "greater than or equal to 1"),
        (200, {"ExportId": "e" * 65}, (TYPE,), "response.schema", "less than or equal to 64"),
        (200, {}, (TYPE,), "response.ExportId.present", "has no ExportId"),
        (200, {"ExportId": None}, (TYPE,), "response.ExportId.present", "has no ExportId"),
        (200, b"", (TYPE,), "response.schema", "the body is empty"),
        (200, b"OK", (TYPE,), "response.schema", "the body is not JSON"),
        (200, b'{"ExportId":NaN}', (TYPE,), "response.schema", "NaN is not JSON"),
        (200, [], (TYPE,), "response.schema", "the body is a JSON list, not an object"),
        (200, b"[" * 100_000, (TYPE,), "response.schema", "the body is not JSON"),
    ],
)
def test_each_fault_of_a_result_is_named(status, body, headers, fault, said):
    """A result stays a result; what it gets wrong is told apart."""
    answer = decode(status, body, *headers)
    assert answer.kind == "result"
    assert [text for id, text in answer.faults if id == fault and said in text]


@pytest.mark.parametrize(
    "given_type",
    ["application/x-amz-json-1.0; charset=utf-8", "APPLICATION/X-AMZ-JSON-1.0;charset=UTF-8"],
)
def test_a_content_type_may_have_parameters_and_any_case(given_type):
    """SEMANTICS.md: parameters such as charset are allowed."""
    assert decode(200, {"ExportId": "e"}, ("content-type", given_type)).faults == ()


def test_an_operation_that_returns_nothing_may_answer_with_no_body():
    """Without a documented output there is nothing to miss; a body that is no JSON is a fault."""
    silent = replace(EXPORT, output=None)
    assert decode(200, b"", op=silent).faults == ()
    assert decode(200, {"x": 1}, op=silent).faults == ()
    assert faults(decode(200, b"OK", op=silent)) == ["response.schema"]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({"__type": "ValidationException"}, ()),
        ({"__type": "aws.mailmanager#ValidationException"}, ()),
        ({"__type": "a#b#ValidationException"}, ()),
        ({"__type": "ValidationException:http://internal/coral"}, ()),
        ({"__type": "aws.x#ValidationException:http://internal#coral"}, ()),
        ({}, (("x-amzn-ErrorType", "ValidationException"),)),
        (b"", (("X-Amzn-Errortype", "ValidationException:http://internal/"),)),
        ({"__type": "Other"}, (("x-amzn-errortype", "aws.x#ValidationException"),)),
    ],
)
def test_the_name_of_an_error_is_what_clients_compare(body, headers):
    """After the last `#` and before any `:`; in the body or in the header alone."""
    answer = decode(400, body, TYPE, *headers)
    assert (answer.kind, answer.name) == ("error", "ValidationException")


@pytest.mark.parametrize("key", ["message", "Message", "MESSAGE", "mEssage"])
def test_the_key_of_the_message_is_compared_without_case(key):
    """Services write it either way."""
    answer = decode(400, {"__type": "ValidationException", key: "no such value"})
    assert (answer.text, answer.faults) == ("no such value", ())


@pytest.mark.parametrize(
    "body",
    [
        {"__type": "SerializationException", "message": ""},
        {"__type": "SerializationException"},
        {"__type": "ResourceNotFoundException", "message": None},
    ],
)
def test_an_error_of_another_kind_without_a_message_is_still_right(body):
    """The name alone is what a client acts on; AWS itself says no more of what it cannot read."""
    answer = decode(400, body)
    assert (answer.kind, answer.text, answer.faults) == ("error", "", ())


@pytest.mark.parametrize(
    "body",
    [{}, {"message": None}, {"Message": None}, {"message": ""}, {"message": " "}, {"detail": "no"}],
)
@pytest.mark.parametrize("name", ["ValidationException", "InvalidParameterException"])
def test_a_validation_error_without_any_message_is_found(name, body):
    """Nobody learns which value is wrong."""
    answer = decode(400, {"__type": name, **body})
    assert answer.kind == "error"
    assert [id for id, _ in answer.faults] == ["error.shape"]
    assert "has no message" in answer.faults[0][1]


@pytest.mark.parametrize(
    ("status", "body", "headers", "fault", "said"),
    [
        (400, INVALID, (("Content-Type", "text/plain"),), "error.contentType", "text/plain"),
        (418, INVALID, (TYPE,), "error.status", "came with HTTP 418, documented is 400"),
        (404, INVALID, (TYPE,), "error.status", "came with HTTP 404"),
        (
            400,
            {"__type": "ValidationException", "message": {"a": 1}},
            (TYPE,),
            "error.shape",
            "message is a dict, not a string",
        ),
        (
            400,
            {"__type": ["ValidationException"], "message": "no"},
            (TYPE, ("x-amzn-errortype", "ValidationException")),
            "error.shape",
            "__type is not a string",
        ),
        (
            400,
            b"<no/>",
            (TYPE, ("x-amzn-errortype", "ValidationException")),
            "error.shape",
            "the body is not JSON",
        ),
        (
            400,
            {"__type": "ValidationException", "message": 'File "/app/x.py", line 3, in f'},
            (TYPE,),
            "error.leak",
            'shows a stack trace: File "/app/x.py", line 3',
        ),
    ],
)
def test_each_fault_of_an_error_is_named(status, body, headers, fault, said):
    """An error stays an error; each fault is told apart from the others."""
    answer = decode(status, body, *headers)
    assert answer.kind == "error"
    assert [id for id, text in answer.faults if said in text] == [fault]
    assert faults(answer) == [fault]


@pytest.mark.parametrize(
    "name", ["ValidationException", "ThrottlingException", "InternalFailure", "SomeCustomError"]
)
def test_a_200_with_the_body_of_an_error_is_an_error(name):
    """Clients read it as one; its status is the fault."""
    answer = decode(200, {"__type": f"aws.x#{name}", "message": "no"})
    assert (answer.kind, answer.name) == ("error", name)
    assert faults(answer) == ["error.status"]


def test_a_type_member_in_a_result_does_not_make_it_an_error():
    """Some servers write the name of the reply's own structure into `__type`."""
    answer = decode(200, {"__type": "aws.x#StartArchiveExportResponse", "ExportId": "e"})
    assert answer.kind == "result"


@pytest.mark.parametrize("status", [302, 307, 400, 403, 404, 405, 429])
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>Not Found</html>", "is not an AWS reply: the body is not JSON"),
        (b"", "is not an AWS reply: the body is empty"),
        (b"[]", "is not an AWS reply: the body is a JSON list"),
        (b'{"message":"no"}', "names no error: neither __type nor x-amzn-errortype"),
        (b'{"__type":7}', "names no error"),
        (b'{"__type":"aws.x#"}', "names no error"),
    ],
)
def test_a_refusal_that_names_no_error_is_broken(status, body, said):
    """Redirects, pages of frameworks, bare objects: a client cannot act on them."""
    answer = decode(status, body)
    assert (answer.kind, answer.status, answer.name) == ("broken", status, "")
    assert answer.text.startswith(f"HTTP {status}")
    assert said in answer.text


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_nameless_server_fault_is_broken_and_shown(status):
    """The page that came is quoted, for whoever reads the report."""
    answer = decode(status, b"Internal Server Error")
    assert (answer.kind, answer.status) == ("broken", status)
    assert answer.text == f"HTTP {status}: Internal Server Error"


def test_a_nameless_refusal_is_looked_through_for_stack_traces_too():
    """Debug pages are where traces show."""
    answer = decode(500, b'Traceback (most recent call last):\n  File "x.py", line 1')
    assert faults(answer) == ["error.leak"]


def test_a_5xx_with_a_name_is_an_error_with_a_wrong_status():
    """The name decides; ValidationException has no business with a 500."""
    answer = decode(500, INVALID)
    assert (answer.kind, answer.name) == ("error", "ValidationException")
    assert faults(answer) == ["error.status"]


def test_a_failure_of_the_target_is_broken():
    """Nothing came that could be read."""
    answer = AwsJson().decode(EXPORT, Reply(failure="timeout", detail="no whole reply within 5 s"))
    assert (answer.kind, answer.name, answer.text) == (
        "broken",
        "timeout",
        "no whole reply within 5 s",
    )


HEADER_TEXT = st.text(st.characters(max_codepoint=255), max_size=20)
BODIES = st.binary(max_size=50) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["__type", "message", "Message", "ExportId", "x"]), inner, max_size=3
        )
    ),
    max_leaves=5,
).map(lambda value: json.dumps(value).encode())


@given(
    status=st.integers(100, 599),
    body=BODIES,
    content_type=HEADER_TEXT,
    error_type=st.none() | HEADER_TEXT,
)
def test_no_reply_makes_decoding_raise(status, body, content_type, error_type):
    """Whatever came becomes data; 5xx without a name and failures are never a result."""
    headers = [("Content-Type", content_type)]
    if error_type is not None:
        headers.append(("x-amzn-ErrorType", error_type))
    answer = decode(status, body, *headers)
    assert answer.kind == "error" if answer.name else answer.kind in ("result", "broken")
    assert (answer.kind == "result") <= (status // 100 == 2)


@pytest.mark.parametrize("body", [b"", b'{"message":"no"}'])
def test_the_name_for_clients_of_the_query_protocol_is_read(body):
    """Beside the error's own name, or in its place."""
    queue = operation("sqs:GetQueueUrl")
    headers = (
        ("Content-Type", "application/x-amz-json-1.0"),
        ("x-amzn-query-error", "AWS.SimpleQueueService.NonExistentQueue;Sender"),
    )
    alone = AwsJson().decode(queue, Reply(status=400, headers=headers, body=body))
    assert (alone.kind, alone.name) == ("error", "AWS.SimpleQueueService.NonExistentQueue")
    named = b'{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"no"}'
    both = AwsJson().decode(queue, Reply(status=400, headers=headers, body=named))
    assert (both.name, both.code) == ("QueueDoesNotExist", alone.name)
    assert both.faults == ()


def test_an_error_may_be_named_by_the_code_in_the_body():
    """After the header and the type."""
    answer = decode(400, {"code": "aws.x#ValidationException:http://x", "message": "no"})
    assert (answer.kind, answer.name, answer.faults) == ("error", "ValidationException", ())
    both = decode(400, {"code": "Other", "__type": "ValidationException", "message": "no"})
    assert both.name == "ValidationException"


@pytest.mark.parametrize(
    ("status", "body"), [(200, b'{"ExportId":"e-1"}'), (400, b'{"__type":"x"}')]
)
@pytest.mark.parametrize(
    ("given", "is_right"), [(None, True), ("right", True), ("1", False), ("x", False)]
)
def test_the_checksum_of_a_body_is_held_to(status, body, given, is_right):
    """SDKs refuse a reply whose checksum is another one's."""
    checksum = str(zlib.crc32(body)) if given == "right" else given
    headers = (("Content-Type", "application/x-amz-json-1.0"),)
    if checksum is not None:
        headers = (*headers, ("X-Amz-Crc32", checksum))
    answer = AwsJson().decode(EXPORT, Reply(status=status, headers=headers, body=body))
    assert ("wire.connection" in dict(answer.faults)) is not is_right


def test_a_redirect_says_where_to():
    """Whoever gave another URL than the service has sees the right one."""
    answer = decode(307, b"", ("Location", "http://localhost:4566/aws/"))
    assert answer.kind == "broken"
    assert "HTTP 307, a redirect to http://localhost:4566/aws/, is not an AWS reply" in answer.text


@pytest.mark.parametrize("of", ["what came", "what it decodes to"])
def test_the_checksum_of_an_encoded_body_may_be_that_of_either_form(of):
    """Services count what they send; some clients count what they read."""
    plain = b'{"ExportId":"e-1"}'
    packed = gzip.compress(plain, mtime=0)
    for checksum, is_right in (
        (zlib.crc32(packed if of == "what came" else plain), True),
        (zlib.crc32(b"another"), False),
    ):
        headers = (TYPE, ("Content-Encoding", "gzip"), ("x-amz-crc32", str(checksum)))
        answer = AwsJson().decode(EXPORT, decoded(Reply(status=200, headers=headers, body=packed)))
        assert ("wire.connection" not in dict(answer.faults)) is is_right


def test_a_body_of_very_many_values_is_no_reply():
    """It would take all memory; a text of the same size is read."""
    many = b"[" + b"{}," * 1_500_000 + b"{}]"
    answer = decode(400, many)
    assert (answer.kind, "more values than are read" in answer.text) == ("broken", True)
    echo = decode(400, {**INVALID, "message": "x" * len(many)})
    assert (echo.kind, len(echo.text)) == ("error", len(many))
