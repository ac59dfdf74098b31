"""Finds the schema documents: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

import functools
import json
import os
from typing import TYPE_CHECKING

from contract_kit.contract.document import read_operation
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import SourceError, UnknownOperation
from contract_kit.text.counted import counted
from contract_kit.text.near import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_ID = 200
"""Bytes of an operation's id; it becomes the name of a file, which has a limit as well."""

PACKAGE: str | Path = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
"""The folder of the package. Here and below paths are texts where a check of one small file leads:
loading pathlib takes a twentieth of it."""

REQUEST = ".request.json"
"""How the names of request documents end."""


def schema_root() -> Path:
    """The folder with one folder per service: package data first, else the checkout's.

    Raises SourceError where neither exists.
    """
    from pathlib import Path

    return Path(_schema_root())


def _schema_root() -> str:
    for around in (PACKAGE, os.path.dirname(PACKAGE)):
        root = os.path.join(around, "schemas")
        if os.path.isdir(root):
            return root
    raise SourceError(f"no schemas in {PACKAGE}; install contract-kit again")


def split_id(id: str) -> tuple[str, str]:
    """`"mailmanager:StartArchiveExport"` as its two names; raises UnknownOperation."""
    service, colon, name = id.partition(":")
    is_named = all(part and part.isprintable() for part in (service, colon, name))
    if not is_named or len(id.encode(errors="replace")) > LONGEST_ID:
        shown = id if len(id) <= LONGEST_ID else f"{id[:LONGEST_ID]}…"
        raise UnknownOperation(
            f"{shown!r} names no operation; write SERVICE:OPERATION, "
            "for example mailmanager:StartArchiveExport"
        )
    return service, name


def read_document(path: str | Path) -> Json:
    """One JSON document; raises SourceError with the path where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return json.loads(file.read())
    except (OSError, ValueError) as error:
        raise SourceError(
            f"{path}: {error}; generate it again with `contract-kit derive`"
        ) from None


def committed_names(service: str, *, root: Path | None = None) -> tuple[str, ...]:
    """Names of the operations of a service in the schema folder."""
    try:
        held = os.listdir(os.path.join(root or _schema_root(), service))
    except OSError:
        return ()
    return tuple(sorted(name.removesuffix(REQUEST) for name in held if name.endswith(REQUEST)))


@functools.lru_cache(maxsize=64)
def committed_operation(id: str) -> Operation | None:
    """The operation whose documents are committed, or None for a service that is not.

    Raises UnknownOperation where the service is committed but lacks the operation.
    """
    service, name = split_id(id)
    names = committed_names(service) if service.isidentifier() or "-" in service else ()
    if not names:
        return None
    if name not in names:
        raise unknown_operation(id, names)
    path = os.path.join(_schema_root(), service, name)
    return read_operation(read_document(path + REQUEST), read_document(f"{path}.response.json"))


def unknown_operation(id: str, names: tuple[str, ...]) -> UnknownOperation:
    """The error for a name that a service lacks, with the nearest one that it has."""
    service, name = split_id(id)
    others = f"it has {counted(len(names), 'operation')}, such as {min(names)}"
    hint = did_you_mean(name, names, form=service + ":{}", otherwise=others)
    return UnknownOperation(f"service {service} has no operation {name!r}; {hint}")
