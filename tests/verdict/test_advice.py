"""What to do where conforming requests are refused."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.cases.case import Case
from contract_kit.verdict.advice import remedy, untested_advice
from contract_kit.verdict.judge import Judgement
from contract_kit.verdict.summary import Observation
from contract_kit.wire.message import Answer, Message, Reply

GET = operation("mailmanager:GetArchive")
EXPORT = operation("mailmanager:StartArchiveExport")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("ConflictException", "it exists", "new each time with --bind MEMBER=name-{seq}"),
        ("ResourceInUse", "ArchiveId a is taken", "new each time with --bind ArchiveId=name-{seq}"),
        ("ResourceNotFoundException", "", "something that exists with --bind MEMBER=VALUE"),
        ("NoSuchThing", "no such archiveId", "something that exists with --bind ArchiveId=VALUE"),
        ("AccessDeniedException", "no", "lets you use with --bind MEMBER=VALUE"),
        ("ThrottlingException", "", "busy"),
        ("ValidationException", "ArchiveId is odd", "--request FILE, or a value with --bind Arch"),
        ("SomethingElse", "", "--request FILE"),
    ],
)
def test_advice_follows_from_the_error(name, text, said):
    """A new name helps where one is taken, and nowhere else."""
    advice = remedy(EXPORT, name, text)
    assert said in advice
    assert ("{seq}" in advice) == ("new each time" in said)


def test_who_gave_fresh_numbers_is_told_to_begin_at_others():
    """A new name would be as old as this one: an earlier run with the same seed took it."""
    advice = remedy(EXPORT, "ConflictException", "it exists", is_new=True)
    assert "another --seed" in advice
    assert "{seq}" not in advice
    assert "busy" in remedy(EXPORT, "ThrottlingException", is_new=True)


def _observed(outcome, name, text="no"):
    case = Case(id="x/y/z", constraint="y", side="outside", expects="reject", family="value")
    return Observation(
        case=case,
        judgement=Judgement(outcome=outcome, reason="r"),
        message=Message(),
        reply=Reply(),
        answer=Answer(kind="error", name=name, text=text),
    )


def test_the_error_that_is_met_most_is_told_with_its_text():
    """Once, in the same words whatever the order of the cases."""
    seen = [_observed("untested", "QueueDoesNotExist", text) for text in ("b", "a\nmore")]
    seen += [_observed("untested", "OtherException"), _observed("kept", "ValidationException")]
    for order in (seen, seen[::-1]):
        (advice,) = untested_advice(GET, order)
        assert "refused with QueueDoesNotExist: a; name something that exists" in advice


def test_nothing_is_advised_where_most_cases_tell_something():
    """Half of them are enough."""
    seen = [_observed("untested", "QueueDoesNotExist"), _observed("kept", "ValidationException")]
    assert untested_advice(GET, seen) == ()
