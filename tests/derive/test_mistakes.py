"""What services do otherwise than their models say, by constraint and by shape."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.cases import boundary_cases
from contract_kit.validate import Validator

TABLE = {"TableName": "table", "Key": {"k": {"S": "a"}}}


def _cases(id, request):
    return {
        case.id.partition("/")[2]: case for case in boundary_cases(operation(id), request=request)
    }


@pytest.mark.parametrize(
    ("id", "request_", "case"),
    [
        ("dynamodb:GetItem", TABLE, "TableName.maxLength/longest"),
        ("dynamodb:GetItem", TABLE, "TableName.minLength/shortest"),
        ("dynamodb:GetItem", TABLE, "Key[value].NULL.type/false"),
        ("dynamodb:DeleteItem", TABLE, "Key[value].NULL.type/false"),
    ],
)
def test_a_value_that_only_the_model_allows_is_left_open(id, request_, case):
    """In every operation that has the shape; the source is shown with it."""
    found = _cases(id, request_)[case]
    assert found.expects == "any"
    assert "Developer Guide" in found.open


def test_what_breaks_the_shape_is_still_refused():
    """A looser model is no reason to accept what even it forbids."""
    cases = _cases("dynamodb:GetItem", TABLE)
    for id in ("TableName.maxLength/one-too-long", "Key[value].NULL.type/one"):
        assert cases[id].expects == "reject"


def test_a_structure_that_is_a_union_in_fact_is_probed_one_member_at_a_time():
    """None of its conforming cases has two members, and two are nowhere claimed to be right."""
    op = operation("dynamodb:PutItem")
    request = {"TableName": "table", "Item": {"k": {"S": "a"}}}
    for case in boundary_cases(op, request=request):
        for value in case.request.get("Item") or {} if case.expects == "accept" else ():
            assert len(case.request["Item"][value] or {}) <= 1, case.id
    both = {**request, "Item": {"k": {"S": "a", "N": "1"}}}
    assert Validator(op, wire=True).is_valid(both)
