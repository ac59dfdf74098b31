"""The service over HTTP/1.1, for the command line and for tests."""

from __future__ import annotations

import contextlib
import io
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from typing import Protocol

from contract_kit.errors import UsageError
from contract_kit.reference.server import Reference
from contract_kit.reference.wsgi import phrase, with_length
from contract_kit.target.handler import MessageHandler
from contract_kit.wire.message import Message, Reply

HANG = 60.0
"""Seconds that a fault keeps a caller waiting who expects an answer."""


class ReferenceHandler(MessageHandler):
    """One connection to the service."""

    server: ReferenceServer

    def answer(self, message: Message) -> None:
        """As the service does; a fault may read the body once more, as the next message."""
        reply = self.server.reference.answer(message)
        self._send(reply)
        if reply.status >= 400 and not self.server.reference.drains:
            self.rfile = io.BufferedReader(Rewound(message.body, self.rfile))

    def refuse(self, status: int) -> None:
        """With an empty reply."""
        self._send(Reply(status=status))

    def _send(self, reply: Reply) -> None:
        if reply.failure:
            self.close_connection = True
            if reply.failure == "timeout":
                time.sleep(HANG)
            self.wfile.write(reply.body)
            return
        headers = with_length(reply)
        lines = [f"{self.protocol_version} {reply.status} {phrase(reply.status)}"]
        lines += [f"{name}: {value}" for name, value in headers]
        head = "\r\n".join(lines) + "\r\n\r\n"
        self.wfile.write(head.encode("latin-1") + reply.body)
        if (reply.header("connection") or "").lower() == "close":
            self.close_connection = True


class Rewound(io.RawIOBase):
    """A stream that begins with bytes which were read off it already."""

    def __init__(self, first: bytes, rest: io.BufferedIOBase) -> None:
        self._first = first
        self._rest = rest

    def readable(self) -> bool:
        """It is."""
        return True

    # The base class takes any buffer; here it is always a reader's.
    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fills the buffer from the bytes read before, then from the stream."""
        if self._first:
            part, self._first = self._first[: len(buffer)], self._first[len(buffer) :]
        else:
            part = self._rest.read1(len(buffer))
        buffer[: len(part)] = part
        return len(part)


class Implementation(Protocol):
    """The server's side. drains: whether the body of a refused request is read."""

    @property
    def drains(self) -> bool:
        """Whether the body of a refused request is read off its connection."""

    def answer(self, message: Message) -> Reply:
        """The reply to a message; one whose `failure` is set is a connection that breaks."""


class ReferenceServer(ThreadingHTTPServer):
    """A thread per connection, all of them asking one implementation."""

    request_queue_size = 128
    daemon_threads = True

    def __init__(self, address: tuple[str, int], reference: Implementation) -> None:
        self.reference = reference
        super().__init__(address, ReferenceHandler)

    def server_bind(self) -> None:
        """Binds without asking a name server what the host is called, which may take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is nothing to report."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            # The stubs promise a socket, which this method only hands on.
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def listening(
    port: int,
    faults: tuple[str, ...],
    host: str,
    implementation: Implementation | None = None,
    *,
    protocol: str | None = None,
) -> ReferenceServer:
    """A server that is bound to its port; raises UsageError where that is not possible.

    implementation: what answers, by default the embedded one with those faults and that protocol.
    """
    answering = implementation or Reference(faults, protocol=protocol)
    try:
        return ReferenceServer((host, port), answering)
    except (OSError, OverflowError) as error:
        raise UsageError(f"cannot listen on {host}:{port}: {error}; give another --port") from None


def serve(
    port: int,
    faults: tuple[str, ...] = (),
    host: str = "127.0.0.1",
    *,
    protocol: str | None = None,
    implementation: Implementation | None = None,
    on_ready: Callable[[str], None] = lambda url: None,
) -> None:
    """Serves until interrupted; raises UsageError for an unknown fault or a port in use.

    port: 0 for any that is free. protocol: as for `Reference`. on_ready: gets the URL once requests
    are taken.
    """
    with listening(port, faults, host, implementation, protocol=protocol) as server:
        on_ready(f"http://{host}:{server.server_port}")
        server.serve_forever()


@contextlib.contextmanager
def running(
    faults: tuple[str, ...] = (), *, implementation: Implementation | None = None
) -> Iterator[str]:
    """The URL of a server in a thread of this process, at a port of its own."""
    with listening(0, faults, "127.0.0.1", implementation) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
