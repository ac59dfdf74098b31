"""Tells, per documented constraint, whether an implementation of an API keeps its contract."""

from __future__ import annotations

from contract_kit.contract.catalog import committed_operation as _committed_operation
from contract_kit.contract.operation import Operation

__all__ = ["Operation", "operation"]


def operation(id: str) -> Operation:
    """The operation `SERVICE:OPERATION`, from the committed schemas or the installed botocore.

    Raises UnknownOperation where neither describes it.
    """
    committed = _committed_operation(id)
    if committed is not None:
        return committed
    # Deriving needs botocore, which costs half a second: only services not committed pay for it.
    from contract_kit.derive.operation import derive_operation

    return derive_operation(id)
