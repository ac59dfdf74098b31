"""Two opinions on the same request: the kit's and that of an extended `jsonschema`."""

from __future__ import annotations

import copy
import functools

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.cases.good_request import GoodRequest, unsequenced
from contract_kit.validate.validator import Validator

EXPORT = "mailmanager:StartArchiveExport"
OPERATIONS = {
    EXPORT: 250,  # unions, lists of structures, timestamps, patterns
    "dynamodb:PutItem": 80,  # maps, blobs, recursion
    "ssm:PutParameter": 60,  # enumerations, sensitive strings, tags
    "kinesis:PutRecords": 60,  # blobs with lengths, patterns
    "secretsmanager:CreateSecret": 60,  # tokens, nested lists
    "cloudwatch:PutMetricData": 80,  # doubles with words for what is not finite
    "mailmanager:CreateTrafficPolicy": 60,  # unions in unions, ranges
    "logs:PutLogEvents": 40,  # longs
}

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-10, 10)
    | st.sampled_from([2**31, -(2**31) - 1, 2**63, 10**400, -(10**4000), 5.0, 0.5])
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(
        ["", "a-b", "a-\n", "QQ==", "QQ=", "=", "\ud800", "\0", "😀" * 3, "x" * 2049, "NaN", "-inf"]
    )
)
KEYS = st.sampled_from(["S", "S3", "L", "a", "", "\ud800"]) | st.text(max_size=3)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)
CHANGES = st.sampled_from(["replace", "remove", "add", "rename", "wrap", "repeat", "empty"])


@functools.lru_cache
def validator_of(id, wire):
    return Validator(operation(id), wire=wire)


def member_names(id):
    shapes = operation(id).shapes.values()
    return sorted({member.name for shape in shapes for member in shape.members})


def good_requests(id):
    base = GoodRequest(operation(id))
    return [unsequenced(each) for each in (base.request, base.smallest(), base.full())]


def places(value, path=()):
    """Every place in a JSON value, itself first."""
    yield path
    if isinstance(value, dict):
        for name, item in value.items():
            yield from places(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*path, index))


def changed(value, path, change, name, other):
    """A copy with one change at a place."""
    if not path:
        return {"wrap": [value], "replace": other}.get(change, value)
    root = copy.deepcopy(value)
    parent = root
    for segment in path[:-1]:
        parent = parent[segment]
    last = path[-1]
    here = parent[last]
    if change == "remove":
        del parent[last]
    elif change == "replace":
        parent[last] = other
    elif change == "wrap":
        parent[last] = [here]
    elif change == "empty":
        parent[last] = type(here)()
    elif change == "repeat" and isinstance(here, (list, str)):
        parent[last] = here * 12
    elif change in ("add", "rename") and isinstance(parent, dict):
        parent[name] = parent.pop(last) if change == "rename" else other
    return root


@st.composite
def near(draw, requests, names):
    """One of the requests with up to three changes anywhere in it."""
    value = draw(st.sampled_from(requests))
    for _ in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(list(places(value))))
        name = draw(st.sampled_from(names) | KEYS)
        value = changed(value, path, draw(CHANGES), name, draw(JSON))
    return value


def agree(id, request, oracle_of, wire):
    validator, oracle = validator_of(id, wire), oracle_of(operation(id))
    broken = oracle.broken_on_the_wire(request) if wire else oracle.broken(request)
    assert {one.constraint for one in validator.violations(request)} == broken
    assert validator.is_valid(request) is not bool(broken)


@pytest.mark.parametrize("wire", [False, True], ids=["file", "wire"])
@pytest.mark.parametrize("id", OPERATIONS)
def test_the_validator_and_jsonschema_name_the_same_constraints(id, wire, oracle_of):
    """Near conforming requests, where a mistake of either would show; and `is_valid` agrees."""

    @settings(max_examples=OPERATIONS[id], suppress_health_check=list(HealthCheck))
    @given(near(good_requests(id), member_names(id)))
    def check(request):
        agree(id, request, oracle_of, wire)

    check()


@settings(max_examples=100)
@given(JSON)
@example(None)
@example({"ArchiveId": "a-known"})
@example(10**4000)
def test_both_agree_on_any_json_value(oracle_of, request):
    """Far from any request."""
    for wire in (False, True):
        agree(EXPORT, request, oracle_of, wire)


@pytest.mark.parametrize("id", OPERATIONS)
def test_both_take_the_requests_that_cases_start_from(id, oracle_of):
    """Otherwise the changes above would start from a broken request."""
    for request in good_requests(id):
        agree(id, request, oracle_of, False)
        assert oracle_of(operation(id)).broken(request) == set()
