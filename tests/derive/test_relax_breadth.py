"""What is switched off is gone from every door, and nothing else is."""

from __future__ import annotations

import jsonschema_rs
import pytest

from contract_kit import operation
from contract_kit.cases.boundary import boundary_cases
from contract_kit.cases.export import all_cases
from contract_kit.derive.switched_off import relaxed
from contract_kit.validate.validator import Validator
from contract_kit.wire.table import wire_of

OPERATIONS = (
    "mailmanager:StartArchiveExport",
    "cognito-idp:CreateUserPoolDomain",
    "kms:Encrypt",  # blobs, a map, a list
    "dynamodb:PutItem",  # recursive
    "events:PutRule",
    "wafv2:GetSampledRequests",  # numbers with bounds
)


def constraints(id):
    """The constraints of requests, apart from that there is an object."""
    found = operation(id).constraints
    return [entry for entry in found if entry.location and entry.kind != "response"]


def same_in_its_shape(op, entry):
    """The constraint, and those of the same kind where its shape contains itself."""
    if op.id != "dynamodb:PutItem":
        return [entry.id]
    place = entry.id.split(".")[0]
    return [
        each.id for each in op.constraints if each.kind == entry.kind and each.id.startswith(place)
    ]


@pytest.mark.parametrize("id", OPERATIONS)
def test_each_constraint_can_be_switched_off_alone(id):
    """What broke it alone conforms then; all other constraints stay, elsewhere in its shape too."""
    op = operation(id)
    alone: dict[str, list] = {}
    for case in boundary_cases(op):
        if case.expects == "reject" and case.message is None and len(case.breaks) == 1:
            alone.setdefault(case.constraint, []).append(case.request)
    for entry in constraints(id):
        less = relaxed(op, [entry.id])
        assert jsonschema_rs.meta.is_valid(less.request)
        left = {each.id for each in less.constraints}
        gone = {each.id for each in op.constraints} - left
        below = f"{entry.id.rpartition('.')[0]}"
        if entry.kind == "type" and op.id == "dynamodb:PutItem":
            assert entry.id in gone
        elif entry.kind == "type":
            assert all(each.startswith(below) for each in gone)
            assert not any(each.startswith(f"{below}[") for each in left)
        else:
            assert entry.id in gone
            assert gone <= set(same_in_its_shape(op, entry))
        assert left <= {each.id for each in op.constraints}
        validator = Validator(less, wire=True)
        for request in alone.get(entry.id, ()):
            broken = [each.constraint for each in validator.violations(request)]
            assert broken == [], (entry.id, request)


def test_what_is_switched_off_twice_is_gone_twice():
    """Two constraints of one member, and a member with what lies below it."""
    op = operation("mailmanager:StartArchiveExport")
    ids = ("ArchiveId.pattern", "ArchiveId.minLength", "ArchiveId.required")
    less = relaxed(op, ids)
    assert {each.id for each in op.constraints} - {each.id for each in less.constraints} == set(ids)
    request = {
        "FromTimestamp": 1,
        "ToTimestamp": 2,
        "ExportDestinationConfiguration": {"S3": {}},
    }
    assert Validator(less).is_valid(request)
    assert Validator(less).is_valid({**request, "ArchiveId": "?"})
    assert not Validator(less).is_valid({**request, "ArchiveId": "?" * 67})
    both = ("Filters.Include[].type", "Filters.Include.maxItems")
    less = relaxed(op, both)
    many = {**request, "ArchiveId": "a-1", "Filters": {"Include": [1] * 11}}
    assert Validator(less).is_valid(many)


def test_a_shape_that_other_members_have_keeps_its_constraints_there():
    """One location is switched off, not the shape."""
    op = operation("mailmanager:StartArchiveExport")
    less = relaxed(op, ["Filters.Include.maxItems"])
    left = {each.id for each in less.constraints}
    assert "Filters.Unless.maxItems" in left
    assert "Filters.Include.maxItems" not in left


@pytest.mark.parametrize("id", OPERATIONS)
def test_requests_that_are_sent_keep_what_is_switched_off(id):
    """And expect no answer where they break it; nothing else changes."""
    op = operation(id)
    for entry in constraints(id):
        less = relaxed(op, [entry.id], disputed=True)
        assert [each.id for each in less.constraints] == [each.id for each in op.constraints]
        before = {each.id for each in op.constraints if each.disputed}
        after = {each.id for each in less.constraints if each.disputed}
        assert after - before <= set(same_in_its_shape(op, entry))
        assert entry.id in after


@pytest.mark.parametrize(
    "id", ["ArchiveId.pattern", "Filters.Include[].type", "ToTimestamp.required"]
)
def test_cases_of_what_is_switched_off_expect_nothing(id):
    """Those of other constraints are the same as before."""
    op = operation("mailmanager:StartArchiveExport")
    before = {case.id: case for case in all_cases(op, wire_of(op))}
    after = {
        case.id: case
        for case in all_cases(
            relaxed(op, [id], disputed=True), wire_of(relaxed(op, [id], disputed=True))
        )
    }
    assert len(before.keys() & after.keys()) > 400
    for name in before.keys() & after.keys():
        case = after[name]
        assert case.expects == ("any" if case.constraint == id else before[name].expects)
