"""Servers that are right to refuse, or to take, what no source promises: nothing is found in them."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from contract_kit import operation
from contract_kit.fuzz import fuzz
from contract_kit.reference.server import Reference
from contract_kit.reference.wsgi import message_of, with_length
from contract_kit.target.http import wsgi_target
from contract_kit.wire.message import Message, Reply

EXPORT = operation("mailmanager:StartArchiveExport")
TYPE = ("Content-Type", "application/x-amz-json-1.0")


def read(message: Message):
    """The body as JSON; of numbers with thousands of digits the length alone counts."""
    return json.loads(message.body, parse_int=lambda text: int(text[:400]))


def refuses_what_is_open(value) -> bool:
    """Empty locations, amounts below 1, ranges that are empty, years that calendars lack."""
    start, end = value["FromTimestamp"], value["ToTimestamp"]
    size = value.get("MaxResults")
    return (
        value["ExportDestinationConfiguration"]["S3"].get("S3Location") is None
        or (size is not None and (size <= 0 or isinstance(size, float)))
        or start >= end
        or not -62_135_500_000 <= start <= end <= 253_402_300_799
        or "\0" in json.dumps(value, ensure_ascii=False)
    )


def careful(message: Message) -> Reply:
    """The embedded implementation, which refuses what is open."""
    reply = REFERENCE.answer(message)
    if reply.status == 200 and refuses_what_is_open(read(message)):
        body = json.dumps({"__type": "ValidationException", "message": "no"}).encode()
        return Reply(status=400, headers=(TYPE,), body=body)
    return reply


def names_its_archives(message: Message) -> Reply:
    """It knows one archive alone, and says so of any other."""
    reply = REFERENCE.answer(message)
    if reply.status == 200 and read(message)["ArchiveId"] != "a-known":
        body = json.dumps({"__type": "ResourceNotFoundException", "message": "no"}).encode()
        return Reply(status=404, headers=(TYPE,), body=body)
    return reply


def looks_for_the_archive_first(message: Message) -> Reply:
    """Whatever else is wrong with a request that can be read."""
    reply = REFERENCE.answer(message)
    try:
        archive = read(message)["ArchiveId"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return reply
    readable = reply.status == 200 or b"ValidationException" in reply.body
    if readable and isinstance(archive, str) and archive.startswith("a-") and archive != "a-known":
        body = json.dumps({"__type": "ResourceNotFoundException", "message": "no"}).encode()
        return Reply(status=404, headers=(TYPE,), body=body)
    return reply


def says_validation_to_everything(message: Message) -> Reply:
    """It reads types strictly and answers with one name for all that is wrong."""
    reply = REFERENCE.answer(message)
    return Reply(
        status=reply.status,
        headers=reply.headers,
        body=reply.body.replace(b"SerializationException", b"ValidationException"),
    )


def throttles_now_and_then(message: Message) -> Reply:
    """Every seventh request has to be sent again."""
    COUNT.append(1)
    if len(COUNT) % 7 == 0:
        body = json.dumps({"__type": "ThrottlingException", "message": "slow"}).encode()
        return Reply(status=429, headers=(TYPE, ("Retry-After", "0")), body=body)
    return REFERENCE.answer(message)


REFERENCE = Reference(())
COUNT: list[int] = []

KNOWN = {"ArchiveId": "a-known"}


def app(answer):
    """A function from message to reply as a WSGI application."""

    def application(environ, start_response):
        reply = answer(message_of(environ))
        start_response(f"{reply.status} x", list(with_length(reply)))
        return [reply.body]

    return application


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("answer", "bindings"),
    [
        (careful, {}),
        (names_its_archives, KNOWN),
        (looks_for_the_archive_first, KNOWN),
        (says_validation_to_everything, {}),
        (throttles_now_and_then, {}),
    ],
)
def test_a_correct_server_that_decides_otherwise_conforms(answer, bindings, seed):
    """With every seed."""
    with closing(wsgi_target(app(answer))) as target:
        outcome = fuzz(EXPORT, target, bindings=bindings, examples=300, seed=seed)
    shown = [(finding.case, finding.reason, finding.message.body) for finding in outcome.findings]
    assert shown == []
    assert outcome.examples == 300
    assert not [note for note in outcome.notes if "flaky" in note]
