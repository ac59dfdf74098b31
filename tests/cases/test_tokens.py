"""Tokens: of pages, which the service makes, and of idempotency, which clients always send."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.cases import boundary_cases
from contract_kit.cases.good_request import PADDED_SEQUENCE, GoodRequest
from contract_kit.derive.operation import derive_operation


@pytest.mark.parametrize(
    ("id", "token"),
    [
        ("kms:ListKeys", "Marker"),
        ("mailmanager:ListArchives", "NextToken"),
        ("stepfunctions:ListStateMachines", "nextToken"),
        ("dynamodb:Query", "ExclusiveStartKey"),
    ],
)
def test_a_page_token_stands_only_where_it_is_probed(id: str, token: str) -> None:
    """A made-up one may be refused: twins of violations have none, those of limits have one."""
    op = operation(id)
    base = GoodRequest(op)
    assert all(token not in request for request in (base.request, base.full(), base.smallest()))
    cases = boundary_cases(op)
    probing = [case for case in cases if case.constraint.startswith(f"{token}.")]
    for case in cases:
        if case.request.get(token) is not None and case.expects == "accept":
            assert token in case.twin, case.id
    assert all(token not in case.twin for case in probing if case.expects == "reject")
    assert "reject" in {case.expects for case in probing}
    # Without a token, the first page is due.
    absent = next(case for case in probing if case.slug == "absent")
    assert token not in absent.request


def test_a_page_token_that_the_user_binds_is_kept() -> None:
    """The service gave it."""
    op = operation("mailmanager:ListArchives")
    assert GoodRequest(op, {"NextToken": "given"}).full()["NextToken"] == "given"


def test_a_token_that_no_paginator_names_is_read_off_the_model() -> None:
    """By its name, in request and reply."""
    op = derive_operation("mailmanager:ListAddressLists")
    assert op.request["x-contract"]["paging"]["origin"] == "paginators"
    op = derive_operation("glue:GetDataflowGraph")
    assert "paging" not in op.request["x-contract"]


def test_an_idempotency_token_is_always_sent() -> None:
    """As clients do; raw requests without it may be refused."""
    op = operation("secretsmanager:CreateSecret")
    base = GoodRequest(op)
    for request in (base.request, base.full(), base.smallest()):
        assert PADDED_SEQUENCE in request["ClientRequestToken"]
    for case in boundary_cases(op):
        if case.expects == "accept":
            assert "ClientRequestToken" in case.request, case.id
