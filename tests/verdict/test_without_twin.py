"""What a case shows whose twin is refused."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.cases.case import Case
from contract_kit.verdict.judge import judge
from contract_kit.verdict.without_twin import without_twin
from contract_kit.wire.message import Answer

EXPORT = operation("mailmanager:StartArchiveExport")

RESULT = Answer(kind="result", status=200)
SILENCE = Answer(kind="broken", name="timeout", text="no whole reply within 5 s")


def error(name, status=400):
    """An answer that refuses with a named error."""
    return Answer(kind="error", status=status, name=name, text="no")


VALIDATION = error("ValidationException")
NOT_FOUND = error("ResourceNotFoundException", 404)
UNKNOWN_FAULT = error("UnknownResourceFault")
CRASH = error("InternalFailure", 500)
DENIED = error("AccessDeniedException", 403)


@pytest.mark.parametrize(
    ("twin", "expects", "answer", "outcome"),
    [
        # Only rejections need a twin.
        (VALIDATION, "reject", RESULT, "too lax"),
        (NOT_FOUND, "reject", RESULT, "too lax"),
        (VALIDATION, "accept", RESULT, "kept"),
        (VALIDATION, "reject", CRASH, "crash"),
        (NOT_FOUND, "survive", SILENCE, "crash"),
        (VALIDATION, "reject", VALIDATION, "untested"),
        (DENIED, "reject", VALIDATION, "untested"),
        # The same crash twice has one cause, which is not this constraint.
        (CRASH, "reject", CRASH, "untested"),
        (SILENCE, "reject", CRASH, "untested"),
        # Whoever tells a violation from what does not exist has looked at it.
        (NOT_FOUND, "reject", VALIDATION, "kept"),
        (UNKNOWN_FAULT, "reject", VALIDATION, "kept"),
        (NOT_FOUND, "reject", error("TeapotException"), "wrong error"),
        (NOT_FOUND, "reject", NOT_FOUND, "untested"),
        (NOT_FOUND, "reject", DENIED, "untested"),
        (NOT_FOUND, "accept", VALIDATION, "untested"),
    ],
)
def test_only_a_rejection_needs_a_twin_that_is_accepted(twin, expects, answer, outcome):
    """An acceptance and a crash speak for themselves."""
    case = Case(
        id="StartArchiveExport/ArchiveId.pattern/x",
        constraint="ArchiveId.pattern",
        side="inside" if expects == "accept" else "outside",
        expects=expects,
        family="value",
    )
    shown = without_twin(EXPORT, case, twin, judge(EXPORT, case, answer), answer)
    assert shown.outcome == outcome


def test_a_case_that_was_not_sent_is_untested_for_the_reason_of_its_twin():
    """Such as a time-out."""
    case = Case(id="x", constraint="x", side="outside", expects="reject", family="value")
    shown = without_twin(EXPORT, case, SILENCE)
    assert (shown.outcome, shown.reason) == ("untested", "its twin is not accepted: timeout")


def test_a_twin_that_crashes_is_told_by_its_status():
    """Its page has nothing to say of the case."""
    case = Case(id="x", constraint="x", side="outside", expects="reject", family="value")
    page = Answer(kind="broken", status=500, text="HTTP 500: The server is overloaded …")
    assert without_twin(EXPORT, case, page).reason == "its twin is not accepted: HTTP 500"
