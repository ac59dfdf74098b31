"""Settings of a repository: which file is for which operation, and what to leave alone.

They stand below `[tool.contract-kit]` in `pyproject.toml`, or at the top of `.contract-kit.toml`:

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
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from contract_kit.contract.shape import Json
from contract_kit.errors import UsageError
from contract_kit.requestfile.dialect import DIALECTS
from contract_kit.requestfile.globs import glob, ignored, matches
from contract_kit.requestfile.toml_file import read_toml
from contract_kit.text.near import one_of

if TYPE_CHECKING:
    from pathlib import Path

    from contract_kit.contract.operation import Operation
    from contract_kit.requestfile.placeholders import Search

OWN, SHARED = ".contract-kit.toml", "pyproject.toml"

KEYS = ("contracts", "files", "ignore", "off", "placeholders", "rules")
"""The settings; every other key of `[tool.contract-kit]` is a table of a command's options."""

COMMANDS = {"cases", "derive", "drift", "fuzz", "openapi", "schema", "serve", "validate"}
"""Commands, whose options may stand in tables beside the settings."""


class Mapped(NamedTuple):
    """One line of the map: files that a glob covers, and what they hold.

    given: members of the request that stand elsewhere, such as on a command line.
    """

    glob: str
    operation: str
    dialect: str | None
    given: tuple[str, ...] = ()


class Settings(NamedTuple):
    """What a repository has settled. base: the folder that globs start from.

    files: the map; None without one. contracts: folders with contracts of the repository's own.
    source: name of the file to which a line of the map can be added. off: operation → constraint
    that is switched off → why.
    """

    base: str | Path
    source: str = SHARED
    files: tuple[Mapped, ...] | None = None
    ignore: tuple[str, ...] = ()
    placeholders: tuple[Search, ...] = ()
    contracts: tuple[Path, ...] = ()
    off: Mapping[str, Mapping[str, str]] = {}

    def relaxed(self, operation: Operation, *, disputed: bool = False) -> Operation:
        """The operation without what is switched off. Raises UnknownConstraint, UsageError.

        disputed: it is still kept by requests that are made, but held against nobody.
        """
        ids = self.off.get(operation.id)
        if not ids:
            return operation
        from contract_kit.derive.relax import relaxed

        return relaxed(operation, ids, disputed=disputed)

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

    def line_to_add(self, path: str) -> str:
        """What to write where, so that a file gets its operation."""
        table = "[files]" if self.source == OWN else "[tool.contract-kit.files]"
        return f'"{self.relative(path)}" = "SERVICE:OPERATION" below {table} of {self.source}'


def read_settings(start: str | Path) -> Settings:
    """The settings that hold in a folder: its own, else those of the nearest folder above it.

    Looks no further up than the root of a git repository. Raises UsageError for settings that
    cannot be used.
    """
    folder, above = os.fspath(start), ""
    while folder != above:
        own = read_toml(os.path.join(folder, OWN))
        shared = _shared(os.path.join(folder, SHARED))
        if own is not None and shared is not None:
            raise UsageError(
                f"{folder}: settings of request files stand in both {OWN} and {SHARED}; keep one"
            )
        if own is not None:
            return _settings(folder, OWN, own)
        if shared is not None:
            return _settings(folder, SHARED, shared)
        if os.path.exists(os.path.join(folder, ".git")):
            break
        folder, above = os.path.dirname(folder), folder
    return Settings(base=start)


def _shared(path: str) -> dict[str, Json] | None:
    """The table of a `pyproject.toml`, where it has settings of request files."""
    table: Json = read_toml(path, holding="contract-kit")
    for name in ("tool", "contract-kit"):
        table = table.get(name) if isinstance(table, dict) else None
    if not isinstance(table, dict) or table.keys() <= {*COMMANDS, "rules"}:
        return None
    return table


def _settings(folder: str, name: str, table: dict[str, Json]) -> Settings:
    where = f"{name}: "
    files = table.get("files")
    unknown = sorted(table.keys() - set(KEYS))
    if name == OWN and "tool" in unknown:
        raise UsageError(f"{where}settings stand at the top here; write [files], without tool")
    # In the shared file, tables of options stand beside the settings, one for each command.
    wrong = [key for key in unknown if name == OWN or key not in COMMANDS]
    if wrong:
        raise UsageError(f"{where}{wrong[0]!r} is none of {one_of(wrong[0], KEYS)}")
    return Settings(
        base=folder,
        source=name,
        files=None if files is None else tuple(_lines(where, files)),
        ignore=tuple(_glob(where, "ignore", text) for text in _texts(where, table, "ignore")),
        placeholders=tuple(_pattern(where, text) for text in _texts(where, table, "placeholders")),
        contracts=_folders(folder, _texts(where, table, "contracts")),
        off=_off(where, table.get("off", {})),
    )


def _off(where: str, table: Json) -> dict[str, dict[str, str]]:
    if not isinstance(table, dict) or not all(isinstance(each, dict) for each in table.values()):
        raise UsageError(
            f'{where}off is no table of tables; write [off."SERVICE:OPERATION"], and below it '
            '"CONSTRAINT" = "why"'
        )
    for operation, reasons in table.items():
        for id, reason in reasons.items():
            if not isinstance(reason, str) or not reason.strip():
                raise UsageError(f"{where}off: {operation}: {id!r} has no reason; write why")
    return table


def _folders(around: str, names: tuple[str, ...]) -> tuple[Path, ...]:
    if not names:
        return ()
    from pathlib import Path

    return tuple(Path(around, name) for name in names)


def _glob(where: str, key: str, text: str) -> str:
    try:
        glob(text)
    except re.error as error:
        raise UsageError(f"{where}{key}: {text!r} is no glob: {error}") from None
    return text


def _texts(where: str, table: dict[str, Json], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise UsageError(f'{where}{key} is no list of strings; write {key} = ["…"]')
    return tuple(value)


def _pattern(where: str, text: str) -> Search:
    # Few repositories have placeholders, and the engine takes longer to load than a file to check.
    from contract_kit.requestfile.placeholders import searcher

    try:
        search = searcher(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise UsageError(f"{where}placeholders: {text!r} is no pattern: {error}") from None
    if search is None:
        raise UsageError(
            f"{where}placeholders: {text!r} may run long; "
            "write it without back-references and large repeats"
        )
    # The empty string may be one of those that are meant.
    if search("") and search("\0"):
        raise UsageError(
            f"{where}placeholders: {text!r} is found in every string; write one that is not"
        )
    return search


def _lines(where: str, files: Json) -> Iterator[Mapped]:
    if not isinstance(files, dict):
        raise UsageError(f'{where}files is no table; write "GLOB" = "SERVICE:OPERATION" below it')
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
            given=_texts(f"{where}files: {glob_!r}: ", entry, "given"),
        )
