"""Checks texts and files as the command does, and keeps what it would tell."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

import pytest

from contract_kit.requestfile.finding import FileFinding
from contract_kit.requestfile.fix import Change
from contract_kit.requestfile.run import Run
from contract_kit.requestfile.settings import Settings
from contract_kit.requestfile.summary import RunSummary

EXPORT = "mailmanager:StartArchiveExport"


@dataclass
class Kept:
    """An output that keeps everything."""

    findings: list[FileFinding] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    summary: RunSummary | None = None

    def finding(self, finding):
        """Keeps it."""
        self.findings.append(finding)

    def error(self, file, message):
        """Keeps it."""
        self.errors.append((file, message))

    def note(self, file, message):
        """Keeps it."""
        self.notes.append((file, message))

    def change(self, change):
        """Keeps it."""
        self.changes.append(change)

    def finish(self, summary):
        """Keeps it."""
        self.summary = summary

    @property
    def places(self):
        """`(line, column, constraint)` of each finding."""
        return [(one.span.line, one.span.column, one.constraint) for one in self.findings]

    @property
    def only(self):
        """The one finding that there is."""
        assert self.errors == []
        (finding,) = self.findings
        return finding


@pytest.fixture
def check(tmp_path):
    """`check(text or bytes, name="x.json", …)`: what a run tells of a file with that content."""

    def run(content, *, name="request.json", operation=EXPORT, dialect=None, settings=None):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        kept = Kept()
        settings = settings or Settings(base=tmp_path)
        done = Run(kept, settings, operation=operation, dialect=dialect)
        done.check_all([str(path)])
        kept.summary = done.summary
        return kept

    return run


@pytest.fixture
def cut(tmp_path):
    """`cut(text, finding)`: the piece of a text that a finding's lines and columns point at."""

    def piece(text, span):
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if span.line == span.end_line:
            return lines[span.line - 1][span.column - 1 : span.end_column - 1]
        first, *between = lines[span.line - 1 : span.end_line - 1]
        last = lines[span.end_line - 1][: span.end_column - 1]
        return "\n".join([first[span.column - 1 :], *between, last])

    return piece


@pytest.fixture(scope="session")
def command():
    """The words that run the command line in a process of its own."""
    return (sys.executable, "-c", "from contract_kit.cli.main import main; main()")


@pytest.fixture
def kept():
    """An output that keeps everything, empty so far."""
    return Kept()
