"""`RunSummary`: what a run came to."""

from __future__ import annotations


class RunSummary:
    """The sums of a run, counted while it goes.

    files: those that were checked, to their end or until an interruption. requests: lines of
    NDJSON count each. left_alone: files that a map does not cover. schemas: files that hold
    a schema of the kit, not a request. changes: fixes applied.
    """

    __slots__ = (
        "by_constraint",
        "changes",
        "errors",
        "files",
        "files_with_findings",
        "left_alone",
        "not_checked",
        "requests",
        "schemas",
        "warnings",
    )

    def __init__(self) -> None:
        self.files = 0
        self.requests = 0
        self.left_alone = 0
        self.schemas = 0
        self.not_checked = 0
        self.errors = 0
        self.warnings = 0
        self.changes = 0
        self.files_with_findings = 0
        self.by_constraint: dict[str, int] = {}

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
