"""The smallest request that shows a finding, whatever request met it first."""

from __future__ import annotations

import json
from contextlib import closing

from contract_kit import operation
from contract_kit.cases.case import Case
from contract_kit.fuzz import fuzz
from contract_kit.fuzz.campaign.smaller_cases import READABLE, smaller
from contract_kit.target.make import target_of
from contract_kit.validate import Validator

EXPORT = operation("mailmanager:StartArchiveExport")


class ValidationException(Exception):
    """Its name is the error's."""


def findings(overlooks, *, request=None, reply=lambda request, said: said):
    """What is found where a correct function overlooks what `overlooks(request, constraint)` says.

    request: the user's own. reply: what the function answers in place of what is right.
    """
    validator = Validator(EXPORT, wire=True)
    numbers = iter(range(10**6))

    def start(asked):
        broken = {each.constraint for each in validator.violations(asked)}
        if any(not overlooks(asked, id) for id in broken):
            raise ValidationException("no")
        return reply(asked, {"ExportId": f"export-{next(numbers)}"})

    with closing(target_of(start, EXPORT)) as target:
        outcome = fuzz(EXPORT, target, request=request, examples=0)
    return {found.constraint: found for found in outcome.findings}


def shown(found):
    """The request that a finding shows."""
    return json.loads(found.message.body)


def test_members_that_do_not_matter_are_left_out():
    """Only beside MaxResults is a missing time overlooked: it alone stays of the optional members."""
    found = findings(
        lambda request, broken: broken == "ToTimestamp.required" and "MaxResults" in request
    )
    assert set(found) == {"ToTimestamp.required"}
    request = shown(found["ToTimestamp.required"])
    assert {name for name, value in request.items() if value is not None} == {
        "ArchiveId",
        "FromTimestamp",
        "MaxResults",
        "ExportDestinationConfiguration",
    }


def test_items_that_do_not_matter_are_left_out():
    """An empty union is overlooked behind another item: two are enough to show it."""
    id = "Filters.Include[].union"

    def overlooks(request, broken):
        items = (request.get("Filters") or {}).get("Include") or []
        return broken == id and len(items) > 1 and items[-1] == {} and {} not in items[:-1]

    request = shown(findings(overlooks)[id])
    assert len(request["Filters"]["Include"]) == 2
    assert set(request) == {
        "ArchiveId",
        "FromTimestamp",
        "ToTimestamp",
        "Filters",
        "ExportDestinationConfiguration",
    }
    assert set(request["Filters"]) == {"Include"}


def test_what_depends_on_every_member_keeps_them():
    """Nothing is shown that does not show it."""
    found = findings(lambda request, broken: broken == "ToTimestamp.required" and len(request) > 5)
    assert len(shown(found["ToTimestamp.required"])) > 5


LONG = "a-" + "x" * 60


def test_values_that_do_not_matter_are_shortened():
    """Beside a missing time, neither a long identifier nor a large number says anything."""
    given = {
        "ArchiveId": LONG,
        "FromTimestamp": 1700000000,
        "ToTimestamp": 1700086400,
        "ExportDestinationConfiguration": {"S3": {}},
    }
    case = Case(
        id="StartArchiveExport/MaxResults.type/string",
        constraint="MaxResults.type",
        side="outside",
        expects="reject",
        family="type",
        request={**given, "MaxResults": "a" * 200},
        twin={**given, "MaxResults": 1234567890},
        breaks=("MaxResults.type",),
    )
    sizes = {}
    for small in smaller(EXPORT, case, ("MaxResults",), lambda path: False):
        for name in ("ArchiveId", "MaxResults"):
            sizes.setdefault(name, set()).add(len(small.request[name]))
    assert min(sizes["ArchiveId"]) <= READABLE
    assert min(sizes["MaxResults"]) == 1


def test_what_the_user_gave_is_never_taken_away_or_changed():
    """Without it a request may do something else: a DryRun that is left out is none."""
    request = {
        "ArchiveId": LONG,
        "FromTimestamp": 1700000000,
        "ToTimestamp": 1700086400,
        "MaxResults": 123456,
        "ExportDestinationConfiguration": {"S3": {}},
    }
    found = findings(lambda value, broken: broken == "IncludeMetadata.type", request=request)
    assert shown(found["IncludeMetadata.type"]).items() >= request.items()


def test_a_long_string_that_breaks_its_pattern_is_shortened():
    """Random and finer values are as long as they come; the fewest letters that show it are kept."""
    found = findings(lambda request, broken: broken == "ArchiveId.pattern")
    assert len(shown(found["ArchiveId.pattern"])["ArchiveId"]) <= READABLE


def test_a_reply_that_is_wrong_is_shown_with_the_smallest_request_that_draws_it():
    """It lacks its identifier where two optional members are given: Filters are left out."""
    needed = {"MaxResults", "IncludeMetadata"}
    found = findings(
        lambda request, broken: False,
        reply=lambda request, said: {} if needed <= set(request) else said,
    )
    (finding,) = found.values()
    assert finding.constraint == "response.ExportId.present"
    assert set(shown(finding)) == {
        "ArchiveId",
        "FromTimestamp",
        "ToTimestamp",
        "ExportDestinationConfiguration",
        *needed,
    }
