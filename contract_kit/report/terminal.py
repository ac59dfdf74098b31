"""The report that people read: a table of verdicts, worst first, then each finding."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from contract_kit.report.explain import COMMANDS, finding_rows, shown_by
from contract_kit.report.junit import NOT_PROVEN
from contract_kit.report.layout import continued, cut, folded, from_name
from contract_kit.report.members import member_lines
from contract_kit.report.run import ReportRun
from contract_kit.report.table import COLOURS, finding_lines, verdict_table
from contract_kit.text.counted import counted
from contract_kit.validate.violation import printable
from contract_kit.verdict.causes import Cause, causes, constraints_of
from contract_kit.verdict.outcome import Outcome
from contract_kit.verdict.summary import WORST_FIRST, ConstraintVerdict

INDENT = 15
"""Columns before the texts of a finding."""

HANGING = 2
"""Columns before the lines of a note that follow its first."""

VALUES = ("sent", "answered")
"""Labels of texts that are cut, not folded."""

MORE = "  (-v shows all of it)"

REASONS = 4
"""Reasons why something is not proven that are shown without -v."""


def print_report(
    console: Console, outcome: Outcome, run: ReportRun, *, verbose: bool = False
) -> None:
    """Prints the whole report of a campaign; of chosen cases, what they are about.

    verbose: a line per constraint in place of one per member, and nothing shortened.
    """
    _line(console, f"{outcome.operation.id} at {run.url} ({outcome.wire.label})", "bold")
    console.print()
    for row in _table(console, outcome, verbose=verbose):
        console.print(row, soft_wrap=True)
    for line in _unproven(outcome, console.width) if not verbose else ():
        _line(console, line)
    for number, cause in enumerate(causes(outcome), 1):
        _print_cause(console, number, cause, outcome, run, verbose=verbose)
    for line in known_gaps(outcome):
        _paragraph(console, line)
    if outcome.notes:
        console.print()
    for entry in outcome.verdicts if verbose else ():
        if entry.verdict == "masked":
            _paragraph(console, f"masked: {entry.constraint.id}: {entry.detail}")
    for note in outcome.notes:
        _paragraph(console, f"note: {note}")
    for line in _ending(outcome):
        _paragraph(console, line)


def _table(console: Console, outcome: Outcome, *, verbose: bool) -> list[Text]:
    """A row per finding; where there is none, a row per member."""
    rows = _rows(outcome)
    if verbose:
        return verdict_table([("", entry) for entry in rows], width=console.width)
    if outcome.new_findings:
        return finding_lines(causes(outcome), width=console.width)
    plain = not console.encoding.lower().startswith("utf")
    order = [entry.constraint for entry in rows]
    known = {constraint.id: at for at, constraint in enumerate(outcome.operation.constraints)}
    order.sort(key=lambda constraint: known.get(constraint.id, len(known)))
    return member_lines(rows, order, width=console.width, plain=plain)


def _unproven(outcome: Outcome, width: int) -> list[str]:
    """How many constraints nothing was proven of, a line per reason, the most frequent first."""
    open_ = [entry for entry in _rows(outcome) if entry.verdict in NOT_PROVEN]
    if not open_ or outcome.chosen:
        return []
    counts = Counter((entry.verdict, entry.detail) for entry in open_).most_common()
    lines = ["", f"  {len(open_)} not proven (-v lists them):"]
    for (verdict, detail), count in counts[:REASONS]:
        lines.append(cut(printable(f"  {count:>5} {verdict:<9} {detail}"), width))
    if len(counts) > REASONS:
        lines.append(f"        and for {len(counts) - REASONS} more reasons")
    return lines


def _line(console: Console, text: str, style: str = "") -> None:
    """One line as it is: no markup, no wrapping, no control character from a reply."""
    console.print(Text(printable(text), style=style), soft_wrap=True)


def _paragraph(console: Console, text: str) -> None:
    """A text as one line, or on a terminal as lines that fit it, indented but for the first."""
    if not console.is_terminal:
        _line(console, text)
        return
    first, *others = folded(printable(text), console.width - HANGING)
    for line in (first, *(" " * HANGING + other for other in others)):
        _line(console, line)


def _rows(outcome: Outcome) -> list[ConstraintVerdict]:
    found = {finding.constraint for finding in outcome.findings}
    return [
        entry
        for entry in outcome.verdicts
        if not outcome.chosen or entry.cases or entry.constraint.id in found
    ]


def _print_cause(
    console: Console, number: int, cause: Cause, outcome: Outcome, run: ReportRun, *, verbose: bool
) -> None:
    """A cause, shown by its first finding; the others are named."""
    finding, *like_it = cause.findings
    constraint = next(
        entry.constraint for entry in outcome.verdicts if entry.constraint.id == finding.constraint
    )
    console.print()
    title = Text(f"{number}  ")
    title.append(finding.verdict, style=COLOURS[finding.verdict])
    title.append(f"  {cause.title or finding.constraint}", style="bold")
    console.print(title, soft_wrap=True)
    room = console.width - INDENT
    rows = [("case", shown_by(finding)), *finding_rows(finding, constraint, outcome.wire, run)]
    if like_it:
        rows.append(("also", ", ".join(constraints_of(like_it))))
    names = [name for name in constraint.location if not name.startswith("[")]
    for label, text in rows:
        text = printable(text)
        if label == "sent" and names and not verbose:
            text = from_name(text, names[-1], room)
        first, *others = _laid_out(label, text, room, console, verbose=verbose)
        _line(console, f"   {label:<10}  {first}")
        for line in others:
            _line(console, " " * INDENT + line)


def _laid_out(
    label: str, text: str, room: int, console: Console, *, verbose: bool
) -> Sequence[str]:
    """One text of a finding as lines. A command stays whole wherever it can be taken from."""
    if verbose or (label in COMMANDS and not console.is_terminal):
        return [text]
    if label not in COMMANDS:
        return [cut(text, room)] if label in VALUES else folded(text, room, whole=label == "case")
    lines = continued(text, room)
    if max(map(len, lines)) <= room:
        return lines
    return [cut(text, room - len(MORE)) + MORE]


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


def _ending(outcome: Outcome) -> list[str]:
    lines = ["", shares_line(outcome)]
    explored = f"{counted(outcome.examples, 'example')}, " if outcome.examples else ""
    cases = counted(outcome.cases, "case")
    lines.append(f"{cases}, {explored}{counted(outcome.requests, 'request')}{_why(outcome)}")
    if outcome.ended:
        lines.append(f"ended early: {outcome.ended}")
    many = len(causes(outcome))
    unproven = f"not proven: {outcome.unproven}" if outcome.unproven else ""
    if many:
        of = len(constraints_of(outcome.new_findings))
        reported = f", of {of} constraints" if of > many else ""
        more = f"; {unproven}" if unproven else ""
        lines.append(f"does not conform: {counted(many, 'finding')}{reported}{more}")
        return lines
    nothing = "nothing found but known gaps" if outcome.findings else "nothing found"
    if outcome.ended:
        lines.append(f"{nothing} so far")
    else:
        lines.append(f"{unproven}; {nothing}" if unproven else f"conforms: {nothing}")
    return lines


def _why(outcome: Outcome) -> str:
    """Why there are fewer requests than cases, if so."""
    fewer = outcome.requests < outcome.cases + outcome.examples
    return ", since identical ones are sent once" if fewer and outcome.requests else ""
