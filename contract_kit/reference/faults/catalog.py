"""Finds faults by their names."""

from __future__ import annotations

import functools

from contract_kit.errors import UsageError
from contract_kit.reference.faults.coercions import coercion_faults
from contract_kit.reference.faults.connections import connection_faults
from contract_kit.reference.faults.crashes import crash_faults
from contract_kit.reference.faults.enforcement import enforcement_faults
from contract_kit.reference.faults.enums import enum_faults
from contract_kit.reference.faults.errors import error_faults
from contract_kit.reference.faults.fault import Fault, Seeds
from contract_kit.reference.faults.lengths import length_faults
from contract_kit.reference.faults.limits import limit_faults
from contract_kit.reference.faults.members import member_faults, union_faults
from contract_kit.reference.faults.parsing import parsing_faults
from contract_kit.reference.faults.patterns import pattern_faults
from contract_kit.reference.faults.poison import poison_faults
from contract_kit.reference.faults.replies import reply_faults
from contract_kit.reference.faults.wire import wire_faults
from contract_kit.reference.steps import operation_of
from contract_kit.text.near import did_you_mean

SUBJECT = "StartArchiveExport"
"""The operation whose constraints the faults are about."""

SEEDS: tuple[Seeds, ...] = (
    enforcement_faults,
    length_faults,
    pattern_faults,
    enum_faults,
    member_faults,
    union_faults,
    coercion_faults,
    limit_faults,
    parsing_faults,
    wire_faults,
    error_faults,
    reply_faults,
    crash_faults,
    poison_faults,
    connection_faults,
)


@functools.cache
def faults() -> dict[str, Fault]:
    """Every fault by its name."""
    operation = operation_of(SUBJECT)
    return {fault.name: fault for seeds in SEEDS for fault in seeds(operation)}


def fault_names() -> tuple[str, ...]:
    """The names of all faults."""
    return tuple(faults())


def fault(name: str) -> Fault:
    """The fault of that name; raises UsageError with the nearest name there is."""
    found = faults().get(name)
    if found is None:
        hint = did_you_mean(name, faults(), form="{!r}", otherwise="--list-faults names them all")
        raise UsageError(f"no fault is called {name!r}; {hint}")
    return found
