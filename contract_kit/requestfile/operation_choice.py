"""Which operation a file is for, and in which dialect."""

from __future__ import annotations

import os
from typing import NamedTuple

from contract_kit.contract.shape import Json, Path
from contract_kit.errors import UsageError
from contract_kit.requestfile.dialect import DIALECTS
from contract_kit.requestfile.files import STDIN, UnreadableFile
from contract_kit.requestfile.operations import Operations
from contract_kit.requestfile.settings import Settings


class Undecided(UnreadableFile):
    """A file of which nothing says what it is for; so it is with all of its lines."""


class Choice(NamedTuple):
    """An operation and a dialect.

    root: where the request is in the document. given: members that are given elsewhere.
    """

    operation: str
    dialect: str
    root: Path = ()
    given: tuple[str, ...] = ()


class Chooser:
    """Decides for each file. operation, dialect: what the user asked for; they win."""

    def __init__(
        self,
        operations: Operations,
        settings: Settings,
        operation: str | None = None,
        dialect: str | None = None,
    ) -> None:
        self._operations = operations
        self._settings = settings
        self._operation = operation
        self._dialect = dialect

    def leaves_alone(self, path: str) -> bool:
        """Whether a map exists that does not cover the file, and nothing else is asked for."""
        return (
            self._operation is None
            and path != STDIN
            and self._settings.files is not None
            and self._settings.mapped(path) is None
            and not os.path.isdir(path)
        )

    def of_file(self, path: str) -> Choice | None:
        """The choice that option, map or path make for a file; None if they make none."""
        mapped = self._settings.mapped(path)
        if self._operation is not None:
            said = mapped.dialect if mapped else None
            given = mapped.given if mapped and mapped.operation == self._operation else ()
            return self._choice(self._operation, said, given=given)
        if mapped is not None:
            return self._choice(mapped.operation, mapped.dialect, given=mapped.given)
        named = self._operations.of_path(path)
        return self._choice(*named) if named else None

    def of_value(
        self, value: Json, file: Choice | None, path: str, schema: str = ""
    ) -> Choice | None:
        """The choice that a document makes itself; otherwise the one for its file at that path.

        schema: what a comment of it names as its schema.
        """
        if not isinstance(value, dict):
            return file
        operation = value.get("operation")
        if isinstance(operation, str) and ":" in operation and "request" in value:
            given = value.get("dialect", file.dialect if file else None)
            if given is not None and given not in DIALECTS:
                raise UsageError(f"dialect {given!r}: write one of {', '.join(DIALECTS)}")
            return self._choice(operation, given, ("request",))
        if file is None:
            named = self._operations.of_schema(value.get("$schema") or schema, path)
            return self._choice(*named) if named else None
        return file

    def _choice(
        self,
        operation: str,
        dialect: str | None,
        root: Path = (),
        *,
        given: tuple[str, ...] = (),
    ) -> Choice:
        dialect = self._dialect or (dialect if dialect in DIALECTS else None) or "wire"
        return Choice(operation=operation, dialect=dialect, root=root, given=given)
