"""Whether an operation that settings name exists, found out without deriving it."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable
from pathlib import Path

from contract_kit.contract.catalog import committed_names, split_id
from contract_kit.contract.folders import names_in
from contract_kit.errors import UnknownOperation, UsageError
from contract_kit.settings.contracts import Contracts


def check_operations(where: str, ids: Iterable[str], folders: tuple[Path, ...]) -> None:
    """Raises UsageError for an id that no source has; with the nearest one that there is.

    where: what the message begins with. folders: those of the repository's own contracts.
    """
    for id in ids:
        try:
            service, name = split_id(id)
            if not _is_known(service, name, folders):
                Contracts(folders).operation(id)
        except UnknownOperation as error:
            raise UsageError(f"{where}: {error}") from None


def _is_known(service: str, name: str, folders: tuple[Path, ...]) -> bool:
    """Whether an operation exists for sure; False says nothing."""
    for names in (*(names_in(folder, service) for folder in folders), committed_names(service)):
        if names:
            return name in names
    return f'"name":"{name}"'.encode() in _model(service)


@functools.lru_cache(maxsize=8)
def _model(service: str) -> bytes:
    """The text of botocore's newest model of a service; empty where it is not found.

    Loading botocore would take half a second, and reading the model as JSON as long again.
    """
    import gzip
    import importlib.util

    spec = importlib.util.find_spec("botocore")
    for place in (spec.submodule_search_locations if spec else None) or ():
        try:
            folder = os.path.join(place, "data", service)
            newest = os.path.join(folder, max(os.listdir(folder)), "service-2.json")
            if os.path.exists(newest):
                with open(newest, "rb") as plain:
                    return plain.read()
            with gzip.open(f"{newest}.gz") as packed:
                return packed.read()
        except (OSError, ValueError):
            pass  # not a service, or not laid out as expected: others find out
    return b""
