"""The report that people read."""

from __future__ import annotations

import io
import re
import shlex
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from contract_kit.report.layout import continued
from contract_kit.report.table import COLOURS
from contract_kit.report.terminal import print_report
from contract_kit.verdict.summary import WORST_FIRST
from contract_kit.wire.message import Message, Reply

EVIL = "\x1b[31mred\x1b]0;title\x07\r\x08\x9b2J\u202e[bold]x[/bold]:smile:"


def printed(parts, outcome, *, terminal=False, verbose=False, width=160, encoding="utf-8"):
    """The report as text."""
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    console = Console(
        file=out,
        highlight=False,
        markup=False,
        emoji=False,
        width=width,
        force_terminal=terminal,
        color_system="truecolor" if terminal else None,
    )
    print_report(console, outcome, parts.RUN, verbose=verbose)
    out.flush()
    return out.buffer.getvalue().decode(encoding)


def test_the_table_names_every_constraint_with_its_verdict(parts):
    """And with what is documented."""
    text = printed(parts, parts.outcome(parts.finding()), verbose=True).split("\n\n")[1]
    (line,) = (line for line in text.splitlines() if re.match(r"too lax +ArchiveId.pattern ", line))
    assert "must satisfy regular expression pattern: a-[\\w]{1,64}" in line
    for constraint in parts.EXPORT.constraints:
        if len(constraint.id) < 50:
            assert f" {constraint.id} " in text


def test_the_worst_verdicts_come_first(parts):
    """In the table, and among the findings."""
    outcome = parts.outcome(
        parts.finding("ArchiveId.pattern", "crash"),
        parts.finding("MaxResults.type", "too lax"),
        parts.finding("Filters.type", "too strict"),
    )
    for verbose in (True, False):
        table = printed(parts, outcome, verbose=verbose).split("\n\n")[1]
        order = [line.strip().partition("  ")[0] for line in table.splitlines()[verbose:]]
        ranks = [WORST_FIRST.index(word) for word in order if word in WORST_FIRST]
        assert ranks == sorted(ranks)
        assert order[:3] == ["crash", "too lax", "too strict"]


def test_a_finding_tells_why_what_is_documented_and_how_to_repeat_it(parts):
    """Request and reply included, each on one line."""
    found = parts.finding(reason="accepted; an error is documented", times=3)
    text = printed(parts, parts.outcome(found), verbose=True)
    after = text.partition("\n1  too lax  ArchiveId.pattern\n")[2]
    lines = [line.split(None, 1) for line in after.splitlines()[:6]]
    told = dict(lines)
    assert told["case"] == "StartArchiveExport/ArchiveId.pattern/x, in 3 cases"
    assert told["why"] == "accepted; an error is documented"
    assert told["documented"].startswith("must satisfy regular expression pattern: a-[\\w]{1,64} [")
    assert "model: botocore" in told["documented"]
    assert told["sent"] == '{"ArchiveId":"a-1"}'
    assert told["answered"] == '200 {"ExportId":"e"}'
    assert told["repeat"].startswith("curl -sS -i -X POST ")


def test_a_failure_is_told_in_place_of_a_reply(parts):
    """With its word and its detail."""
    found = parts.finding(outcome="crash", reply=Reply(failure="timeout", detail="no reply"))
    assert "   answered    timeout: no reply\n" in printed(parts, parts.outcome(found))


@pytest.mark.parametrize("terminal", [False, True])
def test_no_control_character_of_a_reply_reaches_the_terminal(parts, terminal):
    """Neither escape sequences nor marks that turn text around; markup is no markup."""
    found = parts.finding(
        message=Message(headers=(("X-Amz-Target", EVIL),), body=EVIL.encode()),
        reply=Reply(status=200, headers=(("Content-Type", EVIL),), body=EVIL.encode() + b"\xff\0"),
        reason=EVIL,
    )
    outcome = parts.outcome(found, notes=(EVIL,), ended=EVIL)
    text = printed(parts, outcome, terminal=terminal)
    own_colours = re.compile(r"\x1b\[[0-9;]*m")
    assert own_colours.search(text) is not None if terminal else "\x1b" not in text
    plain = own_colours.sub("", text)
    assert all(char.isprintable() or char == "\n" for char in plain)
    assert "\\x1b[31mred" in plain
    assert "[bold]x[/bold]:smile:" in plain


@given(st.binary(max_size=30), st.text(max_size=10))
@settings(max_examples=40)
def test_whatever_came_is_printable(parts, body, text):
    """Any bytes, any words."""
    found = parts.finding(
        message=Message(body=body), reply=Reply(status=400, body=body), reason=text or "x"
    )
    shown = printed(parts, parts.outcome(found))
    assert all(char.isprintable() or char == "\n" for char in shown)


def test_a_long_body_is_cut_with_its_length(parts):
    """The JSON report has more of it."""
    found = parts.finding(reply=Reply(status=200, body="é".encode() * 5000))
    text = printed(parts, parts.outcome(found), verbose=True)
    assert f"{'é' * 700}… (10000 bytes)" in text
    assert "é" * 701 not in text
    assert "é" * 145 not in printed(parts, parts.outcome(found))


@pytest.mark.parametrize(
    ("findings", "ended", "holds", "last"),
    [
        ((), "", 47, "conforms: nothing found"),
        ((), "interrupted", 47, "nothing found so far"),
        ((), "interrupted", 0, "nothing found so far"),
        (("ArchiveId.pattern",), "", 46, "does not conform: 1 finding"),
        (("ArchiveId.pattern", "MaxResults.type"), "x", 60, "does not conform: 2 findings"),
        (
            (),
            "",
            46,
            "not proven: only 46 of 93 constraints were proven; reason for 37 of the others: {why}",
        ),
        (
            (),
            "",
            0,
            "not proven: only 0 of 93 constraints were proven; reason for 83 of the others: {why}",
        ),
        (
            ("ArchiveId.pattern",),
            *("", 4),
            "does not conform: 1 finding; "
            "not proven: only 5 of 93 constraints were proven; reason for 78 of the others: {why}",
        ),
    ],
)
def test_the_last_line_says_whether_it_conforms(parts, findings, ended, holds, last):
    """And a run that was cut short, or that proved less than half, claims nothing."""
    outcome = parts.outcome(*(parts.finding(id) for id in findings), ended=ended, holds=holds)
    lines = printed(parts, outcome).rstrip("\n").splitlines()
    assert lines[-1].startswith(last.format(why="no case for it could be sent"))
    assert outcome.conforms is lines[-1].startswith(("conforms", "not proven: only 46"))
    assert (f"ended early: {ended}" in lines) is bool(ended)
    assert "5 cases, 7 requests" in lines


def test_verdicts_are_counted_worst_first(parts):
    """In one line, those that are not there left out."""
    text = printed(parts, parts.outcome(parts.finding()))
    untested = len(parts.outcome().verdicts) - 1
    assert f"\nmailmanager:StartArchiveExport: 1 too lax, {untested} untested; 0% hold\n" in text


def test_notes_are_told(parts):
    """Each on a line."""
    text = printed(parts, parts.outcome(notes=("flaky: once", "answered otherwise")))
    assert "\nnote: flaky: once\nnote: answered otherwise\n" in text


SHOWN = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("width", [70, 80, 120])
def test_nothing_is_wider_than_the_terminal(parts, width):
    """Members, findings, texts of findings, notes, the last lines."""
    long = "x" * 300
    ids = ["ArchiveId.pattern", "Filters.Include[].StringExpression.Values[].maxLength"]
    found = [parts.finding(id, reason=f"{long} y", slug="a-slug") for id in ids]
    note = "a note of many words " * 9
    for outcome in (parts.outcome(notes=(note,)), parts.outcome(*found, notes=(note,))):
        lines = SHOWN.sub("", printed(parts, outcome, terminal=True, width=width)).splitlines()
        body = [line for line in lines[1:] if not line.endswith("-slug")]
        assert [line for line in body if len(line) > width] == []
        assert len(body) > 10


def test_a_member_has_one_line(parts):
    """With all that is proven of it; a list and its items are one."""
    text = printed(parts, with_verdicts(parts, "enforced"))
    rows = [line.strip().split(None, 1) for line in text.split("\n\n")[1].splitlines()]
    found = dict(rows)
    assert found["ArchiveId"] == "✓ required type pattern (min, max implied)"
    assert found["Filters.Include[]"] == "✓ type maxItems union"
    assert found["wire"].startswith("✓ syntax encoding ")
    assert text.splitlines()[2].startswith("  request ")
    assert "  replies and errors  " in text


def test_what_is_not_proven_of_a_member_is_shown(parts):
    """Behind what is, and in sum."""
    text = printed(parts, with_verdicts(parts, "masked"))
    assert "? required type pattern (masked) ✓ (min, max implied)" in text
    total = sum(entry.implied_by is None for entry in parts.outcome().operation.constraints)
    assert f"\n  {total} not proven (-v lists them):\n" in text
    assert f"  {total:>5} masked    a reason\n" in text


def test_signs_are_words_where_the_terminal_has_none(parts):
    """No escapes of Python in a table."""
    text = printed(parts, with_verdicts(parts, "enforced"), encoding="ascii")
    assert "  ok required type pattern (min, max implied)\n" in text


def with_verdicts(parts, verdict):
    """An outcome in which everything has a verdict, but for what is implied."""
    before = parts.outcome()
    verdicts = tuple(
        replace(
            entry,
            verdict="implied" if entry.constraint.implied_by else verdict,
            detail="a reason",
        )
        for entry in before.verdicts
        if verdict == "enforced" or entry.constraint.kind not in ("wire", "error")
    )
    return replace(before, verdicts=verdicts)


def test_a_long_request_is_shown_where_it_is_wrong(parts):
    """Its beginning says nothing."""
    body = ('{"A":"' + "x" * 300 + '","ArchiveId":"a b"}').encode()
    text = printed(parts, parts.outcome(parts.finding(message=Message(body=body))), width=80)
    assert '   sent        …"ArchiveId":"a b"}\n' in text


COMMAND = (
    """curl -X POST -H 'X-A: it'"'"'s' --data-raw '{"a": "b c"}' "$HOME" http://127.0.0.1:8000/ab"""
)


@pytest.mark.parametrize("room", [30, 50, 80, 200])
def test_a_command_over_several_lines_can_be_pasted(room):
    """The shell reads the same words."""
    lines = continued(COMMAND, room)
    assert shlex.split("\n".join(lines).replace("\\\n", "")) == shlex.split(COMMAND)
    assert all(len(line) <= room or len(line.split()) == 1 for line in lines)
    assert (len(lines) > 1) is (room < 100)


def test_a_command_is_whole_where_it_can_be_taken_from(parts):
    """Not cut in a pipe, nor with -v; else it is said how to get it."""
    body = b'{"ArchiveId":"' + b"x" * 500 + b'"}'
    outcome = parts.outcome(parts.finding(message=Message(body=body)))
    for options in ({"width": 80}, {"width": 80, "terminal": True, "verbose": True}):
        assert f"--data-raw '{body.decode()}'" in printed(parts, outcome, **options)
    assert "…  (-v shows all of it)\n" in SHOWN.sub(
        "", printed(parts, outcome, width=80, terminal=True)
    )


def test_every_verdict_has_a_colour():
    """So that none is printed in the colour of another by default."""
    assert set(COLOURS) == set(WORST_FIRST)
