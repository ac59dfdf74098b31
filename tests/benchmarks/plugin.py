"""The pytest plugin: what it costs who does not use it, and who does. In processor time."""

from __future__ import annotations

import base64
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from contract_kit import operation
from contract_kit.fuzz import fuzz
from contract_kit.reference.wsgi import app
from contract_kit.target.http import wsgi_target
from contract_kit.target.interface import Abilities
from contract_kit.wire.message import Message, Reply

Comparison = tuple[str, Callable[[], float], Callable[[], float], dict[str, float]]

PLUGIN = "contract_kit.pytest_plugin.plugin"
OPERATION = "mailmanager:StartArchiveExport"

CONFTEST = """
import pytest
from contract_kit.reference.wsgi import app

@pytest.fixture(scope="session")
def contract_target():
    return app()
"""

BY_HAND = """
import base64, json
from pathlib import Path
import httpx2, pytest
from contract_kit.reference.wsgi import app

CASES = json.loads(Path(__file__).with_name("cases.json").read_text())

@pytest.fixture(scope="session")
def client():
    with httpx2.Client(transport=httpx2.WSGITransport(app=app()), base_url="http://mock") as client:
        yield client

@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_case(client, case):
    reply = client.request(case["method"], case["path"], headers=case["headers"],
                           content=base64.b64decode(case["body"]))
    assert reply.status_code == case["status"]
"""


class _Recorder:
    """A target that keeps what is sent and the status that comes back."""

    abilities = Abilities()

    def __init__(self) -> None:
        self._target = wsgi_target(app())
        self.url = self._target.url
        self.sent: list[tuple[Message, int]] = []

    def send(self, message: Message, *, timeout: float | None = None) -> Reply:
        reply = self._target.send(message, timeout=timeout)
        self.sent.append((message, reply.status))
        return reply

    def renew(self) -> None:
        self._target.renew()

    def close(self) -> None:
        self._target.close()


def _cases() -> str:
    """The requests of a whole campaign, for a test that someone wrote by hand."""
    recorder = _Recorder()
    fuzz(operation(OPERATION), recorder, examples=0)
    return json.dumps(
        [
            {
                "method": message.method,
                "path": message.path,
                "headers": [list(pair) for pair in message.headers],
                "body": base64.b64encode(message.body).decode(),
                "status": status,
            }
            for message, status in recorder.sent
        ]
    )


LEFT_OUT = ("PYTEST_ADDOPTS", "PYTHONDONTWRITEBYTECODE")
"""Variables of the environment that would slow down one side: users have their modules compiled."""


def _pytest(folder: Path, *arguments: str) -> float:
    """Seconds of processor time that a run of pytest takes, its imports included."""
    environment = {
        **{name: text for name, text in os.environ.items() if name not in LEFT_OUT},
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPYCACHEPREFIX": str(folder.parent / "compiled"),
        "PYTHONPATH": os.pathsep.join([str(folder), *sys.path]),
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in (0, 5), done.stdout.decode()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def comparisons() -> Iterator[Comparison]:
    """The rows of this subject."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("empty", "ours", "by_hand"):
            (folder / part).mkdir()
            (folder / part / "pytest.ini").write_text("[pytest]\n")
        (folder / "empty" / "empty_plugin.py").write_text("")
        (folder / "ours" / "conftest.py").write_text(CONFTEST)
        (folder / "by_hand" / "test_by_hand.py").write_text(BY_HAND)
        (folder / "by_hand" / "cases.json").write_text(_cases())
        yield (
            "an empty pytest run with the plugin / with an empty one",
            lambda: _pytest(folder / "empty", "-p", PLUGIN),
            lambda: _pytest(folder / "empty", "-p", "empty_plugin"),
            # A fifth of a second each, of which the plugin is a hundredth.
            {"at_most": 1.05, "rounds": 31},
        )
        yield (
            "requests per second of --contract / a test by hand",
            lambda: _pytest(
                folder / "ours", "-p", PLUGIN, "--contract", "--contract-operation", OPERATION
            ),
            lambda: _pytest(folder / "by_hand"),
            {"at_least": 0.7},
        )
