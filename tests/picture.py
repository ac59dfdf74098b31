"""Draws the picture in the README: what `contract-kit fuzz` prints on a terminal of 80 columns.

    python tests/picture.py

The command runs against the embedded implementation with one seeded fault, on a terminal of its own;
rich turns what it printed into fixtures/readme/fuzz.svg.
"""

from __future__ import annotations

import contextlib
import io
import os
import pty
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from contract_kit.reference.http import running

PICTURE = Path(__file__).resolve().parent.parent / "fixtures" / "readme" / "fuzz.svg"
FAULT = "ArchiveId.pattern/newline-at-end"
COLUMNS = 80
COMMAND = "contract-kit fuzz mailmanager:StartArchiveExport --url http://127.0.0.1:8000"


def printed(url: str) -> str:
    """What the command prints on a terminal, colours included."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS)}
    environment["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    shown = b""
    with subprocess.Popen(
        COMMAND.replace("http://127.0.0.1:8000", url).split(),
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env=environment,
    ):
        os.close(theirs)
        # Linux ends the terminal of a process that has gone with an error.
        with contextlib.suppress(OSError):
            while read := os.read(ours, 65536):
                shown += read
    os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def draw() -> str:
    """The picture as SVG."""
    with running((FAULT,)) as url:
        text = printed(url).replace(url, "http://127.0.0.1:8000")
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(f"$ {COMMAND}", highlight=False, soft_wrap=True)
    console.print(Text.from_ansi(text))
    return console.export_svg(title="contract-kit fuzz", unique_id="fuzz")


if __name__ == "__main__":
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(draw(), encoding="utf-8")
