"""Findings: one per constraint, side and verdict, and the smallest message that shows each."""

from __future__ import annotations

from contract_kit.cases.case import Case
from contract_kit.fuzz.findings import Findings
from contract_kit.verdict.judge import Judgement
from contract_kit.wire.message import Message, Reply


def case(slug, constraint="A.pattern", side="outside"):
    """A case of one constraint."""
    return Case(
        id=f"Op/{constraint}/{slug}",
        constraint=constraint,
        side=side,
        expects="reject",
        family="value",
    )


def add(findings, slug, outcome="too lax", body=b"x", **options):
    """Adds what a case shows."""
    place = options.pop("at", {})
    findings.add(
        case(slug, **place),
        Judgement(outcome=outcome, reason=slug),
        Message(body=body),
        Reply(),
        **options,
    )


def test_nothing_is_found_at_first():
    """And nothing known of any case."""
    findings = Findings()
    assert findings.all() == ()
    assert len(findings) == 0
    assert not findings.has(case("a"))


def test_the_smallest_message_is_shown_and_all_are_counted():
    """Among equals the first stays."""
    findings = Findings()
    for slug, body in (("long", b"xxx"), ("short", b"x"), ("equal", b"y"), ("longer", b"xxxx")):
        add(findings, slug, body=body)
    (found,) = findings.all()
    assert (found.reason, found.message.body, found.count) == ("short", b"x", 4)
    assert len(findings) == 1
    assert findings.has(case("other"))


def test_what_breaks_in_two_ways_is_two_findings():
    """A crash does not hide what is accepted: whoever mends it would meet the other then."""
    findings = Findings()
    add(findings, "lax", "too lax", b"x")
    add(findings, "crash", "crash", b"xxxxx")
    add(findings, "laxer", "too lax", b"xx")
    assert [(entry.reason, entry.count) for entry in findings.all()] == [("crash", 1), ("lax", 2)]
    assert findings.has(case("x"), "crash")
    assert findings.has(case("x"), "too lax")
    assert not findings.has(case("x"), "wrong error")


def test_sides_and_constraints_are_apart_and_the_worst_come_first():
    """In the order in which they were found among equals."""
    findings = Findings()
    add(findings, "1", "too strict", at={"side": "inside"})
    add(findings, "2", "too lax")
    add(findings, "3", "too lax", at={"constraint": "B.type"})
    assert [entry.reason for entry in findings.all()] == ["2", "3", "1"]


def test_what_every_reply_is_held_to_has_one_side():
    """It does not depend on the case that showed it."""
    findings = Findings()
    for side in ("inside", "outside"):
        add(findings, side, at={"side": side}, constraint="response.status")
        add(findings, side, at={"side": side}, constraint="error.status")
    assert [(entry.constraint, entry.side, entry.count) for entry in findings.all()] == [
        ("response.status", "inside", 2),
        ("error.status", "outside", 2),
    ]


def test_a_listed_case_stands_for_a_finding_before_one_that_was_drawn():
    """It can be named and repeated, however small the other one is."""
    findings = Findings()
    for slug, size in (("listed", 90), ("explored-1", 5), ("smaller", 50), ("explored-2", 4)):
        case = Case(
            id=f"x/A.type/{slug}",
            constraint="A.type",
            side="outside",
            expects="reject",
            family="type",
        )
        lax = Judgement(outcome="too lax", reason="accepted")
        findings.add(case, lax, Message(body=b"x" * size), Reply())
    (finding,) = findings.all()
    assert (finding.case, finding.count) == ("x/A.type/smaller", 4)
