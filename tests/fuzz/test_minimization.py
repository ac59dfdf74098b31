"""The smallest request that shows a finding, whatever request met it first."""

from __future__ import annotations

import json
from contextlib import closing

from contract_kit import operation
from contract_kit.fuzz.campaign.campaign import Campaign
from contract_kit.target.make import target_of
from contract_kit.validate import Validator

EXPORT = operation("mailmanager:StartArchiveExport")


class ValidationException(Exception):
    """Its name is the error's."""


def findings(overlooks):
    """What is found where a correct function overlooks what `overlooks(request, constraint)` says."""
    validator = Validator(EXPORT, wire=True)
    numbers = iter(range(10**6))

    def start(request):
        broken = {each.constraint for each in validator.violations(request)}
        if any(not overlooks(request, id) for id in broken):
            raise ValidationException("no")
        return {"ExportId": f"export-{next(numbers)}"}

    with closing(target_of(start, EXPORT)) as target:
        campaign = Campaign(EXPORT, target)
        campaign.run()
    return {found.constraint: found for found in campaign.outcome().findings}


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
