"""Findings of a document: of its text, and of the request in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_kit.requestfile.document import Document
from contract_kit.requestfile.files import STDIN
from contract_kit.requestfile.json_text import DEEPEST, has_long_digits, nesting
from contract_kit.requestfile.operation_choice import Choice, Chooser, Undecided
from contract_kit.requestfile.operations import Operations, is_schema
from contract_kit.requestfile.request_checker import FileChecker
from contract_kit.requestfile.settings import Settings
from contract_kit.requestfile.summary import RunSummary
from contract_kit.requestfile.text import MARKED, Lines
from contract_kit.validate.validator import nested_deeper

if TYPE_CHECKING:
    from contract_kit.requestfile.finding import FileFinding
    from contract_kit.requestfile.limit import Limit

LARGE = 256 * 1024
"""Characters of a text from which on the engine says where to look for what is wrong."""


def text_findings(file: str, lines: Lines, document: Document) -> list[FileFinding]:
    """Findings of a text itself, whatever it is for."""
    if not document.trouble:
        return []
    # Only what is wrong pays for the modules that say so, here and in `FileChecker`.
    from contract_kit.requestfile.finding_places import FindingPlaces

    placing = FindingPlaces(file, lines, document.places)
    return [placing.trouble(trouble) for trouble in document.trouble]


class RequestFindings:
    """Finds the operation of each document, and what is wrong with its request.

    operation, dialect: those that the user asked for; they win over everything else.
    """

    def __init__(
        self,
        settings: Settings,
        summary: RunSummary,
        operation: str | None,
        dialect: str | None,
    ) -> None:
        self._settings = settings
        self._summary = summary
        self._operations = Operations(settings.contracts)
        if operation is not None:
            self._operations.find(operation)
        self.chooser = Chooser(self._operations, settings, operation, dialect)
        self._checkers: dict[tuple[str, str, tuple[str, ...]], FileChecker] = {}

    def findings(
        self,
        file: str,
        lines: Lines,
        document: Document,
        known: list[FileFinding],
        limit: Limit | None,
    ) -> list[FileFinding]:
        """Findings of the request in a document that has a value.

        known: findings of its text. limit: how many findings need words; None for all.
        Raises Undecided, UnknownOperation, SourceError.
        """
        if is_schema(document.value):
            self._summary.schemas += 1
            return []
        reported = {one.span for one in known if one.constraint == "file.notANumber"}
        choice = self._chosen(file, document)
        found = self._broken(file, lines, document, choice, limit)
        if document.marked and choice.dialect == "cli":
            from contract_kit.requestfile.finding_places import FindingPlaces

            found.append(FindingPlaces(file, lines, None).trouble(MARKED))
        return [one for one in found if one.span not in reported]

    def _broken(
        self, file: str, lines: Lines, document: Document, choice: Choice, limit: Limit | None
    ) -> list[FileFinding]:
        """The constraints that a request breaks."""
        value, checker = document.value, self.checker(choice)
        for segment in choice.root:
            value = value[segment]
        large = lines.size > LARGE and not has_long_digits(lines.text)
        try:
            if not large and checker.conforms(value, size=lines.size):
                return []
        except RecursionError:
            pass  # too deep for this version of Python, and deeper than `DEEPEST` in any
        from contract_kit.requestfile.finding_places import FindingPlaces

        placing = FindingPlaces(file, lines, document.places, choice.root)
        if nested_deeper(value, DEEPEST):
            return [placing.trouble(nesting(lines.text))]
        return placing.once(checker.findings(value, placing, large=large, limit=limit))

    def _chosen(self, file: str, document: Document) -> Choice:
        of_file = self.chooser.of_file(file)
        choice = self.chooser.of_value(document.value, of_file, file, document.schema)
        if choice is None:
            near = self._operations.nearest(file)
            line = self._settings.line_to_add(file, near or "SERVICE:OPERATION")
            add = f"add {line}, or " if file != STDIN else ""
            meant = f"did you mean {near}? " if near else ""
            raise Undecided(f"nothing says which operation it is for; {meant}{add}give --operation")
        return choice

    def checker(self, choice: Choice) -> FileChecker:
        """The checker of an operation in a dialect; raises UnknownOperation, SourceError."""
        key = (choice.operation, choice.dialect, choice.given)
        if key not in self._checkers:
            found, open_ = self._operations.find(choice.operation), self._settings.placeholders
            self._checkers[key] = FileChecker(found, choice.dialect, open_, given=choice.given)
        return self._checkers[key]
