"""Bound lists, maps and unions hold, and what lies in them is probed beside what they have."""

from __future__ import annotations

import functools
import random

import pytest

from contract_kit import operation
from contract_kit.cases import boundary_cases
from contract_kit.cases.bindings import holds
from contract_kit.cases.good_request import unsequenced
from contract_kit.cases.typical import typical, varied
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import ITEM, KEY, VALUE, Json, location_id
from contract_kit.contract.values import get
from contract_kit.contract.walk import Place, places
from contract_kit.derive.service_model import load_model
from contract_kit.validate import Validator

SERVICES = ("dynamodb", "kms", "ssm", "events", "stepfunctions", "ecr", "codebuild", "glue")
SAMPLE = 40
LARGE = 200
"""Constraints of operations that are left out: their cases take seconds to make."""


def _bound_value(op: Operation, place: Place) -> Json:
    """Two entries where there may be two, unlike those that cases would have by themselves."""
    shape = place.shape
    if shape.type == "union":
        last = shape.members[-1]
        return {last.name: typical(op.shapes, last.shape)}
    assert shape.item is not None
    count = min(max(2, shape.min_length or 0), shape.max_length or 2)
    values = varied(op.shapes, shape.item, count + 1)[1:]
    if shape.type == "list":
        return values
    return dict(zip(varied(op.shapes, shape.key or "", count + 1)[1:], values, strict=True))


@functools.cache
def _sample() -> list[tuple[Operation, Place]]:
    """Lists, maps and unions of operations, drawn over the services."""
    draw, found = random.Random(20), []
    for service in SERVICES:
        for name in draw.sample(load_model(service).operation_names, 10):
            op = operation(f"{service}:{name}")
            if len(op.constraints) < LARGE:
                found += [
                    (op, place)
                    for place in places(op)
                    if place.shape.type in ("list", "map", "union") and KEY not in place.location
                ]
    return draw.sample(found, SAMPLE)


def _has_room(op: Operation, place: Place, bound: Json) -> bool:
    """Whether one more entry may stand beside those that are bound."""
    shape = place.shape
    keys = op.shapes[shape.key].enum if shape.key else ()
    limits = [shape.max_length, len(keys) or None]
    return all(limit is None or len(bound) < limit for limit in limits)


@pytest.mark.parametrize("number", range(SAMPLE))
def test_a_bound_container_holds_in_the_cases_of_what_lies_in_it(number: int) -> None:
    """Its entries stay, and each case says of itself whether it breaks something."""
    op, place = _sample()[number]
    _check(op, place)


def _check(op: Operation, place: Place) -> None:
    location, bound = location_id(place.location), _bound_value(op, place)
    validator = Validator(op, wire=True)
    stays = (
        place.shape.type != "union"
        and not {ITEM, VALUE} & {*place.location}
        and _has_room(op, place, bound)
    )
    below = {entry.id for entry in op.constraints if entry.location > place.location}
    for case in boundary_cases(op, bindings={location: bound}):
        breaks = {each.constraint for each in validator.violations(unsequenced(case.request))}
        assert (case.expects == "reject") <= bool(breaks), case.id
        assert (case.expects == "accept") <= (not breaks), case.id
        inside = case.constraint in below and case.constraint.startswith(location)
        if inside and stays:
            assert holds(get(case.request, place.location), bound), case.id
            assert holds(get(case.twin, place.location), bound), case.id


def test_a_probed_key_stands_beside_the_keys_of_the_user() -> None:
    """A request may need the one key that its table has."""
    op = operation("dynamodb:PutItem")
    request = {"TableName": "t", "Item": {"k": {"S": "a"}}}
    for given in ({"request": request}, {"bindings": {"Item": request["Item"]}}):
        cases = boundary_cases(op, **given)
        longest = next(case for case in cases if case.id.endswith("Item[key].maxLength/longest"))
        assert longest.request["Item"]["k"] == {"S": "a"}
        assert max(map(len, longest.request["Item"])) == 65535
        assert len(longest.twin["Item"]) == 2


def test_a_bound_union_in_an_entry_is_probed_member_by_member() -> None:
    """A member that is bound in part gives way to the one that is probed, and to no other."""
    op = operation("mailmanager:StartArchiveExport")
    given = {
        "BooleanExpression": {"Evaluate": {"Attribute": "HAS_ATTACHMENTS"}, "Operator": "IS_TRUE"}
    }
    cases = boundary_cases(op, bindings={"Filters": {"Include": [given]}})
    found = [case for case in cases if case.constraint.startswith("Filters.Include[].String")]
    assert len(found) > 20
    assert all(given in case.request["Filters"]["Include"] for case in found)
    for case in found:
        if case.slug != "typical":
            items = case.twin["Filters"]["Include"]
            assert given in items, case.id
            assert any("StringExpression" in item for item in items), case.id


@pytest.mark.parametrize(
    ("id", "bindings"),
    [
        ("kms:Encrypt", {"GrantTokens": ["a"]}),
        ("dynamodb:PutItem", {"Item": {"k": {"S": "a"}}}),
    ],
)
def test_what_the_user_binds_is_not_asked_to_be_left_out(id: str, bindings: Json) -> None:
    """The target may need it: an empty container, or its absence, proves nothing."""
    (name,) = bindings
    for case in boundary_cases(operation(id), bindings=bindings):
        if case.expects == "accept":
            assert holds(case.request.get(name), bindings[name]), case.id
