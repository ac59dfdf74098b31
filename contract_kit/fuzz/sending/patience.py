"""How fast a run sends, and how long it waits for a target that says that it is busy."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

from contract_kit.wire.errors import BUSY
from contract_kit.wire.message import Reply

PER = {"s": 1.0, "m": 60.0, "h": 3600.0}
"""Seconds in the units of a rate."""

_RATE = re.compile(r"(\d+(?:\.\d+)?)(?:/([smh]))?")

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 2.0
LONGEST_ASKED = 30.0
PATIENCE = 60.0
"""Seconds. Pauses double up to LONGEST_PAUSE, or are what `Retry-After` asks for up to
LONGEST_ASKED; PATIENCE is for all pauses since a busy target last gave another answer: one that is
busy for ever is not waited for."""


def parse_rate(text: str) -> float:
    """Requests a second of a rate such as `10`, `10/s`, `600/m` or `9/h`; raises ValueError.

    >>> parse_rate("90/m")
    1.5
    """
    found = _RATE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a rate; write, for example, 10/s")
    return float(found[1]) / PER[found[2] or "s"]


def is_busy(reply: Reply) -> bool:
    """Whether a reply says that the server has too much to do: by status, or by `Retry-After`."""
    refused = reply.status >= 400 and reply.header("retry-after") is not None
    return reply.status in BUSY or refused


class Patience:
    """The pauses of one run."""

    def __init__(self) -> None:
        self._left = PATIENCE

    def pause(self, reply: Reply, attempt: int) -> float | None:
        """Seconds to wait before the next attempt; None where it is not worth it any more.

        attempt: how many there were before, from 0.
        """
        asked = _asked(reply.header("retry-after") or "")
        doubled = min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE)
        pause = doubled if asked is None else min(asked, LONGEST_ASKED)
        if pause > self._left:
            return None
        self._left -= pause
        return pause

    def rewarded(self) -> None:
        """Takes note that waiting was worth it."""
        self._left = PATIENCE


def _asked(text: str) -> float | None:
    """The seconds in `Retry-After`, a number or a date; None where it is neither."""
    text = text.strip()
    if text.replace(".", "", 1).isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None


class Pace:
    """Keeps requests apart. rate: how many a second there may be; None for any number."""

    def __init__(self, rate: float | None, pause: Callable[[float], None]) -> None:
        self._apart = 1 / rate if rate else 0.0
        self._pause = pause
        self._next = 0.0

    def wait(self) -> None:
        """Waits until the next request may be sent."""
        if not self._apart:
            return
        now = time.monotonic()
        if self._next > now:
            self._pause(self._next - now)
        self._next = max(self._next, now) + self._apart
