"""What a run may cost, whatever the target does: memory, measured from outside its process."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from .hostile import bomb, hostile

SCRIPT = """
from pathlib import Path
from contract_kit.cli.main import main
try:
    main()
finally:
    print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""
"""The command line, which says at the end how much memory it had at most, in kilobytes."""

MOST = 300
"""Megabytes."""

RESULT = "Content-Type: application/x-amz-json-1.0"


def reply(body: bytes, *headers: str) -> bytes:
    """A reply of the whole body."""
    lines = ["HTTP/1.1 200 OK", RESULT, f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def measured(answer, folder, *args):
    """A run in a process of its own: its report, and the most memory that it had, in megabytes."""
    with hostile(answer) as server:
        words = [sys.executable, "-c", SCRIPT, "fuzz", "mailmanager:ListArchiveExports"]
        words += ["--url", f"http://127.0.0.1:{server.port}", "--timeout", "2"]
        words += ["--report", f"json:{folder / 'r.json'}", *args]
        done = subprocess.run(words, capture_output=True, check=False, timeout=200)
    return json.loads((folder / "r.json").read_text()), int(done.stdout.split()[-1]) / 1024


CASES = [
    word
    for slug in (
        "longest",
        "trailing-newline",
        "only-blanks",
    )
    for word in ("--case", f"ListArchiveExports/ArchiveId.pattern/{slug}")
]
"""Enough of them for what is kept of each to show."""

LARGE = 3 * 2**20
"""Bytes of a body that is still read."""


@pytest.mark.parametrize(
    "said",
    [
        reply(b'{"Exports": [' + b"{}," * (LARGE // 3) + b"{}]}"),
        reply(b'{"Exports": "' + b"x" * LARGE + b'"}'),
        reply(b"[" * LARGE),
        reply(b'{"Exports": []}', *(f"X-{number}: {'v' * 200}" for number in range(1000))),
        reply(bomb(1024), "Content-Encoding: gzip"),
    ],
    ids=["many-values", "long-text", "deep", "headers", "bomb"],
)
def test_the_memory_of_a_run_is_bounded_however_often_it_is_attacked(said, tmp_path):
    """Every single reply of hundreds is as large as can be."""
    document, megabytes = measured(lambda peer: peer.write(said), tmp_path, *CASES)
    assert document["requests"] > 3
    assert megabytes < MOST


@pytest.mark.parametrize("piece", [b"x" * 65536, b"X: 1\r\n" * 10_000])
def test_what_has_no_end_costs_little(piece, tmp_path):
    """Bodies and heads are read to a limit."""

    def endless(peer):
        peer.write(b"HTTP/1.1 200 OK\r\n" + b"\r\n" * piece.startswith(b"x"))
        peer.flood(piece)

    document, megabytes = measured(endless, tmp_path)
    assert document["ended"] == "no conforming request was answered"
    assert megabytes < MOST
