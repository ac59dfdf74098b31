"""The service over HTTP and WSGI: what the connection may be used for, and how it breaks."""

from __future__ import annotations

import http.client
import io
import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from contract_kit.errors import UsageError
from contract_kit.reference import http as server
from contract_kit.reference.wsgi import app, phrase
from contract_kit.wire.message import Message


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a correct server."""
    with server.running() as url:
        yield urlsplit(url).port or 0


def exchange(port: int, data: bytes, *, timeout: float = 5) -> bytes:
    """Everything that comes back on a connection that gets these bytes and no more."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def raw(message: Message, *headers: str, method: str = "POST") -> bytes:
    """A message as it is written on a connection."""
    lines = [f"{method} / HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in message.headers]
    lines += headers or [f"Content-Length: {len(message.body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + message.body


def faulty(fault: str, data: bytes) -> bytes:
    """What a server with a fault sends back."""
    with server.running((fault,)) as url:
        return exchange(urlsplit(url).port or 0, data)


def test_one_connection_serves_many_requests(port: int, good: Message) -> None:
    """Good ones, refused ones, and methods that no one uses."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    identifiers = set()
    for method, status in (("POST", 200), ("BREW", 400), ("POST", 200), ("HEAD", 400)):
        connection.request(method, "/", good.body, dict(good.headers))
        reply = connection.getresponse()
        body = reply.read()
        assert reply.status == status
        if status == 200:
            identifiers.add(json.loads(body)["ExportId"])
    connection.close()
    assert len(identifiers) == 2


def test_requests_may_be_sent_ahead(port: int, good: Message) -> None:
    """Two requests in one packet get two replies."""
    assert exchange(port, raw(good) * 2).count(b"HTTP/1.1 200 OK") == 2


def test_a_client_may_ask_before_it_sends_the_body(port: int, good: Message) -> None:
    """`Expect: 100-continue` gets its go-ahead."""
    length = f"Content-Length: {len(good.body)}"
    got = exchange(port, raw(good, "Expect: 100-continue", length))
    assert got.startswith(b"HTTP/1.1 100 Continue")
    assert b"HTTP/1.1 200 OK" in got


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (("Accept: */*",), 400),
        (("Content-Length: x",), 400),
        (("Content-Length: -1",), 400),
        (("Content-Length: 1", "Content-Length: 2"), 400),
        ((f"Content-Length: {10**12}",), 413),
        ((f"Content-Length: {10**30}",), 413),
        (("Transfer-Encoding: chunked",), 411),
    ],
)
def test_a_body_of_unknown_length_is_refused(
    port: int, good: Message, headers: tuple[str, ...], status: int
) -> None:
    """No length is no body; a wrong one ends the connection."""
    assert exchange(port, raw(good, *headers)).startswith(f"HTTP/1.1 {status} ".encode())


def test_what_is_no_request_ends_the_connection(port: int, good: Message) -> None:
    """Garbage is told so, half a body and silence need no answer."""
    assert b"400" in exchange(port, b"garbage\r\n\r\n").split(b"\r\n")[0]
    assert exchange(port, raw(good)[:-5]) == b""
    assert exchange(port, b"") == b""
    assert exchange(port, raw(good)).startswith(b"HTTP/1.1 200 OK")


def test_replies_that_break_reach_the_client_broken(
    good: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each way in which a connection can fail is really seen on it."""
    monkeypatch.setattr(server, "HANG", 0.01)
    wrong = raw(Message(headers=good.headers, body=b"{}"))
    whole = faulty("validation/empty", wrong)
    assert b"Content-Length: 0" in whole
    assert faulty("connection/validation-dropped", wrong) == b""
    assert faulty("connection/validation-hangs", wrong) == b""
    assert faulty("connection/validation-not-http", wrong) == b"OK\n"
    head, _, body = faulty("connection/validation-cut-short", wrong).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() not in head
    assert body.startswith(b'{"__type"')
    head, _, body = faulty("connection/validation-length-too-small", wrong).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body) - 10}".encode() in head


def test_an_unread_body_is_taken_for_the_next_request(good: Message) -> None:
    """The request after a refused one is answered with nonsense, over the same connection."""
    wrong = raw(Message(headers=good.headers, body=b"{}"))
    assert faulty("connection/refused-body-unread", raw(good) + raw(good)).count(b" 200 OK") == 2
    got = faulty("connection/refused-body-unread", wrong + raw(good))
    assert got.count(b"HTTP/1.1 400") == 2
    assert b" 200 OK" not in got


def test_a_port_in_use_is_a_usage_error(port: int) -> None:
    """The message says what to do."""
    with pytest.raises(UsageError, match=f"127.0.0.1:{port}.*another --port"):
        server.serve(port)
    with pytest.raises(UsageError, match="no fault is called"):
        server.serve(0, ("no-such-fault",))


def test_serving_ends_when_it_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The port is given back."""
    ports: list[int] = []

    def interrupted(self: server.ReferenceServer) -> None:
        ports.append(self.server_port)
        raise KeyboardInterrupt

    monkeypatch.setattr(server.ReferenceServer, "serve_forever", interrupted)
    with pytest.raises(KeyboardInterrupt):
        server.serve(0)
    with socket.socket() as again:
        again.bind(("127.0.0.1", ports[0]))


def called(application: Any, message: Message, **environ: Any) -> tuple[str, list[Any], bytes]:
    """Status, headers and body of one call of a WSGI application."""
    given: dict[str, Any] = {
        "REQUEST_METHOD": message.method,
        "CONTENT_TYPE": dict(message.headers)["Content-Type"],
        "CONTENT_LENGTH": str(len(message.body)),
        "HTTP_X_AMZ_TARGET": dict(message.headers)["X-Amz-Target"],
        "wsgi.input": io.BytesIO(message.body),
        "QUERY_STRING": "",
        **environ,
    }
    setup_testing_defaults(given)
    started: list[Any] = []
    body = application(given, lambda status, headers, _=None: started.extend((status, headers)))
    content = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    return started[0], started[1], content


def test_the_wsgi_application_keeps_the_standard(good: Message) -> None:
    """The standard library's checker finds nothing to complain of."""
    status, headers, body = called(validator(app()), good)
    assert status == "200 OK"
    assert json.loads(body)["ExportId"]
    assert ("Content-Length", str(len(body))) in headers
    assert called(app(), good, CONTENT_LENGTH="")[0] == "400 Bad Request"
    assert called(app(), good, CONTENT_LENGTH="x")[0] == "400 Bad Request"


def test_faults_of_the_connection_raise_from_the_wsgi_application(good: Message) -> None:
    """No reply could say that there is none."""
    wrong = Message(headers=good.headers, body=b"{}")
    with pytest.raises(ConnectionError, match="dropped"):
        called(app(("connection/validation-dropped",)), wrong)
    with pytest.raises(TimeoutError):
        called(app(("connection/validation-hangs",)), wrong)
    assert called(app(("every-error/status-422",)), wrong)[0].startswith("422 ")


def test_the_head_of_a_reply_can_be_written_for_any_status(good: Message) -> None:
    """A status that no one registered has a phrase, too; a message without a type none."""
    assert (phrase(404), phrase(299)) == ("Not Found", "Unknown")
    assert called(app(), good, CONTENT_TYPE="")[0] == "200 OK"


def test_clients_that_hang_up_are_not_reported(capfd: pytest.CaptureFixture[str]) -> None:
    """Only what is our own mistake is."""
    with server.listening(0, (), "127.0.0.1") as listening:
        for error in (ConnectionResetError(), TimeoutError(), ZeroDivisionError("ours")):
            try:
                raise error
            except (OSError, ArithmeticError):
                listening.handle_error(None, ("127.0.0.1", 1))
    assert capfd.readouterr().err.count("ZeroDivisionError: ours") == 1
