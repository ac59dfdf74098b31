"""The end of a test session: one table for all operations."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from contract_kit.report.table import finding_lines, verdict_table
from contract_kit.report.terminal import known_gaps, shares_line
from contract_kit.validate.violation import printable
from contract_kit.verdict.causes import causes, constraints_of
from contract_kit.verdict.outcome import PROVEN, Outcome
from contract_kit.verdict.summary import WORST_FIRST, ConstraintVerdict


def summary_text(
    outcomes: Sequence[Outcome], *, everything: bool, width: int, colours: bool
) -> str:
    """One table of verdicts, the worst first, and a line per operation with the share that holds.

    everything: also a row for each constraint that holds. width: columns of the terminal.
    """
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=colours,
        color_system="standard" if colours else None,
        highlight=False,
        markup=False,
        emoji=False,
    )
    entries: list[tuple[str, ConstraintVerdict]] = []
    for outcome in outcomes:
        name = outcome.operation.id if len(outcomes) > 1 else ""
        one_line = [] if everything else [each for each in causes(outcome) if each.is_one_line]
        for row in finding_lines(one_line, width=width):
            console.print(Text.assemble(f"{name}  " if name else "", row), soft_wrap=True)
        reported = {id for cause in one_line for id in constraints_of(cause.findings)}
        entries += [
            (name, entry)
            for entry in outcome.verdicts
            if everything or (entry.verdict not in PROVEN and entry.constraint.id not in reported)
        ]
    entries.sort(key=lambda pair: WORST_FIRST.index(pair[1].verdict))
    if entries:
        for row in verdict_table(entries, width=width):
            console.print(row, soft_wrap=True)
    lines = [line for outcome in outcomes for line in known_gaps(outcome) if line]
    for outcome in outcomes:
        lines += [f"note: {note}" for note in outcome.notes]
        lines.append(shares_line(outcome))
        if outcome.unproven:
            lines.append(f"{outcome.operation.id}: not proven: {outcome.unproven}")
    for line in lines:
        console.print(Text(printable(line)), soft_wrap=True)
    return file.getvalue()
