"""A server at a URL."""

from __future__ import annotations

import re
import ssl
import time
from dataclasses import replace
from urllib.parse import urlsplit

import h11

from contract_kit.target.connection import Connection, DroppedError, LateError, Peer
from contract_kit.target.encoding import decoded
from contract_kit.target.failures import USER_AGENT, TooLongError, most_of, too_long
from contract_kit.target.interface import Abilities, host_of
from contract_kit.target.secrets import without_userinfo
from contract_kit.target.tls import Tls, untrusted
from contract_kit.target.wsgi import WsgiApp, WsgiTarget
from contract_kit.wire.address import UNIX_HOST, request_target, socket_path, url_of
from contract_kit.wire.message import Headers, Message, Reply, with_own_headers

OURS = ("content-length", "transfer-encoding")
"""Headers that say how a message travels: written here, whatever else is given."""

SHOWN = 60
"""Bytes of what follows a reply that are shown."""

LONGEST_DETAIL = 300
"""Characters of a failure in words."""

NO_TLS = ("WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE", "HTTP_REQUEST")
"""OpenSSL's words for an answer that is not TLS."""

_ALERT = re.compile(
    r"\w+_ALERT_\w*(?:CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|DECRYPT_ERROR|HANDSHAKE_FAILURE"
    r"|PROTOCOL_VERSION|INSUFFICIENT_SECURITY)\w*\W+([\w ]+)"
)
"""OpenSSL's words for a server that refuses TLS with us, mostly for want of a certificate."""

HANDSHAKE = 1.0
"""Seconds in which a server that was asked without TLS may show that it speaks TLS."""

PLAIN_TO_TLS = (b"HTTP request was sent to HTTPS", b"HTTP request to an HTTPS server")
"""Plain-text answers of servers at a port where they expect TLS."""


class HttpTarget:
    """A server at a URL, or at a Unix socket (`http+unix://%2Frun%2Fapi.sock/path`).

    timeout: seconds that a whole exchange may take. headers: sent in place of those of a message
    that have the same names. tls: whom to trust; raises UsageError for files that cannot be used.

    User and password of the URL become a header, which is sent in place of the signature, as is an
    `Authorization` of the user's own. No reply shows them.
    """

    def __init__(
        self, url: str, *, timeout: float = 5.0, headers: Headers = (), tls: Tls | None = None
    ) -> None:
        self._given = url, headers, tls
        plain, userinfo = without_userinfo(url)
        self._url = plain if urlsplit(plain).path.strip("/") else plain.rstrip("/")
        self._timeout = timeout
        if any(name.lower() == "authorization" for name, _ in headers):
            userinfo = ()
        self._headers = (*headers, *userinfo)
        # Reading the certificates takes longer than all of a request that needs none.
        secure = urlsplit(url).scheme == "https"
        self._tls = (tls or Tls()).context() if secure else None
        self._peer = _peer(self._url, secure=secure)
        self._has_answered = False
        self._connection: Connection | None = None
        self.abilities = Abilities(
            may_be_starting=True, headers=self._headers, another=self.another
        )

    @property
    def url(self) -> str:
        """The server's URL without user and password, and without a path that is a mere slash."""
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
        url, headers, tls = self._given
        return HttpTarget(url, timeout=self._timeout, headers=headers, tls=tls)

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
            # A server that is gone after the first try went away during it.
            reply = reply if again.failure in ("unreachable", "timeout") else again
        if not self._has_answered:
            reply = self._with_tls_failure(reply)
        return replace(reply, before=_in_words(before))

    def _look_at_idle(self) -> bytes:
        """Unsolicited bytes since the last reply, after which the connection is useless."""
        stray = self._connection.unasked() if self._connection is not None else b""
        if stray != b"":
            self.renew()
        return stray or b""

    def _send_once(self, message: Message, deadline: float, limit: float) -> tuple[Reply, bool]:
        """The reply, and whether any of it came."""
        most = most_of(message)
        try:
            if self._connection is None:
                self._connection = Connection(self._peer, deadline, self._tls)
        except (LateError, OSError, UnicodeError) as error:
            return _no_connection(error, limit), False
        try:
            request = self._request(message)
        except h11.LocalProtocolError as error:
            return Reply(failure="not-expressible", detail=f"HTTP cannot carry it: {error}"), False
        try:
            response = self._connection.exchange(request, message.body, deadline, most=most)
        except BaseException as error:
            self.renew()
            begun = not isinstance(error, DroppedError) or error.begun
            return _failure(error, limit, most), begun
        if not self._connection.is_reusable:
            self.renew()
        reply = Reply(
            status=response.status,
            headers=response.headers,
            body=response.body,
            stray=_in_words(response.stray),
        )
        return decoded(reply, most), True

    def _with_tls_failure(self, reply: Reply) -> Reply:
        """The first reply, or why there is none: one side speaks TLS and the other does not."""
        refused = reply.status == 400 and any(text in reply.body for text in PLAIN_TO_TLS)
        self._has_answered = bool(reply.status) and not refused
        if reply.failure in ("dropped", "unreachable") and (alert := _ALERT.search(reply.detail)):
            detail = f"the server refuses TLS with us: {alert[1].strip()}"
            return Reply(failure="refused-tls", detail=detail)
        dumb = reply.failure in ("dropped", "not-http")
        if self._tls is not None or not (refused or (dumb and self._speaks_tls())):
            return reply
        return Reply(failure="wrong-scheme", detail="the server speaks TLS; write https:// for it")

    def _speaks_tls(self) -> bool:
        """Whether the server takes a handshake, with whatever certificate."""
        if self._peer.path:
            return False
        try:
            context = Tls(insecure=True).context()
            Connection(self._peer, time.monotonic() + HANDSHAKE, context).close()
        except (LateError, OSError):
            return False
        return True

    def _request(self, message: Message) -> h11.Request:
        headers = [
            ("User-Agent", USER_AGENT),
            ("Accept-Encoding", "identity"),
            *with_own_headers(message.headers, self._headers),
        ]
        headers = [pair for pair in headers if pair[0].lower() not in OURS]
        if not any(name.lower() == "host" for name, _ in headers):
            headers.insert(0, ("Host", self._peer.host_header))
        if message.body or message.method in ("POST", "PUT", "PATCH"):
            headers.append(("Content-Length", str(len(message.body))))
        return h11.Request(
            method=message.method,
            target=request_target(url_of(self._url, message.path)),
            headers=[(name.encode(), value.encode()) for name, value in headers],
        )


def _peer(url: str, *, secure: bool) -> Peer:
    """Where the server of a URL listens."""
    path = socket_path(url)
    if path:
        return Peer(host=UNIX_HOST, host_header=UNIX_HOST, path=path)
    host, host_header, port = host_of(url)
    return Peer(host=host, host_header=host_header, port=port or (443 if secure else 80))


def _no_connection(error: Exception, limit: float) -> Reply:
    """The reason for a failed connection, as data."""
    if isinstance(error, LateError):
        return Reply(failure="timeout", detail=f"no connection within {limit:g} s")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Reply(failure="untrusted", detail=untrusted(error))
    fault = getattr(error, "reason", "") if isinstance(error, ssl.SSLError) else ""
    if fault in NO_TLS:
        detail = "the server does not speak TLS; write http:// for it"
        return Reply(failure="wrong-scheme", detail=detail)
    asked = "; does the server speak TLS?" if isinstance(error, ssl.SSLError) else ""
    # A host may be no name that the system can look up.
    reason = (isinstance(error, OSError) and error.strerror) or str(error)
    return Reply(failure="unreachable", detail=f"cannot connect: {reason}{asked}")


def _failure(error: BaseException, limit: float, most: int) -> Reply:
    """A failure as data; raises errors that are not the target's fault."""
    if isinstance(error, TooLongError):
        return too_long(most)
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
    return f"{len(stray)} unsolicited bytes: {stray[:SHOWN]!r}"


def wsgi_target(app: WsgiApp, *, timeout: float = 5.0, headers: Headers = ()) -> WsgiTarget:
    """A WSGI application in our own process, where a time-out cannot interrupt it."""
    return WsgiTarget(app, timeout=timeout, headers=headers)
