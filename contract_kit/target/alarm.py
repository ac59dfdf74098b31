"""Interrupts what runs in our own main thread, where the system lets us."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType


class AlarmError(BaseException):
    """The time is up. No Exception: an application that catches those would go on."""


AGAIN = 0.25
"""Seconds after which it rings again: where it cannot be heard, as in a finaliser, it is lost."""

_OWN = (__file__, contextlib.__file__)
"""Modules in whose frames it does not ring: stopping the alarm must not be interrupted."""


@contextlib.contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raises AlarmError in what runs for more seconds than that, regular expressions included.

    It goes on ringing until it is heard: Python drops what is raised in a finaliser, and an
    application may catch it.
    Where that is not possible it does nothing: outside the main thread, without SIGALRM, or where
    somebody else uses that signal.
    """
    known = getattr(signal, "SIGALRM", None)
    in_main = threading.current_thread() is threading.main_thread()
    if known is None or not in_main or signal.getsignal(known) is not signal.SIG_DFL:
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        if frame is None or frame.f_code.co_filename not in _OWN:
            raise AlarmError

    signal.signal(known, ring)
    with _without_drops():
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(known, signal.SIG_DFL)


@contextlib.contextmanager
def _without_drops() -> Iterator[None]:
    """Silences the report of an alarm that is dropped: it rings again."""
    before = sys.unraisablehook

    def quiet(dropped: sys.UnraisableHookArgs) -> None:
        if not isinstance(dropped.exc_value, AlarmError):
            before(dropped)

    sys.unraisablehook = quiet
    try:
        yield
    finally:
        sys.unraisablehook = before
