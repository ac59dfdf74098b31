"""Servers behind real sockets: what they send, and everything that can go wrong."""

from __future__ import annotations

import socket
import threading
import time
from urllib.parse import quote

import pytest

from contract_kit.target import failures
from contract_kit.target.http import HttpTarget
from contract_kit.wire.message import Message

MESSAGE = Message(
    headers=(("Content-Type", "application/x-amz-json-1.0"), ("X-Amz-Target", "A.B")),
    body=b'{"a":1}',
)


@pytest.fixture
def target_at():
    """`target_at(url, …)`: a target that is closed at the end of the test."""
    targets = []

    def make(url, **options):
        targets.append(HttpTarget(url, **{"timeout": 30.0, **options}))
        return targets[-1]

    yield make
    for target in targets:
        target.close()


def test_a_reply_is_status_headers_and_body(serve_replies, whole_reply, target_at):
    """As they were sent, repeated headers included."""
    server = serve_replies(whole_reply(b"no", "X-A: 1", "x-a: 2", status="400 Bad Request"))
    reply = target_at(server.url).send(MESSAGE)
    assert (reply.status, reply.body, reply.failure) == (400, b"no", "")
    assert [value for name, value in reply.headers if name.lower() == "x-a"] == ["1", "2"]


def test_a_message_arrives_as_it_is(serve_replies, whole_reply, target_at):
    """Method, path below the URL's own, headers and body; nothing is compressed."""
    server = serve_replies(whole_reply())
    message = Message(method="PUT", path="/x", headers=MESSAGE.headers, body=b"\xff\0")
    target_at(f"{server.url}/base/").send(message)
    request = server.received[0]
    assert (request.line, request.body) == ("PUT /base/x HTTP/1.1", b"\xff\0")
    assert set(MESSAGE.headers) < set(request.headers)
    assert dict(request.headers)["Accept-Encoding"] == "identity"
    assert dict(request.headers)["User-Agent"] == "contract-kit"


def test_headers_of_the_user_go_with_every_message(serve_replies, whole_reply, target_at):
    """Repeated ones are all sent."""
    server = serve_replies(whole_reply())
    target = target_at(server.url, headers=(("X-Key", "1"), ("X-Key", "2")))
    for _ in range(2):
        target.send(MESSAGE)
    assert len(server.received) == 2
    for request in server.received:
        assert [value for name, value in request.headers if name == "X-Key"] == ["1", "2"]


def test_a_host_of_the_user_takes_the_place_of_the_urls(serve_replies, whole_reply, target_at):
    """Some servers tell by it whom a request is for."""
    server = serve_replies(whole_reply())
    target_at(server.url).send(MESSAGE)
    target_at(server.url, headers=(("host", "emulator.test"),)).send(MESSAGE)
    hosts = [
        [value for name, value in request.headers if name.lower() == "host"]
        for request in server.received
    ]
    assert hosts == [[f"127.0.0.1:{server.port}"], ["emulator.test"]]


def test_a_missing_content_type_is_not_filled_in(serve_replies, whole_reply, target_at):
    """The probe of a missing one must stay a probe."""
    server = serve_replies(whole_reply())
    target_at(server.url).send(MESSAGE.with_header("Content-Type", None))
    assert "content-type" not in {name.lower() for name, _ in server.received[0].headers}


def test_an_empty_header_is_sent(serve_replies, whole_reply, target_at):
    """The probe of an empty target is not that of a missing one."""
    server = serve_replies(whole_reply())
    target_at(server.url).send(MESSAGE.with_header("X-Amz-Target", ""))
    assert ("X-Amz-Target", "") in server.received[0].headers


def test_a_chunked_reply_is_put_together(serve_replies, target_at):
    """Servers that do not know the length beforehand answer so."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    server = serve_replies(head + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
    target = target_at(server.url)
    assert [target.send(MESSAGE).body for _ in range(2)] == [b"abcde"] * 2
    assert server.connections == 1


def test_a_connection_is_used_again_until_renewed(serve_replies, whole_reply, target_at):
    """Whether it survives each message is part of what is tested."""
    server = serve_replies(whole_reply())
    target = target_at(server.url)
    for _ in range(3):
        target.send(MESSAGE)
    assert (server.connections, len(server.received)) == (1, 3)
    target.renew()
    target.send(MESSAGE)
    assert server.connections == 2


def test_a_connection_that_was_closed_while_idle_is_made_anew(serve, whole_reply, target_at):
    """Servers may close idle connections at any time; nobody is to be blamed."""

    def once(talk, seen):
        seen.received.append(talk.read())
        talk.write(whole_reply(b"%d" % talk.number))

    server = serve(once)
    target = target_at(server.url)
    assert [target.send(MESSAGE).body for _ in range(3)] == [b"1", b"2", b"3"]


def test_a_message_is_tried_once_on_a_new_connection(serve, target_at):
    """It was not closed for being idle: whoever hangs up there does so because of the message."""
    server = serve(lambda talk, seen: seen.received.append(talk.read()))
    reply = target_at(server.url).send(MESSAGE)
    assert (reply.failure, len(server.received)) == ("dropped", 1)
    assert "disconnected" in reply.detail


def test_a_message_is_tried_twice_on_an_old_connection_and_no_more(serve, whole_reply, target_at):
    """A server that hangs up on a message does so again."""

    def once(talk, seen):
        seen.received.append(talk.read())
        if len(seen.received) == 1:
            talk.write(whole_reply(b"1"))
            seen.received.append(talk.read())

    server = serve(once)
    target = target_at(server.url)
    assert target.send(MESSAGE).body == b"1"
    assert (target.send(MESSAGE).failure, len(server.received)) == ("dropped", 3)


def test_who_dies_of_a_message_has_dropped_it(serve, target_at):
    """That nobody answers the second try is what the first one did."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    target = target_at(f"http://127.0.0.1:{port}")
    listener.settimeout(60)

    def die():
        connection, _ = listener.accept()
        connection.recv(65536)
        listener.close()
        connection.close()

    with listener:
        import threading

        thread = threading.Thread(target=die)
        thread.start()
        reply = target.send(MESSAGE)
        thread.join()
    assert reply.failure == "dropped"
    assert target.send(MESSAGE).failure == "unreachable"


def test_a_reply_that_breaks_off_is_dropped(serve, target_at):
    """Fewer bytes than announced: half a reply is none."""

    def half(talk, seen):
        talk.read()
        talk.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")

    reply = target_at(serve(half).url).send(MESSAGE)
    assert (reply.failure, reply.status) == ("dropped", 0)
    assert "without sending complete message body" in reply.detail


@pytest.mark.parametrize(
    "garbage",
    [
        b"<!DOCTYPE HTML>\r\n<p>Bad request</p>\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"\0\xff" * 100 + b"\r\n\r\n",
    ],
)
def test_garbage_is_no_http_and_not_tried_again(serve, target_at, garbage):
    """What is left of an earlier message in a connection shows itself so."""

    def nonsense(talk, seen):
        seen.received.append(talk.read())
        talk.write(garbage)

    server = serve(nonsense)
    reply = target_at(server.url).send(MESSAGE)
    assert (reply.failure, len(server.received)) == ("not-http", 1)
    assert reply.detail.startswith("RemoteProtocolError: ")


def test_silence_is_a_timeout_and_not_tried_again(serve, target_at):
    """The limit is the target's own, or that of one exchange."""

    def silent(talk, seen):
        seen.received.append(talk.read())
        talk.wait()

    server = serve(silent)
    target = target_at(server.url, timeout=0.2)
    started = time.monotonic()
    reply = target.send(MESSAGE)
    assert (reply.failure, reply.detail) == ("timeout", "no whole reply within 0.2 s")
    assert target.send(MESSAGE, timeout=0.1).detail == "no whole reply within 0.1 s"
    assert 0.3 <= time.monotonic() - started < 20
    assert len(server.received) == 2


@pytest.mark.parametrize("size", [1, 30_000_000])
def test_one_that_takes_nothing_is_a_timeout(target_at, size):
    """It listens, and never so much as accepts: large messages fill its buffers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        target = target_at(f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=0.3)
        started = time.monotonic()
        assert target.send(Message(body=b"x" * size)).failure == "timeout"
        assert 0.3 <= time.monotonic() - started < 20


def test_a_reply_that_drips_ends_at_the_deadline(serve, target_at):
    """A byte now and then is no progress: the limit holds for the whole exchange."""

    def drip(talk, seen):
        talk.read()
        talk.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not talk.stopped.wait(0.02):
            talk.write(b"x")

    target = target_at(serve(drip).url, timeout=0.2)
    started = time.monotonic()
    assert target.send(MESSAGE).failure == "timeout"
    assert time.monotonic() - started < 20


def test_a_good_reply_after_a_failure_comes_over_a_new_connection(serve, whole_reply, target_at):
    """What is left of the broken exchange must not be read as the next reply."""

    def script(talk, seen):
        while talk.read() is not None:
            if talk.number == 1:
                talk.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
                talk.wait()
            talk.write(whole_reply(b"good"))

    server = serve(script)
    target = target_at(server.url)
    assert target.send(MESSAGE, timeout=0.2).failure == "timeout"
    assert target.send(MESSAGE).body == b"good"
    assert server.connections == 2


def test_nobody_there_is_unreachable(target_at, closed_port):
    """A refused connection is no crash of anyone."""
    reply = target_at(f"http://127.0.0.1:{closed_port}").send(MESSAGE)
    assert reply.failure == "unreachable"
    assert reply.detail.startswith("cannot connect: ")


def test_a_reply_without_end_is_cut(serve, target_at, monkeypatch):
    """Memory is not what a target may fill."""
    monkeypatch.setattr(failures, "MAX_REPLY", 100_000)

    def endless(talk, seen):
        talk.read()
        talk.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not talk.stopped.is_set():
            talk.write(b"x" * 10_000)

    reply = target_at(serve(endless).url).send(MESSAGE)
    assert reply.failure == "too-large"
    most = 100_000 + failures.ECHO * len(MESSAGE.body)
    assert reply.detail == f"the reply is longer than {most} bytes"


def test_a_long_reply_within_the_cap_is_whole(serve_replies, whole_reply, target_at, monkeypatch):
    """The cap is inclusive."""
    monkeypatch.setattr(failures, "MAX_REPLY", 100_000)
    server = serve_replies(whole_reply(b"x" * 100_000))
    assert len(target_at(server.url).send(MESSAGE).body) == 100_000


def test_a_redirect_is_a_reply_and_not_followed(serve_replies, whole_reply, target_at):
    """Traffic goes only where the user pointed it."""
    elsewhere = serve_replies(whole_reply(b"elsewhere"))
    redirect = whole_reply(b"", f"Location: {elsewhere.url}/", status="307 Temporary Redirect")
    reply = target_at(serve_replies(redirect).url).send(MESSAGE)
    assert reply.status == 307
    assert elsewhere.connections == 0


def test_cookies_are_not_kept(serve_replies, whole_reply, target_at):
    """Each message is what its case says, whatever came before."""
    server = serve_replies(whole_reply(b"{}", "Set-Cookie: session=1; Path=/"))
    target = target_at(server.url)
    for _ in range(2):
        target.send(MESSAGE)
    assert "cookie" not in {name.lower() for name, _ in server.received[1].headers}


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"])
def test_proxies_of_the_environment_are_ignored(
    serve_replies, whole_reply, target_at, monkeypatch, name
):
    """A proxy would see requests, and answer in the target's place."""
    proxy = serve_replies(whole_reply(b"proxy"))
    server = serve_replies(whole_reply(b"direct"))
    monkeypatch.setenv(name, proxy.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert target_at(server.url).send(MESSAGE).body == b"direct"
    assert proxy.connections == 0


def test_passwords_of_a_netrc_file_are_not_sent(
    serve_replies, whole_reply, target_at, monkeypatch, tmp_path
):
    """They belong to the user."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server = serve_replies(whole_reply())
    target_at(server.url).send(MESSAGE)
    assert "authorization" not in {name.lower() for name, _ in server.received[0].headers}


def test_the_url_of_a_target_has_no_slash_at_its_end(target_at):
    """Paths are put behind it."""
    assert target_at("http://127.0.0.1:1/").url == "http://127.0.0.1:1"


def test_a_host_that_can_be_no_name_is_unreachable(target_at):
    """An empty label, or one that is too long for a name server."""
    for host in ("a..b", "a" * 64 + ".example"):
        assert target_at(f"http://{host}").send(MESSAGE).failure == "unreachable"


def test_the_scheme_is_read_without_case():
    """Nothing goes in clear text that should not."""
    target = HttpTarget("HTTPS://127.0.0.1:9")
    assert target._tls is not None
    target.close()


def test_a_path_and_a_query_are_asked_as_they_are_given(serve_replies, whole_reply, target_at):
    """And the header Host names the host alone."""
    server = serve_replies(whole_reply())
    for given in ("/aws", "/aws/", "/base/?api_key=Q", "/a/../b", "/"):
        target_at(server.url + given).send(MESSAGE)
    lines = [received.line for received in server.received]
    paths = ["/aws", "/aws/", "/base/?api_key=Q", "/a/../b", "/"]
    assert lines == [f"{MESSAGE.method} {path} HTTP/1.1" for path in paths]


def test_a_unix_socket_is_a_server_like_any_other(tmp_path, whole_reply, target_at):
    """Its path stands percent-encoded in place of the host."""
    path = tmp_path / "api.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        heard = []

        def answer():
            connection, _ = listener.accept()
            with connection:
                heard.append(connection.recv(65536))
                connection.sendall(whole_reply())

        thread = threading.Thread(target=answer)
        thread.start()
        reply = target_at(f"http+unix://{quote(str(path), safe='')}/base").send(MESSAGE)
        thread.join()
    assert reply.status == 200
    assert heard[0].startswith(f"{MESSAGE.method} /base HTTP/1.1\r\nHost: localhost\r\n".encode())


def test_a_header_of_the_users_takes_the_place_of_ours(serve_replies, whole_reply, target_at):
    """Whatever it is, and in whatever case it is written."""
    server = serve_replies(whole_reply())
    target = target_at(server.url, headers=(("x-amz-date", "20000101T000000Z"),))
    target.send(MESSAGE.with_header("X-Amz-Date", "20990101T000000Z"))
    given = [value for name, value in server.received[0].headers if name.lower() == "x-amz-date"]
    assert given == ["20000101T000000Z"]
