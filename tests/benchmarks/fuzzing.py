"""A whole run of `fuzz` over HTTP against a bare loop that sends the same signed messages."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import httpx2

from contract_kit import operation
from contract_kit.fuzz.campaign import Campaign
from contract_kit.protocol.message import Message, Reply
from contract_kit.target.http import HttpTarget

Comparison = tuple[str, Callable[[], float], Callable[[], float], dict[str, float]]

SERVE = """
import sys
from contract_kit.reference.http import listening
server = listening(0, (), "127.0.0.1")
print(server.server_address[1], flush=True)
server.serve_forever()
"""


class _Recorder(HttpTarget):
    """A target that keeps what is sent."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.sent: list[Message] = []

    def send(self, message: Message, *, timeout: float | None = None) -> Reply:
        self.sent.append(message)
        return super().send(message, timeout=timeout)


def comparisons() -> Iterator[Comparison]:
    """The row of this subject; the server runs in a process of its own."""
    op = operation("mailmanager:StartArchiveExport")
    with subprocess.Popen([sys.executable, "-c", SERVE], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        url = f"http://127.0.0.1:{int(server.stdout.readline())}"
        try:
            recorder = _Recorder(url)
            Campaign(op, recorder).run()
            recorder.close()
            messages = recorder.sent

            def fuzz() -> float:
                target = HttpTarget(url)
                campaign = Campaign(op, target)
                started = time.perf_counter()
                campaign.run()
                spent = time.perf_counter() - started
                target.close()
                return spent / campaign.outcome().requests

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
