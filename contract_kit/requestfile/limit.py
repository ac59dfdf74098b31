"""How much is reported of one file: a few findings of each kind, and the number of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from contract_kit.requestfile.summary import RunSummary
from contract_kit.validate.violation import Violation

if TYPE_CHECKING:
    from contract_kit.requestfile.interface import Output

MOST_ALIKE = 100
"""Findings of one constraint that are reported of one file, if each is reported at once."""

MOST_TOLD = 10_000
"""Findings that are reported in one run."""

NOT_CHECKED = "not checked"
"""Stands for lines that could not be checked."""


class Limit:
    """Counts the findings that are reported of one file after the other.

    most_alike: findings of one constraint in one file. most_told: findings of a run.
    """

    def __init__(self, most_alike: int = MOST_ALIKE, most_told: int = MOST_TOLD) -> None:
        self._most_alike = most_alike
        self._left = most_told
        self._told: Counter[str] = Counter()
        self._more: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()

    def begin(self) -> None:
        """Another file begins."""
        self._told.clear()
        self._more.clear()
        self._skipped.clear()

    def is_reached(self, constraint: str) -> bool:
        """Whether no more findings of a constraint are reported of this file."""
        return self._left <= 0 or self._told[constraint] >= self._most_alike

    def takes(self, constraint: str) -> bool:
        """Whether one more finding is reported; it is counted either way."""
        if self.is_reached(constraint):
            self._more[constraint] += 1
            return False
        self._told[constraint] += 1
        self._left -= 1
        return True

    def first(self, violations: Iterable[Violation]) -> list[Violation]:
        """Those that are still reported; the others are counted, and need no words."""
        kept = []
        for violation in violations:
            if self.is_reached(violation.constraint):
                self._skipped[violation.constraint] += 1
            else:
                kept.append(violation)
        return kept

    def finish(self, file: str, summary: RunSummary, output: Output) -> None:
        """Counts violations without a finding, and reports how many more the file has."""
        for constraint, count in self._skipped.items():
            summary.count("error", constraint, count)
        for constraint, count in (self._more + self._skipped).most_common():
            what = "lines" if constraint == NOT_CHECKED else "findings"
            told = f"{count:,} more {what} of the kind {constraint!r} are counted but not shown"
            output.note(file, told)
