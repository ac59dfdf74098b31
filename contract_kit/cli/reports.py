"""Where reports of a run go: the terminal, and files named with `--report FORMAT:PATH`."""

from __future__ import annotations

import os
import time

from rich.console import Console

from contract_kit.files import check_writable, is_stream
from contract_kit.report.document import report_document
from contract_kit.report.formats import report_files
from contract_kit.report.run import ReportRun
from contract_kit.report.terminal import print_report
from contract_kit.verdict.outcome import Outcome

SOON = 0.5
"""Seconds after which a run that goes on saves what it has, should it be killed."""


class Reports:
    """The reports of one run.

    Raises UsageError for a format or path that cannot be, SourceError for a file that could not be
    written.
    """

    def __init__(self, wanted: tuple[str, ...], run: ReportRun) -> None:
        self._run = run
        files = report_files(wanted)
        for file in files:
            check_writable(file.path)
        self._streams = tuple(file for file in files if is_stream(file.path))
        self._files = tuple(file for file in files if file not in self._streams)
        self._saved = time.monotonic()
        self._findings = 0

    def write(self, outcome: Outcome, *, last: bool = False) -> None:
        """Writes the files anew, each complete or not at all.

        last: nothing follows, so that pipes and devices get it as well.
        """
        files = self._files + (self._streams if last else ())
        if files:
            document = report_document(outcome, self._run)
            for file in files:
                file.write([document])
        self._saved = time.monotonic()

    def is_due(self, findings: int) -> bool:
        """Whether what is on disk lacks a finding, or is older than SOON."""
        new, self._findings = findings > self._findings, findings
        return bool(self._files) and (new or time.monotonic() - self._saved > SOON)

    def show(self, outcome: Outcome, *, verbose: bool = False) -> None:
        """Prints the report. verbose: a line per constraint, and nothing shortened."""
        console = Console(highlight=False, markup=False, emoji=False)
        if not console.is_terminal and "COLUMNS" not in os.environ:
            console = Console(highlight=False, markup=False, emoji=False, width=160)
        print_report(console, outcome, self._run, verbose=verbose)
