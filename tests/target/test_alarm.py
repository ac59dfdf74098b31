"""A time-out in our own main thread: what computes is interrupted, regular expressions as well."""

from __future__ import annotations

import re
import signal
import threading
import time
from contextlib import closing, suppress

import pytest

from contract_kit import operation
from contract_kit.target.alarm import AlarmError, alarm
from contract_kit.target.make import target_of
from contract_kit.wire.table import wire_of

LIST = operation("mailmanager:ListArchiveExports")


def compute(request=None):
    """Longer than anybody waits."""
    re.match("(a+)+$", "a" * 60 + "b")


def application(environ, start_response):
    """Computes as well, and catches what it can."""
    with suppress(Exception):
        compute()
    start_response("200 OK", [])
    return []


def message():
    """A conforming request."""
    return wire_of(LIST).encode({"ArchiveId": "a-1"})


@pytest.mark.parametrize("given", [compute, application], ids=["function", "wsgi"])
def test_a_target_that_computes_for_ever_is_interrupted(given):
    """As data, like any other time-out; and the next one as well."""
    with closing(target_of(given, LIST, timeout=0.3)) as target:
        for _ in range(2):
            started = time.monotonic()
            reply = target.send(message())
            assert (reply.failure, "within 0.3 s" in reply.detail) == ("timeout", True)
            assert time.monotonic() - started < 30


def test_the_signal_is_left_as_it_was():
    """Whether the time was up or not."""
    with alarm(60):
        assert signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL
    with pytest.raises(AlarmError), alarm(0.05):
        time.sleep(60)
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_a_signal_that_somebody_uses_is_not_touched():
    """Plugins of pytest hold their own time limits with it."""

    def theirs(number, frame):
        """Whatever they do."""

    signal.signal(signal.SIGALRM, theirs)
    try:
        with alarm(0.01):
            time.sleep(0.05)
            assert signal.getsignal(signal.SIGALRM) is theirs
    finally:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def test_outside_the_main_thread_nothing_is_interrupted():
    """Python gives signals to the main thread alone."""
    done = []

    def work():
        with alarm(0.01):
            time.sleep(0.05)
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done


class Finalised:
    """Is in its finaliser when the time is up."""

    def __del__(self):
        compute_for(0.4)


def compute_for(seconds):
    """Keeps the interpreter busy."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def finalise(request):
    """Python drops what is raised in there."""
    Finalised()
    compute_for(60)


def stubborn(request):
    """Catches whatever there is, three times."""
    for _ in range(3):
        with suppress(BaseException):
            compute_for(60)
    compute_for(60)


@pytest.mark.parametrize("given", [finalise, stubborn])
def test_an_alarm_rings_until_it_is_heard(given, recwarn):
    """And nothing is told of those that were lost."""
    with closing(target_of(given, LIST, timeout=0.2)) as target:
        started = time.monotonic()
        assert target.send(message()).failure == "timeout"
        assert time.monotonic() - started < 30
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert list(recwarn) == []


def test_an_alarm_never_outlives_what_it_is_for():
    """However close to the end it rings."""
    for _ in range(300):
        with suppress(AlarmError), alarm(0.0005):
            compute_for(0.0005)
        assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
