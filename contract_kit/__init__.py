"""Reports, for each documented constraint, whether an implementation of an API enforces it."""

from __future__ import annotations

import os
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from contract_kit.contract.operation import Operation

__all__ = ["Operation", "operation"]


def operation(
    id: str, *, contracts: Sequence[Path] = (), settings: str | Path | None = os.curdir
) -> Operation:
    """The operation `SERVICE:OPERATION`, from your own contracts, the kit's, or botocore.

    contracts: folders of contracts of your own, which come first. settings: a folder, of whose
    settings, or those of the nearest folder above it, the rules hold; None for no rules.
    Raises UnknownOperation if no source describes the operation, SourceError for a contract of
    your own that cannot be read, UsageError for settings that cannot be used.

    >>> operation("mailmanager:StartArchiveExport").name
    'StartArchiveExport'
    """
    # Inside, since pytest loads this package in every run of who has it installed.
    from contract_kit.settings.contracts import KNOWN, Contracts, contracts_in

    rules = (KNOWN if settings is None else contracts_in(settings)).rules
    return Contracts(folders=tuple(contracts), rules=rules).operation(id)


def __getattr__(name: str) -> typing.Any:
    """Loads a public name when it is first asked for: the command line starts without it."""
    if name == "Operation":
        from contract_kit.contract.operation import Operation

        return Operation
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
