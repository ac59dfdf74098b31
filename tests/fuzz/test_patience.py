"""Servers that limit rates, and runs that keep to a rate."""

from __future__ import annotations

import pytest

from contract_kit.errors import TargetError
from contract_kit.fuzz.sending.patience import PATIENCE, Pace, Patience, is_busy
from contract_kit.wire.message import Reply


@pytest.mark.parametrize(
    ("status", "headers", "busy"),
    [
        (429, (), True),
        (503, (), True),
        (403, (("Retry-After", "1"),), True),
        (500, (("retry-after", "1"),), True),
        (200, (("Retry-After", "1"),), False),
        (500, (), False),
        (0, (), False),
    ],
)
def test_a_busy_server_says_so_by_status_or_header(status, headers, busy):
    """Whatever else it says."""
    assert is_busy(Reply(status=status, headers=headers)) is busy


def test_patience_comes_back_where_waiting_was_worth_it():
    """A limiter that lets requests through in the end is waited for as long as it takes."""
    patience = Patience()
    busy = Reply(status=429, headers=(("Retry-After", "30"),))
    for _ in range(10):
        assert patience.pause(busy, 0) == 30
        patience.rewarded()
    pauses = [patience.pause(busy, attempt) for attempt in range(4)]
    assert pauses == [30, 30, None, None]
    assert sum(filter(None, pauses)) == PATIENCE


def test_a_gate_that_lets_few_requests_through_changes_nothing(kit):
    """All are carried out in the end."""
    asked_for = {"count": 0}

    def limited(asked):
        asked_for["count"] += 1
        if asked_for["count"] % 3:
            headers = (("Retry-After", "0"), ("Content-Type", "application/json"))
            return kit.Said(429, b'{"message": "Too Many Requests"}', headers)
        return kit.correct(asked)

    assert kit.verdicts(kit.fuzzed(limited)) == kit.verdicts(kit.fuzzed(kit.correct))


def test_a_rate_keeps_requests_apart(monkeypatch):
    """So many a second; time that goes by elsewhere counts."""
    now, pauses = [100.0], []
    monkeypatch.setattr("contract_kit.fuzz.sending.patience.time.monotonic", lambda: now[0])

    def pause(seconds):
        pauses.append(round(seconds, 6))
        now[0] += seconds

    pace = Pace(4.0, pause)
    pace.wait()
    pace.wait()
    now[0] += 0.15
    pace.wait()
    now[0] += 5
    pace.wait()
    pace.wait()
    assert pauses == [0.25, 0.1, 0.25]
    Pace(None, pause).wait()
    assert len(pauses) == 3


def test_a_campaign_keeps_to_its_rate(kit):
    """From the first request on."""
    import time

    times = []

    def timed(asked):
        times.append(time.monotonic())
        return kit.correct(asked)

    kit.fuzzed(timed, cases=("ListArchiveExports/PageSize.maximum/one-too-large",), rate=10.0)
    assert len(times) > 2
    assert (times[-1] - times[0]) / (len(times) - 1) >= 0.095


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_is_busy_for_ever_is_no_crash(kit, status):
    """Neither from the start, nor for one request."""
    busy = kit.Said(status, b"later", (("Retry-After", "0"),))
    with pytest.raises(
        TargetError, match=rf"the target is busy, also after . s: HTTP {status}: later; .*--rate-"
    ):
        kit.fuzzed(lambda asked: busy)
    outcome = kit.fuzzed(
        lambda asked: busy if b'"PageSize":51' in asked.body else kit.correct(asked)
    )
    assert outcome.findings == ()
