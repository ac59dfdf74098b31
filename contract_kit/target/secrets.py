"""The user's secrets, and how to keep them out of all output."""

from __future__ import annotations

import base64
from dataclasses import replace
from urllib.parse import unquote, urlsplit, urlunsplit

from contract_kit.target.spellings import Spellings
from contract_kit.wire.message import Answer, Headers, Reply

SHORTEST = 5
"""Least characters of a secret; a shorter one looks like other text."""

HIDDEN = "[hidden]"


def without_userinfo(url: str) -> tuple[str, Headers]:
    """A URL without user and password, and the header that says them instead."""
    parts = urlsplit(url)
    userinfo, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, ()
    user, _, password = userinfo.partition(":")
    pair = f"{unquote(user)}:{unquote(password)}".encode()
    header = ("Authorization", f"Basic {base64.b64encode(pair).decode()}")
    return urlunsplit(parts._replace(netloc=host)), (header,)


PLAIN = (
    "accept",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "content-encoding",
    "host",
    "origin",
    "referer",
    "user-agent",
    "x-amz-date",
)
"""Headers whose values nobody keeps to themselves."""


class Secrets:
    """The secret values in a user's headers, however those are named. Replies that echo them are
    judged as they came, and shown without.
    """

    def __init__(self, headers: Headers) -> None:
        found: dict[str, None] = {}
        for name, value in headers:
            if name.lower() not in PLAIN:
                found |= dict.fromkeys((value, *value.split()[-1:], *_basic(value)))
        self._texts = Spellings((text for text in found if len(text) >= SHORTEST), HIDDEN)

    def hide(self, text: str) -> str:
        """A text without secrets, however they are spelt in it."""
        return self._texts.hidden(text) if self._texts and text else text

    def hidden(self, reply: Reply) -> Reply:
        """A reply without secrets."""
        if not self._texts:
            return reply
        return replace(
            reply,
            headers=tuple((name, self.hide(value)) for name, value in reply.headers),
            body=self.hide(reply.body.decode("utf-8", "surrogateescape")).encode(
                "utf-8", "surrogateescape"
            ),
            detail=self.hide(reply.detail),
            stray=self.hide(reply.stray),
            before=self.hide(reply.before),
        )

    def reported(self, answer: Answer, shown: Answer) -> Answer:
        """A decoded reply without secrets.

        shown: the same with secrets hidden. Its words come first: a text that is cut may end
        within a secret, where nothing finds it.
        """
        words = dict(reversed(shown.faults))
        faults = tuple((id, words.get(id) or self.hide(text)) for id, text in answer.faults)
        same = shown.kind == answer.kind
        text = shown.text if same else self.hide(answer.text)
        return replace(answer, name=self.hide(answer.name), text=text, faults=faults)


def _basic(value: str) -> tuple[str, ...]:
    """User and password together, and the password alone, of a header of basic authorization."""
    scheme, _, rest = value.partition(" ")
    if scheme.lower() != "basic":
        return ()
    try:
        pair = base64.b64decode(rest, validate=True).decode()
    except ValueError:
        return ()
    return (pair, pair.partition(":")[2])
