"""Campaigns against every kind of target: the same contract, the same verdicts."""

from __future__ import annotations

from contextlib import closing

import pytest

from contract_kit import operation
from contract_kit.errors import NotExpressible
from contract_kit.fuzz import fuzz
from contract_kit.target.make import target_of
from contract_kit.validate.validator import Validator
from contract_kit.wire.aws_json import AwsJson

LIST = operation("mailmanager:ListArchiveExports")

OF_HTTP = {
    "response.status",
    "response.contentType",
    "error.status",
    "error.contentType",
    "error.shape",
}


class ValidationException(Exception):
    """Its name is the error's."""


def checked(request):
    """ListArchiveExports as a function that keeps the contract."""
    violations = Validator(LIST, wire=True).violations(request)
    if violations:
        raise ValidationException(violations[0].message)
    return {"Exports": []}


async def awaited(request):
    """The same, asynchronous."""
    return checked(request)


def lax(request):
    """A function that accepts one thing too many."""
    if request.get("PageSize") == 51:
        return {"Exports": []}
    return checked(request)


def run(given, **options):
    """The outcome of a campaign against whatever is given."""
    with closing(target_of(given, LIST)) as target:
        return fuzz(LIST, target, **{"examples": 0, **options})


@pytest.mark.parametrize("function", [checked, awaited])
def test_a_correct_function_conforms(kit, function):
    """What it cannot be asked is not expressible, what it has none of untested: never enforced."""
    outcome = run(function)
    assert outcome.conforms
    assert outcome.findings == ()
    verdicts = kit.verdicts(outcome)
    wire = {id for id in verdicts if id.startswith("wire.")} - {"wire.connection"}
    assert {id for id, each in verdicts.items() if each == "untested"} == OF_HTTP
    unsaid = {id for id, each in verdicts.items() if each == "not expressible"}
    assert unsaid == wire | {"request.type"}
    details = {entry.constraint.id: entry.detail for entry in outcome.verdicts}
    for id in wire:
        assert details[id].startswith("a function takes requests"), id
    assert not [note for note in outcome.notes if "most cases prove nothing" in note]


def test_a_lax_function_is_found_out(kit):
    """With the request that shows it."""
    (finding,) = run(lax).findings
    assert (finding.constraint, finding.verdict) == ("PageSize.maximum", "too lax")


def test_a_function_that_trips_is_a_crash(kit):
    """A KeyError is no answer that anyone means."""

    def hasty(request):
        return checked(request) if request["ArchiveId"] else {}

    found = {(entry.constraint, entry.verdict): entry for entry in run(hasty).findings}
    tripped = found["ArchiveId.required", "crash"]
    assert tripped.reason == "the function raised KeyError: 'ArchiveId'"
    # Where it is null, it does not trip.
    assert ("ArchiveId.required", "too lax") in found


def test_a_request_that_the_protocol_cannot_write_is_untested(kit, monkeypatch):
    """And the run goes on."""
    encode = AwsJson.encode

    def picky(self, op, request):
        if request.get("NextToken") == "":
            raise NotExpressible("an empty string has no form")
        return encode(self, op, request)

    monkeypatch.setattr(AwsJson, "encode", picky)
    outcome = run(checked)
    (entry,) = (e for e in outcome.verdicts if e.constraint.id == "NextToken.minLength")
    assert outcome.conforms
    assert kit.verdicts(outcome)["PageSize.minimum"] == "enforced"
    assert (entry.verdict, entry.detail) == (
        "not expressible",
        "an empty string has no form",
    )
