"""The table of verdicts, in terminals of any width."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract_kit import operation
from contract_kit.report.summary import summary_text
from contract_kit.report.table import verdict_table
from contract_kit.wire.table import wire_of


@pytest.mark.parametrize("width", [40, 80, 100, 160])
@pytest.mark.parametrize("several", [False, True])
def test_what_is_documented_gives_way_first(parts, width, several):
    """Operation, verdict, id and count are whole at any width, each row on one line."""
    found = parts.outcome(parts.finding(outcome="wrong error"))
    name = found.operation.id if several else ""
    header, *lines = verdict_table([(name, entry) for entry in found.verdicts], width=width)
    for line, entry in zip(lines, found.verdicts, strict=True):
        head = f"{name}  " if several else ""
        head += f"{entry.verdict:<11}  {entry.constraint.id}"
        assert line.plain.startswith(head)
        rest = line.plain.removeprefix(head).split(None, 1)
        assert rest[0] == str(entry.cases)
        # A row is longer than the terminal is wide only where nothing is left to be cut.
        assert line.cell_len <= width or len(rest) == 1
    assert "constraint" in header.plain


@pytest.mark.parametrize("width", [80, 100])
def test_the_columns_stand_below_their_names(parts, width):
    """But for ids so long that nothing would be left for what is documented."""
    header, *lines = verdict_table([("", entry) for entry in parts.outcome().verdicts], width=width)
    at = header.plain.index("documented")
    short = [line.plain for line in lines if len(line.plain.split()[1]) < 30]
    assert len(short) > 10
    for line in short:
        assert line[at - 2 : at] == "  "
        assert line[at] != " "


@pytest.mark.parametrize("width", [80, 100])
def test_the_summary_of_several_operations_keeps_ids_whole(parts, width):
    """Also where they are told to a pipe, which counts as 80 columns."""
    other = replace(parts.outcome(), wire=wire_of(operation("mailmanager:GetArchive")))
    text = summary_text([parts.outcome(), other], everything=True, width=width, colours=False)
    lines = text.splitlines()
    for constraint in parts.EXPORT.constraints:
        assert any(f"  {constraint.id} " in line for line in lines)
    rows = [line for line in lines if "  untested  " in line]
    assert len(rows) == 2 * len(other.verdicts)
