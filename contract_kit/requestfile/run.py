"""`Run`: checks files one after the other and hands what it finds to an output."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

from contract_kit.errors import ContractKitError
from contract_kit.requestfile.check import FileChecker
from contract_kit.requestfile.choose import Choice, Chooser, Undecided
from contract_kit.requestfile.document import Document, unread
from contract_kit.requestfile.files import (
    MOST,
    STDIN,
    Kind,
    UnreadableFile,
    kind_of,
    open_file,
    read_bytes,
    unpacked,
)
from contract_kit.requestfile.json_text import DEEPEST, JsonReader, has_long_digits, nesting
from contract_kit.requestfile.limit import NOT_CHECKED, Limit
from contract_kit.requestfile.operations import Operations, is_schema
from contract_kit.requestfile.scanner import uncollected
from contract_kit.requestfile.settings import Settings
from contract_kit.requestfile.summary import RunSummary
from contract_kit.requestfile.text import MARKED, Lines, decode
from contract_kit.validate.validator import nested_deeper

if TYPE_CHECKING:
    from contract_kit.requestfile.finding import FileFinding
    from contract_kit.requestfile.interface import Output
    from contract_kit.requestfile.mend import Mender
    from contract_kit.requestfile.stream import Advance

LARGE = 256 * 1024
"""Characters of a text from which on the engine says where to look for what is wrong."""


class Run:
    """Checks files. operation, dialect: what the user asked for; they win over everything else.

    fix: apply safe fixes to files. advance: told how far an NDJSON file is read. limit: how much is
    told of one file.

    Raises UsageError, UnknownOperation where an option or setting cannot be used.
    """

    def __init__(
        self,
        output: Output,
        settings: Settings,
        *,
        operation: str | None = None,
        dialect: str | None = None,
        fix: bool = False,
        advance: Advance = lambda done, total: None,
        limit: Limit | None = None,
    ) -> None:
        self.summary = RunSummary()
        self._limit = limit or Limit()
        self._output = output
        self._settings = settings
        self._operations = Operations(settings.contracts)
        if operation is not None:
            self._operations.find(operation)
        self._chooser = Chooser(self._operations, settings, operation, dialect)
        self._checkers: dict[tuple[str, str, tuple[str, ...]], FileChecker] = {}
        self._json = JsonReader()
        self._advance = advance
        self._fix = fix
        self._mender: Mender | None = None

    def check_all(self, files: Iterable[str]) -> None:
        """Checks each file; what one of them holds never hides what another does."""
        for file in files:
            self.check(file)

    def check(self, file: str) -> None:
        """Checks one file."""
        if self._chooser.leaves_alone(file):
            self.summary.left_alone += 1
            return
        self.summary.files += 1
        self._limit.begin()
        before = self.summary.errors + self.summary.warnings
        try:
            self._open_and_check(file)
        except (UnreadableFile, ContractKitError) as error:
            self.summary.files -= 1
            self.error(file, str(error))
        except KeyboardInterrupt:
            self.error(file, "interrupted before its end; run the check again")
            raise
        finally:
            found = self.summary.errors + self.summary.warnings > before
            self.summary.files_with_findings += found
            self._limit.finish(file, self.summary, self._output)

    def _open_and_check(self, file: str) -> None:
        opened = open_file(file)
        try:
            inner = unpacked(opened)
            if self._fix:
                from contract_kit.requestfile.mend import mender_of

                packed = inner is not opened
                self._mender = mender_of(file, packed, self._output, self.summary, self.tell)
            self._check_open(file, inner)
        finally:
            if file != STDIN:
                opened.close()

    def error(self, file: str, message: str) -> None:
        """Tells of a file that could not be checked."""
        self.summary.not_checked += 1
        self._output.error(file, message)

    def _line_error(self, file: str, number: int, message: str) -> None:
        if self._limit.takes(NOT_CHECKED):
            self.error(file, f"line {number}{message}")
        else:
            self.summary.not_checked += 1

    def _check_open(self, file: str, opened: BinaryIO) -> None:
        kind = kind_of(file)
        if kind is None:
            from contract_kit.requestfile.stream import recognised

            kind, opened = recognised(opened)
        if kind == "ndjson" and self._mender is not None:
            self._mend_lines(file, opened, self._mender)
        elif kind == "ndjson":
            self._check_lines(file, opened)
        else:
            with uncollected():
                self._check_document(file, read_bytes(opened), kind)

    def _check_document(self, file: str, data: bytes, kind: Kind) -> None:
        text, trouble = decode(data)
        self.summary.requests += 1
        if trouble is not None:
            self.tell(self._found(file, Lines(text), unread(trouble)))
            return
        marked = kind == "json" and data.startswith(codecs.BOM_UTF8)

        def look(text: str) -> list[FileFinding]:
            document = self._read(text, kind)
            document = document._replace(marked=True) if marked else document
            return self._found(file, Lines(text), document)

        found = look(text)
        if self._mender is not None:
            found = self._mender.document(data, text, found, look)
        self.tell(found)

    def _read(self, text: str, kind: Kind) -> Document:
        if kind != "yaml":
            return self._json.read_bounded(text)
        # Loading ruamel.yaml takes 50 ms, which files of JSON do not pay.
        from contract_kit.requestfile.yaml_text import read_yaml

        return read_yaml(text)

    def _found(self, file: str, lines: Lines, document: Document) -> list[FileFinding]:
        """Everything that is wrong with one text, and with the request in it."""
        found: list[FileFinding] = []
        if document.trouble:
            from contract_kit.requestfile.place import Placing

            placing = Placing(file, lines, document.places)
            found += [placing.trouble(trouble) for trouble in document.trouble]
        if document.places is None:
            return found
        try:
            told = {one.span for one in found if one.constraint == "file.notANumber"}
            broken = self._broken(file, lines, document)
            return found + [one for one in broken if one.span not in told]
        except (UnreadableFile, ContractKitError):
            self.tell(found)
            raise

    def _broken(self, file: str, lines: Lines, document: Document) -> list[FileFinding]:
        """The constraints that the request of a document breaks."""
        if is_schema(document.value):
            self.summary.schemas += 1
            return []
        choice = self._chosen(file, document)
        found = self._wrong(file, lines, document, choice)
        if document.marked and choice.dialect == "cli":
            from contract_kit.requestfile.place import Placing

            found.append(Placing(file, lines, None).trouble(MARKED))
        return found

    def _wrong(
        self, file: str, lines: Lines, document: Document, choice: Choice
    ) -> list[FileFinding]:
        value, checker = document.value, self.checker(choice)
        for segment in choice.root:
            value = value[segment]
        large = lines.size > LARGE and not has_long_digits(lines.text)
        try:
            if not large and checker.conforms(value, size=lines.size):
                return []
        except RecursionError:
            pass  # too deep for this version of Python, and deeper than `DEEPEST` in any
        # Only what is wrong pays for the modules that tell it, here and in `FileChecker`.
        from contract_kit.requestfile.place import Placing

        placing = Placing(file, lines, document.places, choice.root)
        if nested_deeper(value, DEEPEST):
            return [placing.trouble(nesting(lines.text))]
        # What is mended has to be known in full.
        limit = None if self._mender is not None else self._limit
        return placing.once(checker.findings(value, placing, large=large, limit=limit))

    def _chosen(self, file: str, document: Document) -> Choice:
        of_file = self._chooser.of_file(file)
        choice = self._chooser.of_value(document.value, of_file, file, document.schema)
        if choice is None:
            near = self._operations.nearest(file)
            line = self._settings.line_to_add(file, near or "SERVICE:OPERATION")
            add = f"add {line}, or " if file != STDIN else ""
            meant = f"did you mean {near}? " if near else ""
            raise Undecided(f"cannot tell which operation it is for; {meant}{add}give --operation")
        return choice

    def _mend_lines(self, file: str, opened: BinaryIO, mender: Mender) -> None:
        from contract_kit.requestfile.mend import TOO_LARGE

        if not mender.unfit and os.fstat(opened.fileno()).st_size > MOST:
            mender.unfit = TOO_LARGE
        if mender.unfit:
            self._check_lines(file, opened)
            return
        data = read_bytes(opened)
        self._check_lines(file, io.BytesIO(data))
        mender.finish(data)

    def _check_lines(self, file: str, opened: BinaryIO) -> None:
        from contract_kit.requestfile.stream import blocks, read_block, without_mark
        from contract_kit.requestfile.suspects import suspects

        of_file = self._chooser.of_file(file)
        checker = self.checker(of_file) if of_file is not None else None
        number = 0
        for block, lost in blocks(opened, self._advance):
            if lost:
                number += 1
                told = f" has {lost:,} bytes, more than {MOST:,}; split it"
                self._line_error(file, number, told)
                continue
            here = read_block(block if number else without_mark(block))
            for at in suspects(here, checker):
                if here.lines[at].strip():
                    self._check_line(file, number + at + 1, here.lines[at])
                else:
                    self.summary.requests -= 1
            # Each block ends with the end of a line, after which nothing begins.
            self.summary.requests += len(here.lines)
            number += len(here.lines) - 1

    def _check_line(self, file: str, number: int, line: str | bytes) -> None:
        from contract_kit.requestfile.stream import read_line

        def look(text: str) -> list[FileFinding]:
            return self._found(file, Lines(text, offset=number - 1), self._json.read(text))

        try:
            text, document = read_line(self._json, line)
            found = self._found(file, Lines(text, offset=number - 1), document)
            if self._mender is not None:
                found = self._mender.line(number, text, found, look)
            self.tell(found)
        except Undecided:
            raise
        except (UnreadableFile, ContractKitError) as error:
            self._line_error(file, number, f": {error}")

    def checker(self, choice: Choice) -> FileChecker:
        """The checker of an operation in a dialect; raises UnknownOperation, SourceError."""
        key = (choice.operation, choice.dialect, choice.given)
        if key not in self._checkers:
            found, open_ = self._operations.find(choice.operation), self._settings.placeholders
            self._checkers[key] = FileChecker(found, choice.dialect, open_, given=choice.given)
        return self._checkers[key]

    def tell(self, found: list[FileFinding]) -> None:
        """Counts findings and hands them on, in the order of their places."""
        for finding in sorted(found, key=lambda one: one.span.start):
            self.summary.count(finding.severity, finding.constraint)
            if self._limit.takes(finding.constraint):
                self._output.finding(finding)
