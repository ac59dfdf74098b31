"""ASGI 3 applications in our own process, started and shut down as their lifespan says."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import unquote

from contract_kit.errors import TargetError
from contract_kit.target.encoding import decoded
from contract_kit.target.failures import USER_AGENT, TooLongError, most_of, raised, too_long
from contract_kit.target.interface import Abilities
from contract_kit.target.loop import LoopLateError, LoopThread, held
from contract_kit.wire.message import Headers, Message, Reply, with_own_headers

Event: TypeAlias = MutableMapping[str, Any]
AsgiApp: TypeAlias = Callable[
    [MutableMapping[str, Any], Callable[[], Awaitable[Event]], Callable[[Event], Awaitable[None]]],
    Awaitable[None],
]

START_LIMIT = 30.0
"""Seconds in which an application has to start."""

END_LIMIT = 5.0
"""Seconds in which it has to shut down."""

HOST = "testserver"


class AsgiTarget:
    """An ASGI application. timeout: seconds, which one that awaits can be held to.

    Raises TargetError where the application says that it cannot start.
    """

    def __init__(self, app: AsgiApp, *, timeout: float = 5.0, headers: Headers = ()) -> None:
        self._app = app
        self._timeout = timeout
        self._headers = headers
        self.abilities = Abilities(in_process=True, reached_by_url=False, headers=headers)
        self._loop = LoopThread()
        self._lifespan = Lifespan(app)
        self._loop.start(self._lifespan.run())
        try:
            self._loop.run(self._lifespan.startup(), START_LIMIT)
        except LoopLateError:
            self._loop.close()
            raise TargetError(f"the application did not start within {START_LIMIT:g} s") from None
        if self._lifespan.failure:
            self._loop.close()
            raise TargetError(f"the application did not start: {self._lifespan.failure}")

    @property
    def url(self) -> str:
        """The host that the application sees."""
        return f"http://{HOST}"

    def send(self, message: Message, *, timeout: float | None = None) -> Reply:
        """Calls the application once; its exceptions become data."""
        limit = self._timeout if timeout is None else min(timeout, self._timeout)
        exchange = _Exchange(body=message.body, most=most_of(message))
        try:
            scope = _scope(message, self._headers, self._lifespan.state)
            left = self._loop.run(exchange.run(self._app, scope), limit)
        except LoopLateError:
            return Reply(failure="timeout", detail=f"no whole reply within {limit:g} s")
        except TooLongError:
            return too_long(exchange.most)
        except Exception as error:
            return raised(error)
        return exchange.reply() if left is None else raised(left)

    def renew(self) -> None:
        """There is no connection."""

    def close(self) -> None:
        """Shuts the application down, and ends its thread."""
        if self._loop.closed:
            return
        # One that does not end is ended.
        with contextlib.suppress(LoopLateError):
            self._loop.run(self._lifespan.shutdown(), END_LIMIT)
        self._loop.close()


class Lifespan:
    """The lifespan of one application. state: the object that it shares with its requests."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app
        self._said: asyncio.Queue[str] = asyncio.Queue()
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._running = True
        self.state: dict[str, Any] = {}
        self.failure = ""

    async def run(self) -> None:
        """Runs the application's lifespan to its end."""
        scope = {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "state": self.state,
        }
        try:
            await self._app(scope, self._events.get, self._send)
        except (Exception, SystemExit):
            # One that raises has no lifespan, says the specification.
            pass
        finally:
            self._running = False
            self._said.put_nowait("ended")

    async def _send(self, event: Event) -> None:
        if str(event.get("type")).endswith(".failed"):
            self.failure = str(event.get("message") or "it gives no reason")
        self._said.put_nowait(str(event.get("type")))

    async def startup(self) -> None:
        """Waits until the application has started, or has shown that it has no lifespan."""
        self._events.put_nowait({"type": "lifespan.startup"})
        await self._said.get()

    async def shutdown(self) -> None:
        """Waits until it has shut down."""
        if self._running:
            self._events.put_nowait({"type": "lifespan.shutdown"})
            await self._said.get()


def _scope(message: Message, headers: Headers, state: dict[str, Any]) -> dict[str, Any]:
    path, _, query = message.path.partition("?")
    own: Headers = (
        ("user-agent", USER_AGENT),
        ("accept-encoding", "identity"),
        ("content-length", str(len(message.body))),
    )
    if not any(name.lower() == "host" for name, _ in (*message.headers, *headers)):
        own = (("host", HOST), *own)
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": message.method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [
            (name.lower().encode(), value.encode())
            for name, value in (*own, *with_own_headers(message.headers, headers))
        ],
        "client": ("127.0.0.1", 123),
        "server": (HOST, 80),
        "state": dict(state),
    }


def _taken_notice_of(task: asyncio.Future[SystemExit | None]) -> None:
    """Ignores errors that an application raises after its reply; unseen, asyncio prints them."""
    if not task.cancelled():
        task.exception()


@dataclass(slots=True, kw_only=True)
class _Exchange:
    """One request to an application, and as much of its reply as there is."""

    body: bytes
    most: int
    start: Event | None = None
    parts: list[bytes] = field(default_factory=list)
    size: int = 0
    asked: bool = False
    complete: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, app: AsgiApp, scope: dict[str, Any]) -> SystemExit | None:
        """Calls the application; raises what it raises but SystemExit, and TooLongError.

        What it does after its reply is complete is not waited for: servers send the reply then.
        """
        task = asyncio.ensure_future(held(app(scope, self._receive, self._send)))
        task.add_done_callback(_taken_notice_of)
        complete = asyncio.ensure_future(self.complete.wait())
        try:
            await asyncio.wait((task, complete), return_when=asyncio.FIRST_COMPLETED)
            return await task if task.done() else None
        finally:
            complete.cancel()
            if not self.complete.is_set():
                task.cancel()

    async def _receive(self) -> Event:
        if self.asked:
            await self.complete.wait()
            return {"type": "http.disconnect"}
        self.asked = True
        return {"type": "http.request", "body": self.body, "more_body": False}

    async def _send(self, event: Event) -> None:
        kind = event.get("type")
        if kind == "http.response.start" and self.start is None:
            self.start = event
        elif kind == "http.response.body" and self.start is not None:
            self._take(event)
        else:
            raise RuntimeError(f"{kind} is out of place")

    def _take(self, event: Event) -> None:
        if self.complete.is_set():
            raise RuntimeError("there is a body after the end of the body")
        part = bytes(event.get("body", b""))
        self.size += len(part)
        if self.size > self.most:
            raise TooLongError
        self.parts.append(part)
        if not event.get("more_body", False):
            self.complete.set()

    def reply(self) -> Reply:
        """The reply, or what is missing of it."""
        if self.start is None:
            return Reply(failure="raised", detail="the application never started a response")
        if not self.complete.is_set():
            return Reply(failure="raised", detail="the application never ended its response")
        try:
            reply = Reply(
                status=int(self.start["status"]),
                headers=tuple(
                    (bytes(name).decode("latin-1"), bytes(value).decode("latin-1"))
                    for name, value in self.start.get("headers", ())
                ),
                body=b"".join(self.parts),
            )
        except (KeyError, TypeError, ValueError) as error:
            return raised(error)
        return decoded(reply, self.most)
