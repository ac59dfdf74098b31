"""Structures that are unions in reality: their members are probed one at a time."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from contract_kit import operation
from contract_kit.fuzz import Setup
from contract_kit.fuzz.campaign.campaign import Campaign
from contract_kit.fuzz.partial_outcome import joined, outcome_of
from contract_kit.target import Recipe
from contract_kit.target.make import target_of
from contract_kit.validate import Validator
from contract_kit.wire.table import wire_of


def _unmarked(op):
    """An operation whose structures are not known to be unions."""
    shapes = {name: replace(shape, exclusive="") for name, shape in op.shapes.items()}
    return replace(op, shapes=shapes)


PUT = _unmarked(operation("dynamodb:PutItem"))
REQUEST = {"TableName": "table", "Item": {"id": {"S": "a"}}}


class ValidationException(Exception):
    """Its name is the error's."""


def _attributes(value):
    """Every attribute value in a request."""
    for name in ("Item", "ExpressionAttributeValues"):
        yield from (value.get(name) or {}).values()


def _server(most):
    def serve(request):
        wrong = not Validator(PUT, wire=True).is_valid(request)
        if not wrong:
            given = [
                [name for name in each if each[name] is not None] for each in _attributes(request)
            ]
            wrong = any(not 1 <= len(names) <= most for names in given)
        if wrong or (request.get("Item") or {}).get("id") != {"S": "a"}:
            raise ValidationException("no")
        return {}

    return serve


def _run(most):
    with closing(target_of(_server(most), PUT)) as target:
        setup = Setup(wire=wire_of(PUT), target=Recipe(given=target), requests=(REQUEST,))
        parts = []
        campaign = Campaign(setup, target, lambda event: parts.append(event.part))
        campaign.run()
        parts.append(campaign.take())
        return campaign.operation, outcome_of(campaign.wire, [joined(parts)])


@pytest.fixture(scope="module")
def union():
    """A run against a server that takes one member."""
    return _run(1)


def test_a_structure_of_which_every_second_member_is_refused_is_a_union_in_doubt(union):
    """With the error as the reason."""
    shape = union[0].shapes["AttributeValue"]
    assert shape.exclusive.endswith("refuses a second member of it with ValidationException")


def test_its_members_are_proven_one_at_a_time(union):
    """Each beside nothing else, and beside the key that the user gave."""
    verdicts = {entry.constraint.id: entry.verdict for entry in union[1].verdicts}
    assert verdicts["Item[value].BOOL.type"] == "enforced"
    assert verdicts["Item[value].N.type"] == "enforced"
    assert not union[1].findings
    assert any("AttributeValue is probed one member at a time" in note for note in union[1].notes)


def test_a_structure_that_takes_several_members_is_what_its_model_says():
    """Nothing is in doubt."""
    found, outcome = _run(10)
    assert not found.shapes["AttributeValue"].exclusive
    assert "too lax" not in {entry.verdict for entry in outcome.verdicts}
