"""Findings as workflow commands of GitHub Actions, which it shows beside the changed lines."""

from __future__ import annotations

from collections.abc import Callable

from contract_kit.requestfile.finding import FileFinding
from contract_kit.requestfile.fix import Change
from contract_kit.requestfile.output.text import closing
from contract_kit.requestfile.summary import RunSummary
from contract_kit.validate.violation import printable


class GithubOutput:
    """Writes each finding at once."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def finding(self, finding: FileFinding) -> None:
        """`::error file=…,line=…::message`. GitHub wants columns only within one line."""
        span = finding.span
        place = {"file": finding.file, "line": str(span.line), "endLine": str(span.end_line)}
        if span.line == span.end_line:
            place |= {"col": str(span.column), "endColumn": str(span.end_column)}
        place["title"] = finding.constraint
        self._command(finding.severity, place, finding.message)

    def error(self, file: str, message: str) -> None:
        """An error of the file as a whole."""
        self._command("error", {"file": file, "title": "not checked"}, message)

    def note(self, file: str, message: str) -> None:
        """A notice."""
        self._command("notice", {"file": file, "title": "note"}, message)

    def change(self, change: Change) -> None:
        """A notice."""
        properties = {"file": change.file, "line": str(change.span.line), "title": "fixed"}
        self._command("notice", properties, f"{change.old} is now {change.new}")

    def finish(self, summary: RunSummary) -> None:
        """One line for the log."""
        self._write(closing(summary) + "\n")

    def _command(self, name: str, properties: dict[str, str], message: str) -> None:
        given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
        self._write(f"::{name} {given}::{_data(message)}\n")


def _data(text: str) -> str:
    """Text as a command may hold it; what a terminal would obey is escaped, as in any other log."""
    text = "\n".join(printable(line) for line in text.split("\n"))
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
