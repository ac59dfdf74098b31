"""Targets of what `contract_target` returns."""

from __future__ import annotations

from contract_kit.contract.operation import Operation
from contract_kit.errors import AwsHost
from contract_kit.target.interface import Target
from contract_kit.target.make import target_of


def target_for(given: object, operation: Operation) -> Target:
    """As `target_of`, with the way of this door to allow a host of AWS."""
    try:
        return target_of(given, operation)
    except AwsHost as error:
        way = f"target_of(url, operation({operation.id!r}), allowed_host={error.host!r})"
        raise AwsHost(error.host, f"let contract_target return {way}") from None
