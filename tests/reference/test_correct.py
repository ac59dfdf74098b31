"""The correct implementation keeps every promise of the operation."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contract_kit.cases.case import Case
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.reference import archives, strict_json
from contract_kit.reference.refusal import Refusal
from contract_kit.reference.server import Reference
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.message import Message, Reply

SETTINGS = settings(derandomize=True, database=None, deadline=None, max_examples=200)

NAMES = {
    "type": "SerializationException",
    "body": "SerializationException",
    "value": "ValidationException",
    "required": "ValidationException",
    "union": "ValidationException",
    "target": "UnknownOperationException",
}

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # Lone surrogates have no form in UTF-8.
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abé"), inner, max_size=3),
    max_leaves=8,
)


def said(reply: Reply) -> Json:
    """The value in a reply's body."""
    return json.loads(reply.body.decode())


def test_boundary_cases_and_malformed_messages_get_the_right_answer(
    operation: Operation, corpus: tuple[tuple[Case, Message], ...]
) -> None:
    """Inside is accepted, outside refused with the right name, anything gets an answer at once."""
    reference, protocol = Reference(), AwsJson()
    identifiers = set()
    for case, message in corpus:
        started = time.process_time()
        answer = protocol.decode(operation, reference.answer(message))
        assert time.process_time() - started < 10, case.id
        assert answer.kind in ("result", "error"), (case.id, answer)
        assert not answer.faults, (case.id, answer.faults)
        if case.expects == "accept":
            assert answer.kind == "result", (case.id, answer)
        elif case.expects == "reject":
            assert answer.name == NAMES[case.family], (case.id, answer)
        elif case.expects == "refuse":
            assert answer.kind == "error", (case.id, answer)
        if answer.kind == "result":
            assert answer.result["ExportId"] not in identifiers, case.id
            identifiers.add(answer.result["ExportId"])
    assert len(identifiers) > 100


def test_every_broken_constraint_is_named_in_the_words_of_aws(
    operation: Operation, request_value: Json
) -> None:
    """Several violations are counted and joined."""
    bad = {**request_value, "ArchiveId": "b", "ToTimestamp": None}
    reply = Reference().answer(AwsJson().encode(operation, bad))
    assert reply.status == 400
    assert reply.header("content-type") == "application/x-amz-json-1.0"
    assert said(reply) == {
        "__type": "ValidationException",
        "message": "3 validation errors detected: "
        "Value 'b' at 'archiveId' failed to satisfy constraint: "
        "Member must have length greater than or equal to 3; "
        "Value 'b' at 'archiveId' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: a-[\\w]{1,64}; "
        "Value null at 'toTimestamp' failed to satisfy constraint: Member must not be null",
    }


def test_an_error_of_type_hides_violations_of_values(
    operation: Operation, request_value: Json
) -> None:
    """A request is read whole before it is checked."""
    bad = {**request_value, "ArchiveId": "b", "IncludeMetadata": "true"}
    reply = Reference().answer(AwsJson().encode(operation, bad))
    assert said(reply)["__type"] == "SerializationException"


def test_two_servers_give_the_same_replies(corpus: tuple[tuple[Case, Message], ...]) -> None:
    """Identifiers and headers are counted, never drawn."""
    first, second = Reference(), Reference()
    for _, message in corpus[:50]:
        assert first.answer(message) == second.answer(message)


def test_a_range_that_ends_before_it_begins_gets_a_well_formed_answer(
    operation: Operation, request_value: Json
) -> None:
    """No source says whether it is refused."""
    inverted = {**request_value, "FromTimestamp": 2_000_000_000, "ToTimestamp": 1}
    answer = AwsJson().decode(operation, Reference().answer(AwsJson().encode(operation, inverted)))
    assert answer.kind != "broken"
    assert not answer.faults


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"a":' + b"[" * 70 + b"]" * 70 + b"}", "SerializationException"),
        (b"[" * 100_000, "SerializationException"),
        (b"\xff", "SerializationException"),
        (b"\xef\xbb\xbf{}", "SerializationException"),
        (b'{"Unknown":NaN}', "SerializationException"),
        (b'{"Unknown":-Infinity}', "SerializationException"),
        (b'{"MaxResults":' + b"9" * 100_000 + b"}", "SerializationException"),
        (b'{"FromTimestamp":1e400}', "SerializationException"),
        (b'{"ArchiveId":"\\ud800"}', "SerializationException"),
        (b"", "ValidationException"),
        (b" \r\n\t", "ValidationException"),
        (b'{"a":' + b"[" * 62 + b"]" * 62 + b"}", "ValidationException"),
        (b'{"\\ud800":' + b"9" * 5_000 + b"}", "ValidationException"),
        (b'{"ArchiveId":1,"ArchiveId":null}', "ValidationException"),
    ],
)
def test_strange_bodies_are_refused_for_the_right_reason(
    good: Message, body: bytes, name: str
) -> None:
    """Unreadable bodies are no requests; what no one knows in readable ones is ignored."""
    reply = Reference().answer(replace(good, body=body))
    assert (reply.status, said(reply)["__type"]) == (400, name)


def test_a_bug_is_answered_as_an_internal_failure(
    good: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong inside, the caller gets an error of the protocol."""
    monkeypatch.setitem(archives.HANDLERS, "StartArchiveExport", lambda state, request: 1 / 0)
    reply = Reference().answer(good)
    assert reply.status == 500
    assert said(reply) == {
        "__type": "InternalFailure",
        "message": "an unexpected ZeroDivisionError",
    }


def test_a_body_that_only_a_fault_lets_through_is_carried_out_as_empty(good: Message) -> None:
    """The state is never asked to hold what is no request."""
    reference = Reference(("request.type/not-enforced",))
    assert reference.answer(replace(good, body=b"[]")).status == 200


@SETTINGS
@given(JSON_VALUES)
def test_what_python_writes_as_json_is_read_back(value: Json) -> None:
    """The strict reader takes all JSON: the writer of the standard library is the oracle."""
    for ascii_only in (True, False):
        assert strict_json.parse(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@SETTINGS
@example(b"Infinity")
@example(b"1\0")
@given(st.binary(max_size=40))
def test_no_body_raises_anything_but_a_refusal(body: bytes) -> None:
    """Unreadable bytes are refused; whatever is read is what Python reads as strictly as it can."""

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        text = body.decode()
        expected = json.loads(text, parse_constant=refuse) if text.strip(" \t\r\n") else {}
    except ValueError:
        with pytest.raises(Refusal, match="not JSON"):
            strict_json.parse(body)
    else:
        assert strict_json.parse(body) == expected
