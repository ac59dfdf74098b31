"""The table of settings that holds in a folder: its file, and the keys that it may have.

It is `[tool.contract-kit]` in `pyproject.toml`, or the top level of `.contract-kit.toml`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from contract_kit.contract.shape import Json
from contract_kit.errors import UsageError
from contract_kit.text.near import one_of
from contract_kit.text.toml_file import read_toml

if TYPE_CHECKING:
    from pathlib import Path

OWN, SHARED = ".contract-kit.toml", "pyproject.toml"

KEYS = ("contracts", "files", "ignore", "off", "placeholders", "rules")
"""The settings; every other key of `[tool.contract-kit]` is a table of a command's options."""

COMMANDS = {"cases", "derive", "drift", "fuzz", "help", "openapi", "schema", "serve", "validate"}
"""Commands, whose options may be in tables beside the settings."""


class SettingsTable(NamedTuple):
    """The settings of a repository as they are written.

    folder: where their file is, and where what they name starts from. source: its name.
    """

    folder: str | Path
    source: str = SHARED
    entries: Mapping[str, Json] = {}

    @property
    def where(self) -> str:
        """The start of a message about them."""
        return f"{self.source}: "

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; empty where there is none. Raises UsageError for anything else."""
        return texts(self.where, self.entries, key)


def texts(where: str, table: Mapping[str, Json], key: str) -> tuple[str, ...]:
    """A list of strings in a table; raises UsageError for anything else."""
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise UsageError(f'{where}{key} is not a list of strings; write {key} = ["…"]')
    return tuple(value)


def find_table(start: str | Path) -> SettingsTable:
    """The settings that hold in a folder: its own, else those of the nearest folder above it.

    Looks no further up than the root of a git repository. Raises UsageError for settings that
    cannot be read, or that have a name that means nothing.
    """
    folder, above = os.fspath(start), ""
    while folder != above:
        own = read_toml(os.path.join(folder, OWN))
        shared = _shared(os.path.join(folder, SHARED))
        if own is not None and shared is not None:
            raise UsageError(f"{folder}: {OWN} and {SHARED} both have settings; keep one")
        if own is not None:
            return _checked(SettingsTable(folder, OWN, own))
        if shared is not None:
            return _checked(SettingsTable(folder, SHARED, shared))
        if os.path.exists(os.path.join(folder, ".git")):
            break
        folder, above = os.path.dirname(folder), folder
    return SettingsTable(start)


def _shared(path: str) -> dict[str, Json] | None:
    """The table of a `pyproject.toml`, where it has settings beside options of commands."""
    table: Json = read_toml(path, holding="contract-kit")
    for name in ("tool", "contract-kit"):
        table = table.get(name) if isinstance(table, dict) else None
    if not isinstance(table, dict) or table.keys() <= COMMANDS:
        return None
    return table


def _checked(table: SettingsTable) -> SettingsTable:
    unknown = sorted(table.entries.keys() - set(KEYS))
    if table.source == OWN and "tool" in unknown:
        raise UsageError(
            f"{table.where}settings belong at the top level here; write [files], without tool"
        )
    # The shared file may have a table of options for each command beside the settings.
    wrong = [key for key in unknown if table.source == OWN or key not in COMMANDS]
    if wrong:
        raise UsageError(f"{table.where}{wrong[0]!r} is not one of {one_of(wrong[0], KEYS)}")
    return table
