"""Operations of services that are not committed, derived in memory."""

from __future__ import annotations

import functools

from contract_kit.contract.document import read_operation
from contract_kit.contract.operation import Operation
from contract_kit.derive.schema import model_documents


@functools.lru_cache(maxsize=64)
def derive_operation(id: str) -> Operation:
    """The operation `SERVICE:OPERATION` from the installed botocore alone.

    Raises UnknownOperation.
    """
    return read_operation(*model_documents(id))
