"""Targets behind HTTP: a server at a URL, or a WSGI application in our own process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import httpx2

from contract_kit.protocol.message import Headers, Message, Reply, header_items
from contract_kit.target import failures
from contract_kit.target.failures import USER_AGENT, TooLongError, raised, too_long

WsgiApp: TypeAlias = Callable[[dict[str, Any], Any], Iterable[bytes]]


class HttpTarget:
    """A server at a URL. timeout: seconds that a whole exchange may take."""

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 5.0,
        headers: Headers = (),
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._headers = headers
        self._given = transport
        self._transport = transport or self._new_transport()

    @property
    def url(self) -> str:
        """The server's URL without a slash at its end."""
        return self._url

    @property
    def in_process(self) -> bool:
        """Whether an application of this process answers."""
        return self._given is not None

    def _new_transport(self) -> httpx2.BaseTransport:
        # A transport below a client: no redirects, cookies, proxies or retries of its own.
        limits = httpx2.Limits(max_connections=1, max_keepalive_connections=1)
        # Reading the certificates takes longer than all of a request that needs none.
        verify = self._url.startswith("https:")
        return httpx2.HTTPTransport(limits=limits, trust_env=False, verify=verify)

    def renew(self) -> None:
        """Closes the connection, so that the next message travels on a new one."""
        if self._given is None:
            self._transport.close()
            self._transport = self._new_transport()

    def close(self) -> None:
        """Closes the connection for good."""
        self._transport.close()

    def send(self, message: Message, *, timeout: float | None = None) -> Reply:
        """Sends one message; a connection that the server closed while idle is made anew once."""
        limit = self._timeout if timeout is None else min(timeout, self._timeout)
        reply, begun = self._send_once(message, limit)
        if reply.failure == "dropped" and not begun and self._given is None:
            again, _ = self._send_once(message, limit)
            # Who is gone after the first try went away during it.
            return reply if again.failure == "unreachable" else again
        return reply

    def _send_once(self, message: Message, limit: float) -> tuple[Reply, bool]:
        """The reply, and whether any of it came."""
        deadline = time.monotonic() + limit
        try:
            response = self._transport.handle_request(self._request(message, limit))
        except (Exception, SystemExit) as error:
            return self._failure(error, limit), False
        try:
            return _read(response, deadline), True
        except (Exception, SystemExit) as error:
            return self._failure(error, limit), True
        finally:
            response.close()

    def _request(self, message: Message, limit: float) -> httpx2.Request:
        timeout = dict.fromkeys(("connect", "read", "write", "pool"), limit)
        return httpx2.Request(
            message.method,
            self._url + message.path,
            headers=[
                ("User-Agent", USER_AGENT),
                ("Accept-Encoding", "identity"),
                *message.headers,
                *self._headers,
            ],
            content=message.body,
            extensions={"timeout": timeout},
        )

    def _failure(self, error: BaseException, limit: float) -> Reply:
        """What went wrong, as data. Any exception of an application in our process is one."""
        self.renew()
        if isinstance(error, TooLongError):
            return too_long()
        if self._given is not None and not isinstance(error, _TooSlowError):
            # The transport asserts that the application called start_response.
            if isinstance(error, AssertionError) and not str(error):
                return Reply(failure="raised", detail="the application never started a response")
            return raised(error)
        if isinstance(error, (httpx2.TimeoutException, _TooSlowError)):
            return Reply(failure="timeout", detail=f"no whole reply within {limit:g} s")
        if isinstance(error, httpx2.ConnectError):
            return Reply(failure="unreachable", detail=f"cannot connect: {error}")
        # h11 tells who went away from who talks nonsense in words alone.
        if isinstance(error, httpx2.NetworkError) or "connect" in str(error):
            return Reply(failure="dropped", detail=f"the connection broke: {error}")
        return Reply(failure="not-http", detail=f"{type(error).__name__}: {error}")


class _TooSlowError(Exception):
    """A reply that drips slower than the whole exchange may take."""


def _read(response: httpx2.Response, deadline: float) -> Reply:
    chunks, size = [], 0
    # Decoded, though we asked for no encoding: clients decode what a reply announces.
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > failures.MAX_REPLY:
            raise TooLongError
        if time.monotonic() > deadline:
            raise _TooSlowError
        chunks.append(chunk)
    return Reply(
        status=response.status_code,
        headers=header_items(response.headers.multi_items()),
        body=b"".join(chunks),
    )


def wsgi_target(app: WsgiApp, *, timeout: float = 5.0, headers: Headers = ()) -> HttpTarget:
    """A WSGI application in our own process, where a time-out cannot interrupt it."""
    transport = httpx2.WSGITransport(app=app, raise_app_exceptions=True)
    return HttpTarget("http://testserver", timeout=timeout, headers=headers, transport=transport)
