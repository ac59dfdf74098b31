"""`--fix`: writes safe fixes into the file and leaves everything else in it as it is.

A text is fixed again and again, as a fixed key lets its value be looked at.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from contract_kit.errors import SourceError
from contract_kit.files import Changed, write_file
from contract_kit.requestfile.files import STDIN, UnreadableFile
from contract_kit.requestfile.finding import FileFinding, Fix, Span
from contract_kit.requestfile.summary import RunSummary

if TYPE_CHECKING:
    from contract_kit.requestfile.interface import Output

MOST_ROUNDS = 20
"""How often a text is fixed and checked again: each round may open one more level of keys."""

PACKED = "--fix does not change compressed files; decompress it first"
STANDARD_INPUT = "--fix has no file to write to; give the path instead of -"
TOO_LARGE = "--fix changes NDJSON of up to 16 MiB; split the file"

Look = Callable[[str], list[FileFinding]]
"""Everything that is wrong with a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One fix that was made. span: of the old text."""

    file: str
    span: Span
    old: str
    new: str


def safe_fixes(findings: Iterable[FileFinding]) -> tuple[Fix, ...]:
    """The fixes that change nothing but the case of letters, each place once, in order."""
    fixes = {
        finding.fix.span.start: finding.fix
        for finding in findings
        if finding.fix is not None and finding.fix.safe
    }
    return tuple(fixes[start] for start in sorted(fixes))


def with_fixes(text: str, fixes: Iterable[Fix]) -> str:
    """The text with each fix in its place."""
    parts, end = [], 0
    for fix in fixes:
        parts += [text[end : fix.span.start], fix.replacement]
        end = fix.span.end
    return "".join([*parts, text[end:]])


def changes_of(file: str, text: str, fixes: Iterable[Fix]) -> list[Change]:
    """The changes of the fixes, for people."""
    return [
        Change(
            file=file,
            span=fix.span,
            old=text[fix.span.start : fix.span.end],
            new=fix.replacement,
        )
        for fix in fixes
    ]


def encoded(text: str, like: bytes) -> bytes:
    """The text as bytes, with a byte-order mark where the bytes that it came from had one."""
    mark = codecs.BOM_UTF8 if like.startswith(codecs.BOM_UTF8) else b""
    return mark + text.encode()


def replace_file(path: str, before: bytes, after: bytes) -> None:
    """Puts new content in place of the old at once, with the same permissions; links stay links.

    Raises UnreadableFile where the file is no longer what was read, or cannot be written.
    """
    try:
        write_file(Path(path), after, before=before)
    except Changed:
        raise UnreadableFile("changed while it was checked; run the fix again") from None
    except SourceError as error:
        reason = str(error).partition("cannot be written: ")[2]
        raise UnreadableFile(f"cannot be fixed: {reason}; make it writable") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedText:
    """A text after its safe fixes. left: what is still wrong with it."""

    text: str
    changes: tuple[Change, ...]
    left: list[FileFinding]


def apply_safe_fixes(file: str, text: str, found: list[FileFinding], look: Look) -> FixedText:
    """Applies all safe fixes. found: what is wrong with the text as it is."""
    changes: list[Change] = []
    for _ in range(MOST_ROUNDS):
        fixes = safe_fixes(found)
        if not fixes:
            break
        changes += changes_of(file, text, fixes)
        text = with_fixes(text, fixes)
        found = look(text)
    return FixedText(text=text, changes=tuple(changes), left=found)


def fixer_of(
    file: str,
    packed: bool,
    output: Output,
    summary: RunSummary,
    report: Callable[[list[FileFinding]], None],
) -> Fixer:
    """The fixer of a file; standard input and packed files are not written."""
    unfit = STANDARD_INPUT if file == STDIN else PACKED if packed else ""
    return Fixer(file, unfit, output, summary, report)


class Fixer:
    """Fixes one file, or says why it does not.

    unfit: why the file cannot be written, empty where it can. report: takes findings that turn out
    to be left once it was tried. Raises UnreadableFile for a file that could not be written.
    """

    def __init__(
        self,
        file: str,
        unfit: str,
        output: Output,
        summary: RunSummary,
        report: Callable[[list[FileFinding]], None],
    ) -> None:
        self.unfit = unfit
        self._file = file
        self._output = output
        self._summary = summary
        self._report = report
        self._noted = False
        self._lines: dict[int, tuple[str, FixedText]] = {}
        self._found: list[FileFinding] = []

    def _is_for_us(self, found: list[FileFinding]) -> bool:
        if not safe_fixes(found):
            return False
        if self.unfit and not self._noted:
            self._noted = True
            self._output.note(self._file, self.unfit)
        return not self.unfit

    def document(
        self, data: bytes, text: str, found: list[FileFinding], look: Look
    ) -> list[FileFinding]:
        """Fixes a document in its file; what is left. data: the file as it was read."""
        if not self._is_for_us(found):
            return found
        made = apply_safe_fixes(self._file, text, found, look)
        self._write(data, encoded(made.text, data), made.changes, found)
        return made.left

    def line(
        self, number: int, text: str, found: list[FileFinding], look: Look
    ) -> list[FileFinding]:
        """Fixes a line of NDJSON, counted from 1; the findings to report of it now.

        Of a line that is fixed nothing yet: what is left depends on whether `finish` can write.
        """
        if not self._is_for_us(found):
            return found
        made = apply_safe_fixes(self._file, text, found, look)
        self._lines[number] = (text, made)
        self._found += found
        return []

    def finish(self, data: bytes) -> None:
        """Writes the fixed lines, and reports what is left of them; all other bytes stay."""
        if not self._lines:
            return
        lines = data.split(b"\n")
        for number, (text, made) in self._lines.items():
            old, new = text.encode(), made.text.encode()
            lines[number - 1] = lines[number - 1].replace(old, new, 1)
        changes = [change for _, made in self._lines.values() for change in made.changes]
        self._write(data, b"\n".join(lines), changes, self._found)
        self._report([finding for _, made in self._lines.values() for finding in made.left])

    def _write(
        self, before: bytes, after: bytes, changes: Iterable[Change], found: list[FileFinding]
    ) -> None:
        try:
            replace_file(self._file, before, after)
        except UnreadableFile:
            self._report(found)
            raise
        for change in changes:
            self._summary.changes += 1
            self._output.change(change)
