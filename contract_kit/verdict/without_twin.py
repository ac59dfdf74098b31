"""Outcomes despite a refused twin: an acceptance, or a crash."""

from __future__ import annotations

from contract_kit.cases.case import Case
from contract_kit.contract.operation import Operation
from contract_kit.verdict.judge import Judgement
from contract_kit.wire.errors import classify, is_crash, is_not_found
from contract_kit.wire.message import Answer

FAULTS = 500
"""The least status of a fault of the server."""


def without_twin(
    operation: Operation,
    case: Case,
    twin: Answer,
    judgement: Judgement | None = None,
    answer: Answer | None = None,
) -> Judgement:
    """The outcome of a case whose twin is refused.

    judgement, answer: of the case itself, None where it was not sent.
    Only a rejection needs a twin: an acceptance proves itself, and so does a crash unless the
    twin crashes as well. A twin whose resource does not exist proves as much as one that is
    accepted where the violation gets another answer.
    """
    crashed = _crashes(operation, twin) and twin.status >= FAULTS
    said = f"HTTP {twin.status}" if crashed else twin.name or twin.text
    unproven = Judgement(outcome="untested", reason=f"its twin is not accepted: {said}")
    if judgement is None or answer is None:
        return unproven
    if answer.kind == "result":
        return judgement
    if judgement.outcome == "crash":
        return unproven if _crashes(operation, twin) else judgement
    if case.expects != "reject" or not is_not_found(twin.name) or answer.name == twin.name:
        return unproven
    if judgement.outcome == "wrong error" and classify(operation, answer.name) == "state":
        return unproven
    return judgement


def _crashes(operation: Operation, answer: Answer) -> bool:
    return answer.kind == "broken" or is_crash(operation, answer.name, answer.status)
