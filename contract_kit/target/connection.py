"""One HTTP/1.1 connection to a target that may do anything.

h11 reads and writes the messages; the socket is ours, so that one deadline holds for a whole
exchange and every byte of a reply is accounted for, those that no one asked for included.
"""

from __future__ import annotations

import socket
import ssl
import sys
import time
from dataclasses import dataclass

import h11

from contract_kit.target.failures import TooLongError
from contract_kit.wire.message import Headers

MAX_HEAD = 256 * 1024
"""Bytes of the longest head of a reply, or of one line between its chunks."""

STATUS_LINE = b"HTTP/"
"""How the head of a response begins."""

READ = 64 * 1024
PATIENCE = 0.1
"""Seconds after which a target that takes nothing is looked at for a reply."""

SHOWN = 60
"""Bytes of an unasked-for piece that are shown."""


class DroppedError(Exception):
    """The target went away. begun: whether any of its reply had come."""

    def __init__(self, text: str, *, begun: bool) -> None:
        super().__init__(text)
        self.begun = begun


class LateError(Exception):
    """The deadline has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A whole response as it came, its body not decoded. stray: bytes that followed it."""

    status: int
    headers: Headers
    body: bytes
    stray: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Where a server listens: at a port of a host, or at the path of a Unix socket."""

    host: str
    host_header: str
    port: int = 0
    path: str = ""

    def connect(self, seconds: float) -> socket.socket:
        """An open socket; raises OSError."""
        if not self.path:
            opened = socket.create_connection((self.host, self.port), seconds)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return opened
        opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            opened.settimeout(seconds)
            opened.connect(self.path)
        except BaseException:
            opened.close()
            raise
        return opened


class Connection:
    """An open connection. Raises OSError where there is none to be had, and LateError.

    deadline: in the time of `time.monotonic`.
    """

    def __init__(self, peer: Peer, deadline: float, tls: ssl.SSLContext | None) -> None:
        self._is_tcp = not peer.path
        try:
            self._socket = peer.connect(_left(deadline))
            try:
                if tls is not None:
                    self._socket.settimeout(_left(deadline))
                    self._socket = tls.wrap_socket(self._socket, server_hostname=peer.host)
            except BaseException:
                self._socket.close()
                raise
        except TimeoutError:
            raise LateError from None
        self._cut = False
        self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)

    def close(self) -> None:
        """Closes it."""
        self._socket.close()

    @property
    def is_reusable(self) -> bool:
        """Whether another exchange may follow."""
        return self._h11.our_state is h11.IDLE and not self._cut

    def unasked(self) -> bytes | None:
        """Unsolicited bytes since the last reply; None if the target has closed."""
        try:
            self._socket.settimeout(0)
            return self._socket.recv(READ) or None
        except (BlockingIOError, ssl.SSLWantReadError):
            return b""
        except OSError:
            return None

    def exchange(
        self, request: h11.Request, body: bytes, deadline: float, *, most: int
    ) -> Response:
        """Sends a request and reads its response of at most `most` bytes, before the deadline.

        Raises DroppedError, LateError, TooLongError, and h11.RemoteProtocolError for what is no
        HTTP. After any of them the connection is of no more use.
        """
        sent = (self._h11.send(request), self._h11.send(h11.Data(data=body)) if body else b"")
        end = self._h11.send(h11.EndOfMessage())
        self._write(b"".join(part for part in (*sent, end) if part), deadline)
        return self._read(deadline, most)

    def _write(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            try:
                self._socket.settimeout(min(PATIENCE, _left(deadline)))
                view = view[self._socket.send(view) :]
            except TimeoutError:
                self._cut = self._is_answered()
            except OSError:
                self._cut = True
            if self._cut:
                # Some refuse a request before they have read it: there may be a reply.
                return

    def _is_answered(self) -> bool:
        """Whether a reply has begun before the request was taken; unknown below TLS."""
        if isinstance(self._socket, ssl.SSLSocket):
            return False
        try:
            self._socket.settimeout(0)
            return bool(self._socket.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _read(self, deadline: float, most: int) -> Response:
        head: h11.Response | None = None
        parts: list[bytes] = []
        size = 0
        while True:
            event = self._event(deadline, begun=head is not None)
            if isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                size += len(event.data)
                if size > most:
                    raise TooLongError
                parts.append(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                assert head is not None, "h11 ends no message that has not begun"
                return self._whole(head, b"".join(parts))

    def _event(self, deadline: float, *, begun: bool) -> object:
        while True:
            event = self._h11.next_event()
            if event is not h11.NEED_DATA:
                # A target that sends interim responses for ever has a deadline as well.
                _left(deadline)
                return event
            try:
                self._socket.settimeout(_left(deadline))
                self._acknowledge_soon()
                data = self._socket.recv(READ)
            except TimeoutError:
                raise LateError from None
            except OSError as error:
                raise DroppedError(str(error), begun=begun) from None
            if not begun:
                self._check_start(data)
            self._h11.receive_data(data)

    def _acknowledge_soon(self) -> None:
        """Many simple servers write head and body apart, and their kernel waits between the two
        until we acknowledge the first, which ours delays by 40 ms. Linux forgets it each time."""
        if sys.platform == "linux" and self._is_tcp:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def _check_start(self, data: bytes) -> None:
        """Raises unless the bytes so far can begin a response. data: new ones, none at the end."""
        start = (self._h11.trailing_data[0] + data).lstrip()
        if not start.startswith(STATUS_LINE[: len(start)]):
            raise h11.RemoteProtocolError(f"no status line: {start[:SHOWN]!r}")
        if not data:
            where = "in the middle of its head" if start else "without sending a response"
            raise DroppedError(f"the server disconnected {where}", begun=bool(start))

    def _whole(self, head: h11.Response, body: bytes) -> Response:
        stray = self._h11.trailing_data[0]
        if self._h11.their_state is h11.DONE and self._h11.our_state is h11.DONE and not stray:
            later = self.unasked()
            if later == b"":
                self._h11.start_next_cycle()
            stray = later or b""
        return Response(
            status=head.status_code,
            headers=tuple(
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in head.headers.raw_items()
            ),
            body=body,
            stray=stray,
        )


def _left(deadline: float) -> float:
    """Seconds until the deadline; raises LateError where there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise LateError
    return left
