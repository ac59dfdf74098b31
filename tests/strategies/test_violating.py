"""Requests that break one constraint: exactly that one, in every way, in random surroundings."""

from __future__ import annotations

import base64
import json

import pytest

from contract_kit.cases.boundary import boundary_cases
from contract_kit.errors import ImpliedConstraint, UnknownConstraint, UsageError
from contract_kit.strategies import Violating, violating
from contract_kit.strategies.violating_requests import Breaker
from contract_kit.validate import Validator

BREAKABLE = {"mailmanager:StartArchiveExport": 75, "mailmanager:ListArchiveExports": 10}


def breakable(op):
    """Ids of the constraints that a request can break alone."""
    return Breaker(op, {}).breakable


def breaks_exactly(kit, oracle_of, id, count, *, slow=None):
    """Samples for each constraint of one operation, judged by validator and oracle.

    slow: of how many the oracle, which takes its time, judges; all if not given.
    """
    op = kit.operation(id)
    validator, oracle = Validator(op, wire=True), oracle_of(op)
    for constraint in breakable(op):
        for number, drawn in enumerate(kit.sample(violating(op, constraint), count)):
            assert isinstance(drawn, Violating)
            assert drawn.constraint == constraint
            found = {violation.constraint for violation in validator.violations(drawn.request)}
            assert found == {constraint}, drawn
            assert not validator.is_valid(drawn.request)
            if slow is None or count - number <= slow:
                assert oracle.broken_on_the_wire(drawn.request) == {constraint}, drawn
            json.dumps(drawn.request, allow_nan=False).encode()


def test_each_draw_breaks_the_constraint_that_it_names_and_no_other(kit, oracle_of):
    """By two validators that share no code."""
    breaks_exactly(kit, oracle_of, "mailmanager:StartArchiveExport", 12)


@pytest.mark.parametrize(
    "id",
    [
        "mailmanager:CreateRuleSet",
        "mailmanager:CreateTrafficPolicy",
        "dynamodb:PutItem",
        "kinesis:PutRecords",
        "kms:Encrypt",
        "lambda:CreateFunction",
        "secretsmanager:CreateSecret",
        "ssm:PutParameter",
    ],
)
def test_each_draw_breaks_one_constraint_of_many_operations(kit, oracle_of, id):
    """Shapes that contain themselves, maps, keys, blobs and ranges of numbers."""
    breaks_exactly(kit, oracle_of, id, 3, slow=1)


@pytest.mark.parametrize(("id", "count"), BREAKABLE.items())
def test_every_constraint_that_a_request_can_break_is_offered(kit, id, count):
    """Those that a boundary case breaks alone; of the others an error says why not."""
    op = kit.operation(id)
    ids = breakable(op)
    alone = {case.breaks[0] for case in boundary_cases(op) if len(case.breaks) == 1}
    assert set(ids) == {"request.type", *alone}
    assert len(ids) == count
    for constraint in op.constraints:
        if constraint.id not in ids:
            with pytest.raises(UsageError):
                violating(op, constraint.id)


def test_a_draw_of_any_constraint_says_which_one_it_breaks(kit):
    """All of them come up."""
    op = kit.operation("mailmanager:ListArchiveExports")
    drawn = kit.sample(violating(op), 200)
    assert {each.constraint for each in drawn} == set(breakable(op))
    validator = Validator(op, wire=True)
    for each in drawn:
        (violation,) = validator.violations(each.request)
        assert violation.constraint == each.constraint


def at(kit, id, count=120):
    """Samples of one constraint of the export operation."""
    return [drawn.request for drawn in kit.sample(violating(kit.EXPORT, id), count)]


def test_a_missing_member_is_absent_or_null(kit):
    """Both, at the top and below."""
    assert {"ArchiveId" in request for request in at(kit, "ArchiveId.required")} == {True, False}
    below = at(kit, "Filters.Unless[].BooleanExpression.Operator.required")
    items = [
        each["BooleanExpression"]
        for r in below
        for each in r["Filters"]["Unless"]
        if "BooleanExpression" in each
    ]
    assert {each.get("Operator", "absent") for each in items} >= {None, "absent"}


def test_a_union_has_no_member_or_several(kit):
    """None, only null, only unknown ones, two."""
    found = [
        each
        for request in at(kit, "Filters.Include[].union")
        for each in request["Filters"]["Include"]
    ]
    shapes = {
        tuple(sorted((name, given is None) for name, given in each.items())) for each in found
    }
    text, flag = "StringExpression", "BooleanExpression"
    assert shapes >= {
        (),
        ((text, True),),
        ((flag, True), (text, True)),
        (("ContractKitUnknown", False),),
        ((flag, False), (text, False)),
    }


def test_the_wrong_item_stands_anywhere_in_a_list(kit):
    """First, last, alone, and between others."""
    places = set()
    for request in at(kit, "Filters.Include[].StringExpression.type"):
        items = request["Filters"]["Include"]
        wrong = [
            place
            for place, each in enumerate(items)
            if "StringExpression" in each and not isinstance(each["StringExpression"], dict)
        ]
        assert len(wrong) == 1
        places.add((wrong[0], len(items)))
    assert {(0, 1), (0, 2), (1, 2), (1, 3)} <= places


def test_surroundings_are_as_free_as_in_conforming_requests(kit):
    """Optional members come and go around the defect."""
    drawn = at(kit, "ArchiveId.pattern")
    subsets = {
        tuple(name for name in ("Filters", "MaxResults", "IncludeMetadata") if name in request)
        for request in drawn
    }
    assert len(subsets) == 8
    assert len({request["FromTimestamp"] for request in drawn}) > 20


def test_near_misses_of_a_pattern_come_up(kit):
    """Trailing newlines, other letters than ASCII, another case, a character too many."""
    strategy = violating(kit.EXPORT, "ArchiveId.pattern")
    for condition in (
        lambda text: text.endswith("\n"),
        lambda text: (
            text.startswith("a-") and any(char.isalpha() and char > "\x7f" for char in text)
        ),
        lambda text: text.startswith("A-"),
        lambda text: text.startswith("a-") and "-" in text[2:],
        lambda text: text == "a-" + text[2:].strip() + " ",
    ):
        assert kit.is_reached(
            strategy, lambda drawn, condition=condition: condition(drawn.request["ArchiveId"])
        )


def test_near_misses_of_an_enumeration_come_up(kit):
    """Another case, a blank more, a letter less, nothing, and any text."""
    id = "Filters.Include[].BooleanExpression.Operator.enum"
    found = {
        each["BooleanExpression"]["Operator"]
        for request in at(kit, id, 300)
        for each in request["Filters"]["Include"]
        if "BooleanExpression" in each
    }
    assert len({"is_true", "IS_TRUE ", "IS_TRU", "", "IS-TRUE", "IS_TRUEX"} & found) > 2
    strategy = violating(kit.EXPORT, id)
    for text in ("is_true", "IS_FALSE\n", "IS-TRUE", ""):
        held = lambda drawn, text=text: f"'Operator': {text!r}" in repr(drawn.request)  # noqa: E731
        assert kit.is_reached(strategy, held), text
    assert any(set(text) - set("IS_TRUEFALSEis_truefalse-X \n") for text in found)


@pytest.mark.parametrize(
    ("shape", "constraint", "nearest"),
    [
        ({"type": "string", "min": 3, "max": 9}, "minLength", 2),
        ({"type": "string", "min": 3, "max": 9}, "maxLength", 10),
        ({"type": "string", "max": 5, "pattern": "a+"}, "maxLength", 6),
        ({"type": "list", "member": {"shape": "Item"}, "min": 2, "max": 4}, "minItems", 1),
        ({"type": "list", "member": {"shape": "Item"}, "min": 2, "max": 4}, "maxItems", 5),
        (
            {
                "type": "map",
                "key": {"shape": "Item"},
                "value": {"shape": "Item"},
                "min": 2,
                "max": 4,
            },
            "minProperties",
            1,
        ),
        (
            {
                "type": "map",
                "key": {"shape": "Item"},
                "value": {"shape": "Item"},
                "min": 2,
                "max": 4,
            },
            "maxProperties",
            5,
        ),
        ({"type": "blob", "min": 2, "max": 4}, "minLength", 1),
        ({"type": "blob", "min": 2, "max": 4}, "maxLength", 5),
        ({"type": "integer", "min": 3, "max": 9}, "minimum", 2),
        ({"type": "integer", "min": 3, "max": 9}, "maximum", 10),
        ({"type": "integer", "min": -9, "max": -3}, "maximum", -2),
    ],
)
def test_the_nearest_value_beyond_a_limit_comes_up_and_is_the_smallest(
    kit, made, shape, constraint, nearest
):
    """And values far beyond it."""
    op = made({"A": shape}, required=["A"], others={"Item": {"type": "string", "max": 9}})

    def size(request):
        value = request["A"]
        if shape["type"] == "integer":
            return value
        return len(base64.b64decode(value) if shape["type"] == "blob" else value)

    strategy = violating(op, f"A.{constraint}")
    sizes = {size(drawn.request) for drawn in kit.sample(strategy, 150)}
    assert nearest in sizes
    assert len(sizes) > 1
    beyond = (lambda one: one <= nearest) if "min" in constraint else (lambda one: one >= nearest)
    assert all(map(beyond, sizes))
    if "max" in constraint:
        assert size(kit.smallest(strategy, lambda drawn: True).request) == nearest


@pytest.mark.parametrize(
    ("shape", "found"),
    [
        ({"type": "integer"}, {"1", "true", "0.5", "null-like", "list", "object", "wide", "text"}),
        ({"type": "boolean"}, {"number", "text", "list", "object", "1", "word"}),
        ({"type": "timestamp"}, {"text", "date", "true", "list", "object"}),
        ({"type": "string"}, {"number", "true", "list", "object"}),
        ({"type": "blob"}, {"number", "true", "list", "object", "text"}),
    ],
)
def test_values_of_every_wrong_type_come_up(kit, made, shape, found):
    """And those that careless readers take for the right one."""
    op = made({"A": shape})
    seen = set()
    for drawn in kit.sample(violating(op, "A.type"), 250):
        value = drawn.request["A"]
        seen |= {
            bool: {"true"},
            int: {
                "number",
                *(["1"] if value == 1 else []),
                *(["wide"] if type(value) is int and abs(value) >= 2**31 else []),
            },
            float: {"number", "0.5"},
            list: {"list"},
            dict: {"object"},
            str: {"text"},
        }[type(value)]
        if isinstance(value, str):
            seen |= {"1"} if value.isdigit() else set()
            seen |= {"word"} if value in ("true", "yes") else set()
            seen |= {"date"} if value[4:5] == "-" and value.endswith("Z") else set()
    assert found - {"null-like"} <= seen


def test_null_is_of_a_wrong_type_in_a_list_and_absence_elsewhere(kit):
    """As a server reads it."""
    inside = [v for r in at(kit, "Filters.Include[].type") for v in r["Filters"]["Include"]]
    assert None in inside
    assert None not in [request["MaxResults"] for request in at(kit, "MaxResults.type")]


SMALLEST = {
    "ArchiveId": "a-0",
    "FromTimestamp": 1_700_000_000,
    "ToTimestamp": 1_700_000_001,
    "ExportDestinationConfiguration": {"S3": {}},
}


@pytest.mark.parametrize(
    ("constraint", "defect", "members"),
    [
        ("ArchiveId.pattern", lambda text: True, {"ArchiveId": "000"}),
        ("ArchiveId.type", lambda value: value is True, {"ArchiveId": True}),
        ("MaxResults.type", lambda value: value == 2**31, {"MaxResults": 2**31}),
        ("MaxResults.type", lambda value: type(value) is float, {"MaxResults": 0.5}),
        ("IncludeMetadata.type", lambda value: value == "yes", {"IncludeMetadata": "yes"}),
        ("Filters.type", lambda value: isinstance(value, list), {"Filters": []}),
    ],
)
def test_a_planted_defect_shrinks_to_the_smallest_request_that_shows_it(
    kit, constraint, defect, members
):
    """The surroundings are those of the smallest request of all."""
    (name,) = members
    found = kit.smallest(
        violating(kit.EXPORT, constraint),
        lambda drawn: defect(drawn.request[name]),
        examples=4000,
    )
    assert found.request == {**SMALLEST, **members}


def test_what_is_bound_holds_but_at_the_constraint_itself(kit):
    """Also where something around it is bound: all else of that is kept."""
    condition = {
        "BooleanExpression": {"Evaluate": {"Attribute": "HAS_ATTACHMENTS"}, "Operator": "IS_TRUE"}
    }
    bindings = {"ArchiveId": "a-known", "Filters": {"Include": [condition], "Unless": []}}
    validator = Validator(kit.EXPORT, wire=True)
    for id in ("MaxResults.type", "Filters.Include[].BooleanExpression.Operator.enum"):
        for drawn in kit.sample(violating(kit.EXPORT, id, bindings=bindings), 40):
            assert drawn.request["ArchiveId"] == "a-known"
            assert drawn.request["Filters"].keys() == {"Include", "Unless"}
            assert len(drawn.request["Filters"]["Include"]) == 1
            (violation,) = validator.violations(drawn.request)
            assert violation.constraint == id
    freed = kit.sample(violating(kit.EXPORT, "ArchiveId.pattern", bindings=bindings), 40)
    assert all(drawn.request["ArchiveId"] != "a-known" for drawn in freed)
    within = kit.sample(violating(kit.EXPORT, "Filters.Unless[].union", bindings=bindings), 10)
    assert all(drawn.request["Filters"]["Include"] == [condition] for drawn in within)


def test_keys_of_bound_maps_give_way(kit, made):
    """The first one becomes the wrong one."""
    op = made(
        {"A": {"type": "map", "key": {"shape": "Key"}, "value": {"shape": "Key"}}},
        others={"Key": {"type": "string", "max": 3}},
    )
    for drawn in kit.sample(violating(op, "A[key].maxLength", bindings={"A": {"a": "b"}}), 20):
        ((key, value),) = drawn.request["A"].items()
        assert len(key) > 3
        assert value == "b"


@pytest.mark.parametrize(
    ("id", "error", "words"),
    [
        ("ArchiveId.patern", UnknownConstraint, "did you mean ArchiveId.pattern"),
        ("zzz", UnknownConstraint, "contract-kit cases mailmanager:StartArchiveExport"),
        ("ArchiveId.maxLength", ImpliedConstraint, "breaks ArchiveId.pattern; ask for that"),
        ("response.schema", UsageError, "is about replies"),
    ],
)
def test_what_no_request_breaks_alone_is_an_error_that_says_why(kit, id, error, words):
    """In one line."""
    with pytest.raises(error, match=words) as caught:
        violating(kit.EXPORT, id)
    assert "\n" not in str(caught.value)


def test_a_limit_that_is_too_large_to_send_is_said_to_be(kit, made):
    """And is not among those that are drawn."""
    op = made({"A": {"type": "string", "max": 10**9}})
    assert breakable(op) == ("request.type", "A.type")
    with pytest.raises(UsageError, match="1000000000: too large to send"):
        violating(op, "A.maxLength")
