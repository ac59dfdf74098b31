"""The report that people read."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from contract_kit.protocol.message import Message, Reply
from contract_kit.report.table import COLOURS
from contract_kit.report.terminal import print_report
from contract_kit.verdict.summary import WORST_FIRST

EVIL = "\x1b[31mred\x1b]0;title\x07\r\x08\x9b2J\u202e[bold]x[/bold]:smile:"


def printed(parts, outcome, *, terminal=False):
    """The report as text."""
    out = io.StringIO()
    console = Console(
        file=out,
        highlight=False,
        markup=False,
        emoji=False,
        width=160,
        force_terminal=terminal,
        color_system="truecolor" if terminal else None,
    )
    print_report(console, outcome, parts.RUN)
    return out.getvalue()


def test_the_table_names_every_constraint_with_its_verdict(parts):
    """And with what is documented."""
    text = printed(parts, parts.outcome(parts.finding())).partition("\n\n")[0]
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
    table = printed(parts, outcome).partition("\n\n")[0]
    order = [line.partition("  ")[0].strip() for line in table.splitlines()[1:]]
    ranks = [WORST_FIRST.index(word) for word in order if word in WORST_FIRST]
    assert ranks == sorted(ranks)
    assert order[:3] == ["crash", "too lax", "too strict"]


def test_a_finding_tells_why_what_is_documented_and_how_to_repeat_it(parts):
    """Request and reply included, each on one line."""
    found = parts.finding(reason="accepted; an error is documented", times=3)
    text = printed(parts, parts.outcome(found))
    after = text.partition("(StartArchiveExport/ArchiveId.pattern/x, in 3 cases)\n")[2]
    lines = [line.split(None, 1) for line in after.splitlines()[:5]]
    told = dict(lines)
    assert told["why"] == "accepted; an error is documented"
    assert told["documented"].startswith("must satisfy regular expression pattern: a-[\\w]{1,64} [")
    assert "model: botocore" in told["documented"]
    assert told["request"] == ('POST / MailManagerSvc.StartArchiveExport {"ArchiveId":"a-1"}')
    assert told["reply"] == 'HTTP 200 application/x-amz-json-1.0 {"ExportId":"e"}'
    assert told["repeat"].startswith("curl -sS -i -X POST ")


def test_a_failure_is_told_in_place_of_a_reply(parts):
    """With its word and its detail."""
    found = parts.finding(outcome="crash", reply=Reply(failure="timeout", detail="no reply"))
    assert "  reply       timeout: no reply\n" in printed(parts, parts.outcome(found))


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
    text = printed(parts, parts.outcome(found))
    assert f"{'é' * 700}… (10000 bytes)" in text
    assert "é" * 701 not in text


@pytest.mark.parametrize(
    ("findings", "ended", "last"),
    [
        ((), "", "conforms: nothing found"),
        ((), "interrupted", "nothing found so far"),
        (("ArchiveId.pattern",), "", "does not conform: 1 finding"),
        (("ArchiveId.pattern", "MaxResults.type"), "x", "does not conform: 2 findings"),
    ],
)
def test_the_last_line_says_whether_it_conforms(parts, findings, ended, last):
    """And a run that was cut short claims nothing."""
    outcome = parts.outcome(*(parts.finding(id) for id in findings), ended=ended)
    lines = printed(parts, outcome).rstrip("\n").splitlines()
    assert lines[-1] == last
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


def test_every_verdict_has_a_colour():
    """So that none is printed in the colour of another by default."""
    assert set(COLOURS) == set(WORST_FIRST)
