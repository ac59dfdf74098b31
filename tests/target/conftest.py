"""A server on a real socket whose every byte a test decides."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import pytest

from contract_kit.wire.message import Headers


@dataclass(frozen=True)
class Received:
    """One request as it arrived."""

    line: str
    headers: Headers
    body: bytes


@dataclass
class Talk:
    """One connection to a `Scripted` server. number: counted from 1."""

    number: int
    rfile: object
    wfile: object
    stopped: threading.Event
    connection: socket.socket

    def read(self) -> Received | None:
        """The next request, or None where the client has hung up."""
        line = self.rfile.readline().decode().strip()
        if not line:
            return None
        headers = []
        while text := self.rfile.readline().decode().strip():
            name, _, value = text.partition(":")
            headers.append((name, value.strip()))
        length = {name.lower(): value for name, value in headers}.get("content-length", "0")
        return Received(line, tuple(headers), self.rfile.read(int(length)))

    def write(self, data: bytes) -> None:
        """Sends bytes as they are."""
        self.wfile.write(data)

    def wait(self, seconds: float = 30.0) -> None:
        """Keeps silent until the test is over."""
        self.stopped.wait(seconds)


@dataclass
class Scripted:
    """A running server. received: every request; connections: how many there were."""

    url: str = ""
    port: int = 0
    received: list[Received] = field(default_factory=list)
    connections: int = 0


def answer(body: bytes = b"{}", *headers: str, status: str = "200 OK") -> bytes:
    """A whole HTTP/1.1 reply."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextmanager
def scripted(script: Callable[[Talk, Scripted], None]) -> Iterator[Scripted]:
    """Runs `script` for each connection, in a thread of its own."""
    seen = Scripted()
    stopped = threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            seen.connections += 1
            script(Talk(seen.connections, self.rfile, self.wfile, stopped, self.connection), seen)

        def finish(self) -> None:
            try:
                super().finish()
            except OSError:
                self.rfile.close()

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

        def handle_error(self, request, client_address) -> None:
            """A client that hangs up on a script is what some tests want."""

    with Server(("127.0.0.1", 0), Handler) as server:
        seen.port = server.server_address[1]
        seen.url = f"http://127.0.0.1:{seen.port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield seen
        finally:
            stopped.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def serve():
    """`serve(script)`: a server that runs `script(talk, seen)` for each connection."""
    with ExitStack() as stack:
        yield lambda script: stack.enter_context(scripted(script))


@pytest.fixture
def serve_replies(serve):
    """`serve_replies(*replies)`: answers each request of each connection with the next bytes."""

    def start(*replies: bytes) -> Scripted:
        left = list(replies)

        def script(talk: Talk, seen: Scripted) -> None:
            while (request := talk.read()) is not None:
                seen.received.append(request)
                talk.write(left.pop(0) if len(left) > 1 else left[0])

        return serve(script)

    return start


@pytest.fixture
def whole_reply():
    """The function that writes a whole HTTP/1.1 reply."""
    return answer
