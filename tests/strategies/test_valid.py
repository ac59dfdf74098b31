"""Conforming requests: all of them conform, and everything that conforms can come up."""

from __future__ import annotations

import ast
import base64
import json
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

import contract_kit.strategies
from contract_kit.contract.catalog import committed_names
from contract_kit.errors import UsageError
from contract_kit.strategies import valid
from contract_kit.strategies.conforming_requests import near
from contract_kit.validate import Validator

SOURCES = sorted(Path(contract_kit.strategies.__file__).parent.glob("*.py"))

CONDITIONS = ("Include", "Unless")


def conforms(kit, oracle_of, id, count):
    """Samples of one operation, each accepted by validator and oracle."""
    op = kit.operation(id)
    validator, oracle = Validator(op), oracle_of(op)
    for request in kit.sample(valid(op), count):
        assert validator.violations(request) == (), request
        assert validator.is_valid(request)
        assert oracle.broken(request) == set(), request
        json.dumps(request, allow_nan=False).encode()


@pytest.mark.parametrize("name", committed_names("mailmanager"))
def test_every_draw_conforms(kit, oracle_of, name):
    """For all operations of a service, by two validators that share no code."""
    conforms(kit, oracle_of, f"mailmanager:{name}", 150 if name == "StartArchiveExport" else 8)


def test_draws_for_operations_of_other_services_conform(kit, oracle_of):
    """Shapes that contain themselves, maps, blobs and numbers with ranges."""
    for id in kit.ELSEWHERE:
        conforms(kit, oracle_of, id, 25)


def conditions(request):
    """Every filter condition of an export request."""
    filters = request.get("Filters", {})
    return [each for name in CONDITIONS for each in filters.get(name, [])]


def texts(request):
    """Every string that a filter of an export request looks for."""
    return [
        text
        for each in conditions(request)
        for text in each.get("StringExpression", {}).get("Values", [])
    ]


@pytest.fixture(scope="module")
def exports(kit):
    """A few hundred export requests."""
    return kit.sample(valid(kit.EXPORT), 400)


def test_ranges_of_time_are_in_order_and_of_our_days(exports):
    """From before To; whole seconds and fractions, most of them in years that people use."""
    spans = [(request["FromTimestamp"], request["ToTimestamp"]) for request in exports]
    assert all(start < end for start, end in spans)
    times = [time for span in spans for time in span]
    assert {type(time) for time in times} == {int, float}
    recent = [time for time in times if 0 <= time <= 4_102_444_800]
    assert len(recent) > 0.9 * len(times)
    assert {-1, 0, 2**31, 253_402_300_799} & set(times)


def test_every_subset_of_optional_members_comes_up(kit, made, exports):
    """Up to four of them; here and below unions and lists."""
    optional = ("Filters", "MaxResults", "IncludeMetadata")
    seen = {tuple(name for name in optional if name in request) for request in exports}
    assert seen == {some for size in range(4) for some in combinations(optional, size)}
    filters = [request["Filters"] for request in exports if "Filters" in request]
    assert {tuple(each) for each in filters} == {(), ("Include",), ("Unless",), CONDITIONS}
    locations = [request["ExportDestinationConfiguration"]["S3"] for request in exports]
    assert {len(each) for each in locations} == {0, 1}
    four = tuple("ABCD")
    op = made({name: {"type": "string"} for name in four})
    subsets = {tuple(request) for request in kit.sample(valid(op), 300)}
    assert subsets == {some for size in range(5) for some in combinations(four, size)}


def test_every_union_member_and_every_enum_value_comes_up(exports):
    """At each location."""
    for name in CONDITIONS:
        found = [each for request in exports for each in request.get("Filters", {}).get(name, [])]
        assert {next(iter(each)) for each in found} == {"StringExpression", "BooleanExpression"}
        text = [each["StringExpression"] for each in found if "StringExpression" in each]
        assert {each["Evaluate"]["Attribute"] for each in text} == {
            *("TO", "FROM", "CC", "SUBJECT", "ENVELOPE_TO", "ENVELOPE_FROM")
        }
        flags = [each["BooleanExpression"] for each in found if "BooleanExpression" in each]
        assert {each["Operator"] for each in flags} == {"IS_TRUE", "IS_FALSE"}


def test_both_ends_of_each_size_come_up(kit, exports):
    """Lists of none and ten, of one and ten; strings of one and 2,048 characters."""
    lists = [
        f[name] for r in exports if (f := r.get("Filters")) for name in CONDITIONS if name in f
    ]
    assert {0, 1} <= set(map(len, lists))
    assert max(map(len, lists)) <= 10
    for name in CONDITIONS:
        full = lambda request, name=name: len(request.get("Filters", {}).get(name, ())) == 10  # noqa: E731
        assert kit.is_reached(valid(kit.EXPORT), full)
    for size in (1, 10):
        held = lambda request, size=size: any(  # noqa: E731
            len(each.get("StringExpression", {}).get("Values", ())) == size
            for each in conditions(request)
        )
        assert kit.is_reached(valid(kit.EXPORT), held)
    for size in (1, 2048):
        held = lambda request, size=size: size in map(len, texts(request))  # noqa: E731
        assert kit.is_reached(valid(kit.EXPORT), held)
    for size in (3, 66):
        held = lambda request, size=size: len(request["ArchiveId"]) == size  # noqa: E731
        assert kit.is_reached(valid(kit.EXPORT), held)


def test_strings_are_of_all_of_unicode(exports):
    """Not only ASCII: control characters, letters, characters outside the basic plane."""
    found = {char for request in exports for text in texts(request) for char in text}
    for kind in (
        "\x01\x1f",
        "az",
        "\x80\xff",
        "\u0100\ud7ff",
        "\ue000\uffff",
        "\U00010000\U0010ffff",
    ):
        assert any(kind[0] <= char <= kind[1] for char in found), kind
    assert "\0" not in found
    assert not any("\ud800" <= char <= "\udfff" for char in found)


@pytest.mark.parametrize(
    ("shape", "found"),
    [
        ({"type": "string", "min": 3, "max": 40}, lambda v: len(v) in (3, 40)),
        (
            {"type": "string", "pattern": "[a-c]{2,5}x(-\\d){0,2}"},
            lambda v: (v.index("x"), len(v.partition("x")[2])) in {(2, 0), (5, 0), (2, 4), (3, 4)},
        ),
        ({"type": "string", "pattern": "a{2,5}"}, lambda v: len(v) in (2, 5)),
        ({"type": "string", "pattern": "[xyz]"}, lambda v: v in "xyz"),
        ({"type": "integer", "min": -2, "max": 90}, lambda v: v in (-2, 90)),
        ({"type": "integer"}, lambda v: v in (-(2**31), 2**31 - 1, 0)),
        ({"type": "long"}, lambda v: v in (-(2**63), 2**63 - 1)),
        ({"type": "double", "min": 0.5, "max": 2}, lambda v: v in (0.5, 2)),
        ({"type": "blob", "min": 2, "max": 6}, lambda v: len(base64.b64decode(v)) in (2, 6)),
        ({"type": "boolean"}, lambda v: v in (True, False)),
        ({"type": "string", "enum": ["a", "b", "c", "d", "e"]}, lambda v: v in "abcde"),
        (
            {"type": "list", "member": {"shape": "Item"}, "min": 1, "max": 7},
            lambda v: len(v) in (1, 7),
        ),
        (
            {
                "type": "map",
                "key": {"shape": "Item"},
                "value": {"shape": "Item"},
                "min": 1,
                "max": 6,
            },
            lambda v: len(v) in (1, 6),
        ),
    ],
)
def test_both_ends_of_a_limit_come_up(kit, made, shape, found):
    """And each letter, value or repeat of a small set."""
    op = made({"A": shape}, required=["A"], others={"Item": {"type": "string", "max": 9}})
    drawn = [request["A"] for request in kit.sample(valid(op), 300)]
    ends = {
        json.dumps(value) if isinstance(value, (list, dict)) else value
        for value in drawn
        if found(value)
    }
    kinds = {len(end) if isinstance(end, str) and len(end) > 1 else end for end in ends}
    assert len(kinds) >= 2, kinds
    assert all(Validator(op).is_valid({"A": value}) for value in drawn)


def test_words_for_what_is_not_finite_are_numbers(kit, made):
    """In floating-point members without a range."""
    op = made({"A": {"type": "double"}}, required=["A"])
    drawn = {json.dumps(request["A"]) for request in kit.sample(valid(op), 200)}
    assert {'"NaN"', '"Infinity"', '"-Infinity"'} <= drawn


def test_shapes_that_contain_themselves_come_up_in_several_depths(kit):
    """An attribute value of values of values, and a plain one."""

    def depth(value):
        inner = value.values() if isinstance(value, dict) else value
        return 1 + max(map(depth, inner), default=0) if isinstance(value, (dict, list)) else 0

    drawn = kit.sample(valid(kit.operation("dynamodb:PutItem")), 150)
    depths = {depth(request["Item"]) for request in drawn}
    assert {1, 2, 3} <= depths
    assert max(depths) > 4
    assert max(depths) < 20


def test_a_draw_shrinks_to_the_smallest_request(kit):
    """Required members only, the simplest of each."""
    assert kit.smallest(valid(kit.EXPORT), lambda request: True) == {
        "ArchiveId": "a-0",
        "FromTimestamp": 1_700_000_000,
        "ToTimestamp": 1_700_000_001,
        "ExportDestinationConfiguration": {"S3": {}},
    }


CONDITION = {
    "StringExpression": {
        "Evaluate": {"Attribute": "TO"},
        "Operator": "CONTAINS",
        "Values": ["0"],
    }
}


@pytest.mark.parametrize(
    ("defect", "members"),
    [
        (lambda request: "MaxResults" in request, {"MaxResults": 0}),
        (lambda request: request.get("MaxResults", 0) > 1000, {"MaxResults": 1001}),
        (lambda request: len(request["ArchiveId"]) > 5, {"ArchiveId": "a-0000"}),
        (lambda request: request.get("IncludeMetadata"), {"IncludeMetadata": True}),
        (lambda request: "Unless" in request.get("Filters", {}), {"Filters": {"Unless": []}}),
        (
            lambda request: request.get("Filters", {}).get("Include"),
            {"Filters": {"Include": [CONDITION]}},
        ),
        (
            lambda request: len(request.get("Filters", {}).get("Include", ())) > 1,
            {"Filters": {"Include": [CONDITION, CONDITION]}},
        ),
        (
            lambda request: (
                "/" in request["ExportDestinationConfiguration"]["S3"].get("S3Location", "")[5:]
            ),
            {"ExportDestinationConfiguration": {"S3": {"S3Location": "s3://000/"}}},
        ),
        (
            lambda request: "MaxResults" in request and "IncludeMetadata" in request,
            {"MaxResults": 0, "IncludeMetadata": False},
        ),
    ],
)
def test_a_planted_defect_shrinks_to_the_smallest_request_that_shows_it(kit, defect, members):
    """All else as in the smallest of all."""
    found = kit.smallest(valid(kit.EXPORT), defect)
    least = {
        "ArchiveId": "a-0",
        "FromTimestamp": 1_700_000_000,
        "ToTimestamp": 1_700_000_001,
        "ExportDestinationConfiguration": {"S3": {}},
    }
    assert found == {**least, **members}


FAILING = """
import sys
from hypothesis import given, settings
from contract_kit import operation
from contract_kit.strategies import messages, valid, violating

op = operation("mailmanager:ListArchiveExports")
wanted = {
    "valid": lambda: valid(op),
    "violating": lambda: violating(op, "PageSize.maximum"),
    "messages": lambda: messages(op),
}

@settings(database=None, derandomize=True, deadline=None, report_multiple_bugs=False)
@given(wanted[sys.argv[1]]())
def fails(draw):
    assert "PageSize" not in repr(draw)
    assert not hasattr(draw, "body")

try:
    fails()
except AssertionError as error:
    print(*error.__notes__)
"""


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("valid", "{'ArchiveId': 'a-0', 'PageSize': 1}"),
        (
            "violating",
            "Violating(request={'ArchiveId': 'a-0', 'PageSize': 51}, "
            "constraint='PageSize.maximum')",
        ),
        ("messages", "Message(method='POST', path='/', "),
    ],
)
def test_a_failing_draw_is_shown_as_data(name, shown):
    """Not as calls of functions that no one knows.

    In a process of its own: schemathesis, once loaded, blanks what Hypothesis shows.
    """
    words = [sys.executable, "-c", FAILING, name]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    text = " ".join(done.stdout.split()).replace("( ", "(")
    assert shown in text.replace(", ),", "),"), text


OF_USERS = {"keeping_rules", "_breaking_rule"}
"""Functions about rules of the user's own: what is made for them may break another one."""


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_nothing_is_filtered_away(path):
    """No `filter`, no `assume`, nothing private of Hypothesis: all that models say is constructed."""
    tree = ast.parse(path.read_text())
    rules = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name in OF_USERS
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node not in rules:
            assert node.attr != "filter", node.lineno
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hypothesis"):
            assert node.module in ("hypothesis", "hypothesis.strategies"), node.module
            assert not {"assume", "reject"} & {alias.name for alias in node.names}


def test_bound_values_hold_wherever_their_parents_are(kit):
    """All else is as free as ever."""
    bindings = {
        "ArchiveId": "a-known",
        "Filters.Include[].BooleanExpression.Operator": "IS_FALSE",
    }
    drawn = kit.sample(valid(kit.EXPORT, bindings=bindings), 200)
    assert {request["ArchiveId"] for request in drawn} == {"a-known"}
    operators = {
        (name, each["BooleanExpression"]["Operator"])
        for request in drawn
        for name in CONDITIONS
        for each in request.get("Filters", {}).get(name, [])
        if "BooleanExpression" in each
    }
    assert operators == {("Include", "IS_FALSE"), ("Unless", "IS_TRUE"), ("Unless", "IS_FALSE")}
    assert all(Validator(kit.EXPORT).is_valid(request) for request in drawn)


def test_a_binding_that_leads_nowhere_is_a_usage_error(kit):
    """With what is missing."""
    with pytest.raises(UsageError, match="nothing is called 'Archive' there"):
        valid(kit.EXPORT, bindings={"Archive": "x"})


def test_requests_near_another_differ_from_it_in_one_member(kit):
    """Members that it lacks come and go."""
    given_one = {
        "ArchiveId": "a-mine",
        "FromTimestamp": 5,
        "ToTimestamp": 9,
        "MaxResults": 3,
        "ExportDestinationConfiguration": {"S3": {}},
    }
    drawn = kit.sample(near(kit.EXPORT, given_one, bindings={"ArchiveId": "a-bound"}), 200)
    wanted = {**given_one, "ArchiveId": "a-bound"}
    changed = [
        tuple(name for name in wanted if request.get(name) != wanted[name]) for request in drawn
    ]
    assert {len(names) for names in changed} == {0, 1}
    assert set(changed) >= {(), ("MaxResults",), ("ExportDestinationConfiguration",)}
    assert any("Filters" in request for request in drawn)
    assert all(Validator(kit.EXPORT).is_valid(request) for request in drawn)
