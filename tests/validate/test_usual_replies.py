"""Results that AWS itself would send are no faults; those that no client can read are."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.validate.reply import ReplyValidator, reply_faults


def broken(id, result):
    """The constraints that a result breaks, and those that AWS's own break as well."""
    found, usual = ReplyValidator(operation(id)).judged(result)
    return [[each.constraint for each in side] for side in (found, usual)]


@pytest.mark.parametrize(
    ("id", "result", "usual"),
    [
        ("codebuild:ListBuildsForProject", {"ids": []}, ["ids.minItems"]),
        ("dynamodb:BatchWriteItem", {"UnprocessedItems": {}}, ["UnprocessedItems.minProperties"]),
        (
            "dynamodb:BatchGetItem",
            {"UnprocessedKeys": {"T": {"Keys": []}}},
            ["UnprocessedKeys[value].Keys.minItems"],
        ),
        (
            "dynamodb:DescribeLimits",
            {"TableMaxReadCapacityUnits": 0},
            ["TableMaxReadCapacityUnits.minimum"],
        ),
    ],
)
def test_least_sizes_and_least_values_are_usual(id, result, usual):
    """AWS sends empty lists and maps, and zeros."""
    assert broken(id, result) == [[], usual]


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("logs:DescribeLogGroups", "nextToken"),
        ("kms:ListKeys", "NextMarker"),
        ("dynamodb:ListTables", "LastEvaluatedTableName"),
    ],
)
def test_an_empty_page_token_in_a_result_is_usual(id, name):
    """Clients take it for the end of the pages; what is no text is a fault all the same."""
    found, usual = broken(id, {name: ""})
    assert (found, bool(usual)) == ([], True)
    assert broken(id, {name: 5}) == [[f"{name}.type"], []]


@pytest.mark.parametrize(
    ("id", "result", "constraint"),
    [
        ("codebuild:ListBuildsForProject", {"ids": [""]}, "ids[].minLength"),
        ("codebuild:ListBuildsForProject", {"ids": ["x"] * 101}, "ids.maxItems"),
        ("ssm:GetParameter", {"Parameter": {"Type": "Text"}}, "Parameter.Type.enum"),
        ("ssm:GetParameter", {"Parameter": {"Version": "1"}}, "Parameter.Version.type"),
        ("mailmanager:GetArchive", {"ArchiveId": "a-1"}, "ArchiveName.required"),
    ],
)
def test_all_other_constraints_of_results_are_kept(id, result, constraint):
    """Presence, types, enumerations, limits of strings, and what is too much."""
    found, noted = broken(id, result)
    assert constraint in found
    assert noted == []


def test_all_least_sizes_and_values_are_one_note():
    """However many members break them; what else AWS breaks is named."""
    keys = {"UnprocessedKeys": {"T": {"Keys": []}, "U": {"Keys": []}}}
    faults, notes = reply_faults(operation("dynamodb:BatchGetItem"), keys)
    assert faults == []
    assert notes == (
        "results are below documented minimums; no finding, since AWS's own results are, too",
    )
    certificate = {"Certificate": {"KeyAlgorithm": "RSA-2048"}}
    _, (note,) = reply_faults(operation("acm:DescribeCertificate"), certificate)
    assert "Certificate.KeyAlgorithm.enum" in note


@pytest.mark.parametrize(
    ("time", "is_right"),
    [
        (0, True),
        (1_700_000_000.5, True),
        (-62_135_596_800, True),
        (253_402_300_799.9, True),
        (-62_135_596_801, False),
        (253_402_300_800, False),
        (1_700_000_000_000, False),
        (-1e14, False),
    ],
)
def test_a_time_lies_in_the_years_that_clients_know(time, is_right):
    """Milliseconds in place of seconds, above all, are a year that no calendar has."""
    found, _ = broken("ssm:GetParameter", {"Parameter": {"LastModifiedDate": time}})
    assert found == ([] if is_right else ["Parameter.LastModifiedDate.type"])


@pytest.mark.parametrize(
    ("result", "is_right"),
    [
        ({}, True),
        ({"Parameter": {"Name": "a", "Undocumented": 1}}, True),
        ({"Parameter": {"Name": "a", "name": "b"}}, True),
        ({"Parameter": {}, "requestId": "1"}, True),
        ({"__type": "GetParameterResult"}, True),
        ({"ResponseMetadata": {"RequestId": "1"}}, True),
        ({"parameter": {"Name": "a"}}, False),
        ({"Parameter": {"name": "a"}}, False),
        ({"PARAMETER": {"Name": "a"}, "Other": 1}, False),
        ({"GetParameterResponse": {"Parameter": {"Name": "a"}}}, False),
        ({"Result": None, "Body": {}}, False),
    ],
)
def test_a_result_stands_under_names_that_clients_read(result, is_right):
    """Another case, or one more object around it, and the client sees nothing."""
    found, _ = broken("ssm:GetParameter", result)
    assert bool(found) is not is_right


@pytest.mark.parametrize(
    ("id", "result", "constraint"),
    [
        (
            "acm:DescribeCertificate",
            lambda value: {"Certificate": {"KeyAlgorithm": value}},
            ("Certificate.KeyAlgorithm.enum", "RSA-2048"),
        ),
        (
            "lambda:GetFunctionConfiguration",
            lambda value: {"LastUpdateStatusReasonCode": value},
            ("LastUpdateStatusReasonCode.enum", "Creating"),
        ),
        (
            "cognito-idp:CreateUserPool",
            lambda value: {"UserPool": {"SchemaAttributes": [{"Name": value}]}},
            ("UserPool.SchemaAttributes[].Name.maxLength", "phone_number_verified"),
        ),
    ],
)
def test_what_aws_was_recorded_to_send_is_usual(id, result, constraint):
    """That value alone: any other one is a fault."""
    name, value = constraint
    assert broken(id, result(value)) == [[], [name]]
    assert broken(id, result(f"{value}?")) == [[name], []]
