"""Findings with one cause are told once."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.contract.operation import Constraint
from contract_kit.verdict.causes import causes
from contract_kit.verdict.judge import LOOKED_UP
from contract_kit.verdict.outcome import Gap, Outcome
from contract_kit.verdict.summary import ConstraintVerdict, Finding
from contract_kit.wire.message import Message, Reply
from contract_kit.wire.table import wire_of

PUT = operation("ssm:PutParameter")
EXPORT = operation("mailmanager:StartArchiveExport")


def _asked(op) -> list[Constraint]:
    return [each for each in op.constraints if each.kind != "response"]


def _outcome(op, lax, *, verdict="too lax", reason=lambda each: "accepted", gaps=(), **more):
    """An outcome in which constraints are found broken, and all others hold."""
    found = [each for each in _asked(op) if lax(each)]
    findings = tuple(
        Finding(
            constraint=each.id,
            side="outside",
            verdict=verdict,
            case=f"{op.name}/{each.id}/x",
            reason=reason(each),
            **more,
            message=Message(body=b"x" * (100 - number)),
            reply=Reply(status=200),
        )
        for number, each in enumerate(found)
    )
    verdicts = tuple(
        ConstraintVerdict(
            constraint=each, verdict=verdict if each in found else "enforced", cases=1
        )
        for each in op.constraints
    )
    return Outcome(
        wire=wire_of(op),
        verdicts=verdicts,
        findings=findings,
        notes=(),
        cases=1,
        requests=1,
        gaps=tuple(gaps),
    )


def _below(each, name):
    return each.location[:1] == (name,)


@pytest.mark.parametrize(
    ("op", "lax", "title"),
    [
        (PUT, lambda each: True, "no constraint is checked"),
        (PUT, lambda each: each.kind == "type", "types are never checked"),
        (PUT, lambda each: "Length" in each.kind, "lengths are never checked"),
        (PUT, lambda each: _below(each, "Tags"), "no constraint of Tags is checked"),
        (
            EXPORT,
            lambda each: each.location[:2] == ("Filters", "Unless"),
            "no constraint of Filters.Unless is checked",
        ),
        (
            EXPORT,
            lambda each: each.kind == "type" and each.id != "ArchiveId.type",
            "types are hardly ever checked",
        ),
    ],
)
def test_what_is_never_checked_is_one_cause(op, lax, title):
    """With how many constraints it is about; the shortest message shows it."""
    outcome = _outcome(op, lax)
    (cause,) = causes(outcome)
    assert cause.title == f"{title} ({len(outcome.findings)})"
    assert set(cause.findings) == set(outcome.findings)
    assert cause.is_one_line
    assert cause.findings[0].message.body == min(
        (each.message.body for each in outcome.findings), key=len
    )


def test_a_member_that_is_ignored_is_told_before_types_that_are_never_checked():
    """Two causes, each with its own findings."""
    outcome = _outcome(PUT, lambda each: _below(each, "Tags") or each.kind == "type")
    titles = [cause.title.partition(" (")[0] for cause in causes(outcome)]
    assert titles == ["no constraint of Tags is checked", "types are never checked"]


def test_what_is_checked_elsewhere_stays_apart():
    """So do few findings, and those of other verdicts."""
    lengths = _outcome(PUT, lambda each: "Length" in each.kind and _below(each, "Tags"))
    assert not any(cause.title for cause in causes(lengths))
    crashes = _outcome(PUT, lambda each: each.kind == "required", verdict="crash")
    assert len(causes(crashes)) == len(crashes.findings) == 4


def test_crashes_of_one_kind_are_one_cause_where_they_are_very_many():
    """Fewer may each have a cause of their own."""
    (cause,) = causes(_outcome(EXPORT, lambda each: each.kind == "type", verdict="crash"))
    assert cause.title.startswith("wrong types crash the target (")


def test_one_wrong_error_for_everything_is_one_cause():
    """Named by the error."""
    outcome = _outcome(
        PUT,
        lambda each: each.kind != "required",
        verdict="wrong error",
        reason=lambda each: f"answered with TeapotException: {each.id}; X is right",
        answered="TeapotException",
    )
    (cause,) = causes(outcome)
    assert cause.title == (
        f"violations are answered with TeapotException ({len(outcome.findings)})"
    )


def test_what_is_looked_up_first_is_one_cause_however_few_constraints_it_has():
    """Each constraint has its line all the same."""
    outcome = _outcome(
        PUT,
        lambda each: each.id in ("Name.minLength", "Name.maxLength"),
        verdict="wrong error",
        reason=lambda each: f"{LOOKED_UP}: answered with ParameterNotFound; X is right",
        reason_kind="looked up first",
    )
    (cause,) = causes(outcome)
    assert cause.title == "Name is looked up before it is validated (2)"
    assert not cause.is_one_line


def test_known_gaps_are_no_cause():
    """What they excuse is not told again."""
    gap = Gap(constraint="*", reason="nothing is checked yet")
    assert causes(_outcome(PUT, lambda each: True, gaps=[gap])) == ()
