"""Shared by all targets: how much they read, and failures as data."""

from __future__ import annotations

from contract_kit.wire.message import Message, Reply

MAX_REPLY = 4 * 1024 * 1024
"""Bytes of a reply that are read; the rest of a longer one is left. As values, JSON takes
up to thirty times as much."""

ECHO = 8
"""Bytes of a reply, for each byte of the request, that are read as well: a refusal may repeat the
value, in its message and once more beside it. Escaped in ASCII, a character of four bytes takes
twelve."""

USER_AGENT = "contract-kit"


class TooLongError(Exception):
    """A reply of more bytes than are read."""


def most_of(message: Message) -> int:
    """Bytes of a reply to a message that are read."""
    return MAX_REPLY + ECHO * len(message.body)


def too_long(most: int) -> Reply:
    """The reply in place of one that is longer than the `most` bytes that are read."""
    return Reply(failure="too-large", detail=f"the reply is longer than {most} bytes")


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
