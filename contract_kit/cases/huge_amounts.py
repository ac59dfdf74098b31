"""Numbers that keep a target busy for minutes if it takes them for an amount to be made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from contract_kit.cases.case import Case
from contract_kit.contract.operation import Operation

HUGE = 2**31 - 1
"""Amounts from which on a target that makes so many, or so many bytes, is exhausted."""

_HUGE_SLUG = re.compile(r"(?:2-to-(?:31|63|64)|10-to-30)(?:-|$)")
"""Slugs of numbers at the width of integer types, from HUGE on."""


def huge_amounts_last(operation: Operation, cases: Iterable[Case]) -> Iterator[Case]:
    """The cases in their order, those with huge numbers after all others."""
    huge = []
    for case in cases:
        if _is_huge(operation, case):
            huge.append(case)
        else:
            yield case
    yield from huge


def _is_huge(operation: Operation, case: Case) -> bool:
    kind = case.constraint.rpartition(".")[2]
    if kind == "type":
        return _HUGE_SLUG.match(case.slug) is not None
    return kind == "maximum" and operation.constraint(case.constraint).limit >= HUGE
