"""What one campaign has seen so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from contract_kit.cases.case import Case
from contract_kit.verdict.summary import Observation


@dataclass(slots=True)
class State:
    """What one campaign has seen so far.

    previous: the case before. flaky: how many were judged otherwise when repeated.
    confirmed: findings that were judged the same, by kind. examples: how many were explored.
    """

    observations: list[Observation] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    previous: Case | None = None
    flaky: int = 0
    confirmed: Counter[tuple[str, ...]] = field(default_factory=Counter)
    examples: int = 0
    ended: str = ""

    def told(self) -> tuple[str, ...]:
        """The notes, each once, with how many cases there were of it."""
        return tuple(
            f"{text} ({count} cases)" if count > 1 else text for text, count in self.notes.items()
        )
