"""A table of verdicts as lines of text, in whatever room there is."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from contract_kit.report.facts import fact
from contract_kit.report.layout import tail_of
from contract_kit.validate.violation import printable
from contract_kit.verdict.causes import Cause, constraints_of
from contract_kit.verdict.summary import WORST_FIRST, ConstraintVerdict

COLOURS = {
    "crash": "bold white on red",
    "too lax": "bold red",
    "wrong error": "bold magenta",
    "too strict": "bold yellow",
    "masked": "cyan",
    "untested": "cyan",
    "not expressible": "cyan",
    "implied": "green",
    "enforced": "green",
}

GAP = 2
"""Columns between two cells."""

IDS, FACTS = 24, 24
"""Columns for ids at least, and those that stay for what is documented; a longer id moves
the rest of its own row."""

VERDICTS = max(len(verdict) for verdict in WORST_FIRST if verdict != "not expressible")
"""Columns of a verdict, unless the table has the longest one."""

LEAST = 8
"""Columns below which what is documented would say nothing, and is left out."""


def verdict_table(rows: Sequence[tuple[str, ConstraintVerdict]], *, width: int) -> list[Text]:
    """The lines of a table, the header first.

    rows: operation ids, all empty for a table without them, and verdicts. width: columns of the
        terminal. Where room is short, what is documented is cut; no other cell ever is, so that
        a line may be longer than the terminal is wide.
    """
    several = any(operation for operation, _ in rows)
    cells = [
        (Text("operation"), Text("verdict"), Text("constraint"), Text("cases"), Text("documented")),
        *(
            (
                Text(operation),
                Text(entry.verdict, style=COLOURS[entry.verdict]),
                Text(entry.constraint.id),
                Text(str(entry.cases)),
                Text(printable(fact(entry.constraint))),
            )
            for operation, entry in rows
        ),
    ]
    widths = [max(row[column].cell_len for row in cells) for column in range(4)]
    widths[1] = max([VERDICTS, *(len(entry.verdict) for _, entry in rows)])
    fixed = (widths[0] + GAP if several else 0) + widths[1] + widths[3] + 3 * GAP
    ids = max((entry.constraint.id for _, entry in rows), key=len, default="")
    widths[2] = max(len("constraint"), min(len(ids), max(IDS, width - fixed - FACTS)))
    return [
        _line(row if several else row[1:], widths if several else widths[1:], width, bold=not n)
        for n, row in enumerate(cells)
    ]


def finding_lines(causes: Sequence[Cause], *, width: int) -> list[Text]:
    """A line per finding, or per cause of many: verdict, constraint, and what was seen.

    It is cut where room is short. The verdict begins the line, so that any tool finds it there.
    """
    rows = [row for cause in causes for row in _rows_of(cause)]
    wide = max((len(label) for _, label, _ in rows), default=0)
    wide = min(wide, max(IDS, (width - VERDICTS - 2 * GAP) // 2))
    lines = []
    for verdict, label, text in rows:
        line = Text.assemble(
            Text(f"{verdict:<{VERDICTS}}", style=COLOURS[verdict]),
            " " * GAP,
            f"{tail_of(label, wide):<{wide}}",
            " " * GAP,
        )
        seen = Text(printable(text))
        if width - line.cell_len >= LEAST:
            seen.truncate(width - line.cell_len, overflow="ellipsis")
            line += seen
        line.rstrip()
        lines.append(line)
    return lines


def _rows_of(cause: Cause) -> list[tuple[str, str, str]]:
    """Verdict, constraint or cause, and what was seen, of each line of a cause."""
    if cause.is_one_line:
        return [(cause.verdict, cause.title, ", ".join(constraints_of(cause.findings)))]
    shown = cause.findings[:1] if not cause.title else cause.findings
    return [(each.verdict, each.constraint, each.reason) for each in shown]


def _line(cells: Sequence[Text], widths: Sequence[int], width: int, *, bold: bool) -> Text:
    *others, documented = cells
    line = Text(style="bold" if bold else "")
    for number, (cell, wanted) in enumerate(zip(others, widths, strict=True), 1):
        blank = " " * (wanted - cell.cell_len)
        line += Text.assemble(blank, cell) if number == len(others) else Text.assemble(cell, blank)
        line.append(" " * GAP)
    room = width - line.cell_len
    if room >= LEAST:
        documented.truncate(room, overflow="ellipsis")
        line += documented
    line.rstrip()
    return line
