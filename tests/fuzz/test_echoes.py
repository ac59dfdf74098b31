"""Results that repeat what the request gave are not blamed for it."""

from __future__ import annotations

from contextlib import closing

import boto3
import pytest
from botocore.stub import Stubber

from contract_kit import operation
from contract_kit.fuzz import Setup, fuzz
from contract_kit.fuzz.campaign.request_checker import RequestChecker
from contract_kit.spy import spying
from contract_kit.target import Recipe
from contract_kit.target.make import target_of
from contract_kit.validate.reply import ReplyValidator, echoed
from contract_kit.verdict.unpaired import Unpaired
from contract_kit.wire.table import wire_of

CREATE = operation("dynamodb:CreateTable")
SECRET = operation("secretsmanager:CreateSecret")
LONGEST = "CreateSecret/Name.maxLength/longest"


def _findings(name_of):
    def serve(request):
        return {"Name": name_of(request)}

    with closing(target_of(serve, SECRET)) as target:
        outcome = fuzz(SECRET, target, request={"Name": "s-{seq}"}, cases=(LONGEST,), examples=0)
    return [finding.constraint for finding in outcome.findings], outcome.notes


def test_a_name_that_only_a_request_may_have_is_a_note_in_the_reply():
    """A request may give 512 characters, of which a reply may have half."""
    findings, notes = _findings(lambda request: request["Name"])
    assert findings == []
    assert any("repeat values of the request" in note for note in notes)


def test_a_name_that_the_request_does_not_have_is_a_finding():
    """The target made it."""
    findings, _ = _findings(lambda request: "x" * 300)
    assert findings == ["response.schema"]


def test_only_limits_are_excused_and_only_of_the_same_member():
    """A type is not, nor what another member was given."""
    for given, told in (("e", "TableName.minLength"), (5, "")):
        result = {"TableDescription": {"TableName": given}}
        broken = _echoed({"TableName": given}, result)
        assert [each.constraint for each in broken] == (
            [f"TableDescription.{told}"] if told else []
        )
    assert not _echoed({"Other": "e"}, {"TableDescription": {"TableName": "e"}})


def _echoed(request, result):
    return echoed(request, ReplyValidator(CREATE).violations(result))


WIRE = wire_of(SECRET)
LONG = "s" * 300
"""A name that a request may have, and a reply may not."""


def _check(serve, request):
    with closing(target_of(serve, SECRET)) as target:
        setup = Setup(wire=WIRE, target=Recipe(given=target))
        finding = RequestChecker(setup, target).check(request).finding
    return [finding.constraint] if finding else []


def _spy(serve, request):
    client = boto3.client(
        "secretsmanager",
        region_name="us-east-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )
    with Stubber(client) as stub, spying() as spy:
        stub.add_response("create_secret", serve(request))
        client.create_secret(**request)
    return [broken.constraint for broken in spy.calls[0].reply]


def _hook(serve, request):
    message = WIRE.encode(request)
    reply = WIRE.result_reply(serve(request))
    return [shown.constraint for shown in Unpaired(WIRE).findings(message, reply)]


@pytest.mark.parametrize("door", [_check, _spy, _hook])
def test_every_door_excuses_what_repeats_the_request_and_nothing_else(door):
    """`contract_check`, the spy, and the judge of the hooks for schemathesis."""
    request = {"Name": LONG}
    assert door(lambda given: {"Name": given["Name"]}, request) == []
    (found,) = door(lambda given: {"Name": "x" * 300}, request)
    assert found in ("response.schema", "response.Name.maxLength")
