"""The verdict of a constraint, from all its cases and findings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_kit.cases.case import Case
from contract_kit.contract.operation import Constraint
from contract_kit.verdict.judge import Judgement
from contract_kit.verdict.outcome import Outcome
from contract_kit.verdict.summary import (
    WORST_FIRST,
    Finding,
    Observation,
    constraint_verdicts,
)
from contract_kit.wire.message import Answer, Message, Reply

LENGTH = Constraint(id="A.maxLength", kind="maxLength", location=("A",), limit=3)
IMPLIED = replace(LENGTH, id="A.minLength", kind="minLength", implied_by="pattern")
STATUS = Constraint(id="response.status", kind="response", location=("response",))


def observed(outcome, expects="reject", *, constraint=LENGTH.id, reason=""):
    """One case with what came of it."""
    return Observation(
        case=Case(
            id=f"Op/{constraint}/x",
            constraint=constraint,
            side="inside" if expects == "accept" else "outside",
            expects=expects,
            family="value",
        ),
        judgement=Judgement(outcome=outcome, reason=reason),
        message=Message(),
        reply=Reply(),
        answer=Answer(kind="result"),
    )


def found(verdict, constraint=LENGTH.id, reason="why"):
    """One finding."""
    return Finding(
        constraint=constraint,
        side="outside",
        verdict=verdict,
        case="Op/A.maxLength/x",
        reason=reason,
        message=Message(),
        reply=Reply(),
    )


def verdict_of(constraint, observations, findings=()):
    """The verdict and detail of one constraint."""
    (entry,) = constraint_verdicts([constraint], observations, findings)
    return entry.verdict, entry.detail


def test_a_constraint_is_enforced_when_a_case_outside_was_refused_rightly():
    """Never from an accepted case alone."""
    assert verdict_of(LENGTH, [observed("kept", "accept"), observed("kept")])[0] == "enforced"


def test_a_constraint_is_not_proven_by_what_conforms():
    """An implementation that accepts everything accepts this as well."""
    observations = [
        observed("kept", "accept"),
        observed("untested", reason="its twin is not accepted"),
    ]
    assert verdict_of(LENGTH, observations) == ("untested", "its twin is not accepted")


def test_a_constraint_with_no_case_outside_is_held_by_staying_up():
    """Of wire limits nothing is promised but an answer."""
    assert verdict_of(LENGTH, [observed("kept", "any")])[0] == "enforced"


@pytest.mark.parametrize("expects", ["reject", "refuse"])
def test_a_constraint_is_masked_when_another_error_hid_it(expects):
    """The first of those errors is shown."""
    observations = [
        observed("kept", "accept"),
        observed("masked", expects, reason="not found"),
        observed("masked", expects, reason="throttled"),
    ]
    assert verdict_of(LENGTH, observations) == ("masked", "not found")


def test_one_proof_beside_cases_that_were_put_off_is_enough():
    """What was seen to be refused is enforced, though some were throttled to the end."""
    assert verdict_of(LENGTH, [observed("masked"), observed("kept")])[0] == "enforced"


def test_what_was_looked_for_was_let_pass_perhaps():
    """A wrong name that is not found may have been taken for a right one: nothing is proven."""
    looked_for = replace(
        observed("masked", reason="no such archive"),
        answer=Answer(kind="error", name="ResourceNotFoundException", status=404),
    )
    verdict, detail = verdict_of(LENGTH, [observed("kept"), looked_for, observed("kept")])
    assert verdict == "masked"
    assert detail == "1 of 3 cases prove nothing: no such archive"


def test_a_constraint_that_another_one_implies_is_implied():
    """Rejected while the other is known to be enforced: nothing more to prove."""
    observations = [observed("kept", constraint=IMPLIED.id)]
    assert verdict_of(IMPLIED, observations) == (
        "implied",
        "any request that breaks it breaks the pattern as well",
    )


def test_a_constraint_that_is_implied_can_still_be_too_lax():
    """Accepted: no other constraint helps."""
    assert verdict_of(IMPLIED, [], [found("too lax", IMPLIED.id)]) == ("too lax", "why")


def test_a_constraint_without_cases_is_untested():
    """The report says so in words."""
    assert verdict_of(LENGTH, []) == ("untested", "no case for it could be sent")


def test_the_worst_of_several_findings_is_the_verdict():
    """With its reason."""
    findings = [found("too strict"), found("crash", reason="500"), found("too lax")]
    assert verdict_of(LENGTH, [observed("kept")], findings) == ("crash", "500")


@pytest.mark.parametrize(
    ("kind", "id", "shown_by"),
    [
        ("response", "response.status", {"result"}),
        ("error", "error.shape", {"error"}),
        ("wire", "wire.connection", {"result", "error"}),
        ("wire", "wire.target", set()),
    ],
)
def test_what_every_reply_is_held_to_is_enforced_once_such_a_reply_came(kind, id, shown_by):
    """It has no cases of its own; what has cases is not proven by those of others."""
    held = replace(STATUS, kind=kind, id=id)
    for answered in ("result", "error", "broken"):
        observation = replace(observed("kept"), answer=Answer(kind=answered))
        expected = "enforced" if answered in shown_by else "untested"
        assert verdict_of(held, [observation])[0] == expected
    assert verdict_of(held, [])[0] == "untested"
    assert verdict_of(held, [], [found("too lax", id)])[0] == "too lax"


def test_the_number_of_cases_is_counted():
    """Of this constraint alone."""
    observations = [observed("kept"), observed("kept", "accept"), observed("kept", constraint="B")]
    (entry,) = constraint_verdicts([LENGTH], observations, [])
    assert entry.cases == 2


@given(st.lists(st.sampled_from(["crash", "too lax", "wrong error", "too strict", "kept", None])))
def test_verdicts_come_worst_first_and_else_in_document_order(outcomes):
    """Every constraint once, whatever was found."""
    constraints = [replace(LENGTH, id=f"M{number}.maxLength") for number in range(len(outcomes))]
    observations, findings = [], []
    for constraint, outcome in zip(constraints, outcomes, strict=True):
        if outcome == "kept":
            observations.append(observed("kept", constraint=constraint.id))
        elif outcome is not None:
            findings.append(found(outcome, constraint.id))
    entries = constraint_verdicts(constraints, observations, findings)
    ranks = [
        (WORST_FIRST.index(entry.verdict), constraints.index(entry.constraint)) for entry in entries
    ]
    assert ranks == sorted(ranks)
    assert len(entries) == len(constraints)


def outcome_with(**changes):
    """An outcome in which nothing was found, but for the changes."""
    facts = {"verdicts": (), "findings": (), "notes": (), "cases": 0, "requests": 0}
    return Outcome(wire=None, **{**facts, **changes})


@pytest.mark.parametrize(
    ("changes", "conforms"),
    [
        ({}, True),
        ({"notes": ("flaky",)}, True),
        ({"findings": (found("too strict"),)}, False),
        ({"ended": "interrupted"}, False),
    ],
)
def test_a_run_conforms_when_it_went_to_its_end_and_found_nothing(changes, conforms):
    """Notes are no findings; a run that was cut short has proven nothing."""
    assert outcome_with(**changes).conforms is conforms
