"""Interrupts what runs in our own main thread, where the system lets us."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator


class AlarmError(BaseException):
    """The time is up. No Exception: an application that catches those would go on."""


@contextlib.contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raises AlarmError in what runs for more seconds than that, regular expressions included.

    Where that is not possible it does nothing: outside the main thread, without SIGALRM, or where
    somebody else uses that signal.
    """
    known = getattr(signal, "SIGALRM", None)
    in_main = threading.current_thread() is threading.main_thread()
    if known is None or not in_main or signal.getsignal(known) is not signal.SIG_DFL:
        yield
        return
    is_running = True

    def ring(number: int, frame: object) -> None:
        if is_running:
            raise AlarmError

    signal.signal(known, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        # It may ring while it is put away.
        is_running = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(known, signal.SIG_DFL)
