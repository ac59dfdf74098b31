"""Where reports of a run go: the terminal, and files named with `--report FORMAT:PATH`."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace

from rich.console import Console

from contract_kit.contract.shape import Json
from contract_kit.files import check_writable, is_stream
from contract_kit.fuzz.events import Event
from contract_kit.fuzz.partial_outcome import Part, joined, outcome_of
from contract_kit.report.document import report_document
from contract_kit.report.formats import report_files
from contract_kit.report.run import ReportRun
from contract_kit.report.terminal import print_report
from contract_kit.report.wires import print_differences
from contract_kit.verdict.outcome import Gap, Outcome
from contract_kit.wire.wire import Wire

SOON = 0.5
"""Seconds after which a run that goes on saves what it has, should it be killed."""


class Reports:
    """The reports of one command: one for each wire that it tests.

    Raises UsageError for a format or path that cannot be, SourceError for a file that could not be
    written.
    """

    def __init__(self, wanted: tuple[str, ...]) -> None:
        self._done: list[Json] = []
        files = report_files(wanted)
        for file in files:
            check_writable(file.path)
        self._streams = tuple(file for file in files if is_stream(file.path))
        self._files = tuple(file for file in files if file not in self._streams)
        self._saved = time.monotonic()
        self._found: set[tuple[str, str, str]] = set()
        self._parts: list[Part] = []

    def write(
        self, outcome: Outcome, run: ReportRun, *, done: bool = False, last: bool = False
    ) -> None:
        """Writes the files anew, each complete or not at all; what is done stays in them.

        last: nothing follows, so that pipes and devices get it as well.
        """
        files = self._files + (self._streams if last else ())
        if not self._files and not self._streams:
            return
        document = report_document(outcome, run)
        for file in files:
            file.write([*self._done, document])
        if done:
            self._done.append(document)
            self._parts, self._found = [], set()
        self._saved = time.monotonic()

    def listen(self, event: Event, wire: Wire, gaps: tuple[Gap, ...], run: ReportRun) -> None:
        """Saves what was found so far, where something new was or some time has gone by."""
        if not self._files:
            return
        self._parts.append(event.part)
        found = {(each.constraint, each.side, each.verdict) for each in event.part.findings}
        is_new = not found <= self._found
        self._found |= found
        if is_new or time.monotonic() - self._saved > SOON:
            self._parts = [joined(self._parts)]
            outcome = outcome_of(wire, self._parts, gaps=gaps)
            self.write(replace(outcome, ended="killed"), run)

    def show(self, outcome: Outcome, run: ReportRun, *, verbose: bool = False) -> None:
        """Prints the report. verbose: a line per constraint, and nothing shortened."""
        print_report(_console(), outcome, run, verbose=verbose)

    def compare(self, outcomes: Sequence[Outcome]) -> None:
        """Prints what differs between the wires of one operation."""
        print_differences(_console(), outcomes)


def _console() -> Console:
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        return Console(highlight=False, markup=False, emoji=False, width=160)
    return console
