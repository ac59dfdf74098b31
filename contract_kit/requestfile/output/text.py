"""Findings for people: a line each, and the source line with the place underlined."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from contract_kit.requestfile.summary import RunSummary
from contract_kit.text.counted import counted
from contract_kit.validate.violation import printable

if TYPE_CHECKING:
    from contract_kit.requestfile.finding import FileFinding
    from contract_kit.requestfile.fix import Change

Write = Callable[[str], object]

BOLD, RED, YELLOW, BLUE, GREEN = "1", "31", "33", "34", "32"


class TextOutput:
    """Writes each finding at once.

    colour: with the escapes that terminals read. verbose: with the sources of each constraint.
    """

    def __init__(self, write: Write, *, colour: bool = False, verbose: bool = False) -> None:
        self._write = write
        self._colour = colour
        self._verbose = verbose

    def _painted(self, text: str, *codes: str) -> str:
        return f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if self._colour else text

    def finding(self, finding: FileFinding) -> None:
        """A line with place, severity and message; then the source line."""
        span = finding.span
        place = f"{printable(finding.file)}:{span.line}:{span.column}:"
        hue = RED if finding.severity == "error" else YELLOW
        severity = self._painted(f"{finding.severity}:", BOLD, hue)
        id = self._painted(f"[{finding.constraint}]", BLUE)
        lines = [f"{self._painted(place, BOLD)} {severity} {finding.message} {id}"]
        if finding.mark[1]:
            lines += self._source(finding, hue)
        for other, text in finding.related:
            lines.append(f"      {other.line}:{other.column}: {text}")
        if finding.origins and self._verbose:
            lines.append(f"      documented by {'; '.join(finding.origins)}")
        self._write("\n".join(lines) + "\n")

    def _source(self, finding: FileFinding, hue: str) -> list[str]:
        start, length = finding.mark
        parts = (
            finding.excerpt[:start],
            finding.excerpt[start : start + length],
            finding.excerpt[start + length :],
        )
        before, marked, after = (shown(part) for part in parts)
        number = f"{finding.span.line:>5} | "
        # A tab moves the underline exactly as far as it moves the source.
        gap = "".join(char if char == "\t" else " " * width(char) for char in before)
        under = "^" * max(width(marked.replace("\t", " ")), 1)
        return [f"{number}{before}{marked}{after}", f"{'':>5} | {gap}{self._painted(under, hue)}"]

    def error(self, file: str, message: str) -> None:
        """One line."""
        place = self._painted(f"{printable(file)}:", BOLD)
        self._write(f"{place} {self._painted('not checked:', BOLD, RED)} {printable(message)}\n")

    def note(self, file: str, message: str) -> None:
        """One line."""
        place = self._painted(f"{printable(file)}:", BOLD)
        self._write(f"{place} {self._painted('note:', BOLD, BLUE)} {message}\n")

    def change(self, change: Change) -> None:
        """One line."""
        place = f"{printable(change.file)}:{change.span.line}:{change.span.column}:"
        done = f"{printable(change.old)} is now {printable(change.new)}"
        self._write(f"{self._painted(place, BOLD)} {self._painted('fixed:', BOLD, GREEN)} {done}\n")

    def finish(self, summary: RunSummary) -> None:
        """The number of findings per constraint; then one line with the sums."""
        ranked = sorted(summary.by_constraint.items(), key=lambda pair: (-pair[1], pair[0]))
        wide = max((len(id) for id, _ in ranked), default=0)
        for id, count in ranked if len(ranked) > 1 else ():
            self._write(f"{id:<{wide}}  {count}\n")
        hue = RED if summary.exit_code else GREEN
        self._write(self._painted(closing(summary), hue) + "\n")


def closing(summary: RunSummary) -> str:
    """The sum of a run, in one line."""
    parts = []
    if summary.errors or summary.warnings:
        found = [counted(summary.errors, "error")] if summary.errors else []
        found += [counted(summary.warnings, "warning")] if summary.warnings else []
        parts.append(f"{' and '.join(found)} in {counted(summary.files_with_findings, 'file')}")
    elif summary.files:
        parts.append("nothing found")
    parts.append(f"{counted(summary.files, 'file')} checked")
    if summary.requests > summary.files + summary.not_checked:
        parts.append(counted(summary.requests, "request"))
    if summary.not_checked:
        parts.append(f"{summary.not_checked} not checked")
    if summary.left_alone:
        parts.append(f"{summary.left_alone}, not covered by the map, left alone")
    if summary.schemas:
        parts.append(f"{counted(summary.schemas, 'schema')} of the kit skipped")
    if summary.changes:
        parts.append(f"{counted(summary.changes, 'fix', 'fixes')} applied")
    return "; ".join(parts)


def shown(text: str) -> str:
    """Source text as a terminal can show it: tabs stay, other control characters are escaped."""
    return "\t".join(printable(part) for part in text.split("\t"))


def width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0
        if unicodedata.combining(char) or char in "\u200d\ufe0f"
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )
