"""Settings of a repository: which file is for which operation, and what to leave alone.

They stand below `[tool.contract-kit]` in `pyproject.toml`, or at the top of `.contract-kit.toml`:

    ignore = ["**/snapshots/**"]
    placeholders = ['\\$\\{\\w+\\}']
    contracts = ["contracts"]

    [files]
    "requests/*.json" = "mailmanager:DoThing"
    "cli/*.yaml" = { operation = "mailmanager:DoThing", dialect = "cli" }
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contract_kit.contract.shape import Json
from contract_kit.errors import UsageError
from contract_kit.requestfile.dialect import DIALECTS
from contract_kit.requestfile.globs import matches

OWN, SHARED = ".contract-kit.toml", "pyproject.toml"

KEYS = ("contracts", "files", "ignore", "placeholders")
"""The settings; every other key of `[tool.contract-kit]` is a table of a command's options."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """One line of the map: files that a glob covers, and what they hold."""

    glob: str
    operation: str
    dialect: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a repository has settled. base: the folder that globs start from.

    files: the map; None without one. contracts: folders with contracts of the repository's own.
    source: name of the file to which a line of the map can be added.
    """

    base: Path
    source: str = SHARED
    files: tuple[Mapped, ...] | None = None
    ignore: tuple[str, ...] = ()
    placeholders: tuple[re.Pattern[str], ...] = ()
    contracts: tuple[Path, ...] = ()

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
        return any(matches(pattern, relative) for pattern in self.ignore)

    def mapped(self, path: str) -> Mapped | None:
        """The first line of the map that covers a file."""
        relative = self.relative(path)
        lines = (line for line in self.files or () if matches(line.glob, relative))
        return next(lines, None)

    def line_to_add(self, path: str) -> str:
        """What to write where, so that a file gets its operation."""
        table = "[files]" if self.source == OWN else "[tool.contract-kit.files]"
        return f'"{self.relative(path)}" = "SERVICE:OPERATION" below {table} of {self.source}'


def read_settings(start: Path) -> Settings:
    """The settings that hold in a folder: its own, else those of the nearest folder above it.

    Looks no further up than the root of a git repository. Raises UsageError for settings that
    cannot be used.
    """
    for folder in (start, *start.parents):
        for name in (OWN, SHARED):
            table = _table(folder / name, name)
            if table is not None:
                return _settings(folder, name, table)
        if (folder / ".git").exists():
            break
    return Settings(base=start)


def _table(path: Path, name: str) -> dict[str, Json] | None:
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: {error}; mend it") from None
    # Parsing TOML costs some milliseconds, which a folder without settings does not pay.
    if name == SHARED and "contract-kit" not in text:
        return None
    import tomllib

    try:
        table = tomllib.loads(text)
    except ValueError as error:
        raise UsageError(f"{path}: {error}; mend it") from None
    if name == OWN:
        return table
    table = table.get("tool", {}).get("contract-kit", {})
    return table if isinstance(table, dict) and not table.keys().isdisjoint(KEYS) else None


def _settings(folder: Path, name: str, table: dict[str, Json]) -> Settings:
    where = f"{name}: "
    files = table.get("files")
    unknown = sorted(table.keys() - set(KEYS))
    if name == OWN and unknown:
        raise UsageError(f"{where}{unknown[0]!r} is none of {', '.join(KEYS)}")
    return Settings(
        base=folder,
        source=name,
        files=None if files is None else tuple(_lines(where, files)),
        ignore=_texts(where, table, "ignore"),
        placeholders=tuple(_pattern(where, text) for text in _texts(where, table, "placeholders")),
        contracts=tuple(folder / text for text in _texts(where, table, "contracts")),
    )


def _texts(where: str, table: dict[str, Json], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise UsageError(f'{where}{key} is no list of strings; write {key} = ["…"]')
    return tuple(value)


def _pattern(where: str, text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except (re.error, OverflowError) as error:
        raise UsageError(f"{where}placeholders: {text!r} is no pattern: {error}") from None


def _lines(where: str, files: Json) -> Iterator[Mapped]:
    if not isinstance(files, dict):
        raise UsageError(f'{where}files is no table; write "GLOB" = "SERVICE:OPERATION" below it')
    for glob, value in files.items():
        entry = {"operation": value} if isinstance(value, str) else value
        if not isinstance(entry, dict) or not isinstance(entry.get("operation"), str):
            raise UsageError(
                f'{where}files: {glob!r} has no operation; write "{glob}" = "SERVICE:OPERATION"'
            )
        dialect = entry.get("dialect")
        if dialect is not None and dialect not in DIALECTS:
            raise UsageError(
                f"{where}files: {glob!r}: no dialect {dialect!r}; there are {', '.join(DIALECTS)}"
            )
        unknown = entry.keys() - {"operation", "dialect"}
        if unknown:
            raise UsageError(
                f"{where}files: {glob!r}: no setting {min(unknown)!r}; there are operation, dialect"
            )
        yield Mapped(glob=glob, operation=entry["operation"], dialect=dialect)
