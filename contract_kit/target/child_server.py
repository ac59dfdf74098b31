"""The child process of `ChildTarget`: one application or function over HTTP/1.1 on loopback.

Run with: the port of the parent's control socket, the port to serve at (0 for a new one), an
operation's id, `module:attribute` and its kind (`-` if its signature shows it).
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
import socketserver
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from contract_kit.errors import ContractKitError, UsageError
from contract_kit.settings.contracts import contracts_in
from contract_kit.target.child import BY_VALUE, ENCODED_CRC32, FAILURE
from contract_kit.target.handler import MessageHandler
from contract_kit.target.interface import Target
from contract_kit.target.load import load
from contract_kit.target.make import target_of
from contract_kit.wire.message import Headers, Message, Reply

PATIENCE = 1e6
"""Seconds that this process waits: the parent has a time-out, and ends it."""

BODILESS = (204, 304)
"""Statuses after which HTTP/1.1 has no body."""


class Handler(MessageHandler):
    """One connection from the parent."""

    server: Server

    def answer(self, message: Message) -> None:
        """As the application does."""
        headers = tuple(pair for pair in message.headers if pair[0].lower() not in _OURS)
        self._send(_sendable(self.server.target.send(replace(message, headers=headers))))

    def refuse(self, status: int) -> None:
        """With an empty reply."""
        self._send(Reply(status=status))

    def _send(self, reply: Reply) -> None:
        lines = [f"HTTP/1.1 {reply.status} -"]
        lines += [f"{name}: {value}" for name, value in reply.headers]
        bodiless = reply.status in BODILESS or self.command == "HEAD"
        if not bodiless:
            lines.append(f"Content-Length: {len(reply.body)}")
        head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
        self.wfile.write(head + (b"" if bodiless else reply.body))


_OURS = ("connection", "content-length", "user-agent", "accept-encoding")
"""Headers that the target in this process writes anew."""

_HOP_BY_HOP = ("connection", "content-length", "transfer-encoding", "keep-alive")
"""Headers of a reply that speak of one connection; ours says its own."""


def _sendable(reply: Reply) -> Reply:
    """The reply as HTTP can carry it: failures as a reply with a header that says so."""
    headers: Headers = () if reply.over_http else ((BY_VALUE, "1"),)
    if reply.failure:
        headers = (*headers, (FAILURE, reply.failure))
        detail = reply.detail.encode("utf-8", "replace")
        return Reply(status=500, headers=headers, body=detail)
    if reply.encoded_crc32 is not None:
        # It is decoded already, and so sent on.
        headers = (*headers, (ENCODED_CRC32, str(reply.encoded_crc32)))
    headers = (
        *headers,
        *(pair for pair in reply.headers if pair[0].lower() not in _HOP_BY_HOP),
    )
    if any(_is_unwritable(f"{name}{value}") for name, value in headers):
        return _sendable(
            Reply(failure="raised", detail="the application sets a header that HTTP cannot carry")
        )
    return Reply(status=reply.status, headers=headers, body=reply.body)


def _is_unwritable(text: str) -> bool:
    return any(char in "\r\n\0" or ord(char) > 255 for char in text)


class Server(socketserver.TCPServer):
    """One connection at a time, in the main thread, where applications expect to run."""

    allow_reuse_address = True

    def __init__(self, port: int, target: Target) -> None:
        self.target = target
        self.is_ending = False
        super().__init__(("127.0.0.1", port), Handler)

    def end(self, *_: object) -> None:
        """Ends what is done at the moment, and then the serving."""
        self.is_ending = True
        sys.exit()

    def service_actions(self) -> None:
        """Between two messages: an application may have caught the end."""
        if self.is_ending:
            sys.exit()

    def handle_error(self, request: object, client_address: object) -> None:
        """A parent that hangs up is nothing to report."""


def main(control_port: str, port: str, operation: str, name: str, kind: str) -> None:
    """Serves until the parent hangs up or kills the process."""
    with socket.create_connection(("127.0.0.1", int(control_port))) as control:
        end_with(control)
        # As where the user runs it by hand.
        sys.path.insert(0, os.getcwd())
        try:
            target = made(load(name), name, operation, kind)
            server = Server(int(port), target)
        except (ContractKitError, OSError) as error:
            tell(control, {"error": str(error)})
            return
        # The parent asks for the end, so that an application can shut down.
        signal.signal(signal.SIGTERM, server.end)
        with contextlib.closing(target), server:
            tell(control, {"port": server.server_address[1]})
            server.serve_forever()


def made(given: object, name: str, operation: str, kind: str) -> Target:
    """The target that the child serves; raises UsageError or TargetError."""
    wanted: Any = None if kind == "-" else kind
    if isinstance(given, str):
        raise UsageError(f"{name}: a string is neither an application nor a function")
    try:
        return target_of(
            given, contracts_in(Path.cwd()).operation(operation), kind=wanted, timeout=PATIENCE
        )
    except ContractKitError as error:
        raise type(error)(f"{name}: {error}") from None


def tell(control: socket.socket, said: dict[str, Any]) -> None:
    """One line to the parent."""
    control.sendall(json.dumps(said).encode() + b"\n")


def end_with(control: socket.socket) -> None:
    """Ends this process when the parent's end closes, however it came to that.

    Linux sends SIGIO, whose default action needs no Python: an application may sit in a regular
    expression for hours, and no thread of ours would get its turn. Elsewhere a thread has to do.
    """
    if sys.platform == "linux":
        fcntl.fcntl(control, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(control, fcntl.F_SETFL, fcntl.fcntl(control, fcntl.F_GETFL) | os.O_ASYNC)
    else:
        threading.Thread(target=_wait_for_end, args=(control,), daemon=True).start()


def _wait_for_end(control: socket.socket) -> None:
    with contextlib.suppress(OSError):
        control.recv(1)
    os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
