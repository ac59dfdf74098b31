"""Entries that the user gave: probed where the target takes them, in their place or beside them."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from contract_kit import operation
from contract_kit.fuzz import fuzz
from contract_kit.target.make import target_of
from contract_kit.validate import Validator

GET = operation("dynamodb:GetItem")
EVENTS = operation("logs:PutLogEvents")
KEY = {"TableName": "table", "Key": {"k": {"S": "a"}}}


class ValidationException(Exception):
    """Its name is the error's."""


class ResourceInUseException(Exception):
    """Its name is the error's."""


def _verdicts(op, function, **options):
    with closing(target_of(function, op)) as target:
        outcome = fuzz(op, target, **{"examples": 0, **options})
    return {entry.constraint.id: entry.verdict for entry in outcome.verdicts}, outcome


def _one_key(*, checks):
    """A table of one key, of which it reads the string, and checks that no other is there."""

    def serve(request):
        key = request.get("Key")
        wrong = checks and not Validator(GET, wire=True).is_valid(request)
        if wrong or not isinstance(key, dict) or [*key] != ["k"]:
            raise ValidationException("The provided key element does not match the schema")
        if not isinstance(key["k"], dict) or "S" not in key["k"]:
            raise ValidationException("Type mismatch for key")
        return {}

    return serve


def test_what_no_added_entry_shows_is_probed_in_the_one_that_was_given():
    """An entry beside it is refused whatever it holds."""
    verdicts, _ = _verdicts(GET, _one_key(checks=False), request=KEY)
    for name in ("S", "N", "B", "BOOL", "SS", "SS[]", "M[value]"):
        assert verdicts[f"Key[value].{name}.type"] == "too lax", name


def test_a_table_that_checks_all_values_shows_nothing():
    """No probe in the given entry makes a correct server look too strict."""
    verdicts, outcome = _verdicts(GET, _one_key(checks=True), request=KEY)
    assert not outcome.findings
    assert verdicts["Key[value].S.type"] == "enforced"


def test_an_added_entry_is_probed_where_the_given_one_may_not_change():
    """The table's key is a string, and other attributes may be anything."""
    op = operation("dynamodb:PutItem")

    def serve(request):
        item = request.get("Item")
        if not isinstance(item, dict) or item.get("k") != {"S": "a"}:
            raise ValidationException("no such key")
        return {}

    request = {"TableName": "table", "Item": KEY["Key"]}
    verdicts, _ = _verdicts(op, serve, request=request)
    assert verdicts["Item[value].N.type"] == "too lax"
    assert verdicts["Item[key].maxLength"] == "too lax"


def test_an_item_that_depends_on_those_before_it_is_probed_alone():
    """Log events have to be in order, which says nothing of their times."""

    def serve(request):
        times = [event.get("timestamp") for event in request.get("logEvents") or ()]
        if not all(isinstance(time, int) for time in times) or times != sorted(times):
            raise ValidationException("Log events must be in chronological order.")
        return {}

    request = {
        "logGroupName": "g",
        "logStreamName": "s",
        "logEvents": [{"timestamp": 1_790_000_000_000, "message": "m"}],
    }
    verdicts, outcome = _verdicts(EVENTS, serve, request=request)
    assert verdicts["logEvents[].timestamp.minimum"] == "too lax"
    assert "too strict" not in {finding.verdict for finding in outcome.findings}


CREATE = replace(
    operation("secretsmanager:CreateSecret"),
    examples=({"Name": "MyDatabase", "Description": "d", "SecretString": "s"},),
)


class ResourceExistsException(Exception):
    """Its name is the error's."""


def _secrets(excludes):
    """Makes each secret once. excludes: a member that it takes in no request but the example."""
    names = set()

    def serve(request):
        name = request.get("Name")
        if not isinstance(name, str) or (excludes in request and name != "MyDatabase"):
            raise ValidationException("no")
        if name in names:
            raise ResourceExistsException("it exists")
        names.add(name)
        return {"Name": name}

    return serve


@pytest.mark.parametrize(("excludes", "verdict"), [("", "too lax"), ("Description", "untested")])
def test_a_published_example_whose_name_is_taken_masks_no_member(excludes, verdict):
    """The member is added to the request that was given; an example has to be accepted twice."""
    request = {"Name": "s-{seq}", "SecretString": "x"}
    verdicts, _ = _verdicts(CREATE, _secrets(excludes), request=request)
    assert verdicts["Description.maxLength"] == verdict
    assert verdicts["SecretString.maxLength"] == "too lax"


def _table(error):
    """Refuses a change that changes nothing, as DynamoDB does, and checks no description."""
    state = {"units": 1}

    def serve(request):
        units = request.get("ProvisionedThroughput")
        if units == state["units"]:
            raise error("The provisioned throughput for the table will not change.")
        state["units"] = units
        return {}

    return serve


UPDATE = operation("dynamodb:UpdateTable")
UNITS = {
    "TableName": "t",
    "ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 2},
}


@pytest.mark.parametrize("error", [ValidationException, ResourceInUseException])
def test_a_request_that_is_refused_as_a_repetition_blames_no_one(error):
    """It is sent twice at once, before anything is said of what happened in between."""
    _, outcome = _verdicts(UPDATE, _table(error), request=UNITS)
    assert {finding.verdict for finding in outcome.findings} <= {"too lax"}
    assert not any(finding.constraint == "wire.connection" for finding in outcome.findings)


def test_a_repetition_is_made_welcome_by_another_change():
    """What is refused as a repetition is sent again after a request that changes it back."""
    verdicts, _ = _verdicts(UPDATE, _table(ValidationException), request=UNITS)
    for id in ("AttributeDefinitions.type", "AttributeDefinitions[].AttributeType.enum"):
        assert verdicts[id] == "too lax", id


def test_another_value_in_place_of_a_given_one_is_not_claimed_to_be_taken():
    """The first key of a table is its hash key, whatever else the type of a key may be."""
    op = operation("dynamodb:CreateTable")

    def serve(request):
        keys = request.get("KeySchema")
        if keys != [{"AttributeName": "k", "KeyType": "HASH"}]:
            raise ValidationException("The first KeySchemaElement is not a HASH key type")
        return {}

    request = {
        "TableName": "table",
        "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}],
    }
    only = ("CreateTable/KeySchema[].KeyType.enum/value-RANGE",)
    _, outcome = _verdicts(op, serve, request=request, cases=only)
    assert not [each for each in outcome.findings if each.verdict == "too strict"]
