"""The tables that faults are made from: each entry does something, and that to no good request."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract_kit.cases.case import Case
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.reference.faults.catalog import fault_names
from contract_kit.reference.faults.crashes import TRIGGERS, SeenRequests, seen
from contract_kit.reference.faults.fault import Fault
from contract_kit.reference.faults.parsing import READINGS
from contract_kit.reference.faults.wire import CONTENT_TYPES, TARGETS
from contract_kit.reference.server import Reference
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.message import Message

Corpus = tuple[tuple[Case, Message], ...]

MORE_BODIES = (
    '{,"ArchiveId":1}',
    '{"ArchiveId":1} // comment\n',
    '{# comment\n"ArchiveId":1}',
    '{"ArchiveId":1,"b":1e}',
    '{"ArchiveId":1,}',
    '{"ArchiveId":1,"b":01}',
    '{"ArchiveId":1,"b":+1}',
    '{"ArchiveId":1,"b":1.}',
    '{"ArchiveId":1,"b":0x1F}',
    '{"ArchiveId":1,"b":True}',
    '{"ArchiveId":1 "b":1}',
    '{"ArchiveId" 1}',
    "{ArchiveId:1}",
    "{'ArchiveId':1}",
    '{/* a comment */"ArchiveId":1}',
    '{"ArchiveId":1}\0',
    '{"ArchiveId":1}}',
    ')]}\',\n{"ArchiveId":1}',
    '{"ArchiveId":"\\x41"}',
    '{"ArchiveId":"\\u12"}',
    '{"ArchiveId":"a\nb"}',
    '{"ArchiveId":["\\\\',
    '{"ArchiveId":NaN}',
)
"""One body for each leniency, whatever the cases hold."""

MORE_TEXTS = ("a\0b", "100%", "it's", "a\\b", "\u202e", "\x01", "", "x" * 5_000)

RAW_BODIES = (
    b'{"a\\u0000b":1}',
    b'{"\\ud800":"\\ud800"}',
    b'{"a":1,"a":1}',
    b'{"\\u0061":"\\/"}',
    b'{\n  "a":1}',
    b"\xef\xbb\xbf{}",
    "{}".encode("utf-16"),
    b"\xff",
    b'{"a":' + b"9" * 5_000 + b"}",
    b'{"a":[1e400,0.' + b"3" * 2_000 + b"]}",
    b"[" * 100,
    b'{"__proto__":"\xf0\x9f\x98\x80"}',
    b'{"a":"' + b"x" * 1_000_001 + b'"}',
    "{{{}}}".format(",".join(f'"m{number}":1' for number in range(1_000))).encode(),
)
"""Bodies that no value in Python writes."""


@pytest.fixture(scope="session")
def bodies(operation: Operation, request_value: Json, corpus: Corpus) -> tuple[SeenRequests, ...]:
    """What stands in the bodies of all cases, and in some more."""
    protocol = AwsJson()
    more: list[Json] = [{"Unknown": text} for text in MORE_TEXTS]
    more += [{"Unknown": [[None, -1.5, 2**31, 2**63, []]]}, {"": {}}, {"__type": "X"}]
    made = [protocol.encode(operation, {**request_value, **each}).body for each in more]
    raw = [message.body for case, message in corpus if case.constraint.startswith("wire.")]
    long = [message.body for _, message in corpus if len(message.body) > 4_000]
    return tuple(map(seen, dict.fromkeys([*made, *RAW_BODIES, *raw, *long])))


@pytest.mark.parametrize("name", TRIGGERS)
def test_each_trigger_is_tripped_by_some_bodies_but_not_by_an_ordinary_one(
    name: str, good: Message, bodies: tuple[SeenRequests, ...]
) -> None:
    """A trigger that nothing trips is no fault; one that ordinary requests trip is no campaign."""
    assert any(TRIGGERS[name](each) for each in bodies)
    assert not TRIGGERS[name](seen(good.body))


@pytest.mark.parametrize("slug", READINGS)
def test_each_lenient_reading_takes_some_body_that_is_no_json(slug: str, good: Message) -> None:
    """A correct server calls the body unreadable, the lenient one finds ArchiveId in it."""
    correct, lenient = Reference(), Reference((f"body/{slug}",))
    messages = [replace(good, body=body.encode()) for body in MORE_BODIES]
    assert all(b"SerializationException" in correct.answer(each).body for each in messages)
    read = [each.body for each in messages if b"not JSON" not in lenient.answer(each).body]
    assert read
    assert len(read) < len(MORE_BODIES) / 2


@pytest.mark.parametrize("slug", TARGETS)
def test_each_lenient_target_takes_some_wrong_target(slug: str, corpus: Corpus) -> None:
    """The operation is carried out for a target that names none."""
    wrong = [message for case, message in corpus if case.constraint == "wire.target"]
    reference = Reference((f"target/{slug}",))
    assert 200 in {reference.answer(message).status for message in wrong}


@pytest.mark.parametrize("slug", CONTENT_TYPES)
def test_each_answer_to_a_content_type_differs_from_the_right_one(
    slug: str, corpus: Corpus, good: Message
) -> None:
    """Some content type is no longer taken, though the usual one is."""
    unusual = [message for case, message in corpus if case.constraint == "wire.contentType"]
    unusual.append(good.with_header("Content-Type", "text/plain"))
    reference = Reference((f"content-type/{slug}",))
    assert {reference.answer(message).status for message in unusual} - {200}
    assert reference.answer(good).status == 200


def named(prefix: str) -> list[str]:
    """The faults whose names begin so."""
    return [name for name in fault_names() if name.startswith(prefix)]


@pytest.mark.parametrize("name", named("reply/"))
def test_each_wrong_reply_to_a_good_request_shows_within_a_dozen(name: str, good: Message) -> None:
    """Sooner or later the reply is not what the correct server says."""
    correct, faulty = Reference(), Reference((name,))
    assert [correct.answer(good) for _ in range(12)] != [faulty.answer(good) for _ in range(12)]


LAST = [name for name in fault_names() if name.endswith("/taken-from-the-last-request")]


@pytest.mark.parametrize("name", [*named("poison/"), *LAST])
def test_each_poison_spoils_a_good_request(
    name: str, good: Message, operation: Operation, request_value: Json, corpus: Corpus
) -> None:
    """One of the good requests between strange ones is not answered as it should be."""
    large = {**request_value, "Unknown": "x" * 30_000}
    strange = [replace(good, body=b"{}")] * 100
    strange += [AwsJson().encode(operation, large), replace(good, method="GET")]
    strange += [message for case, message in corpus if case.constraint == "wire.json"]
    strange += [message for case, message in corpus if "every-member" in case.id]
    strange += [
        replace(good, body=b""),
        replace(good, body=b"{"),
        good.with_header("X-Amz-Target", "None.Such"),
    ]
    strange += [
        AwsJson().encode(operation, {k: v for k, v in request_value.items() if k != name})
        for name in request_value
    ]
    correct, faulty = Reference(), Reference((name,))
    assert any(
        correct.answer(message) != faulty.answer(message)
        for each in strange
        for message in (each, good)
    )


@pytest.mark.parametrize("name", [*named("connection/"), *named("target/unknown-")])
def test_each_broken_connection_shows_in_a_reply(name: str, good: Message) -> None:
    """Each is a change of the reply, but for the body that is left unread."""
    wrong = (
        replace(good, body=b"{}"),
        replace(good, body=b"{"),
        good.with_header("X-Amz-Target", "None.Such"),
        *[good] * 10,
    )
    correct, faulty = Reference(), Reference((name,))
    same = [correct.answer(each) for each in wrong] == [faulty.answer(each) for each in wrong]
    assert same is (name == "connection/refused-body-unread")
    assert faulty.drains is not same


def test_faults_are_data_that_can_be_shown(operation: Operation) -> None:
    """A fault compares and prints without the function inside it."""
    first = Fault(name="a/b", mechanism="m", description="d", install=lambda steps: steps)
    assert first == Fault(name="a/b", mechanism="m", description="d", install=lambda _: _)
    assert "install" not in repr(first)
