"""A line for each member: which of its constraints are proven, and which are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.text import Text

from contract_kit.contract.operation import Constraint
from contract_kit.contract.shape import ITEM, location_id
from contract_kit.report.layout import tail_of
from contract_kit.report.table import COLOURS
from contract_kit.validate.violation import printable
from contract_kit.verdict.summary import WORST_FIRST, ConstraintVerdict

REPLIES = "replies and errors"

MARKS = {"enforced": "✓", "implied": "✓", "masked": "?", "untested": "?", "not expressible": "·"}
"""Sign before the kinds of constraints with a verdict; ✕ before those with any other."""

PLAIN = {"✓": "ok", "?": "?", "·": ".", "✕": "x"}
"""The signs where the terminal cannot show them."""

NAMES, SHARE = 34, 0.45
"""Columns for names at least, and the share of the terminal that they may take."""

_SHORT = {"minLength": "min", "maxLength": "max", "minimum": "min", "maximum": "max"}


def member_lines(
    verdicts: Iterable[ConstraintVerdict],
    order: Sequence[Constraint],
    *,
    width: int,
    plain: bool = False,
) -> list[Text]:
    """A line per member, in the order of its constraints; more where it would be too long.

    order: all constraints as they are documented. width: columns of the terminal. plain: without
    signs beyond ASCII.
    """
    by_id = {entry.constraint.id: entry for entry in verdicts}
    lists = {location_id(constraint.location[:-1]) for constraint in order if _of_item(constraint)}
    groups: dict[str, list[ConstraintVerdict]] = {}
    for constraint in order:
        if constraint.id in by_id:
            name = _group(constraint)
            # A list and its items are one member to the reader.
            name = f"{name}{ITEM}" if name in lists else name
            groups.setdefault(name, []).append(by_id[constraint.id])
    longest = max(map(len, groups), default=0)
    room = max(min(longest, max(NAMES, int(width * SHARE))), 1)
    lines = []
    for name, entries in groups.items():
        words = _words(entries, plain=plain)
        lines += _wrapped(tail_of(printable(name), room), room, words, width)
    return lines


def _group(constraint: Constraint) -> str:
    if constraint.kind == "wire":
        return "wire"
    if constraint.kind in ("response", "error"):
        return REPLIES
    return location_id(constraint.location) or "request"


def _of_item(constraint: Constraint) -> bool:
    return constraint.location[-1:] == (ITEM,)


def _words(entries: Sequence[ConstraintVerdict], *, plain: bool) -> list[Text]:
    """The words beside a name, the worst first, each as it may appear on a line."""
    found: list[Text] = []
    for verdict in WORST_FIRST:
        of_verdict = [entry.constraint for entry in entries if entry.verdict == verdict]
        kinds = list(dict.fromkeys(map(_kind, of_verdict)))
        if not kinds or verdict == "implied":
            continue
        mark = MARKS.get(verdict, "✕")
        found.append(Text(PLAIN[mark] if plain else mark, style=COLOURS[verdict]))
        found += [Text(kind) for kind in kinds]
        if verdict != "enforced":
            found.append(Text(f"({verdict})", style=COLOURS[verdict]))
    implied = [_kind(entry.constraint) for entry in entries if entry.verdict == "implied"]
    if implied:
        if not any(entry.verdict == "enforced" for entry in entries):
            found.append(Text(PLAIN["✓"] if plain else "✓", style=COLOURS["implied"]))
        found.append(Text(f"({', '.join(implied)} implied)"))
    return found


def _kind(constraint: Constraint) -> str:
    kind = constraint.id.rpartition(".")[2]
    return _SHORT.get(kind, kind)


def _wrapped(name: str, room: int, words: Sequence[Text], width: int) -> list[Text]:
    lines = [Text(f"  {name:<{room}} ")]
    for word in words:
        if lines[-1].cell_len + 1 + word.cell_len > width and lines[-1].cell_len > room + 3:
            lines.append(Text(" " * (room + 3)))
        lines[-1] = Text.assemble(lines[-1], " ", word)
    return lines
