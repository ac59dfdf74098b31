"""WSGI applications in our own process: answers, and everything else they do."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

import httpx2
import pytest

from contract_kit.target import failures
from contract_kit.target.http import wsgi_target
from contract_kit.wire.message import Message

MESSAGE = Message(headers=(("X-Amz-Target", "A.B"),), body=b'{"a":1}')


def answering(body):
    """An application that answers 200 with the given parts of a body."""

    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain"), ("X-A", "1"), ("X-A", "2")])
        return body

    return app


def test_an_answer_is_a_reply():
    """Status, header pairs and the parts of the body."""
    target = wsgi_target(answering([b"a", b"", b"b"]))
    reply = target.send(MESSAGE)
    assert (reply.status, reply.body, reply.failure) == (200, b"ab", "")
    assert [value for name, value in reply.headers if name.lower() == "x-a"] == ["1", "2"]
    target.close()


def test_the_application_sees_the_message():
    """As PEP 3333 writes it, headers of the user included."""
    seen = {}

    def app(environ, start_response):
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("200 OK", [])
        return []

    message = Message(
        method="PUT",
        headers=(("Content-Type", "application/x-amz-json-1.0"), ("X-Amz-Target", "A.B")),
        body=b"12345",
    )
    wsgi_target(app, headers=(("X-Key", "k"),)).send(message)
    assert (seen["REQUEST_METHOD"], seen["PATH_INFO"], seen["body"]) == ("PUT", "/", b"12345")
    assert (seen["CONTENT_TYPE"], seen["CONTENT_LENGTH"]) == ("application/x-amz-json-1.0", "5")
    assert (seen["HTTP_X_AMZ_TARGET"], seen["HTTP_X_KEY"]) == ("A.B", "k")


class Broken(Exception):
    """What an application may raise."""


@pytest.mark.parametrize(
    "error",
    [
        Broken("no"),
        AssertionError("no"),
        OverflowError("no"),
        TimeoutError("no"),
        RecursionError("no"),
        ConnectionError("no"),
        httpx2.ConnectError("no"),
        httpx2.ReadTimeout("no"),
        httpx2.RemoteProtocolError("no"),
        SystemExit("no"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_exception_is_the_applications_own(error):
    """Whatever its class, it is no time-out and no connection of ours that broke."""

    def app(environ, start_response):
        raise error

    reply = wsgi_target(app).send(MESSAGE)
    assert reply.failure == "raised"
    assert reply.detail == f"the application raised {type(error).__name__}: no"


def test_an_exception_while_the_body_is_made_is_the_applications_own():
    """Generators raise late."""

    def body():
        yield b"half"
        raise Broken("late")

    reply = wsgi_target(answering(body())).send(MESSAGE)
    assert (reply.failure, reply.detail) == ("raised", "the application raised Broken: late")


def test_silence_is_told_from_an_assertion():
    """An application that never calls start_response has said nothing."""
    reply = wsgi_target(lambda environ, start_response: []).send(MESSAGE)
    assert (reply.failure, reply.detail) == ("raised", "the application never started a response")


def test_a_reply_without_end_is_cut(monkeypatch):
    """Memory is not what an application may fill."""
    monkeypatch.setattr(failures, "MAX_REPLY", 1000)

    def endless():
        while True:
            yield b"x" * 100

    assert wsgi_target(answering(endless())).send(MESSAGE).failure == "too-large"


def test_a_slow_body_ends_at_the_deadline():
    """Between its parts an application can be interrupted; inside one it cannot."""

    def slow():
        while True:
            yield b"x"

    assert wsgi_target(answering(slow())).send(MESSAGE, timeout=0.05).failure == "timeout"


def test_an_application_is_asked_once():
    """There is no idle connection that could have been closed."""
    calls = []

    def app(environ, start_response):
        calls.append(1)
        raise httpx2.RemoteProtocolError("disconnected")

    target = wsgi_target(app)
    target.send(MESSAGE)
    target.renew()
    assert len(calls) == 1
    assert target.url == "http://testserver"


@pytest.mark.parametrize("path", ["/a/../b//c", "/a%2Fb%C3%A4?x=%20&y", "/%ff", "/"])
def test_an_application_is_asked_for_the_path_as_it_is(path):
    """No client may tidy it up; PEP 3333 has it decoded, as Latin-1."""
    seen = {}

    def app(environ, start_response):
        seen.update(environ)
        start_response("200 OK", [])
        return [b""]

    wsgi_target(app).send(Message(path=path))
    bare, _, query = path.partition("?")
    assert seen["PATH_INFO"].encode("latin-1") == unquote_to_bytes(bare)
    assert (seen["QUERY_STRING"], seen["REQUEST_URI"]) == (query, path)
