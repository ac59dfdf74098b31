"""What the README shows is what happens."""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
from pathlib import Path

import pytest

from contract_kit.cli.main import COMMANDS, main
from contract_kit.reference.http import running

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)


def run(*args: str) -> tuple[int, str]:
    """Exit code and standard output of a command line."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), pytest.raises(SystemExit) as ended:
        main(list(args))
    return int(ended.value.code or 0), output.getvalue()


SERVED = "http://127.0.0.1:8000"
"""Where the README has an implementation."""

PYTHON = [
    index
    for index, (language, text) in enumerate(BLOCKS)
    # A block that begins with a file's name is part of a project, which test_examples.py runs.
    if language == "python" and not text.startswith("# ")
]


@pytest.mark.parametrize("at", PYTHON)
def test_a_python_example_prints_what_stands_below_it(at: int) -> None:
    """To the letter."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(BLOCKS[at][1], "README.md", "exec"), {"__name__": "__main__"})
    shown = BLOCKS[at + 1 : at + 2]
    assert output.getvalue() == (shown[0][1] if shown and not shown[0][0] else "")


def test_the_fault_that_the_example_serves_is_found_as_shown(monkeypatch) -> None:
    """The finding that the README shows comes from this very run."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    (fault,) = re.findall(r"contract-kit serve --fault (\S+?)`", README)
    shown = next(text for language, text in BLOCKS if not language and "trailing-newline" in text)
    with running((fault,)) as url:
        code, output = run("fuzz", "mailmanager:StartArchiveExport", "--url", url)
    assert code == 1
    for line in shown.splitlines():
        words, ellipsis, _ = line.partition("…")
        if words or not ellipsis:
            compact = " ".join(words.split())
            assert compact in " ".join(output.replace(url, SERVED).split()), line


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_option_is_documented(command: str) -> None:
    """An option that the README does not name is not there for users."""
    _, text = run(command, "--help")
    options = set(re.findall(r"^\s+(?:-\w, )?(--[a-z-]+)", text, re.MULTILINE)) - {"--help"}
    assert {option for option in options if option not in README} == set()


def test_no_option_is_documented_that_does_not_exist() -> None:
    """The tables of options are those of the commands."""
    text = "".join(run(command, "--help")[1] for command in COMMANDS)
    rows = re.findall(r"^\| `(--[a-z-]+)", README, re.MULTILINE)
    assert rows
    ours = [row for row in rows if not row.startswith("--contract")]
    assert [row for row in ours if row not in text] == []
