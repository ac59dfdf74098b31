"""A whole run of `fuzz` over HTTP against a bare loop that sends the same signed messages."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx2

from contract_kit import operation
from contract_kit.fuzz import fuzz
from contract_kit.target.http import HttpTarget
from contract_kit.wire.message import Message, Reply

Comparison = tuple[str, Callable[[], float], Callable[[], float], dict[str, float]]

SERVE = """
import sys
from contract_kit.reference.http import listening
server = listening(0, (), "127.0.0.1")
print(server.server_address[1], flush=True)
server.serve_forever()
"""


class _Apart(BaseHTTPRequestHandler):
    """Writes head and body of a reply apart, as simple servers do."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


class _AtOnce(_Apart):
    """Writes them in one piece."""

    wbufsize = -1


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[Callable[[], float]]:
    """Measures the seconds that a hundred requests to a server of such replies take."""
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()

        def hundred() -> float:
            target = HttpTarget(f"http://127.0.0.1:{server.server_port}")
            started = time.perf_counter()
            for _ in range(100):
                target.send(Message(body=b"{}"))
            spent = time.perf_counter() - started
            target.close()
            return spent

        yield hundred
        server.shutdown()
        thread.join()


class _Recorder(HttpTarget):
    """A target that keeps what is sent."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.sent: list[Message] = []

    def send(self, message: Message, *, timeout: float | None = None) -> Reply:
        self.sent.append(message)
        return super().send(message, timeout=timeout)


def comparisons() -> Iterator[Comparison]:
    """The rows of this subject."""
    yield from _campaigns()
    with _serving(_Apart) as apart, _serving(_AtOnce) as at_once:
        name = "requests per second, replies in two pieces / in one"
        yield name, apart, at_once, {"at_least": 0.5}


def _campaigns() -> Iterator[Comparison]:
    """The server runs in a process of its own."""
    op = operation("mailmanager:StartArchiveExport")
    with subprocess.Popen([sys.executable, "-c", SERVE], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        url = f"http://127.0.0.1:{int(server.stdout.readline())}"
        try:
            recorder = _Recorder(url)
            fuzz(op, recorder, examples=0)
            recorder.close()
            messages = recorder.sent

            def kit() -> float:
                target = HttpTarget(url)
                started = time.perf_counter()
                outcome = fuzz(op, target, examples=0)
                spent = time.perf_counter() - started
                target.close()
                return spent / outcome.requests

            def bare() -> float:
                started = time.perf_counter()
                with httpx2.Client() as client:
                    for message in messages:
                        client.request(
                            message.method,
                            url + message.path,
                            headers=list(message.headers),
                            content=message.body,
                        )
                return (time.perf_counter() - started) / len(messages)

            yield "requests per second of fuzz / bare httpx2 loop", fuzz, bare, {"at_least": 0.6}
        finally:
            server.kill()
