"""A server at a URL."""

from __future__ import annotations

import ssl
import time
from dataclasses import replace
from urllib.parse import urlsplit

import h11
import httpx2

from contract_kit.protocol.message import Headers, Message, Reply
from contract_kit.target.connection import Connection, DroppedError, LateError
from contract_kit.target.encoding import decoded
from contract_kit.target.failures import USER_AGENT, TooLongError, too_long
from contract_kit.target.secrets import Secrets, without_userinfo
from contract_kit.target.wsgi import WsgiApp, WsgiTarget

OURS = ("content-length", "transfer-encoding")
"""Headers that say how a message travels: written here, whatever else is given."""

SHOWN = 60
"""Bytes of what follows a reply that are shown."""

LONGEST_DETAIL = 300
"""Characters of a failure in words."""


class HttpTarget:
    """A server at a URL. timeout: seconds that a whole exchange may take.

    User and password of the URL become a header, which is sent in place of the signature, as is an
    `Authorization` of the user's own. No reply shows them.
    """

    def __init__(self, url: str, *, timeout: float = 5.0, headers: Headers = ()) -> None:
        self._given = url, headers
        plain, userinfo = without_userinfo(url)
        self._url = plain.rstrip("/")
        self._timeout = timeout
        if any(name.lower() == "authorization" for name, _ in headers):
            userinfo = ()
        self._headers = (*headers, *userinfo)
        self._secrets = Secrets(self._headers)
        # Reading the certificates takes longer than all of a request that needs none.
        self._tls = ssl.create_default_context() if urlsplit(url).scheme == "https" else None
        self._connection: Connection | None = None

    def hide(self, text: str) -> str:
        """A text without the secrets among the user's headers."""
        return self._secrets.hide(text)

    @property
    def own_headers(self) -> tuple[str, ...]:
        """Names of the headers that the user adds, by themselves or in the URL."""
        return tuple(name for name, _ in self._headers)

    @property
    def url(self) -> str:
        """The server's URL without user, password, and a slash at its end."""
        return self._url

    def renew(self) -> None:
        """Closes the connection, so that the next message travels on a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Closes the connection."""
        self.renew()

    def another(self) -> HttpTarget:
        """The same server over a connection of its own."""
        url, headers = self._given
        return HttpTarget(url, timeout=self._timeout, headers=headers)

    def send(self, message: Message, *, timeout: float | None = None) -> Reply:
        """Sends one message; a connection that the server closed while idle is made anew once."""
        limit = self._timeout if timeout is None else min(timeout, self._timeout)
        deadline = time.monotonic() + limit
        before = self._look_at_idle()
        # A connection that no reply came over yet was not closed for being idle.
        may_be_stale = self._connection is not None
        reply, begun = self._send_once(message, deadline, limit)
        if reply.failure == "dropped" and not begun and may_be_stale:
            again, _ = self._send_once(message, deadline, limit)
            # Who is gone after the first try went away during it.
            reply = reply if again.failure in ("unreachable", "timeout") else again
        return self._secrets.hidden(replace(reply, before=_in_words(before)))

    def _look_at_idle(self) -> bytes:
        """What came over the connection since the last reply, after which it is of no use."""
        stray = self._connection.unasked() if self._connection is not None else b""
        if stray != b"":
            self.renew()
        return stray or b""

    def _send_once(self, message: Message, deadline: float, limit: float) -> tuple[Reply, bool]:
        """The reply, and whether any of it came."""
        url = httpx2.URL(self._url + message.path)
        try:
            if self._connection is None:
                self._connection = Connection(url, deadline, self._tls)
        except LateError:
            return Reply(failure="timeout", detail=f"no connection within {limit:g} s"), False
        except (OSError, UnicodeError) as error:
            # A host may be no name that the system can look up.
            return Reply(failure="unreachable", detail=f"cannot connect: {error}"), False
        try:
            request = self._request(message, url)
        except h11.LocalProtocolError as error:
            return Reply(failure="not-expressible", detail=f"HTTP cannot carry it: {error}"), False
        try:
            response = self._connection.exchange(request, message.body, deadline)
        except BaseException as error:
            self.renew()
            begun = not isinstance(error, DroppedError) or error.begun
            return _failure(error, limit), begun
        if not self._connection.is_reusable:
            self.renew()
        reply = Reply(
            status=response.status,
            headers=response.headers,
            body=response.body,
            stray=_in_words(response.stray),
        )
        return decoded(reply), True

    def _request(self, message: Message, url: httpx2.URL) -> h11.Request:
        own = {name.lower() for name, _ in self._headers} & {"authorization"}
        given = [pair for pair in message.headers if pair[0].lower() not in own]
        headers = [
            ("User-Agent", USER_AGENT),
            ("Accept-Encoding", "identity"),
            *(pair for pair in (*given, *self._headers) if pair[0].lower() not in OURS),
        ]
        if not any(name.lower() == "host" for name, _ in headers):
            headers.insert(0, ("Host", url.netloc.decode("ascii")))
        if message.body or message.method in ("POST", "PUT", "PATCH"):
            headers.append(("Content-Length", str(len(message.body))))
        return h11.Request(
            method=message.method,
            target=url.raw_path,
            headers=[(name.encode(), value.encode()) for name, value in headers],
        )


def _failure(error: BaseException, limit: float) -> Reply:
    """What went wrong, as data; raises what is no fault of the target."""
    if isinstance(error, TooLongError):
        return too_long()
    if isinstance(error, LateError):
        return Reply(failure="timeout", detail=f"no whole reply within {limit:g} s")
    text = str(error)[:LONGEST_DETAIL]
    if isinstance(error, DroppedError) or "peer closed connection" in text:
        return Reply(failure="dropped", detail=f"the connection broke: {text}")
    if isinstance(error, h11.RemoteProtocolError):
        return Reply(failure="not-http", detail=f"RemoteProtocolError: {text}")
    raise error


def _in_words(stray: bytes) -> str:
    if not stray:
        return ""
    return f"{len(stray)} bytes that nobody asked for: {stray[:SHOWN]!r}"


def wsgi_target(app: WsgiApp, *, timeout: float = 5.0, headers: Headers = ()) -> WsgiTarget:
    """A WSGI application in our own process, where a time-out cannot interrupt it."""
    return WsgiTarget(app, timeout=timeout, headers=headers)
