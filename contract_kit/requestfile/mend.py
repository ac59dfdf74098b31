"""`--fix` in texts: mends again and again, as a fixed key lets its value be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract_kit.requestfile.files import STDIN, UnreadableFile
from contract_kit.requestfile.finding import FileFinding
from contract_kit.requestfile.fix import (
    Change,
    changes_of,
    encoded,
    mended,
    replace_file,
    safe_fixes,
)
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
class Mended:
    """A text after its safe fixes. left: what is still wrong with it."""

    text: str
    changes: tuple[Change, ...]
    left: list[FileFinding]


def mend(file: str, text: str, found: list[FileFinding], look: Look) -> Mended:
    """Applies all safe fixes. found: what is wrong with the text as it is."""
    changes: list[Change] = []
    for _ in range(MOST_ROUNDS):
        fixes = safe_fixes(found)
        if not fixes:
            break
        changes += changes_of(file, text, fixes)
        text = mended(text, fixes)
        found = look(text)
    return Mended(text=text, changes=tuple(changes), left=found)


def mender_of(
    file: str,
    packed: bool,
    output: Output,
    summary: RunSummary,
    tell: Callable[[list[FileFinding]], None],
) -> Mender:
    """The mender of a file; standard input and packed files are not written."""
    unfit = STANDARD_INPUT if file == STDIN else PACKED if packed else ""
    return Mender(file, unfit, output, summary, tell)


class Mender:
    """Mends one file, or says why it does not.

    unfit: why the file cannot be written, empty where it can. tell: takes findings that are known
    to be left only once it was tried. Raises UnreadableFile for a file that could not be written.
    """

    def __init__(
        self,
        file: str,
        unfit: str,
        output: Output,
        summary: RunSummary,
        tell: Callable[[list[FileFinding]], None],
    ) -> None:
        self.unfit = unfit
        self._file = file
        self._output = output
        self._summary = summary
        self._tell = tell
        self._noted = False
        self._lines: dict[int, tuple[str, Mended]] = {}
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
        """Mends a document in its file; what is left. data: the file as it was read."""
        if not self._is_for_us(found):
            return found
        made = mend(self._file, text, found, look)
        self._write(data, encoded(made.text, data), made.changes, found)
        return made.left

    def line(
        self, number: int, text: str, found: list[FileFinding], look: Look
    ) -> list[FileFinding]:
        """Mends a line of NDJSON, counted from 1; what can be told of it now.

        Of a line that is mended nothing yet: what is left depends on whether `finish` can write.
        """
        if not self._is_for_us(found):
            return found
        made = mend(self._file, text, found, look)
        self._lines[number] = (text, made)
        self._found += found
        return []

    def finish(self, data: bytes) -> None:
        """Writes the mended lines, and tells what is left of them; all other bytes stay."""
        if not self._lines:
            return
        lines = data.split(b"\n")
        for number, (text, made) in self._lines.items():
            old, new = text.encode(), made.text.encode()
            lines[number - 1] = lines[number - 1].replace(old, new, 1)
        changes = [change for _, made in self._lines.values() for change in made.changes]
        self._write(data, b"\n".join(lines), changes, self._found)
        self._tell([finding for _, made in self._lines.values() for finding in made.left])

    def _write(
        self, before: bytes, after: bytes, changes: Iterable[Change], found: list[FileFinding]
    ) -> None:
        try:
            replace_file(self._file, before, after)
        except UnreadableFile:
            self._tell(found)
            raise
        for change in changes:
            self._summary.changes += 1
            self._output.change(change)
