"""A few operations of each protocol through everything that is promised of any operation."""

from __future__ import annotations

import json

import pytest

from contract_kit.cases import boundary_cases
from contract_kit.cases.finer_cases import finer_cases
from contract_kit.cases.good_request import unsequenced
from contract_kit.strategies import valid, violating
from contract_kit.strategies.violating_requests import Breaker
from contract_kit.validate import Validator

OPERATIONS = (
    "amplify:GetBackendEnvironment",  # rest-json
    "arc-region-switch:ListPlans",  # smithy-rpc-v2-cbor
    "cloudfront:GetDistributionConfig",  # rest-xml
    "comprehend:DeleteEndpoint",  # smithy-rpc-v2-cbor, json
    "ebs:CompleteSnapshot",  # rest-json
    "ec2-instance-connect:SendSSHPublicKey",  # json
    "ec2:ModifyCapacityReservation",  # ec2
    "guardduty:CreateThreatEntitySet",  # rest-json
    "iam:UpdateOpenIDConnectProviderThumbprint",  # query
    "s3:DeleteBucketMetadataTableConfiguration",  # rest-xml
)
EVERY = 7
"""Of how many cases one is judged by the oracle, which takes its time."""


@pytest.mark.parametrize("id", OPERATIONS)
def test_cases_and_draws_of_any_operation_keep_what_they_promise(kit, oracle_of, id):
    """By two validators that share no code."""
    op = kit.operation(id)
    validator, oracle = Validator(op, wire=True), oracle_of(op)
    boundary = boundary_cases(op)
    cases = (*boundary, *finer_cases(op, known=boundary))
    for number, case in enumerate(cases):
        request = unsequenced(case.request)
        assert validator.is_valid(request) is not bool(case.breaks), case.id
        if case.expects == "reject":
            assert case.constraint in case.breaks, case.id
            assert validator.is_valid(unsequenced(case.twin)), case.id
        elif case.expects == "accept":
            assert case.breaks == (), case.id
        if number % EVERY == 0:
            assert oracle.broken_on_the_wire(request) == set(case.breaks), case.id
    alone = {case.breaks[0] for case in boundary if len(case.breaks) == 1}
    assert set(Breaker(op, {}).breakable) == {"request.type", *alone}
    for request in kit.sample(valid(op), 4):
        assert oracle.broken(request) == set(), request
        json.dumps(request, allow_nan=False).encode()
    for drawn in kit.sample(violating(op), 8):
        assert oracle.broken_on_the_wire(drawn.request) == {drawn.constraint}, drawn
