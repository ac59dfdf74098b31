"""`Summary`: what a run came to."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Summary:
    """What a run came to, counted while it goes.

    files: those that were checked, to their end or until an interruption. requests: lines of
    NDJSON count each. left_alone: files that a map does not cover. schemas: files that hold
    a schema of the kit, not a request. changes: fixes applied.
    """

    files: int = 0
    requests: int = 0
    left_alone: int = 0
    schemas: int = 0
    not_checked: int = 0
    errors: int = 0
    warnings: int = 0
    changes: int = 0
    files_with_findings: int = 0
    by_constraint: dict[str, int] = field(default_factory=dict)

    def count(self, severity: str, constraint: str, times: int = 1) -> None:
        """Adds a finding, or so many."""
        if severity == "error":
            self.errors += times
        else:
            self.warnings += times
        self.by_constraint[constraint] = self.by_constraint.get(constraint, 0) + times

    @property
    def exit_code(self) -> int:
        """0 conforms, 1 does not, 2 where something could not be read; 2 beats 1."""
        return 2 if self.not_checked else 1 if self.errors else 0
