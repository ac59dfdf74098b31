"""Where reports of a run go: the terminal, and files named with `--report FORMAT:PATH`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from contract_kit.contract.shape import Json
from contract_kit.derive.files import write_atomically
from contract_kit.errors import UsageError
from contract_kit.report.document import Run, report_document
from contract_kit.report.terminal import print_report
from contract_kit.verdict.outcome import Outcome


def _json_text(document: Json) -> str:
    return json.dumps(document, indent=2) + "\n"


FORMATS: dict[str, Callable[[Json], str]] = {"json": _json_text}
"""Format name → the text of a report document in it."""


class Reports:
    """The reports of one run. Raises UsageError for a format or path that cannot be."""

    def __init__(self, wanted: tuple[str, ...], run: Run) -> None:
        self._run = run
        self._files: list[tuple[Callable[[Json], str], Path]] = []
        for text in wanted:
            name, colon, path = text.partition(":")
            if name not in FORMATS or not colon or not path:
                raise UsageError(
                    f"--report {text!r}: write FORMAT:PATH with a format of {', '.join(FORMATS)}"
                )
            self._files.append((FORMATS[name], Path(path)))

    def write(self, outcome: Outcome) -> None:
        """Writes the files anew, each complete or not at all."""
        if self._files:
            document = report_document(outcome, self._run)
            for render, path in self._files:
                write_atomically(path, render(document))

    def show(self, outcome: Outcome) -> None:
        """Prints the report."""
        console = Console(highlight=False, markup=False, emoji=False)
        if not console.is_terminal:
            console = Console(highlight=False, markup=False, emoji=False, width=160)
        print_report(console, outcome, self._run)
