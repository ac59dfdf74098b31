"""What the user gives a target to prove who they are, and keeping it out of all that is shown."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from urllib.parse import unquote, urlsplit, urlunsplit

from contract_kit.protocol.message import Headers, Reply

_SECRET = re.compile(r"auth|token|secret|password|cookie|credential|session|key|signature", re.I)
"""Names of headers whose values are taken for secrets."""

SHORTEST = 5
"""Characters below which a secret is none that could be told from other text."""

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


class Secrets:
    """The secret values in a user's headers. Replies that echo them are shown without."""

    def __init__(self, headers: Headers) -> None:
        found: dict[str, None] = {}
        for name, value in headers:
            if _SECRET.search(name):
                found |= dict.fromkeys((value, *value.split()[-1:], *_basic(value)))
        # The longest first: parts of it would leave the rest.
        self._texts = sorted((text for text in found if len(text) >= SHORTEST), key=len)[::-1]

    def hide(self, text: str) -> str:
        """A text without secrets."""
        for secret in self._texts:
            text = text.replace(secret, HIDDEN)
        return text

    def hidden(self, reply: Reply) -> Reply:
        """A reply without secrets."""
        if not self._texts:
            return reply
        body = reply.body
        for secret in self._texts:
            body = body.replace(secret.encode(), HIDDEN.encode())
        return replace(
            reply,
            headers=tuple((name, self.hide(value)) for name, value in reply.headers),
            body=body,
            detail=self.hide(reply.detail),
            stray=self.hide(reply.stray),
            before=self.hide(reply.before),
        )


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
