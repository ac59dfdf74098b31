"""ASGI applications in our own process: lifespan, answers, and everything else they do."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from contract_kit.errors import TargetError
from contract_kit.target import asgi, failures
from contract_kit.target.asgi import AsgiTarget
from contract_kit.wire.message import Message

MESSAGE = Message(path="/a?b=c", headers=(("X-Amz-Target", "A.B"),), body=b'{"a":1}')
START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"X-A", b"\xe9"), (b"X-A", b"2")],
}
END = {"type": "http.response.body", "body": b"b"}


def saying(*events):
    """An application without lifespan that sends the given events."""

    async def app(scope, receive, send):
        assert scope["type"] == "http"
        for event in events:
            await send(event)

    return app


@pytest.fixture
def target_of():
    """`target_of(app, …)`: a target that is closed at the end of the test."""
    targets = []

    def make(app, **options):
        targets.append(AsgiTarget(app, **options))
        return targets[-1]

    yield make
    for target in targets:
        target.close()
    assert threading.active_count() == 1


def test_an_answer_is_a_reply(target_of):
    """Status, header pairs and the parts of the body."""
    part = {"type": "http.response.body", "body": b"a", "more_body": True}
    reply = target_of(saying(START, part, END)).send(MESSAGE)
    assert (reply.status, reply.body, reply.failure) == (200, b"ab", "")
    assert reply.headers == (("X-A", "é"), ("X-A", "2"))


def test_the_application_sees_the_message(target_of):
    """As the specification writes it, headers of the user included."""
    seen = {}

    async def app(scope, receive, send):
        assert scope["type"] == "http"
        seen.update(scope, event=await receive())
        for event in (START, END):
            await send(event)
        seen["last"] = await receive()

    target = target_of(app, headers=(("X-Key", "k"),))
    target.send(MESSAGE)
    target.send(MESSAGE)
    assert (seen["method"], seen["path"], seen["query_string"]) == ("POST", "/a", b"b=c")
    assert seen["event"] == {"type": "http.request", "body": b'{"a":1}', "more_body": False}
    assert {(b"x-amz-target", b"A.B"), (b"x-key", b"k"), (b"content-length", b"7")} < {
        *seen["headers"]
    }
    assert seen["last"] == {"type": "http.disconnect"}


def test_it_is_started_once_and_shut_down_at_the_end():
    """What it keeps for its requests is theirs."""
    said = []

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            said.append((await receive())["type"])
            scope["state"]["base"] = "open"
            await send({"type": "lifespan.startup.complete"})
            said.append((await receive())["type"])
            await send({"type": "lifespan.shutdown.complete"})
            return
        said.append(scope["state"]["base"])
        await send(START)
        await send(END)

    target = AsgiTarget(app)
    for _ in range(2):
        assert target.send(MESSAGE).status == 200
    target.close()
    target.close()
    assert said == ["lifespan.startup", "open", "open", "lifespan.shutdown"]


@pytest.mark.parametrize(
    ("message", "said"), [("no base", "no base"), (None, "it gives no reason")]
)
def test_one_that_cannot_start_is_an_error(message, said):
    """In its own words: nothing could be tested."""

    async def app(scope, receive, send):
        await receive()
        event = {"type": "lifespan.startup.failed"}
        await send(event if message is None else {**event, "message": message})

    with pytest.raises(TargetError, match=f"the application did not start: {said}"):
        AsgiTarget(app)
    assert threading.active_count() == 1


def test_one_that_never_starts_is_an_error(monkeypatch):
    """After a while."""
    monkeypatch.setattr(asgi, "START_LIMIT", 0.05)

    async def app(scope, receive, send):
        await asyncio.sleep(30)

    with pytest.raises(TargetError, match=r"did not start within 0\.05 s"):
        AsgiTarget(app)


def test_one_that_never_shuts_down_is_left(monkeypatch):
    """It has had its time."""
    monkeypatch.setattr(asgi, "END_LIMIT", 0.05)

    async def app(scope, receive, send):
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await asyncio.sleep(30)

    started = time.monotonic()
    AsgiTarget(app).close()
    assert time.monotonic() - started < 20
    assert threading.active_count() == 1


class Broken(Exception):
    """What an application may raise."""


@pytest.mark.parametrize("error", [Broken("no"), TimeoutError("no"), SystemExit("no")])
@pytest.mark.parametrize("events", [(), (START,)])
def test_an_exception_is_the_applications_own(target_of, error, events):
    """Before its reply or in the middle of it."""

    async def app(scope, receive, send):
        assert scope["type"] == "http"
        for event in events:
            await send(event)
        raise error

    reply = target_of(app).send(MESSAGE)
    assert reply.failure == "raised"
    assert reply.detail == f"the application raised {type(error).__name__}: no"


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ((), "never started a response"),
        ((START,), "never ended its response"),
        ((END,), "raised RuntimeError: http.response.body is out of place"),
        ((START, START), "raised RuntimeError: http.response.start is out of place"),
        (({"type": "http.response.start", "status": "x"}, END), "raised ValueError: "),
    ],
)
def test_events_out_of_order_are_a_crash(target_of, events, said):
    """No server could make a reply of them."""
    reply = target_of(saying(*events)).send(MESSAGE)
    assert reply.failure == "raised"
    assert reply.detail.startswith(f"the application {said}")


def test_waiting_ends_at_the_deadline_and_the_next_message_is_answered(target_of):
    """The task is cancelled, and nothing of it is left."""
    late = iter([True, False])

    async def app(scope, receive, send):
        assert scope["type"] == "http"
        if next(late):
            await asyncio.sleep(30)
        await send(START)
        await send(END)

    target = target_of(app)
    started = time.monotonic()
    reply = target.send(MESSAGE, timeout=0.05)
    assert (reply.failure, reply.detail) == ("timeout", "no whole reply within 0.05 s")
    assert time.monotonic() - started < 20
    assert target.send(MESSAGE).status == 200


def test_a_reply_without_end_is_cut(target_of, monkeypatch):
    """Memory is not what an application may fill."""
    monkeypatch.setattr(failures, "MAX_REPLY", 1000)

    async def app(scope, receive, send):
        assert scope["type"] == "http"
        await send(START)
        while True:
            await send({"type": "http.response.body", "body": b"x" * 100, "more_body": True})

    assert target_of(app).send(MESSAGE).failure == "too-large"


def test_work_after_the_reply_is_not_waited_for(target_of):
    """A server has sent it by then."""

    async def app(scope, receive, send):
        assert scope["type"] == "http"
        await send(START)
        await send(END)
        await asyncio.sleep(30)

    started = time.monotonic()
    target = target_of(app)
    assert target.send(MESSAGE).body == b"b"
    target.renew()
    assert time.monotonic() - started < 20
    assert target.url == "http://testserver"
