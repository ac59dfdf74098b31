"""Settings of a repository: which file is for which operation, and what to leave alone.

They are below `[tool.contract-kit]` in `pyproject.toml`, or at the top of `.contract-kit.toml`:

    ignore = ["**/snapshots/**"]
    placeholders = ['\\$\\{\\w+\\}']
    contracts = ["contracts"]

    [files]
    "requests/*.json" = "mailmanager:DoThing"
    "cli/*.yaml" = { operation = "mailmanager:DoThing", dialect = "cli", given = ["Name"] }

    [off."mailmanager:DoThing"]
    "Name.pattern" = "why it does not hold"
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from contract_kit.contract.shape import Json
from contract_kit.errors import UsageError
from contract_kit.requestfile.dialect import DIALECTS
from contract_kit.requestfile.globs import glob, ignored, matches
from contract_kit.settings.contracts import KNOWN, Contracts, contracts_of
from contract_kit.settings.table import COMMANDS as COMMANDS
from contract_kit.settings.table import OWN, SHARED, find_table, texts

if TYPE_CHECKING:
    from pathlib import Path

    from contract_kit.requestfile.placeholders import Search


class Mapped(NamedTuple):
    """One line of the map: files that a glob covers, and what they hold.

    given: members of the request that are given elsewhere, such as on a command line.
    """

    glob: str
    operation: str
    dialect: str | None
    given: tuple[str, ...] = ()


class Settings(NamedTuple):
    """The settings of a repository. base: the folder that globs start from.

    files: the map; None without one. source: name of the file to which a line of the map can be
    added. contracts: those that hold in the repository.
    """

    base: str | Path
    source: str = SHARED
    files: tuple[Mapped, ...] | None = None
    ignore: tuple[str, ...] = ()
    placeholders: tuple[Search, ...] = ()
    contracts: Contracts = KNOWN

    def relative(self, path: str) -> str:
        """A path as globs see it: from the base, with forward slashes."""
        whole = os.path.abspath(path)
        base = os.path.join(os.path.abspath(self.base), "")
        return whole.removeprefix(base).replace(os.sep, "/")

    def ignores(self, path: str) -> bool:
        """Whether a file, or a folder around it, is to be ignored."""
        if not self.ignore:
            return False
        relative = self.relative(path)
        return ignored(self.ignore, relative)

    def mapped(self, path: str) -> Mapped | None:
        """The first line of the map that covers a file."""
        if not self.files:
            return None
        relative = self.relative(path)
        lines = (line for line in self.files if matches(line.glob, relative))
        return next(lines, None)

    def line_to_add(self, path: str, operation: str) -> str:
        """The line to add, and its place, so that a file gets its operation."""
        table = "[files]" if self.source == OWN else "[tool.contract-kit.files]"
        return f'"{self.relative(path)}" = "{operation}" below {table} of {self.source}'


def read_settings(start: str | Path) -> Settings:
    """The settings that hold in a folder: its own, else those of the nearest folder above it.

    Looks no further up than the root of a git repository. Raises UsageError for settings that
    cannot be used.
    """
    table = find_table(start)
    where, files = table.where, table.entries.get("files")
    contracts = contracts_of(table)
    mapped = None if files is None else tuple(_lines(where, files))
    if mapped:
        from contract_kit.settings.named_operations import check_operations

        check_operations(f"{where}files", (line.operation for line in mapped), contracts.folders)
    return Settings(
        base=table.folder,
        source=table.source,
        files=mapped,
        ignore=tuple(_glob(where, "ignore", text) for text in table.texts("ignore")),
        placeholders=tuple(_pattern(where, text) for text in table.texts("placeholders")),
        contracts=contracts,
    )


def _glob(where: str, key: str, text: str) -> str:
    try:
        glob(text)
    except re.error as error:
        raise UsageError(f"{where}{key}: {text!r} is not a glob: {error}") from None
    return text


def _pattern(where: str, text: str) -> Search:
    # Few repositories have placeholders, and the engine takes longer to load than a file to check.
    from contract_kit.requestfile.placeholders import searcher

    try:
        search = searcher(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise UsageError(f"{where}placeholders: {text!r} is not a pattern: {error}") from None
    if search is None:
        raise UsageError(
            f"{where}placeholders: {text!r} may take very long to match; "
            "write it without back-references and large repeats"
        )
    # The empty string may be one of those that are meant.
    if search("") and search("\0"):
        raise UsageError(
            f"{where}placeholders: {text!r} matches every string; write one that does not"
        )
    return search


def _lines(where: str, files: Json) -> Iterator[Mapped]:
    if not isinstance(files, dict):
        raise UsageError(
            f'{where}files is not a table; write "GLOB" = "SERVICE:OPERATION" below it'
        )
    for glob_, value in files.items():
        entry = {"operation": value} if isinstance(value, str) else value
        if not isinstance(entry, dict) or not isinstance(entry.get("operation"), str):
            raise UsageError(
                f'{where}files: {glob_!r} has no operation; write "{glob_}" = "SERVICE:OPERATION"'
            )
        dialect = entry.get("dialect")
        if dialect is not None and dialect not in DIALECTS:
            raise UsageError(
                f"{where}files: {glob_!r}: no dialect {dialect!r}; there are {', '.join(DIALECTS)}"
            )
        unknown = entry.keys() - {"operation", "dialect", "given"}
        if unknown:
            raise UsageError(
                f"{where}files: {glob_!r}: no setting {min(unknown)!r}; "
                "there are operation, dialect, given"
            )
        yield Mapped(
            glob=_glob(where, "files", glob_),
            operation=entry["operation"],
            dialect=dialect,
            given=texts(f"{where}files: {glob_!r}: ", entry, "given"),
        )
