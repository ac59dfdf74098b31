"""Tells, per documented constraint, whether an implementation of an API keeps its contract."""

from __future__ import annotations

import typing

if typing.TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from contract_kit.contract.operation import Operation

__all__ = ["Operation", "operation", "settings_folder"]

settings_folder: str | None = None
"""Where `operation` looks for rules of the user's own; set by the command line, and in pytest."""


def operation(id: str, *, contracts: Sequence[Path] = ()) -> Operation:
    """The operation `SERVICE:OPERATION`, from the committed schemas or the installed botocore.

    With the rules that settings declare for it. contracts: folders of contracts of your own, which
    are asked first. Raises UnknownOperation where no source describes it, SourceError for a
    contract of your own that cannot be read.
    """
    # Inside, since pytest loads this package in every run of who has it installed.
    from contract_kit.contract.catalog import committed_operation
    from contract_kit.contract.settings import declared

    if contracts:
        from contract_kit.contract.folders import own_operation

        own = own_operation(id, contracts)
        if own is not None:
            return declared(own, settings_folder)
    committed = committed_operation(id)
    if committed is not None:
        return declared(committed, settings_folder)
    # Deriving needs botocore, which costs half a second: only services not committed pay for it.
    from contract_kit.derive.operation import derive_operation

    return declared(derive_operation(id), settings_folder)


def __getattr__(name: str) -> typing.Any:
    """Loads a public name when it is first asked for: the command line starts without it."""
    if name == "Operation":
        from contract_kit.contract.operation import Operation

        return Operation
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
