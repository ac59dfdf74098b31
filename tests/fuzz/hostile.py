"""A server on a raw socket that answers correctly, but for what a test makes of some requests."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from contract_kit.target.http import HttpTarget
from contract_kit.wire.message import Message, Reply


@dataclass
class Peer:
    """The server's end of one connection, and the request that was read from it."""

    socket: socket.socket
    stopped: threading.Event
    method: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def write(self, data: bytes) -> None:
        """Sends bytes as they are."""
        self.socket.sendall(data)

    def drip(self, data: bytes, every: float = 0.03) -> None:
        """Sends bytes one by one, over and over again."""
        while not self.stopped.is_set():
            for at in range(len(data)):
                self.write(data[at : at + 1])
                self.stopped.wait(every)

    def flood(self, data: bytes) -> None:
        """Sends bytes over and over again, as fast as they are taken."""
        while not self.stopped.is_set():
            self.write(data)

    def wait(self) -> None:
        """Keeps silent until the client hangs up or the test ends."""
        self.socket.settimeout(0.05)
        while not self.stopped.is_set():
            with contextlib.suppress(TimeoutError):
                if not self.socket.recv(65536):
                    return

    def reset(self) -> None:
        """Closes the connection as a process does that is killed."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # The last reference is that of the server's loop.
        raise ConnectionAbortedError


def bomb(megabytes: int) -> bytes:
    """Gzipped zeros, without the sum at their end: nobody should read as far."""
    packing = zlib.compressobj(wbits=31)
    piece = packing.compress(bytes(2**20)) + packing.flush(zlib.Z_FULL_FLUSH)
    # After a full flush the next piece is coded alike, and only the first has a head.
    return piece + (packing.compress(bytes(2**20)) + packing.flush(zlib.Z_FULL_FLUSH)) * (
        megabytes - 1
    )


class Impatient(HttpTarget):
    """Waits a moment where no answer comes, and else as long as a busy machine may take.

    is_silent: whether a message gets no whole answer. moment: seconds.
    """

    def __init__(self, url: str, is_silent: Callable[[Message], bool], moment: float) -> None:
        super().__init__(url, timeout=60)
        self._is_silent = is_silent
        self._moment = moment

    def send(self, message: Message, *, timeout: float | None = None) -> Reply:
        """Sends it; `timeout` is not for those that are answered."""
        limit = self._moment if self._is_silent(message) else None
        return super().send(message, timeout=limit)


Answer = Callable[[Peer], None]
"""Answers the request of a peer; the connection is kept unless it closes or raises OSError."""


class Server:
    """A listening server; `down` takes it off its port for some time, or for good."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._stopped = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.connections = 0
        # Keeps the port while nothing listens there: other tests run beside this one.
        self._held = socket.socket()
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._held.bind(("127.0.0.1", 0))
        self.port = self._held.getsockname()[1]
        self._listener = self._listening()
        self._start(self._accept)

    def _start(self, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listening(self) -> socket.socket:
        return socket.create_server(("127.0.0.1", self.port), reuse_port=True)

    def _accept(self) -> None:
        listener = self._listener
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                self.connections += 1
                self._open.add(connection)
                self._start(lambda connection=connection: self._talk(connection))

    def _talk(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, ValueError):
            stream = connection.makefile("rb")
            with stream:
                while line := stream.readline():
                    headers = {}
                    while text := stream.readline().decode("latin-1").strip():
                        name, _, value = text.partition(":")
                        headers[name.lower()] = value.strip()
                    body = stream.read(int(headers.get("content-length", 0)))
                    method = line.decode("latin-1").split()[0]
                    connection.settimeout(None)
                    self._answer(Peer(connection, self._stopped, method, headers, body))
        self._open.discard(connection)

    def down(self, seconds: float | None = None) -> None:
        """Closes the port and all connections; opens it again after a while, if at all."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        if seconds is not None:
            self._start(lambda: self._up(seconds))

    def _up(self, seconds: float) -> None:
        if not self._stopped.wait(seconds):
            self._listener = self._listening()
            self._accept()

    def close(self) -> None:
        """Ends all of it."""
        self._stopped.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(5)
        self._held.close()


@contextmanager
def hostile(answer: Answer) -> Iterator[Server]:
    """A running server."""
    server = Server(answer)
    try:
        yield server
    finally:
        server.close()
