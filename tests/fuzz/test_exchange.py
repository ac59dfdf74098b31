"""Patience, numbers, signatures and time-outs of one conversation with a target."""

from __future__ import annotations

import json
import time
from itertools import count

import pytest

from contract_kit import operation
from contract_kit.fuzz.sending import exchange
from contract_kit.fuzz.sending.exchange import TRIES, Exchange
from contract_kit.fuzz.sending.patience import PATIENCE
from contract_kit.target.interface import Abilities
from contract_kit.wire.message import Message, Reply
from contract_kit.wire.table import wire_of

LIST = operation("mailmanager:ListArchiveExports")
OK = Reply(status=200, headers=(("Content-Type", "application/x-amz-json-1.0"),), body=b"{}")


def refused(name, status=400, *headers):
    """A refusal with a named error."""
    return Reply(status=status, headers=headers, body=json.dumps({"__type": name}).encode())


BUSY = refused("ThrottlingException", 429)


class Canned:
    """A target that answers with the given replies, the last one for ever."""

    url = "http://target.test"
    abilities = Abilities()

    def __init__(self, *replies, takes=0.0):
        self._replies = list(replies)
        self._takes = takes
        self.sent = []
        self.timeouts = []
        self.renewed = 0

    def send(self, message: Message, *, timeout: float | None = None) -> Reply:
        """The next reply."""
        self.sent.append(message)
        self.timeouts.append(timeout)
        time.sleep(self._takes)
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]

    def renew(self) -> None:
        """Counts."""
        self.renewed += 1

    def close(self) -> None:
        """Nothing to do."""


@pytest.fixture
def talk():
    """`talk(target, …)`: an exchange, and the list of the pauses that it makes."""

    def start(target, **options):
        pauses = []
        options = {"region": "us-east-1", "pause": pauses.append, **options}
        return Exchange(wire_of(LIST), target, **options), pauses

    return start


def test_a_reply_comes_with_its_message_and_what_it_says(talk):
    """The message without its signature: that is what a report shows."""
    target = Canned(OK)
    conversation, pauses = talk(target)
    message = conversation.encode({"ArchiveId": "a-1"})
    seen = conversation.send(message)
    assert (seen.message, seen.reply, seen.answer.kind) == (message, OK, "result")
    assert (conversation.sent, pauses) == (1, [])
    assert "Authorization" in dict(target.sent[0].headers)
    assert "Authorization" not in dict(seen.message.headers)


@pytest.mark.parametrize(
    "busy",
    [
        BUSY,
        refused("TooManyRequestsException"),
        refused("ServiceUnavailable", 503),
        Reply(status=503, body=b"<html>"),
        Reply(status=429),
        refused("Overloaded", 429),
        refused("InternalFailure", 503),
    ],
)
def test_who_asks_for_patience_is_asked_again(talk, busy):
    """By name, or by a bare 429 or 503; the pauses double."""
    conversation, pauses = talk(Canned(busy, busy, busy, OK))
    assert conversation.send(conversation.encode({})).answer.kind == "result"
    assert pauses == [0.05, 0.1, 0.2]
    assert conversation.sent == 4


@pytest.mark.parametrize(
    "final",
    [
        refused("ValidationException"),
        refused("InternalFailure", 500),
        refused("ValidationException", 503),
        Reply(status=500),
        Reply(failure="timeout"),
        Reply(failure="dropped"),
    ],
)
def test_any_other_answer_is_final(talk, final):
    """Nothing is sent again in the hope of a better one."""
    conversation, pauses = talk(Canned(final, OK))
    assert conversation.send(conversation.encode({})).reply == final
    assert (conversation.sent, pauses) == (1, [])


@pytest.mark.parametrize(
    ("asked", "pause"),
    [
        ("0", 0.0),
        ("1", 1.0),
        ("0.5", 0.5),
        ("3600", 30.0),
        ("9" * 400, 30.0),
        ("Sat, 01 Jan 2000 00:00:00 GMT", 0.0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 30.0),
        ("soon", 0.05),
        ("-1", 0.05),
    ],
)
def test_the_pause_is_the_one_that_is_asked_for_within_reason(talk, asked, pause):
    """In seconds or as a date; nonsense is not waited for."""
    busy = refused("ThrottlingException", 429, ("Retry-After", asked))
    conversation, pauses = talk(Canned(busy, OK))
    conversation.send(conversation.encode({}))
    assert pauses == [pause]


def test_a_request_is_tried_a_few_times(talk):
    """Then the throttling is the answer."""
    conversation, pauses = talk(Canned(BUSY))
    seen = conversation.send(conversation.encode({}))
    assert seen.answer.name == "ThrottlingException"
    assert (conversation.sent, len(pauses)) == (TRIES, TRIES - 1)


def test_patience_is_for_the_whole_run(talk):
    """A target that throttles for ever is not waited for."""
    slow = refused("ThrottlingException", 429, ("Retry-After", "2"))
    conversation, pauses = talk(Canned(slow))
    for _ in range(20):
        conversation.send(conversation.encode({}))
    assert sum(pauses) == PATIENCE
    before = len(pauses)
    conversation.send(conversation.encode({}))
    assert len(pauses) == before


def test_each_request_sent_has_a_number_of_its_own(talk):
    """Also when it is sent again; what has no mark takes no number."""
    target = Canned(BUSY, OK)
    conversation, _ = talk(target, numbers=count(41))
    conversation.send(conversation.encode({"ArchiveId": "a-1"}))
    conversation.send(conversation.encode({"ArchiveId": "a-{seq}", "NextToken": "{seq12} {seq}"}))
    conversation.send(conversation.encode({"ArchiveId": "a-{seq}"}))
    assert [message.body for message in target.sent] == [
        b'{"ArchiveId":"a-1"}',
        b'{"ArchiveId":"a-1"}',
        b'{"ArchiveId":"a-41","NextToken":"000000000041 41"}',
        b'{"ArchiveId":"a-42"}',
    ]


def test_the_message_that_is_told_is_the_one_with_its_number(talk):
    """Whoever repeats it sends the same."""
    conversation, _ = talk(Canned(OK), numbers=count(7))
    assert conversation.send(conversation.encode({"ArchiveId": "a-{seq}"})).message.body == (
        b'{"ArchiveId":"a-7"}'
    )


def test_time_outs_shorten_the_wait(talk, monkeypatch):
    """A target that hangs often must not take hours: then as long as it ever needed, and more."""
    monkeypatch.setattr(exchange, "SHORTEST_TIMEOUT", 0.01)
    hanging = Reply(failure="timeout")
    target = Canned(OK, hanging, hanging, hanging, OK, takes=0.005)
    conversation, _ = talk(target)
    for _ in range(6):
        conversation.send(conversation.encode({}))
    own, hurried = target.timeouts[:4], target.timeouts[4:]
    assert own == [None] * 4
    assert all(0.1 <= seconds < 1 for seconds in hurried)
    assert len(hurried) == 2


def test_a_target_that_only_hangs_gets_the_shortest_wait(talk):
    """Nothing is known of how long it needs."""
    target = Canned(Reply(failure="timeout"))
    conversation, _ = talk(target)
    for _ in range(4):
        conversation.send(conversation.encode({}))
    assert target.timeouts == [None, None, None, 0.5]


def test_a_new_connection_is_the_targets_business(talk):
    """The exchange only asks for it."""
    target = Canned(OK)
    talk(target)[0].renew()
    assert target.renewed == 1
