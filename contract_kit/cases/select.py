"""Picks cases by their ids."""

from __future__ import annotations

from collections.abc import Sequence

from contract_kit.cases.case import Case
from contract_kit.contract.operation import Operation
from contract_kit.errors import UsageError
from contract_kit.text.near import did_you_mean

EXPLORED = "explored-"
"""The prefix of the slugs of cases that were drawn at random."""


def select(operation: Operation, cases: Sequence[Case], ids: tuple[str, ...]) -> tuple[Case, ...]:
    """The cases with these ids; raises UsageError for an unknown one."""
    known = {case.id: case for case in cases}
    for id in ids:
        if id.rpartition("/")[2].startswith(EXPLORED):
            raise UsageError(
                f"{id} was drawn at random and is on no list; the same --seed finds it again, "
                "and the report of the run that found it repeats it with curl"
            )
        if id not in known:
            hint = did_you_mean(id, known, otherwise=f"see `contract-kit cases {operation.id}`")
            raise UsageError(f"{operation.id} has no case {id!r}; {hint}")
    return tuple(known[id] for id in known if id in ids)
