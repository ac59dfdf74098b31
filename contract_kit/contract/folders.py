"""Folders of contracts of one's own: SERVICE/OPERATION.request.json, and .response.json if any."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from contract_kit.contract.catalog import committed_names, split_id, unknown_operation
from contract_kit.contract.operation import Operation
from contract_kit.errors import UsageError

_SERVICE = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


def check_folders(folders: Iterable[Path]) -> None:
    """Raises UsageError for a folder that is none."""
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"contracts: {folder} is not a folder; fix the setting")


def names_in(folder: Path, service: str) -> tuple[str, ...]:
    """Names of the operations of a service that a folder has contracts of."""
    return committed_names(service, root=folder) if _SERVICE.fullmatch(service) else ()


def own_operation(id: str, folders: Iterable[Path]) -> Operation | None:
    """The operation of that id in the first folder that has its service; None if none has.

    Raises SourceError for a contract that cannot be read, UnknownOperation where a folder has the
    service and lacks the operation.
    """
    service, name = split_id(id)
    for folder in folders:
        path = folder / service / f"{name}.request.json"
        if path.is_file():
            from contract_kit.contract.own_contract import read_own

            return read_own(path, path.with_name(f"{name}.response.json"), id)
        names = names_in(folder, service)
        if names:
            raise unknown_operation(id, names)
    return None
