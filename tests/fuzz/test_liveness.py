"""Targets that start late, are away for a moment, or are at work on what was given up."""

from __future__ import annotations

import threading
import time
from contextlib import closing

import pytest

from contract_kit.cases.export import all_cases
from contract_kit.errors import TargetError
from contract_kit.fuzz import fuzz
from contract_kit.fuzz.sending import liveness
from contract_kit.fuzz.sending.exchange import PAUSES
from contract_kit.target.interface import Abilities
from contract_kit.wire.message import Reply
from contract_kit.wire.table import wire_of

from .hostile import Impatient, hostile
from .test_hostile_servers import HOSTILE, correct

ONE = ("ListArchiveExports/PageSize.maximum/one-too-large",)


def run(url, kit, *, is_silent=lambda message: False, moment=0.3, only=ONE, startup_timeout=60.0):
    """The outcome of a campaign of some cases. moment: seconds for a message that is_silent."""
    with closing(Impatient(url, is_silent, moment)) as target:
        return fuzz(kit.LIST, target, cases=only, startup_timeout=startup_timeout, examples=0)


def test_a_server_that_is_started_later_is_waited_for(kit):
    """A refused connection is no answer."""
    with hostile(lambda peer: peer.write(correct(kit, peer))) as server:
        server.down(0.7)
        assert run(f"http://127.0.0.1:{server.port}", kit).conforms


def test_what_stands_before_a_server_that_starts_is_no_answer(kit):
    """Proxies of containers take connections, and drop them."""
    started = time.monotonic()

    def talk(peer):
        if time.monotonic() - started < 0.7:
            peer.reset()
        peer.write(correct(kit, peer))

    with hostile(talk) as server:
        assert run(f"http://127.0.0.1:{server.port}", kit).conforms


def test_a_gateway_before_a_server_that_starts_is_busy_for_a_while(kit, monkeypatch):
    """It says 503 for it."""
    monkeypatch.setattr("contract_kit.fuzz.sending.exchange.TRIES", 1)
    started = time.monotonic()

    def talk(asked):
        return kit.correct(asked) if time.monotonic() - started > 0.7 else kit.Said(503, b"")

    with kit.listening(talk) as url:
        assert run(url, kit).conforms
        started = time.monotonic()
        with pytest.raises(TargetError, match="the target is busy, also after 0 s: HTTP 503"):
            run(url, kit, startup_timeout=0.2)


def test_a_target_that_is_asked_too_often_has_started(kit, monkeypatch):
    """It gets the patience of any request, and is not asked the same with other requests."""
    monkeypatch.setattr("contract_kit.fuzz.sending.exchange.TRIES", 2)
    asked = []

    def talk(message):
        asked.append(message)
        return kit.Said(429, b"")

    with (
        kit.listening(talk) as url,
        pytest.raises(TargetError, match="busy, also after 0 s: HTTP 429"),
    ):
        run(url, kit, startup_timeout=3600)
    assert len(asked) == 2


def test_a_first_answer_may_take_longer_than_the_time_out(kit):
    """A cold emulator loads the service first, whoever asks."""
    warm = threading.Event()
    threading.Timer(1.0, warm.set).start()

    def talk(peer):
        warm.wait(10)
        peer.write(correct(kit, peer))

    with hostile(talk) as server:
        url = f"http://127.0.0.1:{server.port}"
        assert run(url, kit, is_silent=lambda message: not warm.is_set()).conforms


def test_a_conforming_request_that_hangs_is_a_crash_once_another_is_answered(kit):
    """Nobody waits thirty seconds for it."""
    asked = []

    def hangs(headers):
        asked.append(headers["x-amz-target"])
        return asked[-1].endswith(".ListArchiveExports")

    def talk(peer):
        if hangs(peer.headers):
            peer.wait()
        peer.write(correct(kit, peer))

    def is_silent(message):
        return hangs({name.lower(): value for name, value in message.headers})

    with hostile(talk) as server:
        outcome = run(f"http://127.0.0.1:{server.port}", kit, is_silent=is_silent, moment=0.2)
    assert len(asked) < 60
    assert [finding.verdict for finding in outcome.findings] == ["crash"]


class Slow:
    """A target that is slow for a while after one of its messages, on a clock of its own."""

    url = "http://target.test"
    abilities = Abilities()

    def __init__(self, kit, monkeypatch, *, poison, busy):
        self._kit, self._poison, self._busy = kit, poison, busy
        self._until = 0.0
        self.now = 0.0
        monkeypatch.setattr(liveness.time, "monotonic", lambda: self.now)

    def send(self, message, *, timeout=None):
        """Takes a hundredth of a second, or two seconds while it is busy; waits for five at most."""
        if self._poison in message.body:
            self.now += 5
            self._until = self.now + self._busy
            return Reply(failure="timeout")
        if self.now < self._until:
            # Whatever is not as short as the control gets no answer in time.
            self.now += 5 if b"PageSize" in message.body else 2
            if b"PageSize" in message.body:
                return Reply(failure="timeout")
        self.now += 0.01
        headers = {name.lower(): value for name, value in message.headers}
        said = self._kit.correct(self._kit.Asked(message.method, headers, message.body))
        return Reply(
            status=said.status,
            headers=(("Content-Type", "application/x-amz-json-1.0"), *said.headers),
            body=said.body,
        )

    def renew(self):
        """There is no connection."""

    def close(self):
        """Nothing to do."""


@pytest.mark.parametrize("busy", [8.0, 28.0], ids=["for-a-moment", "for-longer"])
def test_what_a_hang_leaves_behind_taints_no_later_case(kit, monkeypatch, busy):
    """The control has to be as quick as usual before the next case is judged."""
    target = Slow(kit, monkeypatch, poison=HOSTILE, busy=busy)
    later = [
        case.id for case in all_cases(kit.LIST, wire_of(kit.LIST)) if "PageSize" in case.constraint
    ]
    outcome = fuzz(kit.LIST, target, cases=tuple(later), examples=0)
    assert [finding.constraint for finding in outcome.findings] == ["PageSize.maximum"]
    assert outcome.ended == ""


def test_a_target_that_is_at_work_for_ever_ends_the_run(kit, monkeypatch):
    """With the case to blame; no later one is."""
    target = Slow(kit, monkeypatch, poison=HOSTILE, busy=1e9)
    cases = [
        case.id for case in all_cases(kit.LIST, wire_of(kit.LIST)) if "PageSize" in case.constraint
    ]
    outcome = fuzz(kit.LIST, target, cases=tuple(cases), examples=0)
    assert outcome.ended.endswith(ONE[0])
    assert [finding.constraint for finding in outcome.findings] == ["PageSize.maximum"]


def test_what_is_sent_while_a_target_starts_again_counts_for_nothing(kit):
    """Its twin and the case itself are sent again; three seconds are what is promised."""
    assert sum(PAUSES) == 3.0
    seen = []

    def talk(peer):
        seen.append(peer.body)
        if len(seen) == 2:
            # It goes away on its own, whatever it was just asked.
            servers[0].down(2.2)
            return
        peer.write(correct(kit, peer))

    with hostile(talk) as server:
        servers = [server]
        outcome = kit.fuzzed_at(f"http://127.0.0.1:{server.port}")
    calm = kit.fuzzed(kit.correct)
    assert kit.verdicts(outcome) == kit.verdicts(calm)
    assert outcome.findings == ()


def test_a_target_that_dies_and_forgets_what_there_was_has_crashed_all_the_same(kit):
    """The case can't be repeated, since what it names went with the process."""
    died = []

    def talk(peer):
        if HOSTILE in peer.body and not died:
            died.append(peer)
            servers[0].down(0.5)
            return
        if died and peer.headers.get("x-amz-target", "").endswith(".ListArchiveExports"):
            said = kit.error("ResourceNotFoundException", status=404)
            head = f"HTTP/1.1 404 -\r\nContent-Type: {kit.TYPE[1]}\r\n"
            peer.write(f"{head}Content-Length: {len(said.body)}\r\n\r\n".encode() + said.body)
            return
        peer.write(correct(kit, peer))

    with hostile(talk) as server:
        servers = [server]
        outcome = run(f"http://127.0.0.1:{server.port}", kit)
    assert [(each.constraint, each.verdict) for each in outcome.findings] == [
        ("PageSize.maximum", "crash")
    ]


def test_a_twin_that_hangs_by_itself_is_sent_no_third_time(kit):
    """However many cases need it; a run must not take hours."""
    bodies = []

    def talk(peer):
        bodies.append(peer.body)
        if b'"PageSize"' in peer.body:
            peer.wait()
        peer.write(correct(kit, peer))

    with hostile(talk) as server:
        cases = [
            case
            for case in all_cases(kit.LIST, wire_of(kit.LIST))
            if case.constraint.startswith("PageSize")
        ]
        ids = tuple(case.id for case in cases if case.twin is not None)
        silent = lambda message: b'"PageSize"' in message.body  # noqa: E731
        run(f"http://127.0.0.1:{server.port}", kit, is_silent=silent, moment=0.1, only=ids)
    twins = {kit.body(case.twin) for case in cases if case.twin and "PageSize" in case.twin}
    # Twice as a twin, twice as a case of its own.
    assert len(ids) > 8
    assert {bodies.count(body) for body in twins} == {4}
