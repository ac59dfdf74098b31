"""Interfaces of readers and outputs. Imported for types alone, so that it costs no time."""

from __future__ import annotations

from typing import Protocol

from contract_kit.contract.shape import Path
from contract_kit.requestfile.document import Stretch
from contract_kit.requestfile.finding import FileFinding
from contract_kit.requestfile.fix import Change
from contract_kit.requestfile.summary import RunSummary


class Places(Protocol):
    """The places of the parts of a value in its text."""

    def value(self, path: Path) -> Stretch:
        """The stretch of the value at a path."""

    def key(self, path: Path) -> Stretch:
        """The stretch of the key that a path ends with."""

    def alias(self, path: Path) -> Stretch | None:
        """The stretch of the alias nearest to the value at a path; None where none leads to it."""

    def key_text(self, name: str, at: Stretch) -> str:
        """A name, written as the key or string value at a place is written."""


class Output(Protocol):
    """Takes what a run finds, as it finds it."""

    def finding(self, finding: FileFinding) -> None:
        """One more finding; those of a file come together, in the order of their places."""

    def error(self, file: str, message: str) -> None:
        """A file that could not be checked."""

    def change(self, change: Change) -> None:
        """A fix that was made."""

    def note(self, file: str, message: str) -> None:
        """A remark about a file that is not an error."""

    def finish(self, summary: RunSummary) -> None:
        """The end of the run."""
