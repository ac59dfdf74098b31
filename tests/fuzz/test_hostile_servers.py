"""Servers that answer correctly but for one request, to which they do the worst they can.

Each is on a real socket. The case in flight gets the verdict, all others keep theirs, and no exchange
takes much longer than its time-out.
"""

from __future__ import annotations

import gzip
import time
import zlib
from contextlib import ExitStack, closing

import pytest

from contract_kit.cases.export import all_cases
from contract_kit.fuzz import fuzz
from contract_kit.fuzz.sending.exchange import PAUSES
from contract_kit.target.interface import Abilities
from contract_kit.wire.table import wire_of

from .hostile import Impatient, Server, bomb, hostile

TIMEOUT = 0.4

HOSTILE = b'"PageSize":51'
"""What a request holds that is answered badly: it breaks PageSize.maximum."""

ONLY = tuple(
    f"ListArchiveExports/{slug}"
    for slug in (
        "ArchiveId.pattern/trailing-newline",
        "PageSize.maximum/one-too-large",
        "PageSize.minimum/one-too-small",
    )
)
"""The case before it, the case itself, the case after it."""

REFUSAL = b'{"__type": "ValidationException", "message": "no"}'


def head(*headers: str, status: str = "400 Bad Request") -> bytes:
    """The head of a reply."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/x-amz-json-1.0", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def refusal(*headers: str, body: bytes = REFUSAL) -> bytes:
    """A correct reply to a request that breaks a constraint."""
    return head(f"Content-Length: {len(body)}", *headers) + body


class Timed(Impatient):
    """A target whose every exchange is timed."""

    def __init__(self, url: str, pause: float, is_silent) -> None:
        super().__init__(url, is_silent, TIMEOUT)
        self.abilities = Abilities()
        self._pause = pause
        self.longest = 0.0

    def send(self, message, *, timeout=None):
        """Sends after a pause, and looks at the clock."""
        time.sleep(self._pause)
        started = time.monotonic()
        reply = super().send(message)
        self.longest = max(self.longest, time.monotonic() - started)
        return reply


@pytest.fixture
def attack(kit):
    """`attack(answer)`: the outcome of a run against a server that answers some requests so."""
    with ExitStack() as stack:

        def run(
            answer,
            *,
            is_hostile=lambda body: HOSTILE in body,
            is_silent=False,
            only=ONLY,
            pause=0.0,
        ):
            def talk(peer):
                if is_hostile(peer.body):
                    answer(peer)
                    return
                peer.write(correct(kit, peer))

            server = stack.enter_context(hostile(talk))
            url = f"http://127.0.0.1:{server.port}"
            silent = lambda message: is_silent and is_hostile(message.body)  # noqa: E731
            with closing(Timed(url, pause, silent)) as target:
                outcome = fuzz(kit.LIST, target, cases=only, startup_timeout=0.2, examples=0)
            assert target.longest < 30
            return outcome

        yield run


def correct(kit, peer) -> bytes:
    """What a correct server answers."""
    said = kit.correct(kit.Asked(peer.method, peer.headers, peer.body))
    lines = [f"HTTP/1.1 {said.status} -", f"Content-Length: {len(said.body)}"]
    lines += [f"{name}: {value}" for name, value in said.headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + said.body


def half_closed(peer):
    """Says that nothing will come, and goes on listening."""
    import socket

    peer.socket.shutdown(socket.SHUT_WR)
    peer.wait()


def closing_after(data):
    """Sends so much, and hangs up."""

    def answer(peer):
        peer.write(data)
        peer.socket.shutdown(2)

    return answer


def silent_after(data):
    """Sends so much, and nothing more."""

    def answer(peer):
        peer.write(data)
        peer.wait()

    return answer


def endless(start, piece):
    """Sends a start, and then the same over and over."""

    def answer(peer):
        peer.write(start)
        peer.flood(piece)

    return answer


def dripping(start, rest):
    """Sends a start, and then a byte now and then."""

    def answer(peer):
        peer.write(start)
        peer.drip(rest)

    return answer


BOMB = bomb(64)

CRASHES = {
    "silence": (lambda peer: peer.wait(), "timeout"),
    "head-that-drips": (dripping(b"HTTP/1.1 400 Bad\r\n", b"X-Slow: 1\r\n"), "timeout"),
    "body-that-drips": (dripping(head("Content-Length: 9999"), b"x"), "timeout"),
    "chunks-that-drip": (dripping(head("Transfer-Encoding: chunked"), b"1\r\nx\r\n"), "timeout"),
    "interim-replies-for-ever": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "timeout"),
    "interim-replies-that-drip": (dripping(b"", b"HTTP/1.1 102 Processing\r\n\r\n"), "timeout"),
    "longer-than-the-body": (silent_after(head("Content-Length: 999") + REFUSAL), "timeout"),
    "hang-up": (closing_after(b""), "dropped"),
    "reset": (lambda peer: peer.reset(), "dropped"),
    "half-closed": (half_closed, "dropped"),
    "hang-up-in-the-head": (closing_after(b"HTTP/1.1 400 Bad\r\nContent-"), "dropped"),
    "hang-up-in-the-body": (closing_after(head("Content-Length: 999") + REFUSAL), "dropped"),
    "hang-up-in-a-chunk": (
        closing_after(head("Transfer-Encoding: chunked") + b"99\r\nx"),
        "dropped",
    ),
    "body-without-end": (endless(head(), b"x" * 65536), "too-large"),
    "chunks-without-end": (
        endless(head("Transfer-Encoding: chunked"), b"10000\r\n" + b"x" * 65536 + b"\r\n"),
        "too-large",
    ),
    "announced-terabytes": (endless(head(f"Content-Length: {10**13}"), b"x" * 65536), "too-large"),
    "head-without-end": (endless(b"HTTP/1.1 400 Bad\r\n", b"X-More: 1\r\n" * 1000), "not-http"),
    "header-without-end": (endless(b"HTTP/1.1 400 Bad\r\nX: ", b"x" * 65536), "not-http"),
    "status-line-without-end": (endless(b"HTTP/1.1 400 ", b"x" * 65536), "not-http"),
    "chunk-size-without-end": (
        endless(head("Transfer-Encoding: chunked"), b"0" * 65536),
        "not-http",
    ),
    "trailers-without-end": (
        endless(head("Transfer-Encoding: chunked") + b"0\r\n", b"X: 1\r\n" * 1000),
        "not-http",
    ),
    "bomb": (
        lambda peer: peer.write(
            head("Content-Encoding: gzip", f"Content-Length: {len(BOMB)}") + BOMB
        ),
        "too-large",
    ),
    "no-gzip": (lambda peer: peer.write(refusal("Content-Encoding: gzip")), "not-http"),
    "garbage-for-length": (silent_after(head("Content-Length: many")), "not-http"),
    "negative-length": (silent_after(head("Content-Length: -1")), "not-http"),
    "two-lengths": (silent_after(head("Content-Length: 1", "Content-Length: 2")), "not-http"),
    "ssh": (silent_after(b"SSH-2.0-OpenSSH_9.6\r\n"), "not-http"),
    "ssh-that-hangs-up": (closing_after(b"SSH-2.0-OpenSSH_9.6"), "not-http"),
    "html-alone": (silent_after(b"<!DOCTYPE html>\r\n<p>no</p>\r\n\r\n"), "not-http"),
    "tls": (closing_after(b"\x15\x03\x01\x00\x02\x02\x46"), "not-http"),
    "noise": (closing_after(bytes(range(256)) * 8), "not-http"),
    "upgrade": (
        silent_after(head("Upgrade: x", "Connection: Upgrade", status="101 -")),
        "not-http",
    ),
}


@pytest.mark.parametrize("name", CRASHES)
def test_what_a_server_does_to_one_request_is_a_crash_of_its_case(kit, attack, name):
    """That case alone: those before and after it are judged as ever."""
    answer, failure = CRASHES[name]
    outcome = attack(answer, is_silent=failure == "timeout")
    (finding,) = outcome.findings
    assert (finding.constraint, finding.verdict) == ("PageSize.maximum", "crash")
    assert finding.case == ONLY[1]
    assert finding.reply.failure == failure, finding.reply.detail
    assert len(finding.reply.detail) < 500
    got = kit.verdicts(outcome)
    assert (got["ArchiveId.pattern"], got["PageSize.minimum"]) == ("enforced", "enforced")
    assert not outcome.ended


def test_a_redirect_is_not_followed(kit, attack):
    """To whatever host: it is no answer of the service."""
    with hostile(lambda peer: peer.write(refusal())) as elsewhere:
        location = f"Location: http://127.0.0.1:{elsewhere.port}/"
        reply = head(location, "Content-Length: 0", status="307 Temporary Redirect")
        (finding,) = attack(lambda peer: peer.write(reply)).findings
        assert elsewhere.connections == 0
    assert (finding.verdict, finding.reply.status) == ("crash", 307)


@pytest.mark.parametrize(
    "reply",
    [
        refusal(*(f"X-{number}: {'v' * 30}" for number in range(1000))),
        refusal("X-Long: " + "v" * 60_000),
        refusal("Set-Cookie: session=1; Path=/"),
        refusal("X-Escape: \x1b[31m"),
        b"HTTP/1.1 100 Continue\r\n\r\n" + refusal(),
        head("Transfer-Encoding: chunked") + b"32;x=y\r\n" + REFUSAL + b"\r\n0\r\nX: 1\r\n\r\n",
        refusal("Content-Encoding: gzip", body=gzip.compress(REFUSAL)),
        refusal("Content-Encoding: deflate", body=zlib.compress(REFUSAL)),
        refusal("Content-Encoding: deflate", body=zlib.compress(REFUSAL)[2:-4]),
    ],
    ids=[
        "thousand-headers",
        "long-header",
        "cookie",
        "escape",
        "interim",
        "chunked",
        "gzip",
        "deflate",
        "raw-deflate",
    ],
)
def test_what_is_unusual_but_right_is_right(attack, reply):
    """An odd reply that a client can read is a reply."""
    assert attack(lambda peer: peer.write(reply)).conforms


def test_one_that_closes_each_connection_is_right(attack):
    """Without a word, or in HTTP/1.0: connections are made anew."""
    old = refusal().replace(b"HTTP/1.1", b"HTTP/1.0")
    assert attack(closing_after(refusal())).conforms
    assert attack(closing_after(old)).conforms


def test_a_reply_that_comes_before_the_request_is_read_counts(kit, attack):
    """Some servers refuse what is large without reading it."""
    large = tuple(
        case.id for case in all_cases(kit.LIST, wire_of(kit.LIST)) if case.slug == "large-string"
    )

    def talk(peer):
        peer.write(refusal())

    outcome = attack(talk, is_hostile=lambda body: len(body) > 500_000, only=(*ONLY, *large))
    assert outcome.conforms


def test_cookies_are_never_sent_back(kit):
    """Each message is what its case says."""
    seen = []

    def talk(peer):
        seen.append(set(peer.headers))
        reply = correct(kit, peer)
        peer.write(reply.replace(b"\r\n", b"\r\nSet-Cookie: id=1; Path=/\r\n", 1))

    with hostile(talk) as server:
        assert kit.fuzzed_at(f"http://127.0.0.1:{server.port}", cases=ONLY).conforms
    assert len(seen) > 4
    assert not [names for names in seen if "cookie" in names]


@pytest.mark.parametrize("pause", [0.0, 0.1], ids=["at-once", "later"])
@pytest.mark.parametrize(
    "extra", [b"\r\n", refusal(), b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"]
)
def test_what_follows_a_reply_is_a_fault_of_the_connection(kit, attack, extra, pause):
    """The next request is not answered with it, and the case to blame is named."""

    def talk(peer):
        if not pause:
            peer.write(refusal() + extra)
            return
        peer.write(refusal())
        peer.stopped.wait(pause / 4)
        peer.write(extra)

    outcome = attack(talk, pause=pause)
    (finding,) = outcome.findings
    assert (finding.constraint, finding.verdict) == ("wire.connection", "crash")
    assert finding.case == ONLY[1]
    assert f"{len(extra)} unsolicited bytes: {extra[:20]!r}"[:-2] in finding.reason
    got = kit.verdicts(outcome)
    assert {got[id] for id in ("ArchiveId.pattern", "PageSize.maximum", "PageSize.minimum")} == {
        "enforced"
    }


def test_a_length_that_is_too_short_spoils_no_other_reply(kit, attack):
    """Half a body is no error that anyone can read; the rest of it is not the next reply."""
    outcome = attack(lambda peer: peer.write(head("Content-Length: 20") + REFUSAL))
    found = {(entry.constraint, entry.verdict) for entry in outcome.findings}
    assert found == {("PageSize.maximum", "crash"), ("wire.connection", "crash")}
    assert kit.verdicts(outcome)["PageSize.minimum"] == "enforced"


def test_replies_to_the_wrong_request_are_found(kit):
    """A server that is one reply behind from some request on."""
    state = {"late": None}

    def talk(peer):
        reply = correct(kit, peer)
        if HOSTILE in peer.body or state["late"] is not None:
            reply, state["late"] = state["late"] or correct(kit, peer), reply
        peer.write(reply)

    with hostile(talk) as server:
        outcome = kit.fuzzed_at(f"http://127.0.0.1:{server.port}")
    assert "wire.connection" in {entry.constraint for entry in outcome.findings}
    assert outcome.cases == len(all_cases(kit.LIST, wire_of(kit.LIST)))


def test_one_that_dies_and_comes_back_is_waited_for(kit):
    """The case in flight gets the crash, and all others their verdicts."""
    died = []

    def talk(peer):
        if HOSTILE in peer.body and not died:
            died.append(peer)
            servers[0].down(0.8)
            return
        if HOSTILE in peer.body:
            servers[0].down(0.8)
            return
        peer.write(correct(kit, peer))

    with hostile(talk) as server:
        servers = [server]
        outcome = kit.fuzzed_at(f"http://127.0.0.1:{server.port}")
    (finding,) = outcome.findings
    assert (finding.constraint, finding.verdict) == ("PageSize.maximum", "crash")
    assert finding.reply.failure == "dropped"
    assert (outcome.ended, outcome.cases) == ("", len(all_cases(kit.LIST, wire_of(kit.LIST))))


def test_one_that_dies_for_good_ends_the_run_with_what_it_has(kit):
    """Soon, and with the case to blame."""
    with hostile(lambda peer: None) as server:

        def talk(peer):
            if HOSTILE in peer.body:
                server.down()
                return
            peer.write(correct(kit, peer))

        server._answer = talk
        started = time.monotonic()
        outcome = kit.fuzzed_at(f"http://127.0.0.1:{server.port}")
        assert time.monotonic() - started < sum(PAUSES) + 60
    assert outcome.ended == f"the target stopped answering after {ONLY[1]}"
    got = kit.verdicts(outcome)
    assert (got["PageSize.maximum"], got["ArchiveId.pattern"]) == ("crash", "enforced")
    assert got["wire.syntax"] == "untested"


@pytest.mark.parametrize("name", ["silence", "hang-up", "ssh", "head-without-end", "bomb", "reset"])
def test_one_that_does_so_to_every_request_is_a_crash(kit, attack, name):
    """There is somebody, who answers nothing."""
    answer, failure = CRASHES[name]
    silent = failure == "timeout"
    outcome = attack(answer, is_hostile=lambda body: True, is_silent=silent)
    (finding,) = outcome.findings
    assert (finding.constraint, finding.verdict) == ("request.type", "crash")
    assert finding.reply.failure == failure
    assert outcome.ended == "no conforming request was answered"


def test_the_server_of_these_tests_is_correct_by_itself(attack):
    """What is found above is what was put there."""
    assert attack(None, is_hostile=lambda body: False).conforms
    assert Server.__doc__
