"""Constraints that are switched off are gone at their place, or held against nobody, and no others."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.cases.boundary import boundary_cases
from contract_kit.contract.shape import location_id
from contract_kit.derive.switched_off import relaxed
from contract_kit.errors import UnknownConstraint, UsageError
from contract_kit.validate.validator import Validator

OPERATIONS = (
    "mailmanager:StartArchiveExport",
    "ssm:PutParameter",
    "kinesis:PutRecord",
    "logs:PutLogEvents",
)
ALL = [
    (id, constraint)
    for id in OPERATIONS
    for constraint in operation(id).constraints
    if constraint.location and constraint.kind not in ("wire", "response", "error")
]


@pytest.mark.parametrize(("id", "off"), ALL, ids=lambda part: getattr(part, "id", part))
def test_a_constraint_is_gone_and_the_others_stay(id, off):
    """But for what lies below a type that is gone, and what only another implied."""
    op = operation(id)
    left = relaxed(op, [off.id])
    known = {constraint.id: constraint.limit for constraint in op.constraints}
    still = {constraint.id: constraint.limit for constraint in left.constraints}
    gone = known.keys() - still.keys()
    if off.kind == "type":
        below = location_id(off.location)
        assert all(one.startswith(below) for one in gone)
    else:
        assert gone == {off.id}
    if off.kind == "union":
        # What is left of it is a structure.
        known[f"{location_id(off.location)}.type"] = "structure"
    assert {one: known[one] for one in still} == still
    kept = relaxed(op, [off.id], disputed=True)
    assert [one.id for one in kept.constraints] == [one.id for one in op.constraints]
    assert {one.id for one in kept.constraints if one.disputed} == {off.id}


def test_no_case_of_a_disputed_constraint_expects_an_error():
    """While requests still keep it, and the one beside it, of the same shape, is judged."""
    op = relaxed(
        operation("mailmanager:StartArchiveExport"), ["Filters.Include[].union"], disputed=True
    )
    expected = {
        (case.constraint, case.expects)
        for case in boundary_cases(op)
        if case.constraint and case.constraint.endswith(".union") and case.side == "outside"
    }
    assert ("Filters.Include[].union", "reject") not in expected
    assert ("Filters.Unless[].union", "reject") in expected


def test_several_of_one_member_can_be_off():
    """In any order."""
    op = operation("ssm:PutParameter")
    ids = ["Tags[].Key.pattern", "Tags[].Key.maxLength", "Tags[].Key.required"]
    for order in (ids, ids[::-1]):
        left = relaxed(op, order)
        assert {one.id for one in op.constraints} - {one.id for one in left.constraints} == set(ids)
        request = {
            "Name": "n",
            "Value": "v",
            "Tags": [{"Value": "v"}, {"Key": "\n" * 500, "Value": "v"}],
        }
        assert Validator(op).violations(request)
        assert Validator(left).is_valid(request)


def test_what_is_not_about_requests_cannot_be_off():
    """One line that says so."""
    op = operation("mailmanager:StartArchiveExport")
    for id in ("response.schema", "request.type"):
        with pytest.raises(UsageError, match="not about a member of requests"):
            relaxed(op, [id])
    with pytest.raises(UnknownConstraint, match=r"did you mean ArchiveId\.pattern"):
        relaxed(op, ["ArchiveId.patern"])
