"""Values made to crash, to mislead or to keep busy: each gets an answer, and both ways agree."""

from __future__ import annotations

import datetime
import decimal
import enum
import faulthandler
import sys

import pytest

from contract_kit import operation
from contract_kit.contract.document import read_operation
from contract_kit.validate.validator import Validator, nested_deeper

EXPORT = "mailmanager:StartArchiveExport"
GUARD = 300
"""Seconds after which a test is taken to hang; each takes milliseconds."""

GOOD = {
    EXPORT: {
        "ArchiveId": "a-known",
        "FromTimestamp": 1,
        "ToTimestamp": 2,
        "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket"}},
    },
    "dynamodb:PutItem": {"TableName": "table", "Item": {"id": {"S": "x"}}},
    "cloudwatch:PutMetricData": {"Namespace": "n", "MetricData": [{"MetricName": "m"}]},
}
RECURSIVE = "dynamodb:PutItem"


@pytest.fixture(autouse=True)
def guard():
    faulthandler.dump_traceback_later(GUARD, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()


def hex_length(value):
    # pytest cannot write 100,000 digits.
    return f"{value.bit_length()} bits"


def deep(levels, wrap):
    value = None
    for _ in range(levels):
        value = wrap(value)
    return value


def holding_itself(times):
    value = []
    value.extend([value] * times)
    return value


def dict_holding_itself():
    value = {}
    value["M"] = {"a": value, "b": value}
    return value


class Word(str):
    __slots__ = ()


class Level(enum.IntEnum):
    ONE = 1


HOSTILE = {
    "list 100,000 deep": lambda: deep(100_000, lambda inner: [inner]),
    "dict 100,000 deep": lambda: deep(100_000, lambda inner: {"M": inner}),
    "dynamodb 100,000 deep": lambda: deep(50_000, lambda inner: {"M": {"a": inner}}),
    "list in itself": lambda: holding_itself(1),
    "list in itself, tenfold": lambda: holding_itself(10),
    "dict in itself, twofold": dict_holding_itself,
    "100,000 digits": lambda: 10**100_000,
    "minus 100,000 digits": lambda: -(10**100_000),
    "2 to 1024": lambda: 2**1024,
    "beyond 64 bits": lambda: 2**64,
    "nan": lambda: float("nan"),
    "infinity": lambda: float("inf"),
    "lone surrogate": lambda: "\ud800",
    "surrogate among others": lambda: "a-\udfffb",
    "NUL": lambda: "a-\0",
    "bytes": lambda: b"a-known",
    "tuple": lambda: ("a-known",),
    "set": lambda: {"a-known"},
    "decimal": lambda: decimal.Decimal("1.5"),
    "decimal nan": lambda: decimal.Decimal("NaN"),
    "datetime": lambda: datetime.datetime(2023, 11, 14, tzinfo=datetime.UTC),
    "object": object,
    "type": lambda: dict,
    "function": lambda: len,
    "generator": lambda: (number for number in ()),
    "long text": lambda: "x" * 1_000_000,
    "many blanks": lambda: " " * 100_000,
    "many items": lambda: [{}] * 100_000,
    "many members": lambda: {f"member-{number}": 1 for number in range(100_000)},
}
"""Makes of values: held for the whole session, they took 50 MB."""

KEYS = {
    "lone surrogate": "\ud800",
    "number": 1,
    "number of 100,000 digits": 10**100_000,
    "none": None,
    "bytes": b"ArchiveId",
    "tuple": ("ArchiveId",),
    "nested tuple": deep(50, lambda inner: (inner,)),
    "boolean": True,
    "NUL": "\0",
    "empty": "",
    "long": "x" * 1_000_000,
}


def places(id):
    """Ways to put a value into a good request of the operation."""
    good = GOOD[id]
    yield lambda value: value
    for name in good:
        yield lambda value, name=name: {**good, name: value}
    if id == RECURSIVE:
        yield lambda value: {**good, "Item": {"id": value}}
        yield lambda value: {**good, "Item": {"id": {"L": value}}}
        yield lambda value: {**good, "Item": {"id": {"M": {"a": value}}}}
        yield lambda value: {**good, "Item": {"id": {"B": value}}}


def answered(validator, request):
    """Whether the request conforms, by both ways of asking."""
    violations = validator.violations(request)
    assert validator.is_valid(request) is not bool(violations)
    for violation in violations:
        assert violation.message.isprintable()
        assert len(violation.message) < 1_002_000
    return not violations


@pytest.fixture(scope="module", params=[False, True], ids=["file", "wire"])
def validators(request):
    return {id: Validator(operation(id), wire=request.param) for id in GOOD}


@pytest.mark.parametrize("name", HOSTILE)
def test_every_value_is_answered_at_every_place(validators, name):
    """`is_valid` and `violations` agree, and neither raises nor runs long."""
    value = HOSTILE[name]()
    for id, validator in validators.items():
        answers = [answered(validator, put(value)) for put in places(id)]
        assert answers[0] is False
        assert answered(validator, GOOD[id])


@pytest.mark.parametrize("name", KEYS)
def test_every_key_is_answered_at_every_level(validators, name):
    """Keys that JSON cannot hold break a map; on the wire an unknown member breaks nothing."""
    key = KEYS[name]
    for id, validator in validators.items():
        answered(validator, {**GOOD[id], key: 1})
        answered(validator, {key: GOOD[id]})
    put = validators[RECURSIVE]
    is_text = isinstance(key, str) and key != "\ud800"
    held = answered(put, {"TableName": "table", "Item": {key: {"S": "x"}}})
    assert held is (is_text and len(key) < 65536)


def test_a_pattern_made_to_run_long_is_refused_at_once(validators):
    """Exponential for an engine that backtracks over the documented pattern."""
    for text in ("s3://aaa" + "/" * 100_000 + "\0", "s3://aaa" + "/" * 28 + "#"):
        request = {**GOOD[EXPORT], "ExportDestinationConfiguration": {"S3": {"S3Location": text}}}
        found = validators[EXPORT].violations(request)
        assert [one.constraint for one in found] == [
            "ExportDestinationConfiguration.S3.S3Location.pattern"
        ]
        assert not validators[EXPORT].is_valid(request)
        good = {"S3": {"S3Location": text[:-1]}}
        assert answered(
            validators[EXPORT], {**GOOD[EXPORT], "ExportDestinationConfiguration": good}
        )


@pytest.mark.parametrize("value", [10**309, -(10**309), 10**100_000, 2**31], ids=hex_length)
def test_an_integer_beyond_its_width_is_of_the_wrong_type(validators, value):
    """The engine alone takes those of more than 308 digits for small ones."""
    found = validators[EXPORT].violations({**GOOD[EXPORT], "MaxResults": value})
    assert [one.constraint for one in found] == ["MaxResults.type"]
    assert not validators[EXPORT].is_valid({**GOOD[EXPORT], "MaxResults": value})


@pytest.mark.parametrize(("value", "conforms"), [
    (2**1024 - 1, True), (2**1024, False), (-(2**1024) + 1, True), (-(2**1024), False),
    (sys.float_info.max, True), (float("inf"), False), (float("nan"), False), ("NaN", False),
    (decimal.Decimal(1), False), (Level.ONE, True), (True, False),
])  # fmt: skip
def test_a_timestamp_is_a_number_that_a_double_holds(validators, value, conforms):
    """Neither a word nor a number type of Python that no JSON writer knows."""
    assert answered(validators[EXPORT], {**GOOD[EXPORT], "FromTimestamp": value}) is conforms


def test_what_json_writers_take_for_lists_and_strings_is_taken(validators):
    """Tuples, and subclasses of str and dict."""
    values = ("invoice", Word("receipt"))
    text = {"Evaluate": {"Attribute": "SUBJECT"}, "Operator": Word("CONTAINS"), "Values": values}
    request = {**GOOD[EXPORT], "Filters": {"Include": ({"StringExpression": text},)}}
    assert answered(validators[EXPORT], request)
    values = ("invoice", "")
    text = {**text, "Values": values}
    request = {**GOOD[EXPORT], "Filters": {"Include": ({"StringExpression": text},)}}
    assert not answered(validators[EXPORT], request)


def test_a_document_may_nest_as_deep_as_it_likes(toy):
    """Nothing is promised about it; recursion elsewhere does not change that."""
    document = {"type": "structure", "document": True, "members": {}}
    tree = {"type": "structure", "members": {"Tree": {"shape": "Tree"}}}
    validator = Validator(read_operation(*toy({"Body": document, "Tree": tree})))
    assert answered(validator, {"Body": HOSTILE["list 100,000 deep"](), "Tree": {"Tree": {}}})
    assert not answered(validator, {"Tree": deep(300, lambda inner: {"Tree": inner or {}})})


@pytest.mark.parametrize(("levels", "limit", "deeper"), [
    (0, 0, False), (1, 0, True), (5, 4, True), (5, 5, False), (100_000, 200, True),
])  # fmt: skip
def test_depth_counts_lists_dicts_and_tuples(levels, limit, deeper):
    """Level by level, so that no nesting is too deep to measure."""
    for wrap in (lambda inner: [inner], lambda inner: {"a": inner}, lambda inner: (inner, 1)):
        assert nested_deeper(deep(levels, wrap), limit) is deeper
    assert nested_deeper(holding_itself(10), limit)


def test_a_wide_value_is_not_a_deep_one():
    """Items side by side share a level."""
    assert not nested_deeper([[number] for number in range(1000)], 2)
