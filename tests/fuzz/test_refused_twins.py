"""Campaigns in which requests that conform are refused."""

from __future__ import annotations

import json
from contextlib import closing
from types import SimpleNamespace

import pytest

from contract_kit import operation
from contract_kit.cases.export import all_cases
from contract_kit.cases.groups import groups
from contract_kit.fuzz import Setup
from contract_kit.fuzz.campaign.campaign import Campaign
from contract_kit.fuzz.campaign.group_runs import GroupRuns
from contract_kit.fuzz.campaign.neighbours import has_accepted_sibling
from contract_kit.target import Recipe
from contract_kit.target.http import wsgi_target
from contract_kit.wire.message import Answer
from contract_kit.wire.table import wire_of


def campaign_of(op, target):
    """A campaign that is to be run in groups."""
    return Campaign(Setup(wire=wire_of(op), target=Recipe(given=target)), target)


def _tokenless(kit, accepts):
    """A server that knows no page token, and takes what the function says as one."""

    def server(asked):
        said = kit.correct(asked)
        try:
            token = asked.value.get("NextToken") if kit.is_asked(asked) else None
        except (AttributeError, ValueError, RecursionError):
            return said
        if token is not None and accepts(token):
            return kit.result({"Exports": []})
        return kit.error("TokenException") if token is not None and said.status == 200 else said

    return server


def test_a_violation_that_is_accepted_needs_no_twin(kit):
    """Every token that conforms is refused, and a number is taken."""
    outcome = kit.fuzzed(_tokenless(kit, lambda token: isinstance(token, int)))
    found = {(each.constraint, each.verdict) for each in outcome.findings}
    assert ("NextToken.type", "too lax") in found


def test_exploration_shows_what_is_accepted_without_a_twin(kit):
    """Finer cases are sent although their twins are refused."""
    server = _tokenless(kit, lambda token: token == 1.5)
    outcome = kit.fuzzed(server, examples=600)
    found = {(each.constraint, each.verdict): each for each in outcome.findings}
    assert json.loads(found["NextToken.type", "too lax"].message.body)["NextToken"] == 1.5


def _nowhere(kit, crashes=lambda value: False):
    """A server that has nothing, and validates well before it looks."""

    def server(asked):
        said = kit.correct(asked)
        if kit.is_asked(asked):
            try:
                if crashes(asked.value):
                    return kit.Said(500, b"oops")
            except (ValueError, RecursionError):
                return said
        nothing = said.status == 200
        return kit.error("ResourceNotFoundException", status=404) if nothing else said

    return server


def test_another_answer_than_not_found_proves_as_much_as_an_acceptance(kit):
    """Violations are told from what does not exist, so they were looked at."""
    outcome = kit.fuzzed(_nowhere(kit))
    got = kit.verdicts(outcome)
    assert outcome.findings == ()
    for id in ("ArchiveId.pattern", "ArchiveId.required", "PageSize.maximum", "NextToken.type"):
        assert got[id] in ("enforced", "implied"), id


def test_a_crash_is_found_where_nothing_exists(kit):
    """Anybody can see it."""
    crashes = lambda value: isinstance(value, dict) and "ArchiveId" not in value  # noqa: E731
    outcome = kit.fuzzed(_nowhere(kit, crashes))
    found = {(each.constraint, each.verdict) for each in outcome.findings}
    assert ("ArchiveId.required", "crash") in found


def test_groups_find_it_as_well(kit):
    """As pytest runs them."""
    server = _tokenless(kit, lambda token: isinstance(token, int))
    with closing(wsgi_target(kit.wsgi(server))) as target:
        steps = GroupRuns(campaign_of(kit.LIST, target))
        (group,) = [
            each
            for each in groups(wire_of(kit.LIST))
            if each.constraint == "NextToken.type" and each.side == "outside"
        ]
        step = steps.run(group)
    assert step.verdict == "too lax"
    assert step.finding is not None
    assert isinstance(json.loads(step.finding.message.body)["NextToken"], int)


@pytest.mark.parametrize(
    ("slug", "taken", "shown"),
    [
        ("value-TO", ("CC", "FROM", "SUBJECT"), True),
        ("value-TO", (), False),
        ("value-TO", ("TO",), False),
        ("value-CC", ("FROM",), True),
    ],
)
def test_another_documented_value_is_as_good_a_twin(slug, taken, shown):
    """The first value of an enumeration stands in all twins, so that they are refused with it."""
    export = operation("mailmanager:StartArchiveExport")
    attribute = "Filters.Include[].StringExpression.Evaluate.Attribute.enum"
    case = next(
        each
        for each in all_cases(export, wire_of(export))
        if each.id.endswith(f"{attribute}/{slug}")
    )

    def answered(asked):
        condition = asked.request["Filters"]["Include"][0]["StringExpression"]
        is_taken = condition["Evaluate"]["Attribute"] in taken
        answer = Answer(kind="result" if is_taken else "error", status=200, name="", text="")
        return SimpleNamespace(answer=answer)

    assert has_accepted_sibling(export, SimpleNamespace(to=answered), case) is shown
