"""Findings, and the verdict of each constraint that follows from all its cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from contract_kit.cases.case import Case, Side
from contract_kit.contract.operation import Constraint
from contract_kit.verdict.judge import SHOWN_OVER_HTTP, JudgedAs, Judgement, ReasonKind
from contract_kit.wire.errors import is_not_found
from contract_kit.wire.message import Answer, Message, Reply

Verdict = Literal[
    "crash",
    "too lax",
    "wrong error",
    "too strict",
    "masked",
    "untested",
    "not expressible",
    "implied",
    "enforced",
]

WORST_FIRST: tuple[Verdict, ...] = (
    "crash",
    "too lax",
    "wrong error",
    "too strict",
    "masked",
    "untested",
    "not expressible",
    "implied",
    "enforced",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One way in which the implementation does not conform: once per constraint, side and verdict.

    case: id of the case with the smallest message that shows it; count: cases that show it.
    reason_kind, answered: as in `Judgement`.
    message, reply: the message without its signature, and its reply. twin: how an accepted request
    differs from it, in words; empty where there is none.
    """

    constraint: str
    side: Side
    verdict: JudgedAs
    case: str
    reason: str
    message: Message
    reply: Reply
    count: int = 1
    twin: str = ""
    reason_kind: ReasonKind = ""
    answered: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintVerdict:
    """The verdict of one constraint: cases is how many were judged, detail why it is so.

    open: the sentence of the documentation for whose sake a refusal was left open.
    """

    constraint: Constraint
    verdict: Verdict
    cases: int
    detail: str = ""
    open: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One case with what came of it."""

    case: Case
    judgement: Judgement
    message: Message
    reply: Reply
    answer: Answer


_SHOWN_BY = {
    "response": {"result"},
    "error": {"error"},
    "wire.connection": {"result", "error"},
}
"""Constraints on every reply have no cases of their own: the kinds of answer that show them."""


def constraint_verdicts(
    constraints: Iterable[Constraint],
    observations: Iterable[Observation],
    findings: Iterable[Finding],
) -> tuple[ConstraintVerdict, ...]:
    """A verdict per constraint, worst first, in document order within each."""
    seen: dict[str, list[Observation]] = {}
    for observation in observations:
        seen.setdefault(observation.case.constraint, []).append(observation)
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.constraint, []).append(finding)
    every = [entry for entries in seen.values() for entry in entries]
    kinds = {entry.answer.kind for entry in every}
    over_http = {entry.answer.kind for entry in every if entry.reply.over_http}
    verdicts = [
        _verdict(
            constraint,
            seen.get(constraint.id, []),
            found.get(constraint.id, []),
            over_http if constraint.id in SHOWN_OVER_HTTP else kinds,
        )
        for constraint in constraints
    ]
    return tuple(sorted(verdicts, key=lambda entry: WORST_FIRST.index(entry.verdict)))


def _verdict(
    constraint: Constraint,
    observed: list[Observation],
    findings: list[Finding],
    kinds: Collection[str],
) -> ConstraintVerdict:
    verdict, detail = _judged(constraint, observed, findings, kinds)
    refused = (entry.case.open for entry in observed if entry.answer.kind == "error")
    return ConstraintVerdict(
        constraint=constraint,
        verdict=verdict,
        cases=len(observed),
        detail=detail,
        open=next(filter(None, refused), ""),
    )


def _judged(
    constraint: Constraint,
    observed: list[Observation],
    findings: list[Finding],
    kinds: Collection[str],
) -> tuple[Verdict, str]:
    """The verdict of a constraint, and its reason."""
    if findings:
        worst = min(findings, key=lambda entry: WORST_FIRST.index(_as_verdict(entry.verdict)))
        return _as_verdict(worst.verdict), worst.reason
    shown_by = _SHOWN_BY.get(constraint.kind) or _SHOWN_BY.get(constraint.id)
    if shown_by and not observed:
        shown = bool(shown_by.intersection(kinds))
        return ("enforced", "") if shown else ("untested", "no reply could show it")
    proving = [entry for entry in observed if entry.case.expects in ("reject", "refuse")]
    # Where no case can be outside, staying up and accepting what conforms is all there is.
    return _proven(constraint, proving or observed)


def _proven(constraint: Constraint, proving: list[Observation]) -> tuple[Verdict, str]:
    """The verdict that cases without a fault prove, and why they prove no more."""
    unsaid = [entry for entry in proving if entry.judgement.outcome == "not expressible"]
    if unsaid and (len(unsaid) == len(proving) or constraint.kind == "wire"):
        # Of a message, the few variants that could be said prove nothing about the others.
        return "not expressible", unsaid[0].judgement.reason
    proving = [entry for entry in proving if entry not in unsaid]
    kept = [entry for entry in proving if entry.judgement.outcome == "kept"]
    masked = [entry for entry in proving if entry.judgement.outcome == "masked"]
    # A service that looks a wrong name up has accepted it so far, unless it looks names up first.
    unseen = [
        entry
        for entry in masked
        if entry.case.expects == "reject" and is_not_found(entry.answer.name)
    ]
    if kept and unseen:
        share = f"{len(unseen)} of {len(proving)} cases prove nothing"
        return "masked", f"{share}: {unseen[0].judgement.reason}"
    if kept and constraint.implied_by is not None:
        return "implied", f"any request that breaks it breaks the {constraint.implied_by} as well"
    if kept:
        return "enforced", ""
    if masked:
        return "masked", masked[0].judgement.reason
    reasons = [entry.judgement.reason for entry in proving if entry.judgement.reason]
    return "untested", reasons[0] if reasons else "no case for it could be sent"


def _as_verdict(outcome: JudgedAs) -> Verdict:
    assert outcome != "kept", "a kept constraint is not a finding"
    return outcome
