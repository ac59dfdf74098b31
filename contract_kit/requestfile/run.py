"""`Run`: checks files one after the other and hands what it finds to an output."""

from __future__ import annotations

import codecs
import io
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

from contract_kit.errors import ContractKitError
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
from contract_kit.requestfile.json_scanner import uncollected
from contract_kit.requestfile.json_text import JsonReader
from contract_kit.requestfile.limit import NOT_CHECKED, Limit
from contract_kit.requestfile.operation_choice import Undecided
from contract_kit.requestfile.request_findings import RequestFindings, text_findings
from contract_kit.requestfile.settings import Settings
from contract_kit.requestfile.summary import RunSummary
from contract_kit.requestfile.text import Lines, decode

if TYPE_CHECKING:
    from contract_kit.requestfile.finding import FileFinding
    from contract_kit.requestfile.fix import Fixer
    from contract_kit.requestfile.interface import Output
    from contract_kit.requestfile.ndjson import Advance


class Run:
    """Checks files. operation, dialect: what the user asked for; they win over everything else.

    fix: apply safe fixes to files. advance: gets how far an NDJSON file is read. limit: how much is
    reported of one file.

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
        self._requests = RequestFindings(settings, self.summary, operation, dialect)
        self._chooser = self._requests.chooser
        self._json = JsonReader()
        self._advance = advance
        self._fix = fix
        self._fixer: Fixer | None = None

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
                from contract_kit.requestfile.fix import fixer_of

                packed = inner is not opened
                self._fixer = fixer_of(file, packed, self._output, self.summary, self.report)
            self._check_open(file, inner)
        finally:
            if file != STDIN:
                opened.close()

    def error(self, file: str, message: str) -> None:
        """Reports a file that could not be checked."""
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
            from contract_kit.requestfile.ndjson import recognised

            kind, opened = recognised(opened)
        if kind == "ndjson" and self._fixer is not None:
            self._fix_lines(file, opened, self._fixer)
        elif kind == "ndjson":
            self._check_lines(file, opened)
        else:
            with uncollected():
                self._check_document(file, read_bytes(opened), kind)

    def _check_document(self, file: str, data: bytes, kind: Kind) -> None:
        text, trouble = decode(data)
        self.summary.requests += 1
        if trouble is not None:
            self.report(self._found(file, Lines(text), unread(trouble)))
            return
        marked = kind == "json" and data.startswith(codecs.BOM_UTF8)

        def look(text: str) -> list[FileFinding]:
            document = self._read(text, kind)
            document = document._replace(marked=True) if marked else document
            return self._found(file, Lines(text), document)

        found = look(text)
        if self._fixer is not None:
            found = self._fixer.document(data, text, found, look)
        self.report(found)

    def _read(self, text: str, kind: Kind) -> Document:
        if kind != "yaml":
            return self._json.read_bounded(text)
        # Loading ruamel.yaml takes 50 ms, which files of JSON do not pay.
        from contract_kit.requestfile.yaml_text import read_yaml

        return read_yaml(text)

    def _found(self, file: str, lines: Lines, document: Document) -> list[FileFinding]:
        """Everything that is wrong with one text, and with the request in it."""
        found = text_findings(file, lines, document)
        if document.places is None:
            return found
        try:
            # All that is fixed has to be known.
            limit = None if self._fixer is not None else self._limit
            return found + self._requests.findings(file, lines, document, found, limit)
        except (UnreadableFile, ContractKitError):
            self.report(found)
            raise

    def _fix_lines(self, file: str, opened: BinaryIO, fixer: Fixer) -> None:
        from contract_kit.requestfile.fix import TOO_LARGE

        if not fixer.unfit and os.fstat(opened.fileno()).st_size > MOST:
            fixer.unfit = TOO_LARGE
        if fixer.unfit:
            self._check_lines(file, opened)
            return
        data = read_bytes(opened)
        self._check_lines(file, io.BytesIO(data))
        fixer.finish(data)

    def _check_lines(self, file: str, opened: BinaryIO) -> None:
        from contract_kit.requestfile.line_filter import lines_to_check
        from contract_kit.requestfile.ndjson import blocks, read_block, without_mark

        of_file = self._chooser.of_file(file)
        checker = self._requests.checker(of_file) if of_file is not None else None
        number = 0
        for block, lost in blocks(opened, self._advance):
            if lost:
                number += 1
                told = f" has {lost:,} bytes, more than {MOST:,}; split it"
                self._line_error(file, number, told)
                continue
            here = read_block(block if number else without_mark(block))
            for at in lines_to_check(here, checker):
                if here.lines[at].strip():
                    self._check_line(file, number + at + 1, here.lines[at])
                else:
                    self.summary.requests -= 1
            # Each block ends with the end of a line, after which nothing begins.
            self.summary.requests += len(here.lines)
            number += len(here.lines) - 1

    def _check_line(self, file: str, number: int, line: str | bytes) -> None:
        from contract_kit.requestfile.ndjson import read_line

        def look(text: str) -> list[FileFinding]:
            return self._found(file, Lines(text, offset=number - 1), self._json.read(text))

        try:
            text, document = read_line(self._json, line)
            found = self._found(file, Lines(text, offset=number - 1), document)
            if self._fixer is not None:
                found = self._fixer.line(number, text, found, look)
            self.report(found)
        except Undecided:
            raise
        except (UnreadableFile, ContractKitError) as error:
            self._line_error(file, number, f": {error}")

    def report(self, found: list[FileFinding]) -> None:
        """Counts findings and hands them on, in the order of their places."""
        for finding in sorted(found, key=lambda one: one.span.start):
            self.summary.count(finding.severity, finding.constraint)
            if self._limit.takes(finding.constraint):
                self._output.finding(finding)
