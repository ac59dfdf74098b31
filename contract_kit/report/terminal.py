"""The report that people read: a table of verdicts, worst first, then each finding."""

from __future__ import annotations

import math
from collections import Counter

from rich.console import Console
from rich.text import Text

from contract_kit.report.document import Run
from contract_kit.report.explain import finding_rows, shown_by
from contract_kit.report.table import COLOURS, verdict_table
from contract_kit.validate.violation import printable
from contract_kit.verdict.outcome import Outcome
from contract_kit.verdict.summary import WORST_FIRST, ConstraintVerdict, Finding


def print_report(console: Console, outcome: Outcome, run: Run) -> None:
    """Prints the whole report of a campaign; of chosen cases, what they are about."""
    for row in verdict_table(_rows(outcome), width=console.width):
        console.print(row, soft_wrap=True)
    for finding in outcome.new_findings:
        _print_finding(console, finding, outcome, run)
    for line in known_gaps(outcome):
        _line(console, line)
    for entry in outcome.verdicts:
        if entry.verdict == "masked":
            _line(console, f"masked: {entry.constraint.id}: {entry.detail}")
    for note in outcome.notes:
        _line(console, f"note: {note}")
    for line in _ending(outcome):
        _line(console, line)


def _line(console: Console, text: str, style: str = "") -> None:
    """One line as it is: no markup, no wrapping, no control character from a reply."""
    console.print(Text(printable(text), style=style), soft_wrap=True)


def _rows(outcome: Outcome) -> list[tuple[str, ConstraintVerdict]]:
    found = {finding.constraint for finding in outcome.findings}
    return [
        ("", entry)
        for entry in outcome.verdicts
        if not outcome.chosen or entry.cases or entry.constraint.id in found
    ]


def _print_finding(console: Console, finding: Finding, outcome: Outcome, run: Run) -> None:
    constraint = next(
        entry.constraint for entry in outcome.verdicts if entry.constraint.id == finding.constraint
    )
    console.print()
    title = Text(finding.verdict, style=COLOURS[finding.verdict])
    title.append(f"  {finding.constraint}", style="bold")
    title.append(f"  ({shown_by(finding)})")
    console.print(title, soft_wrap=True)
    for label, text in finding_rows(finding, constraint, outcome.operation, run):
        _line(console, f"  {label:<10}  {text}")


def known_gaps(outcome: Outcome) -> list[str]:
    """A line for each known gap: still open, closed, or not seen in this run."""
    lines = []
    for gap in outcome.gaps:
        covered = [finding.verdict for finding in outcome.findings if gap.covers(finding)]
        if gap in outcome.closed_gaps:
            lines.append(f"gap closed: {gap.constraint} holds now; no longer a gap: {gap.reason}")
        elif covered:
            verdicts = ", ".join(dict.fromkeys(covered))
            lines.append(f"known gap: {verdicts}  {gap.constraint}: {gap.reason}")
    return ["", *lines] if lines else []


def shares_line(outcome: Outcome) -> str:
    """How many constraints have each verdict, and the share that holds."""
    counts = Counter(entry.verdict for entry in outcome.verdicts)
    if not outcome.verdicts:
        return f"{outcome.operation.id}: nothing tested"
    shares = ", ".join(f"{counts[name]} {name}" for name in WORST_FIRST if counts[name])
    # Rounded down: 100 % means all of them.
    percent = math.floor(outcome.enforced_percent * 10) / 10
    return f"{outcome.operation.id}: {shares}; {percent:g}% hold"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _ending(outcome: Outcome) -> list[str]:
    lines = ["", shares_line(outcome)]
    explored = f"{outcome.examples} examples, " if outcome.examples else ""
    lines.append(f"{_counted(outcome.cases, 'case')}, {explored}{outcome.requests} requests")
    if outcome.ended:
        lines.append(f"ended early: {outcome.ended}")
    many = len(outcome.new_findings)
    if many:
        lines.append(f"does not conform: {_counted(many, 'finding')}")
    else:
        nothing = "nothing found but known gaps" if outcome.findings else "nothing found"
        lines.append(f"{nothing} so far" if outcome.ended else f"conforms: {nothing}")
    return lines
