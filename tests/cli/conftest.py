"""Runs the command line in this process, in an empty folder."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

import pytest

from contract_kit.cli.main import main


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def message(self) -> str:
        """The one line that a command which could not do its work says."""
        (line,) = self.err.splitlines()
        assert line.startswith("contract-kit: ")
        return line.removeprefix("contract-kit: ")


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """An empty working directory, and an environment that sets no option."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("CONTRACT_KIT") or name == "COLUMNS":
            monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def cli(capsys):
    """`cli("fuzz", …)`: runs the command line; its exit code and what it printed."""

    def run(*args: str) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as caught:
            main(list(args))
        printed = capsys.readouterr()
        assert isinstance(caught.value.code, int)
        return Ran(caught.value.code, printed.out, printed.err)

    return run


@pytest.fixture(scope="session")
def command():
    """The words that run the command line in a process of its own."""
    return (sys.executable, "-c", "from contract_kit.cli.main import main; main()")


@pytest.fixture(scope="session")
def one_case():
    """The options that send a single case, so that a run takes no time."""
    return ("--case", "StartArchiveExport/ArchiveId.pattern/trailing-newline")
