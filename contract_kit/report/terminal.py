"""The report that people read: a table of verdicts, worst first, then each finding."""

from __future__ import annotations

import math
from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from contract_kit.contract.operation import Constraint
from contract_kit.protocol.message import Message, Reply
from contract_kit.report.document import Run, reproduce
from contract_kit.report.facts import fact, origin_texts
from contract_kit.validate.violation import printable
from contract_kit.verdict.outcome import Outcome
from contract_kit.verdict.summary import WORST_FIRST, Finding

COLOURS = {
    "crash": "bold white on red",
    "too lax": "bold red",
    "wrong error": "bold magenta",
    "too strict": "bold yellow",
    "masked": "cyan",
    "untested": "cyan",
    "implied": "green",
    "enforced": "green",
}

SHOWN_BODY = 700
"""Characters of a body that a finding shows; the JSON report has more."""


def print_report(console: Console, outcome: Outcome, run: Run) -> None:
    """Prints the whole report of a campaign."""
    console.print(_table(outcome))
    for finding in outcome.new_findings:
        _print_finding(console, finding, outcome, run)
    for line in _known(outcome):
        _line(console, line)
    for note in outcome.notes:
        _line(console, f"note: {note}")
    for line in _ending(outcome):
        _line(console, line)


def _line(console: Console, text: str, style: str = "") -> None:
    """One line as it is: no markup, no wrapping, no control character from a reply."""
    console.print(Text(printable(text), style=style), soft_wrap=True)


def _table(outcome: Outcome) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("verdict", no_wrap=True)
    table.add_column("constraint", overflow="fold")
    table.add_column("cases", justify="right", no_wrap=True)
    table.add_column("documented", overflow="ellipsis", no_wrap=True)
    for entry in outcome.verdicts:
        table.add_row(
            Text(entry.verdict, style=COLOURS[entry.verdict]),
            Text(entry.constraint.id),
            str(entry.cases),
            Text(printable(fact(entry.constraint))),
        )
    return table


def _print_finding(console: Console, finding: Finding, outcome: Outcome, run: Run) -> None:
    constraint = _constraint(outcome, finding)
    console.print()
    title = Text(finding.verdict, style=COLOURS[finding.verdict])
    title.append(f"  {constraint.id}", style="bold")
    more = f", in {finding.count} cases" if finding.count > 1 else ""
    title.append(f"  ({finding.case}{more})")
    console.print(title, soft_wrap=True)
    rows = [
        ("why", finding.reason),
        (
            "documented",
            f"{fact(constraint)} [{'; '.join(origin_texts(outcome.operation, constraint))}]",
        ),
        ("request", _request_text(finding.message)),
        ("reply", _reply_text(finding.reply)),
        ("repeat", reproduce(finding, outcome, run)),
    ]
    for label, text in rows:
        _line(console, f"  {label:<10}  {text}")


def _constraint(outcome: Outcome, finding: Finding) -> Constraint:
    return next(
        entry.constraint for entry in outcome.verdicts if entry.constraint.id == finding.constraint
    )


def _request_text(message: Message) -> str:
    target = dict(message.headers).get("X-Amz-Target", "")
    return f"{message.method} {message.path} {target} {_shown(message.body)}"


def _reply_text(reply: Reply) -> str:
    if reply.failure:
        return f"{reply.failure}: {reply.detail}"
    body = _shown(reply.body, reply.cut)
    return f"HTTP {reply.status} {reply.header('content-type') or ''} {body}".strip()


def _shown(body: bytes, left_out: int = 0) -> str:
    text = body[: SHOWN_BODY * 4].decode("utf-8", "backslashreplace")
    if len(text) <= SHOWN_BODY:
        return text
    return f"{text[:SHOWN_BODY]}… ({len(body) + left_out} bytes)"


def _known(outcome: Outcome) -> list[str]:
    """A line for each known gap: still open, closed, or not seen in this run."""
    found = {finding.constraint: finding.verdict for finding in reversed(outcome.findings)}
    lines = []
    for gap in outcome.gaps:
        if gap in outcome.closed_gaps:
            lines.append(f"gap closed: {gap.constraint} holds now; no longer a gap: {gap.reason}")
        elif gap.constraint in found:
            lines.append(f"known gap: {found[gap.constraint]}  {gap.constraint}: {gap.reason}")
    return ["", *lines] if lines else []


def _ending(outcome: Outcome) -> list[str]:
    counts = Counter(entry.verdict for entry in outcome.verdicts)
    shares = ", ".join(f"{counts[name]} {name}" for name in WORST_FIRST if counts[name])
    # Rounded down: 100 % means all of them.
    percent = math.floor(outcome.enforced_percent * 10) / 10
    lines = ["", f"{outcome.operation.id}: {shares}; {percent:g}% hold"]
    explored = f"{outcome.examples} examples, " if outcome.examples else ""
    lines.append(f"{outcome.cases} cases, {explored}{outcome.requests} requests")
    if outcome.ended:
        lines.append(f"ended early: {outcome.ended}")
    many = len(outcome.new_findings)
    if many:
        lines.append(f"does not conform: {many} finding{'s' if many > 1 else ''}")
    else:
        nothing = "nothing found but known gaps" if outcome.findings else "nothing found"
        lines.append(f"{nothing} so far" if outcome.ended else f"conforms: {nothing}")
    return lines
