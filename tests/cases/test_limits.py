"""Limits of shapes that stand where others do not: at the end of a type, in full lists, by enums."""

from __future__ import annotations

import pytest

from contract_kit.cases import Case, boundary_cases
from contract_kit.cases.finer_cases import finer_cases
from contract_kit.contract.document import read_operation
from contract_kit.strategies.violating_requests import Breaker
from contract_kit.validate import Validator


def both(op) -> tuple[Case, ...]:
    """Boundary cases and finer ones."""
    found = boundary_cases(op)
    return (*found, *finer_cases(op, known=found))


@pytest.mark.parametrize(
    ("shape", "beyond"),
    [
        ({"type": "integer", "min": 0, "max": 2**31 - 1}, 2**31),
        ({"type": "integer", "min": -(2**31), "max": 0}, -(2**31) - 1),
        ({"type": "long", "max": 2**63 - 1}, 2**63),
    ],
)
def test_beyond_a_range_that_ends_with_its_type_a_number_is_of_a_wrong_type(toy, shape, beyond):
    """A server that cannot read it answers as for any value of a wrong type."""
    op = read_operation(*toy({"A": shape}))
    found = [case for case in boundary_cases(op) if case.request.get("A") == beyond]
    assert {case.constraint for case in found} == {"A.type"}
    assert {case.family for case in found} == {"type"}


@pytest.mark.parametrize("most", [{}, {"max": 7}])
def test_a_full_list_has_at_least_what_it_must_have(toy, most):
    """Also where nothing limits it, in a list, in the largest request and when it is filled."""
    members = {"A": {"type": "list", "member": {"shape": "Ring"}, "min": 1}}
    ring = {"type": "list", "member": {"shape": "Point"}, "min": 5, **most}
    others = {"Ring": ring, "Point": {"type": "list", "member": {"shape": "Number"}, "max": 2}}
    op = read_operation(*toy(members, others={**others, "Number": {"type": "double"}}))
    validator = Validator(op, wire=True)
    assert any("of-full" in case.slug for case in boundary_cases(op))
    assert any("at-2-of-full" in case.slug for case in finer_cases(op))
    for case in both(op):
        assert case.twin is None or validator.is_valid(case.twin), case.id
        if case.expects == "accept":
            assert case.breaks == (), case.id


@pytest.mark.parametrize(
    ("limits", "implied"),
    [
        ({"min": 1, "max": 20}, {"A.minLength", "A.maxLength"}),
        ({"min": 3, "pattern": "[A-Z_]+"}, {"A.minLength", "A.pattern"}),
        ({"min": 1, "pattern": "^[A-Z]+(_[A-Z]+)*$"}, {"A.minLength", "A.pattern"}),
    ],
)
def test_limits_beside_an_enumeration_are_implied_by_it_and_probed(toy, limits, implied):
    """What is nearly a value keeps them all, so that it breaks the enumeration alone."""
    op = read_operation(*toy({"A": {"type": "string", "enum": ["IS_TRUE", "NOT"], **limits}}))
    assert {each.id for each in op.constraints if each.implied_by == "enum"} == implied
    cases = [case for case in both(op) if case.expects == "reject"]
    assert {case.constraint for case in cases} >= implied
    for case in cases:
        if case.constraint == "A.enum":
            assert case.breaks == ("A.enum",), case.id
        elif case.constraint in implied:
            assert set(case.breaks) >= {case.constraint, "A.enum"}, case.id
            assert set(case.breaks) <= {*implied, "A.enum"}, case.id


def test_nothing_is_promised_of_requests_for_whose_pattern_no_string_is_known(toy):
    """Some patterns of models take no string at all, whatever the service takes."""
    code = {"type": "string", "pattern": "/^[a-z]{4,9}/"}
    fields = {"type": "structure", "members": {"Code": {"shape": "Code"}, "B": {"shape": "B"}}}
    op = read_operation(
        *toy({"A": fields, "B": {"type": "string"}}, others={"Code": {**code}}, required=["B"])
    )
    cases = both(op)
    assert any(case.breaks == ("A.Code.pattern",) and case.expects == "any" for case in cases)
    assert [case.id for case in cases if case.expects == "accept" and case.breaks] == []


def test_a_blob_is_probed_up_to_the_length_that_is_worth_sending(toy):
    """As strings are, and as far as strategies draw."""
    op = read_operation(*toy({"A": {"type": "blob", "max": 1_024_000}}))
    (beyond,) = (case for case in boundary_cases(op) if "A.maxLength" in case.breaks)
    assert beyond.expects == "reject"
    assert "A.maxLength" in Breaker(op, {}).breakable


@pytest.mark.parametrize(("least", "most"), [(-110, -25), (-5, 0)])
def test_a_number_beyond_a_maximum_below_one_is_not_below_the_minimum(toy, least, most):
    """Ten times a negative maximum is a smaller number."""
    op = read_operation(*toy({"A": {"type": "integer", "min": least, "max": most}}))
    beyond = [case for case in both(op) if case.constraint == "A.maximum" and case.breaks]
    assert beyond
    assert {case.breaks for case in beyond} == {("A.maximum",)}


@pytest.mark.parametrize("others", [[], ["B"]])
def test_null_is_a_document_in_a_union_too(toy, oracle_of, others):
    """So no case takes it for the lack of the member; all three readers agree."""
    members = {name: {"shape": name} for name in ["Json", *others]}
    union = {"type": "structure", "members": members, "union": True}
    document = {"type": "structure", "members": {}, "document": True}
    op = read_operation(*toy({"A": union}, others={"Json": document, "B": {"type": "string"}}))
    validator, oracle = Validator(op, wire=True), oracle_of(op)
    assert validator.violations({"A": {"Json": None}}) == ()
    for case in both(op):
        assert validator.is_valid(case.request) is not bool(case.breaks), case.id
        assert oracle.broken_on_the_wire(case.request) == set(case.breaks), case.id
        assert (case.expects == "reject") <= bool(case.breaks), case.id
