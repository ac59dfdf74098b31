"""Files of known gaps: TOML, a table per operation, constraint id → the reason why it stands.

["service:Operation"]
"Member.pattern" = "the mock takes any name"
"""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from contract_kit import operation as find_operation
from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import ContractKitError, SourceError, UsageError
from contract_kit.validate.violation import printable
from contract_kit.verdict.outcome import PROVEN, Gap, Outcome

Gaps = Mapping[str, tuple[Gap, ...]]
"""Operation id → its known gaps."""

NONE: Gaps = {}


def read_gaps(path: Path) -> Gaps:
    """The known gaps in a file; raises SourceError for one that cannot be read or understood.

    It may hold those of any operations; raises UsageError for an operation that nobody describes.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}; give a file of known gaps") from None
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{path}: {error}; write TOML as the README shows it") from None
    found = {id: _table(path, id, table) for id, table in document.items()}
    for id in found:
        try:
            find_operation(id)
        except ContractKitError as error:
            # Nothing would ever look at it.
            raise UsageError(f"{path}: {error}") from None
    return found


def _table(path: Path, operation: str, table: Json) -> tuple[Gap, ...]:
    if not isinstance(table, dict):
        raise SourceError(
            f'{path}: {operation!r} is no table; write ["service:Operation"] and below it '
            '"constraint id" = "reason"'
        )
    for id, reason in table.items():
        if not isinstance(reason, str) or not reason.strip():
            raise SourceError(
                f'{path}: {operation}: {id} has no reason; write "{id}" = "why it stands"'
            )
    return tuple(Gap(constraint=id, reason=reason) for id, reason in table.items())


def gaps_that_exist(
    gaps: tuple[Gap, ...], operation: Operation, constraints: Iterable[Constraint]
) -> tuple[Gap, ...]:
    """The gaps as given; raises UsageError for one that names no constraint."""
    known = [constraint.id for constraint in constraints]
    for gap in gaps:
        if gap.constraint not in known:
            near = difflib.get_close_matches(gap.constraint, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "remove it"
            raise UsageError(
                f"known gap {gap.constraint!r}: {operation.id} has no such constraint; {hint}"
            )
    return gaps


def gaps_text(outcomes: Iterable[Outcome], kept: Gaps = NONE) -> str:
    """A file of known gaps: one for each constraint with a finding.

    kept: what the file held before. Reasons stay, and so does what was not tested this time.
    """
    reasons_of = {id: {gap.constraint: gap.reason for gap in gaps} for id, gaps in kept.items()}
    for outcome in outcomes:
        before = reasons_of.get(outcome.operation.id, {})
        before |= {gap.constraint: gap.reason for gap in outcome.gaps}
        found = {entry.constraint: _short(entry.reason) for entry in reversed(outcome.findings)}
        # What every reply is held to was shown by some replies only, unless all cases were sent.
        proven = {
            entry.constraint.id
            for entry in outcome.verdicts
            if entry.verdict in PROVEN and entry.constraint.kind not in ("response", "error")
        }
        stand = {id: reason for id, reason in before.items() if id not in proven or id in found}
        reasons_of[outcome.operation.id] = found | stand
    parts = []
    for operation, reasons in reasons_of.items():
        lines = [f"{_quoted(id)} = {_quoted(reason)}" for id, reason in sorted(reasons.items())]
        if lines:
            parts.append("\n".join([f"[{_quoted(operation)}]", *lines]) + "\n")
    return "\n".join(parts)


def _short(reason: str) -> str:
    """The first line of a reason: a target may answer with a whole page."""
    return next((line for line in reason.splitlines() if line.strip()), reason)


def _quoted(text: str) -> str:
    """A TOML basic string; what is not printable is shown as an escape in words."""
    return re.sub("\x7f", "", json.dumps(printable(text), ensure_ascii=False))
