"""The schema for editors takes what `validate` takes, in each dialect."""

from __future__ import annotations

import json

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from contract_kit import operation
from contract_kit.requestfile.dialect import DIALECTS
from contract_kit.requestfile.editor import editor_schema
from contract_kit.requestfile.operations import Operations
from contract_kit.requestfile.request_checker import FileChecker
from contract_kit.strategies import valid, violating

EXPORT = operation("mailmanager:StartArchiveExport")
GOOD = {
    "ArchiveId": "a-abc123",
    "FromTimestamp": 1700000000,
    "ToTimestamp": 1700086400,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/path"}},
}
VALUES = [
    {},
    {"$schema": "x"},
    {"FromTimestamp": "2024-01-01", "ToTimestamp": "2024-01-02T00:00:00.5+01:00"},
    {"FromTimestamp": "1700000000"},
    {"FromTimestamp": "soon"},
    {"FromTimestamp": 1e15},
    {"FromTimestamp": True},
    {"MaxResults": "5"},
    {"MaxResults": None},
    {"archiveId": "a"},
    {"ArchiveId": "x y"},
    {"ExportDestinationConfiguration": {"S3": {"$schema": "x"}}},
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("changes", VALUES, ids=str)
def test_the_schema_takes_what_the_dialect_takes(dialect, changes):
    """Nothing else; `$schema` at the root, which is for editors, apart."""
    schema = editor_schema(EXPORT, dialect)
    jsonschema.Draft202012Validator.check_schema(schema)
    request = {**GOOD, **changes}
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(request))
    # An editor knows nothing of the order of times, about which there is only a warning.
    late = changes.get("FromTimestamp") == 1e15 and dialect == "wire"
    request.pop("$schema", None)
    assert (errors == []) is (late or FileChecker(EXPORT, dialect).conforms(request))


@pytest.mark.parametrize(
    ("id", "dialect"),
    [
        ("kinesis:PutRecord", "cli"),
        ("kinesis:PutRecord", "boto3"),
        ("dynamodb:PutItem", "wire"),
        ("dynamodb:PutItem", "cli"),
        ("mailmanager:CreateRuleSet", "wire"),
    ],
)
def test_any_operation_has_one(id, dialect):
    """Self-contained: no reference leads out of it, nothing of the kit's own is left in it."""
    schema = editor_schema(operation(id), dialect)
    jsonschema.Draft202012Validator.check_schema(schema)
    text = json.dumps(schema)
    assert "x-contract" not in text
    assert '"$ref": "#/$defs/' in text
    assert text.count('"$ref": "') == text.count('"$ref": "#/')
    assert Operations.of_schema(schema["$id"]) == (id, dialect)


def test_examples_of_the_strategies_are_judged_alike():
    """By the schema for the wire and by the engine."""
    schema = jsonschema.Draft202012Validator(editor_schema(EXPORT, "wire"))

    @settings(max_examples=30, suppress_health_check=list(HealthCheck))
    @given(valid(EXPORT))
    def conforming(request):
        assert schema.is_valid(request)

    @settings(max_examples=30, suppress_health_check=list(HealthCheck))
    @given(violating(EXPORT, "Filters.Include.maxItems"))
    def breaking(case):
        assert not schema.is_valid(case.request)

    conforming()
    breaking()


def test_the_description_says_what_is_documented():
    """Where the pointer rests on a member."""
    root = editor_schema(EXPORT, "wire")["$defs"]["StartArchiveExportRequest"]["properties"]
    assert root["ArchiveId"]["description"] == r"string; required; must match a-[\w]{1,64}"


def test_the_committed_schema_stays_as_it_is():
    """The one for editors is a copy."""
    before = json.dumps(EXPORT.request)
    editor_schema(EXPORT, "cli")
    assert json.dumps(EXPORT.request) == before
