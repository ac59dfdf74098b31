"""An application in a child process: time-outs and crashes are real, and it is started again."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import replace

from contract_kit.contract.operation import Operation
from contract_kit.errors import TargetError, UsageError
from contract_kit.target.http import HttpTarget
from contract_kit.target.interface import Abilities
from contract_kit.target.kinds import Kind
from contract_kit.wire.message import Headers, Message, Reply

SERVER = "contract_kit.target.child_server"

FAILURE = "x-contract-kit-failure"
"""The header of a reply that stands for a failure; its body is the detail."""

BY_VALUE = "x-contract-kit-by-value"
"""The header of a reply that no HTTP carried."""

ENCODED_CRC32 = "x-contract-kit-encoded-crc32"
"""The header with the checksum of a body as the application encoded it."""

OURS = (BY_VALUE, ENCODED_CRC32)
"""Headers of the child's own, which the application did not send."""

START_LIMIT = 30.0
"""Seconds in which the application has to be imported and to listen."""

REACHED = ("dropped", "unreachable", "not-http")
"""Failures that a process which died may show."""

DYING = 2.0
"""Seconds that a process may take to end after its connection broke."""

SHUTTING_DOWN = 6.0
"""Seconds that an application may take to shut down at the end of a run."""

SHOWN = 200
"""Characters of what a dying process printed last."""


class ChildTarget:
    """`module:attribute`, a WSGI or ASGI application or a function, in a process of its own.

    A process that dies is started again; one that does not answer in time is ended first.
    timeout: seconds of an exchange.
    Raises UsageError for what cannot be imported, TargetError for what does not start.
    """

    def __init__(
        self,
        name: str,
        operation: Operation,
        *,
        kind: Kind | None = None,
        timeout: float = 5.0,
        headers: Headers = (),
    ) -> None:
        self._words = (operation.id, name, kind or "-")
        self._name = name
        self._process: _Process | None = _Process(self._words, port=0)
        self._port = self._process.port
        self._http = HttpTarget(f"http://127.0.0.1:{self._port}", timeout=timeout, headers=headers)
        self.abilities = Abilities(headers=headers)

    @property
    def url(self) -> str:
        """Where the process listens, the same after each start."""
        return self._http.url

    def send(self, message: Message, *, timeout: float | None = None) -> Reply:
        """Sends one message to the process; if it dies of that, the next meets a new one."""
        if self._process is None and (trouble := self._start_again()):
            return Reply(failure="unreachable", detail=trouble)
        assert self._process is not None
        reply = self._http.send(message, timeout=timeout)
        if not reply.failure:
            return _unwrapped(reply)
        if reply.failure == "timeout":
            # Otherwise its work would keep the next message waiting as well.
            self._start_again()
        elif reply.failure in REACHED and self._process.has_died():
            words = self._process.last_words()
            detail = f"the process of {self._name} died: {words}"
            self._start_again()
            return Reply(failure="dropped", detail=detail)
        return reply

    def _start_again(self) -> str:
        """Starts a new process at once, so that no message waits for it. Returns the last error."""
        self._end()
        try:
            self._process = _Process(self._words, port=self._port)
        except (TargetError, UsageError) as error:
            return f"the application does not start again: {error}"
        return ""

    def _end(self) -> None:
        self._http.renew()
        if self._process is not None:
            self._process.close()
            self._process = None

    def renew(self) -> None:
        """Lets the next message travel on a new connection."""
        self._http.renew()

    def close(self) -> None:
        """Ends the process, once the application has shut down."""
        if self._process is not None:
            self._process.ask_to_end()
        self._end()
        self._http.close()


def _unwrapped(reply: Reply) -> Reply:
    """The reply as the target in the child gave it."""
    by_value = reply.header(BY_VALUE) is not None
    failure = reply.header(FAILURE)
    if failure is not None:
        detail = reply.body.decode("utf-8", "replace")
        return Reply(failure=failure, detail=detail, over_http=not by_value)
    encoded = reply.header(ENCODED_CRC32)
    headers = tuple(pair for pair in reply.headers if pair[0].lower() not in OURS)
    return replace(
        reply,
        headers=headers,
        over_http=not by_value,
        encoded_crc32=None if encoded is None else int(encoded),
    )


class _Process:
    """One run of the child. words: operation, name and kind; port: 0 for any that is free."""

    def __init__(self, words: tuple[str, ...], *, port: int) -> None:
        with contextlib.ExitStack() as stack:
            self._output = stack.enter_context(tempfile.TemporaryFile())
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            control_port = str(listener.getsockname()[1])
            self._process = subprocess.Popen(
                # Without -P a module of the user's could replace one of ours.
                [sys.executable, "-P", "-m", SERVER, control_port, str(port), *words],
                stdin=subprocess.DEVNULL,
                stdout=self._output,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for the parent; and whatever the application starts ends with it.
                start_new_session=True,
            )
            stack.callback(self._kill)
            self._control = stack.enter_context(self._accept(listener))
            self.port = self._listening()
            listener.close()
            self._stack = stack.pop_all()

    def _accept(self, listener: socket.socket) -> socket.socket:
        deadline = time.monotonic() + START_LIMIT
        while not select.select([listener], [], [], 0.05)[0]:
            self._check_starting(deadline)
        return listener.accept()[0]

    def _listening(self) -> int:
        """The port at which the child listens; raises what keeps it from that."""
        deadline = time.monotonic() + START_LIMIT
        line = b""
        while not line.endswith(b"\n"):
            if select.select([self._control], [], [], 0.05)[0]:
                part = self._control.recv(65536)
                line += part
                if not part:
                    self._process.wait()
            if not line.endswith(b"\n"):
                self._check_starting(deadline)
        said = json.loads(line)
        if "error" in said:
            raise UsageError(said["error"])
        return int(said["port"])

    def _check_starting(self, deadline: float) -> None:
        if self._process.poll() is not None:
            raise TargetError(f"the application ended before it was served: {self.last_words()}")
        if time.monotonic() > deadline:
            raise TargetError(
                f"the application was not served within {START_LIMIT:g} s; "
                "does importing it start a server, or its lifespan never come up?"
            )

    def has_died(self) -> bool:
        """Whether the process has ended, or does in a moment."""
        try:
            self._process.wait(DYING)
        except subprocess.TimeoutExpired:
            return False
        return True

    def last_words(self) -> str:
        """How the process ended, and the last line that it printed."""
        code = self._process.returncode
        how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        size = self._output.seek(0, os.SEEK_END)
        self._output.seek(max(0, size - 4096))
        lines = self._output.read().decode("utf-8", "replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f"{how}: {last[:SHOWN]}" if last else how

    def ask_to_end(self) -> None:
        """Lets the application shut down, for a while."""
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(SHUTTING_DOWN)

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        """Ends the process and all that it started."""
        self._stack.close()
