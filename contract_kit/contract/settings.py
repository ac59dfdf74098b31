"""Where rules of the user's own are looked for, and the tables that hold them."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from contract_kit.errors import UsageError
from contract_kit.text.toml_file import read_toml

if TYPE_CHECKING:
    from contract_kit.contract.operation import Operation

OWN, SHARED = ".contract-kit.toml", "pyproject.toml"


def declared(operation: Operation, folder: str | None) -> Operation:
    """The operation with the rules that a folder's settings state for it; raises UsageError."""
    tables = rule_tables(folder) if folder is not None else {}
    if operation.id not in tables:
        return operation
    # Few repositories have rules, and loading them takes a fiftieth of checking a small file.
    from contract_kit.contract.rules import parse_rules, with_rules

    return with_rules(operation, parse_rules(operation, tables[operation.id]))


def rule_tables(start: str) -> Mapping[str, Any]:
    """Operation id → its tables of rules, of a folder or the nearest one above it that has some.

    Looks no further up than the root of a git repository. Raises UsageError.
    """
    try:
        folder = os.path.abspath(start)
    except OSError:
        # The working directory is gone.
        return {}
    while True:
        for name in (OWN, SHARED):
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                tables = _tables(path, os.stat(path).st_mtime_ns)
                if tables:
                    return tables
        above = os.path.dirname(folder)
        if above == folder or os.path.exists(os.path.join(folder, ".git")):
            return {}
        folder = above


@functools.lru_cache(maxsize=16)
def _tables(path: str, changed: int) -> Mapping[str, Any]:
    """The rules of one file. changed: when it was, so that another version is read anew."""
    table: Any = read_toml(path, holding="rules")
    for name in ("tool", "contract-kit") if os.path.basename(path) == SHARED else ():
        table = table.get(name, {}) if isinstance(table, dict) else {}
    rules = table.get("rules", {}) if isinstance(table, dict) else {}
    if not isinstance(rules, dict) or not all(":" in id for id in rules):
        raise UsageError(f"{path}: rules: write a table for each, [[rules.'SERVICE:OPERATION']]")
    return rules
