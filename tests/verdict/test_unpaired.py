"""Judging messages that someone else thought of, without twins."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from contract_kit import operation
from contract_kit.cases.export import all_cases
from contract_kit.cases.good_request import GoodRequest
from contract_kit.reference.faults.catalog import fault_names
from contract_kit.reference.server import Reference
from contract_kit.verdict.unpaired import Unpaired
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.message import Reply
from contract_kit.wire.table import wire_of

EXPORT = operation("mailmanager:StartArchiveExport")
JUDGE = Unpaired(wire_of(EXPORT))
GOOD = GoodRequest(EXPORT).request
MESSAGES = [
    message
    for case in all_cases(EXPORT, wire_of(EXPORT))
    if len((message := case.message or AwsJson().encode(EXPORT, case.request)).body) < 10_000
]
UNENFORCED = [
    constraint.id
    for constraint in EXPORT.constraints
    if f"{constraint.id}/not-enforced" in fault_names() and not constraint.implied_by
]


def found(*faults: str) -> dict[str, set[str]]:
    """Constraint → outcomes, over every case that the kit has."""
    server = Reference(faults)
    shown: dict[str, set[str]] = {}
    for message in MESSAGES:
        for each in JUDGE.findings(message, server.answer(message)):
            shown.setdefault(each.constraint, set()).add(each.outcome)
    return shown


def one(message, reply):
    """The one finding of an exchange."""
    (shown,) = JUDGE.findings(message, reply)
    return shown


def answered(value, status=400):
    """A reply with a JSON body."""
    headers = (("Content-Type", "application/x-amz-json-1.0"),)
    return Reply(status=status, headers=headers, body=json.dumps(value).encode())


def invalid(text):
    """A validation error."""
    return answered({"__type": "ValidationException", "message": text})


def test_nothing_is_found_in_a_correct_implementation():
    """Whatever it is sent: every boundary case and every malformed message."""
    assert len(MESSAGES) > 700
    assert found() == {}


@pytest.mark.parametrize("constraint", UNENFORCED[::4])
def test_a_constraint_that_is_not_enforced_is_named(constraint):
    """It, and nothing that holds: what is named beside it is broken by the same requests."""
    shown = found(f"{constraint}/not-enforced")
    assert "too lax" in shown[constraint]
    for other in shown:
        assert other.rpartition(".")[0].startswith(constraint.rpartition(".")[0])


@pytest.mark.parametrize(
    ("fault", "constraint", "outcome"),
    [
        ("ArchiveId.required/answered-with-500", "ArchiveId.required", "crash"),
        ("MaxResults.type/answered-with-500", "MaxResults.type", "crash"),
        ("ArchiveId.maxLength/off-by-one-strict", "ArchiveId.maxLength", "too strict"),
        ("Filters.Include.maxItems/off-by-one-strict", "Filters.Include.maxItems", "too strict"),
        ("validation/status-403", "error.status", "wrong error"),
        ("reply/ExportId-number", "response.schema", "too lax"),
        ("reply/ExportId-missing", "response.ExportId.present", "too lax"),
        ("reply/status-500", "request.type", "crash"),
    ],
)
def test_a_fault_is_named_by_its_constraint(fault, constraint, outcome):
    """Whatever kind it is of."""
    assert outcome in found(fault)[constraint]


def test_a_message_that_breaks_several_constraints_names_them_together():
    """Accepted, each of them is too lax; which one an error is about, no one can tell."""
    message = AwsJson().encode(EXPORT, {**GOOD, "ArchiveId": "x", "MaxResults": "y"})
    accepted = JUDGE.findings(message, answered({"ExportId": "e"}, 200))
    ids = ["ArchiveId.minLength", "ArchiveId.pattern", "MaxResults.type"]
    assert [each.constraint for each in accepted] == ids
    assert accepted[0].also == tuple(ids[1:])
    crash = one(message, Reply(status=500, body=b"oops"))
    assert (crash.outcome, (crash.constraint, *crash.also)) == ("crash", tuple(ids))
    # A type error comes first, but who checks before reading all is right as well.
    for name in ("SerializationException", "ValidationException"):
        assert JUDGE.findings(message, answered({"__type": name, "message": "no"})) == ()


def test_a_server_fault_is_a_crash_whatever_its_name():
    """Also where the error is documented, with this very status."""
    message = AwsJson().encode(EXPORT, {**GOOD, "ArchiveId": "x"})
    for name in ("EngineFailure", "ValidationException"):
        found = JUDGE.findings(message, answered({"__type": name, "message": "no"}, 500))
        assert found[0].outcome == "crash"


@pytest.mark.parametrize(
    "name", ["ResourceNotFoundException", "AccessDeniedException", "ThrottlingException"]
)
@pytest.mark.parametrize("change", [{}, {"ArchiveId": "x y z"}])
def test_a_state_error_shows_nothing(name, change):
    """Without a twin no one knows what it hides."""
    message = AwsJson().encode(EXPORT, {**GOOD, **change})
    assert JUDGE.findings(message, answered({"__type": name, "message": "no"})) == ()


def test_a_refused_request_is_too_strict_only_where_the_error_names_a_constraint():
    """The order of two times, or how many exports one may have, is no one's constraint."""
    message = AwsJson().encode(EXPORT, {**GOOD, "FromTimestamp": GOOD["ToTimestamp"] + 1})
    assert JUDGE.findings(message, invalid("FromTimestamp must be before ToTimestamp")) == ()
    text = "Value at 'archiveId' failed to satisfy constraint: Member must have length less than or equal to 9"
    assert one(message, invalid(text)).constraint == "ArchiveId.maxLength"
    text = (
        "Value at 'filters.include.1.member.stringExpression.values' failed to satisfy "
        "constraint: Member must have length greater than or equal to 2"
    )
    shown = one(message, invalid(text))
    assert shown.constraint == "Filters.Include[].StringExpression.Values.minItems"
    assert shown.outcome == "too strict"


@pytest.mark.parametrize(
    "value",
    [
        {"MaxResults": 0},
        {"MaxResults": 5.0},
        {"FromTimestamp": -1e15},
        {"ExportDestinationConfiguration": {"S3": {}}},
        {
            "Filters": {
                "Include": [
                    {
                        "StringExpression": {
                            "Evaluate": {"Attribute": "TO"},
                            "Operator": "CONTAINS",
                            "Values": ["a\0b"],
                        }
                    }
                ]
            }
        },
        {"ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bkt"}, "Unknown": 1}},
    ],
)
def test_what_a_correct_server_may_refuse_is_never_too_strict(value):
    """Even where the error names the place."""
    message = AwsJson().encode(EXPORT, {**GOOD, **value})
    text = "Value at 'archiveId' failed to satisfy constraint: Member must not be null"
    assert JUDGE.findings(message, invalid(text)) == ()
    assert one(message, Reply(failure="dropped", detail="gone")).outcome == "crash"


def without_rules(op):
    """The operation without what its documentation demands in words, which leaves values open."""
    shapes = {
        name: replace(shape, members=tuple(replace(member, rules=()) for member in shape.members))
        for name, shape in op.shapes.items()
    }
    return replace(op, shapes=shapes)


@pytest.mark.parametrize(
    "map_value",
    [{"a": {"S": "x"}}, {"a": {"S": "\0"}}, {"\0": {"S": "x"}}, {"a": {"L": [{"S": "\0"}]}}],
)
def test_maps_and_lists_are_looked_into(map_value):
    """For what nothing is promised of; a whole value too small to be wrong is."""
    put = without_rules(operation("dynamodb:PutItem"))
    message = AwsJson().encode(put, {"TableName": "table", "Item": map_value})
    text = "Value at 'tableName' failed to satisfy constraint: Member must not be null"
    shown = Unpaired(wire_of(put)).findings(message, invalid(text))
    assert bool(shown) is ("\0" not in json.dumps(map_value).replace("\\u0000", "\0"))


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"method": "DELETE"}, "wire.method"),
        (
            {
                "headers": (
                    ("X-Amz-Target", "Other.Thing"),
                    ("Content-Type", "application/x-amz-json-1.0"),
                )
            },
            "wire.target",
        ),
        ({"body": b"{"}, "wire.syntax"),
        ({"body": b"[]"}, "request.type"),
        ({"body": b""}, "ArchiveId.required"),
    ],
)
def test_what_is_wrong_below_the_values_is_named(change, constraint):
    """Carried out all the same."""
    message = replace(AwsJson().encode(EXPORT, GOOD), **change)
    shown = JUDGE.findings(message, answered({"ExportId": "e"}, 200))
    assert shown[0].constraint == constraint
    assert shown[0].outcome == "too lax"


@pytest.mark.parametrize(
    "change",
    [
        {"headers": (("X-Amz-Target", "MailManagerSvc.StartArchiveExport"),)},
        {"body": b'{"a":1,"a":1}'},
        {"body": b"\xff"},
        {"body": b"[" * 100_000},
    ],
)
def test_about_some_messages_nothing_is_promised_but_an_answer(change):
    """Either is right; a crash is not."""
    message = replace(AwsJson().encode(EXPORT, GOOD), **change)
    assert JUDGE.findings(message, answered({"ExportId": "e"}, 200)) == ()
    assert JUDGE.findings(message, invalid("no")) == ()
    assert one(message, Reply(status=500, body=b"oops")).outcome == "crash"


def test_an_empty_body_of_an_operation_that_needs_nothing_may_be_either():
    """Read as an object, or called malformed."""
    judge = Unpaired(wire_of(operation("mailmanager:ListArchives")))
    headers = (
        ("X-Amz-Target", "MailManagerSvc.ListArchives"),
        ("Content-Type", "application/x-amz-json-1.0"),
    )
    message = replace(AwsJson().encode(EXPORT, {}), headers=headers, body=b"")
    assert judge.findings(message, answered({"__type": "SerializationException"})) == ()
    assert judge.findings(message, answered({"Archives": []}, 200)) == ()
