"""Several requests to start from: each member is reached in one in which it is accepted."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from contract_kit import operation
from contract_kit.cases.given import requests_for
from contract_kit.cases.good_request import GoodRequest
from contract_kit.fuzz import fuzz
from contract_kit.target.make import target_of
from contract_kit.validate import Validator

LIST = operation("mailmanager:ListArchiveExports")
GET = replace(operation("mailmanager:ListArchives"), examples=())


class ValidationException(Exception):
    """Its name is the error's."""


def _either(request):
    """Takes a page size or a token, and not both, as no model says."""
    given = {name for name, value in request.items() if value is not None}
    if not Validator(GET, wire=True).is_valid(request) or {"PageSize", "NextToken"} <= given:
        raise ValidationException("no")
    if request.get("NextToken") not in (None, "t" * 5, "given"):
        raise ValidationException("no such token")
    return {"Archives": []}


def _outcome(op, function, **options):
    with closing(target_of(function, op)) as target:
        return fuzz(op, target, **{"examples": 0, **options})


def test_each_location_is_reached_in_the_request_that_has_it():
    """The first one that has most of the way to it; else the first of all."""
    requests = [{"PageSize": 5}, {"NextToken": "given"}]
    base = GoodRequest(GET, None, requests)
    assert base.request == requests[0]
    assert base.reach(("PageSize",))[0] == requests[0]
    assert base.reach(("NextToken",))[0] == requests[1]
    assert base.reach(())[0] == requests[0]


def test_what_the_first_request_excludes_is_proven_in_the_second():
    """Of one request alone, half of the constraints would be untested."""
    outcome = _outcome(GET, _either, request=[{"PageSize": 5}, {"NextToken": "given"}])
    assert not outcome.findings
    verdicts = {entry.constraint.id: entry.verdict for entry in outcome.verdicts}
    own = {id: v for id, v in verdicts.items() if id.startswith(("PageSize.", "NextToken."))}
    assert set(own.values()) == {"enforced"}


def test_a_request_that_is_refused_after_all_is_a_note():
    """The run goes on from those that are accepted."""
    outcome = _outcome(GET, _either, request=[{"PageSize": 5}, {"NextToken": "unknown"}])
    assert any("a request that you gave is refused with" in note for note in outcome.notes)
    assert not outcome.findings


def test_published_examples_are_tried_as_starting_points():
    """After what is usual; those that do not conform are left out."""
    op = replace(LIST, examples=({"ArchiveId": "?"}, {"ArchiveId": "a-published"}))

    def picky(request):
        wrong = Validator(LIST, wire=True).violations(request)
        if wrong or request.get("ArchiveId") != "a-published":
            raise ValidationException("no")
        return {"Exports": []}

    outcome = _outcome(op, picky)
    assert outcome.cases > 50
    assert {"ArchiveId.required", "PageSize.maximum"} <= {
        entry.constraint.id for entry in outcome.verdicts if entry.verdict == "enforced"
    }


def test_a_published_example_reaches_members_that_others_exclude():
    """It is sent where it has a member that the usual request lacks."""
    op = replace(GET, examples=({"NextToken": "given"},))
    outcome = _outcome(op, _either, request={"PageSize": 5})
    verdicts = {entry.constraint.id: entry.verdict for entry in outcome.verdicts}
    assert verdicts["NextToken.maxLength"] == "enforced"
    assert not outcome.findings


@pytest.mark.parametrize("given", [[{"PageSize": 1}, {"NextToken": "t"}], []])
def test_a_list_of_requests_is_given_to_pytest(given):
    """In place of one; an empty list is none."""
    assert requests_for(GET, {GET.id: given}) == tuple(given)
