"""Writes files of known gaps; comments, order and layout of what stays are the user's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import tomlkit

from contract_kit.report.known_gaps import Gaps
from contract_kit.validate.violation import printable
from contract_kit.verdict.outcome import Gap, Outcome, covering

OF_REPLIES = ("response", "error")
"""Kinds of constraints that every reply is held to: a run that sent a few cases proves little."""

NONE: Gaps = {}


def gaps_text(outcomes: Iterable[Outcome], kept: Gaps = NONE, *, before: str = "") -> str:
    """A file of known gaps: an entry for each constraint with a finding, which names its verdicts.

    kept: the file's entries until now; before: its text. Entries that excuse a finding stay as they
    are, and so do those that were not tested this time; closed gaps are removed.
    """
    document = tomlkit.parse(before)
    for outcome in outcomes:
        id = outcome.operation.id
        table: Any = document.get(id)
        known = kept.get(id, ())
        wanted = _wanted(outcome, known)
        if table is None:
            if not wanted:
                continue
            table = tomlkit.table()
            document.append(tomlkit.key(id), table)
        for constraint in [name for name in table if name not in wanted]:
            del table[constraint]
        for constraint, gaps in sorted(wanted.items()):
            if gaps != [gap for gap in known if gap.constraint == constraint]:
                texts = [_text(gap) for gap in gaps]
                table[constraint] = texts if len(texts) > 1 else texts[0]
        if not wanted:
            del document[id]
    return tomlkit.dumps(document)


def _wanted(outcome: Outcome, known: tuple[Gap, ...]) -> dict[str, list[Gap]]:
    """The entries of an operation by constraint: open known gaps, then new ones."""
    gaps = [*known, *(gap for gap in outcome.gaps if gap not in known)]
    gaps = [gap for gap in gaps if not _has_closed(gap, outcome)]
    for finding in outcome.findings:
        # Worst first; of two sides with one verdict, the first is enough.
        if covering(gaps, finding) is None:
            reason = _first_line(finding.reason)
            gaps.append(
                Gap(constraint=finding.constraint, verdicts=(finding.verdict,), reason=reason)
            )
    wanted: dict[str, list[Gap]] = {}
    for gap in gaps:
        wanted.setdefault(gap.constraint, []).append(gap)
    return wanted


def _has_closed(gap: Gap, outcome: Outcome) -> bool:
    if any(gap.covers(finding) for finding in outcome.findings):
        return False
    of_replies = any(
        gap.is_of(entry.constraint.id) and entry.constraint.kind in OF_REPLIES
        for entry in outcome.verdicts
    )
    return gap.is_closed(outcome.verdicts) and not of_replies


def _text(gap: Gap) -> str:
    """A gap as the file writes it."""
    verdicts = f"{', '.join(gap.verdicts)}: " if gap.verdicts else ""
    return printable(f"{verdicts}{gap.reason}")


def _first_line(reason: str) -> str:
    """The first line of a reason: a target may answer with a whole page."""
    return next((line for line in reason.splitlines() if line.strip()), reason)
