"""Reports as files: `FORMAT:PATH`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from contract_kit.contract.shape import Json
from contract_kit.errors import UsageError
from contract_kit.files import write_file
from contract_kit.report.junit import junit_text


def _json_text(documents: Sequence[Json]) -> str:
    """One report as it is, several as a list."""
    document = documents[0] if len(documents) == 1 else list(documents)
    return json.dumps(document, indent=2) + "\n"


FORMATS: dict[str, Callable[[Sequence[Json]], str]] = {"json": _json_text, "junit": junit_text}
"""Format name → the text of report documents in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """A file that a report goes to. format: a name in FORMATS."""

    format: str
    path: Path

    def write(self, documents: Iterable[Json]) -> None:
        """Replaces the file, complete or not at all; raises SourceError."""
        write_file(self.path, FORMATS[self.format](tuple(documents)))


def report_files(texts: Iterable[str], *, option: str = "--report") -> tuple[ReportFile, ...]:
    """The files that values of an option name; raises UsageError, also for one named twice."""
    files: dict[str, ReportFile] = {}
    for text in texts:
        file = report_file(text, option=option)
        place = os.path.realpath(file.path)
        if place in files:
            raise UsageError(
                f"{option} {text!r}: {files[place].path} is already used for another report; "
                "choose a different file"
            )
        files[place] = file
    return tuple(files.values())


def report_file(text: str, *, option: str = "--report") -> ReportFile:
    """The file that `FORMAT:PATH`, the value of an option, names; raises UsageError."""
    name, colon, path = text.partition(":")
    if name not in FORMATS or not colon or not path:
        raise UsageError(
            f"{option} {text!r}: write FORMAT:PATH with a format of {', '.join(FORMATS)}"
        )
    # As everywhere, a mere hyphen is standard output.
    return ReportFile(format=name, path=Path("/dev/stdout" if path == "-" else path))
