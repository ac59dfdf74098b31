"""The twin of a finding in words, and crashes with one cause as one finding."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from contract_kit import operation
from contract_kit.fuzz import fuzz
from contract_kit.report.twin import twin_in_words
from contract_kit.target.make import target_of
from contract_kit.validate import Validator
from contract_kit.verdict.causes import causes

EXPORT = operation("mailmanager:StartArchiveExport")


@pytest.mark.parametrize(
    ("request_", "twin", "words"),
    [
        ({"A": "x" * 1025}, {"A": "x" * 1024}, "the same with 1,024 characters in A: accepted"),
        (
            {"A": {"B": [{"C": 5}]}},
            {"A": {"B": [{"C": "5"}]}},
            'the same with A.B[0].C "5": accepted',
        ),
        ({"A": 1}, {"A": 1, "B": True}, "the same with B true: accepted"),
        ({"A": 1, "B": None}, {"A": 1}, "the same without B: accepted"),
        ({"A": ["x"] * 99}, {"A": ["x"] * 98}, "the same with 98 entries in A: accepted"),
        ({"A": 1, "B": 1}, {"A": 2, "B": 2}, ""),
        (
            {"A": {"B": 1, "C": 1}},
            {"A": {"B": 2, "C": 2}},
            'the same with A {"B": 2, "C": 2}: accepted',
        ),
        ({"A": 1}, {"A": 1}, ""),
        ([], {}, ""),
    ],
)
def test_the_one_difference_is_told(request_, twin, words):
    """Where there are several at the top, none is."""
    assert twin_in_words(request_, twin) == words


class ValidationException(Exception):
    """Its name is the error's."""


def fuzzed(start):
    """The outcome of the boundary cases against a function."""
    with closing(target_of(start, EXPORT)) as target:
        return fuzz(EXPORT, target, examples=0)


def test_a_finding_shows_the_twin_that_was_accepted():
    """Beside the request that breaks the constraint."""
    validator, numbers = Validator(EXPORT, wire=True), iter(range(10**6))

    def start(asked):
        broken = {each.constraint for each in validator.violations(asked)} - {"ArchiveId.pattern"}
        if broken:
            raise ValidationException("no")
        return {"ExportId": f"export-{next(numbers)}"}

    (found,) = fuzzed(start).findings
    assert found.constraint == "ArchiveId.pattern"
    assert found.twin.startswith('the same with ArchiveId "a-')
    assert found.twin.endswith(": accepted")


def test_a_crash_on_an_absent_member_is_one_finding_also_where_the_body_is_empty():
    """`{}` draws the reply that the request without the member draws: its cause is the same."""
    validator, numbers = Validator(EXPORT, wire=True), iter(range(10**6))

    def start(asked):
        asked["ArchiveId"]  # a KeyError where it is absent
        if validator.violations(asked):
            raise ValidationException("no")
        return {"ExportId": f"export-{next(numbers)}"}

    outcome = fuzzed(start)
    crashes = [cause for cause in causes(outcome) if cause.verdict == "crash"]
    assert {each.constraint for cause in crashes for each in cause.findings} >= {
        "ArchiveId.required"
    }
    bodies = [cause.findings[0].message.body for cause in crashes]
    assert len([body for body in bodies if isinstance(json.loads(body), dict)]) == 1
