"""How many cases there are of each constraint, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from contract_kit.cases.case import Case

MOST_LINES = 100
"""Constraints that are listed one by one; large operations have thousands."""

WIDEST = 48
"""Characters of a constraint's id that fit a line."""


def summary(operation: str, cases: Iterable[Case]) -> Iterator[str]:
    """Lines that say how many cases there are, by constraint and by what they expect."""
    counts: dict[str, Counter[str]] = {}
    for case in cases:
        counts.setdefault(case.constraint, Counter())[_kind(case)] += 1
    total = sum((each for each in counts.values()), Counter[str]())
    yield f"{operation}: {sum(total.values()):,} cases of {len(counts):,} constraints"
    yield ""
    yield f"  {'constraint':<{WIDEST}}{'accept':>8}{'reject':>8}{'either':>8}"
    for constraint, each in list(counts.items())[:MOST_LINES]:
        yield _line(constraint, each)
    if len(counts) > MOST_LINES:
        yield f"  … {len(counts) - MOST_LINES:,} more constraints"
    yield _line("in all", total)
    yield ""
    yield "to see the cases, add --format json or ndjson; --out DIR writes a file per case"


def _kind(case: Case) -> str:
    return {"accept": "accept", "reject": "reject", "refuse": "reject"}.get(case.expects, "either")


def _line(label: str, counts: Counter[str]) -> str:
    shown = label if len(label) < WIDEST else f"{label[: WIDEST - 2]}…"
    numbers = "".join(f"{counts[kind]:>8,}" for kind in ("accept", "reject", "either"))
    return f"  {shown:<{WIDEST}}{numbers}"
