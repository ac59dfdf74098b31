"""What targets of all kinds share: how much they read, and failures as data."""

from __future__ import annotations

from contract_kit.protocol.message import Reply

MAX_REPLY = 4 * 1024 * 1024
"""Bytes of a reply that are read; the rest of a longer one is left. As values, JSON takes
up to thirty times as much."""

USER_AGENT = "contract-kit"


class TooLongError(Exception):
    """A reply of more bytes than are read."""


def too_long() -> Reply:
    """The reply in place of one that is longer than what is read."""
    return Reply(failure="too-large", detail=f"the reply is longer than {MAX_REPLY} bytes")


def raised(error: BaseException) -> Reply:
    """The reply in place of an exception that an application in our own process raised."""
    text = f"{type(error).__name__}: {said_by(error)}"
    return Reply(failure="raised", detail=f"the application raised {text}")


def said_by(error: BaseException) -> str:
    """The text of an exception, also of one that cannot even say it."""
    try:
        return str(error)
    except Exception as second:
        return f"its text raises {type(second).__name__}"
