"""WSGI applications in our own process."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes

import httpx2

from contract_kit.target.alarm import AlarmError, alarm
from contract_kit.target.encoding import decoded
from contract_kit.target.failures import USER_AGENT, most_of, raised, too_long
from contract_kit.target.interface import Abilities
from contract_kit.wire.message import Headers, Message, Reply, header_items, with_own_headers

WsgiApp: TypeAlias = Callable[[dict[str, Any], Any], Iterable[bytes]]

SLACK = 0.25
"""Seconds after the time-out at which what gives nothing of its reply is interrupted."""


class WsgiTarget:
    """A WSGI application, where a time-out interrupts it between parts of its body, and elsewhere
    if an alarm can."""

    def __init__(self, app: WsgiApp, *, timeout: float = 5.0, headers: Headers = ()) -> None:
        self._app = app
        self._timeout = timeout
        self._headers = headers
        self.abilities = Abilities(in_process=True, reached_by_url=False, headers=headers)

    @property
    def url(self) -> str:
        """The host that the application sees."""
        return "http://testserver"

    def send(self, message: Message, *, timeout: float | None = None) -> Reply:
        """Calls the application once. Any exception of it, whatever its class, is its own."""
        limit = self._timeout if timeout is None else min(timeout, self._timeout)
        deadline = time.monotonic() + limit
        request = httpx2.Request(
            message.method,
            self.url,
            headers=[
                ("User-Agent", USER_AGENT),
                ("Accept-Encoding", "identity"),
                *with_own_headers(message.headers, self._headers),
            ],
            content=message.body,
        )
        try:
            with contextlib.ExitStack() as stack, alarm(limit + SLACK):
                transport = httpx2.WSGITransport(app=_at(self._app, message.path))
                response = transport.handle_request(request)
                stack.callback(response.close)
                return _read(response, deadline, limit, most_of(message))
        except AlarmError:
            return Reply(failure="timeout", detail=f"no whole reply within {limit:g} s")
        except (Exception, SystemExit) as error:
            # The transport asserts that the application called start_response.
            if isinstance(error, AssertionError) and not str(error):
                return Reply(failure="raised", detail="the application never started a response")
            return raised(error)

    def renew(self) -> None:
        """There is no connection."""

    def close(self) -> None:
        """There is nothing to free."""


def _at(app: WsgiApp, path: str) -> WsgiApp:
    """The application, asked for a path as it is: no client may tidy it up.

    PEP 3333 has it decoded, as Latin-1; servers give it as it came beside that.
    """
    bare, _, query = path.partition("?")

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["PATH_INFO"] = unquote_to_bytes(bare).decode("latin-1")
        environ["QUERY_STRING"] = query
        environ["REQUEST_URI"] = environ["RAW_URI"] = path
        return app(environ, start_response)

    return application


def _read(response: httpx2.Response, deadline: float, limit: float, most: int) -> Reply:
    parts, size = [], 0
    for part in response.iter_raw():
        size += len(part)
        if size > most:
            return too_long(most)
        if time.monotonic() > deadline:
            return Reply(failure="timeout", detail=f"no whole reply within {limit:g} s")
        parts.append(part)
    return decoded(
        Reply(
            status=response.status_code,
            headers=header_items(response.headers.multi_items()),
            body=b"".join(parts),
        ),
        most,
    )
