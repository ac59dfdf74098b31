"""Each kind of constraint: what breaks it, where, and in which words."""

from __future__ import annotations

import dataclasses

import pytest

from contract_kit import operation
from contract_kit.contract.document import read_operation
from contract_kit.contract.walk import MAX_DEPTH
from contract_kit.validate.request_walk import MAX_FOUND
from contract_kit.validate.validator import Validator
from contract_kit.validate.violation import aws_path, message, printable, shorten

GOOD = {
    "ArchiveId": "a-known",
    "FromTimestamp": 1_700_000_000,
    "ToTimestamp": 1_700_086_400.5,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/path"}},
}
FAILED = "failed to satisfy constraint: Member must"
LIST = {"type": "list", "member": {"shape": "Text"}}
MAP = {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}}
TEXT = {"Text": {"type": "string"}}


@pytest.fixture(scope="module")
def export():
    return Validator(operation("mailmanager:StartArchiveExport"))


def condition(**expression):
    usual = {"Evaluate": {"Attribute": "SUBJECT"}, "Operator": "CONTAINS", "Values": ["x"]}
    return {"Filters": {"Include": [{"StringExpression": {**usual, **expression}}]}}


def told(validator, request):
    """Constraint id and message of each violation."""
    assert validator.is_valid(request) is not bool(validator.violations(request))
    return [(one.constraint, one.message) for one in validator.violations(request)]


INCLUDE = "Filters.Include[].StringExpression"
EXPORT = [
    ({"ArchiveId": None}, "ArchiveId.required", f"Value null at 'archiveId' {FAILED} not be null"),
    ({"ArchiveId": "x-1"}, "ArchiveId.pattern",
     f"Value 'x-1' at 'archiveId' {FAILED} satisfy regular expression pattern: a-[\\w]{{1,64}}"),
    ({"ArchiveId": 5}, "ArchiveId.type", f"Value '5' at 'archiveId' {FAILED} be of type string"),
    ({"MaxResults": "10"}, "MaxResults.type",
     f"Value '10' at 'maxResults' {FAILED} be of type integer of 32 bits"),
    ({"MaxResults": True}, "MaxResults.type",
     f"Value 'true' at 'maxResults' {FAILED} be of type integer of 32 bits"),
    ({"FromTimestamp": "2023-11-14T22:13:20Z"}, "FromTimestamp.type",
     f"Value '2023-11-14T22:13:20Z' at 'fromTimestamp' {FAILED} be of type timestamp"),
    ({"Filters": []}, "Filters.type", f"Value '[]' at 'filters' {FAILED} be of type structure"),
    ({"Filters": {"Include": {"a": 1}}}, "Filters.Include.type",
     f"Value '{{…}}' at 'filters.include' {FAILED} be of type list"),
    ({"Filters": {"Include": [None]}}, "Filters.Include[].type",
     f"Value null at 'filters.include.1.member' {FAILED} not be null"),
    ({"Filters": {"Include": [{}]}}, "Filters.Include[].union",
     f"Value '{{}}' at 'filters.include.1.member' {FAILED} "
     "have exactly one of the members [StringExpression, BooleanExpression]"),
    (condition(Operator="contains"), f"{INCLUDE}.Operator.enum",
     f"Value 'contains' at 'filters.include.1.member.stringExpression.operator' {FAILED} "
     "satisfy enum value set: [CONTAINS]"),
    (condition(Values=[]), f"{INCLUDE}.Values.minItems",
     f"Value '[]' at 'filters.include.1.member.stringExpression.values' {FAILED} "
     "have length greater than or equal to 1"),
    (condition(Values=["x"] * 11), f"{INCLUDE}.Values.maxItems",
     f"Value '[…]' at 'filters.include.1.member.stringExpression.values' {FAILED} "
     "have length less than or equal to 10"),
    (condition(Values=["x", ""]), f"{INCLUDE}.Values[].minLength",
     f"Value '' at 'filters.include.1.member.stringExpression.values' {FAILED} "
     "satisfy constraint: [Member must have length greater than or equal to 1, "
     "Member must have length less than or equal to 2048]"),
    (condition(Values=["x", 5]), f"{INCLUDE}.Values[].type",
     f"Value '5' at 'filters.include.1.member.stringExpression.values.2.member' {FAILED} "
     "be of type string"),
    ({"Archiveid": "a-known"}, "request.type",
     f"Value 'Archiveid' at 'archiveid' {FAILED} be a documented member"),
    ({"Filters": {"Include": [], "Exclude": []}}, "Filters.type",
     f"Value 'Exclude' at 'filters.exclude' {FAILED} be a documented member"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "id", "words"), EXPORT, ids=[row[1] for row in EXPORT])
def test_a_broken_request_is_told_in_the_words_of_aws(export, change, id, words):
    """Paths start in lower case, items count from 1, simple items are reported at their list."""
    assert told(export, {**GOOD, **change}) == [(id, words)]


KINDS = [
    ({"type": "string", "min": 2}, "a", "minLength",
     f"Value 'a' at 'thing' {FAILED} have length greater than or equal to 2"),
    ({"type": "string", "max": 1}, "😀😀", "maxLength",
     f"Value '😀😀' at 'thing' {FAILED} have length less than or equal to 1"),
    ({"type": "integer", "min": 5}, 4, "minimum",
     f"Value '4' at 'thing' {FAILED} have value greater than or equal to 5"),
    ({"type": "integer", "max": 5}, 6, "maximum",
     f"Value '6' at 'thing' {FAILED} have value less than or equal to 5"),
    ({"type": "double", "max": 0.5}, 0.75, "maximum",
     f"Value '0.75' at 'thing' {FAILED} have value less than or equal to 0.5"),
    ({"type": "long"}, 2**63, "type",
     f"Value '9223372036854775808' at 'thing' {FAILED} be of type long of 64 bits"),
    ({"type": "integer"}, 0.5, "type",
     f"Value '0.5' at 'thing' {FAILED} be of type integer of 32 bits"),
    ({"type": "boolean"}, "true", "type",
     f"Value 'true' at 'thing' {FAILED} be of type boolean"),
    ({"type": "float"}, "nan", "type", f"Value 'nan' at 'thing' {FAILED} be of type float"),
    ({"type": "double", "min": 0}, "NaN", "type",
     f"Value 'NaN' at 'thing' {FAILED} be of type double"),
    ({"type": "blob"}, "%", "type", f"Value '%' at 'thing' {FAILED} be of type blob"),
    ({"type": "blob", "max": 1}, "QUE=", "maxLength",
     f"Value 'QUE=' at 'thing' {FAILED} have length less than or equal to 1"),
    ({"type": "blob", "min": 2}, "QQ==", "minLength",
     f"Value 'QQ==' at 'thing' {FAILED} have length greater than or equal to 2"),
    ({**MAP, "min": 1}, {}, "minProperties",
     f"Value '{{}}' at 'thing' {FAILED} have length greater than or equal to 1"),
    ({**MAP, "max": 1}, {"a": "", "b": ""}, "maxProperties",
     f"Value '{{…}}' at 'thing' {FAILED} have length less than or equal to 1"),
    (MAP, [], "type", f"Value '[]' at 'thing' {FAILED} be of type map"),
    (LIST, "x", "type", f"Value 'x' at 'thing' {FAILED} be of type list"),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "value", "kind", "words"), KINDS)
def test_each_kind_of_constraint_has_its_words(toy, shape, value, kind, words):
    """Bounds are inclusive; lengths count characters, bytes, items and entries."""
    validator = Validator(read_operation(*toy({"Thing": shape}, others=TEXT)))
    assert told(validator, {"Thing": value}) == [(f"Thing.{kind}", words)]


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        ({"type": "string", "min": 2, "max": 2}, "ab"),
        ({"type": "string", "min": 1, "max": 1}, "😀"),
        ({"type": "integer", "min": 5, "max": 5}, 5),
        ({"type": "integer"}, 5.0),
        ({"type": "integer"}, -(2**31)),
        ({"type": "long"}, 2**63 - 1),
        ({"type": "double"}, -1.5e300),
        ({"type": "float"}, "-Infinity"),
        ({"type": "timestamp"}, -0.5),
        ({"type": "blob", "min": 1, "max": 1}, "QQ=="),
        ({"type": "blob"}, ""),
        ({**MAP, "min": 1, "max": 1}, {"a": "b"}),
        ({**LIST, "min": 1, "max": 1}, ["a"]),
        ({"type": "structure", "document": True, "members": {}}, {"a": [None, "x", {}]}),
        ({"type": "structure", "document": True, "members": {}}, None),
    ],
)
def test_what_lies_just_inside_conforms(toy, shape, value):
    """The same limits from the other side."""
    validator = Validator(read_operation(*toy({"Thing": shape}, others=TEXT)))
    assert told(validator, {"Thing": value}) == []


def test_paths_lead_to_the_place(export):
    """Members by their names, items from 0; a missing member's path ends with its name."""
    request = {**GOOD, **condition(Values=["x", ""], Operator=None)}
    del request["ArchiveId"]
    paths = {one.constraint: one.path for one in export.violations(request)}
    inner = ("Filters", "Include", 0, "StringExpression")
    assert paths == {
        "ArchiveId.required": ("ArchiveId",),
        f"{INCLUDE}.Operator.required": (*inner, "Operator"),
        f"{INCLUDE}.Values[].minLength": (*inner, "Values", 1),
    }


def test_every_broken_constraint_is_told_in_document_order(export):
    """Not the first alone."""
    request = {"ToTimestamp": "x", "ArchiveId": "", "ExportDestinationConfiguration": {}}
    assert [one.constraint for one in export.violations(request)] == [
        "ArchiveId.minLength",
        "ArchiveId.pattern",
        "FromTimestamp.required",
        "ToTimestamp.type",
        "ExportDestinationConfiguration.union",
    ]


def test_a_value_of_the_wrong_type_is_judged_no_further(export):
    """A number has no length, a list no members."""
    assert [one.constraint for one in export.violations({**GOOD, "ArchiveId": 1})] == [
        "ArchiveId.type"
    ]
    assert [one.constraint for one in export.violations([GOOD])] == ["request.type"]
    assert export.violations([GOOD])[0].message == f"Value '[…]' at 'request' {FAILED} be an object"


def test_values_of_sensitive_members_are_left_out(toy):
    """Messages end up in logs."""
    secret = {"type": "string", "min": 9, "sensitive": True}
    op = read_operation(*toy({"Secret": secret}, required=["Secret"]))
    validator = Validator(op)
    assert told(validator, {"Secret": "hunter2"}) == [
        ("Secret.minLength", f"Value at 'secret' {FAILED} have length greater than or equal to 9")
    ]
    assert told(validator, {}) == [
        ("Secret.required", f"Value null at 'secret' {FAILED} not be null")
    ]


def test_what_a_sensitive_member_holds_is_left_out_too(toy):
    """Its values at any depth and its map keys; the place of what is not inside stays."""
    others = {
        "Key": {"type": "string", "max": 3},
        "Text": {"type": "string", "max": 3},
        "Open": {"type": "map", "key": {"shape": "Key"}, "value": {"shape": "Text"}},
    }
    members = {
        "Safe": {"type": "structure", "members": {"In": {"shape": "Open"}}, "sensitive": True},
        "Box": {"type": "list", "member": {"shape": "Text"}, "sensitive": True},
        "Plain": {"type": "structure", "members": {"In": {"shape": "Open"}}},
    }
    validator = Validator(read_operation(*toy(members, others=others)))
    request = {
        "Safe": {"In": {"hunter2": "swordfish", 5: "ok", "\ud800x": "ok"}},
        "Box": ["swordfish"],
        "Plain": {"In": {"shown": "visible"}},
    }
    texts = [violation.message for violation in validator.violations(request)]
    assert len(texts) == 7
    assert not any("hunter2" in text or "swordfish" in text for text in texts)
    assert texts[1].startswith("Value at 'safe.in.*' ")
    assert texts[4].startswith("Value at 'box' ")
    assert texts[-2:] == [
        f"Value 'shown' at 'plain.in.shown' {FAILED} have length less than or equal to 3",
        f"Value 'visible' at 'plain.in.shown' {FAILED} have length less than or equal to 3",
    ]


def test_the_keys_of_a_map_whose_key_is_sensitive_are_left_out(toy):
    """Its values are shown: they are not called sensitive."""
    others = {
        "Key": {"type": "string", "max": 3, "sensitive": True},
        "Number": {"type": "integer"},
    }
    shape = {"type": "map", "key": {"shape": "Key"}, "value": {"shape": "Number"}}
    validator = Validator(read_operation(*toy({"Tags": shape}, others=others)))
    violations = validator.violations({"Tags": {"hunter2": "x", b"hunter2": 1}})
    assert [violation.message for violation in violations] == [
        f"Value at 'tags.*' {FAILED} have length less than or equal to 3",
        f"Value 'x' at 'tags.*' {FAILED} be of type integer of 32 bits",
        f"Value '*' at 'tags.*' {FAILED} have only strings as keys",
    ]
    assert violations[0].path == ("Tags", "hunter2")


def test_map_entries_are_named_by_their_key(toy):
    """A key breaks the key's limits, a value the value's."""
    others = {"Key": {"type": "string", "max": 3}, "Number": {"type": "integer"}}
    shape = {"type": "map", "key": {"shape": "Key"}, "value": {"shape": "Number"}}
    validator = Validator(read_operation(*toy({"Tags": shape}, others=others)))
    request = {"Tags": {"long": 1, "a": "1", "b": None, "c": 1}}
    assert [(one.constraint, one.path) for one in validator.violations(request)] == [
        ("Tags[key].maxLength", ("Tags", "long")),
        ("Tags[value].type", ("Tags", "a")),
        ("Tags[value].type", ("Tags", "b")),
    ]


@pytest.mark.parametrize("wire", [False, True])
def test_null_stands_among_items_and_values_of_sparse_containers_only(toy, wire):
    """Elsewhere it is of the wrong type."""
    members = {"Dense": LIST, "Sparse": {**LIST, "sparse": True}, "Tags": {**MAP, "sparse": True}}
    validator = Validator(read_operation(*toy(members, others=TEXT)), wire=wire)
    assert told(validator, {"Sparse": [None, "a"], "Tags": {"a": None}}) == []
    assert [one for one, _ in told(validator, {"Dense": [None]})] == ["Dense[].type"]


def test_a_file_may_hold_neither_null_nor_unknown_members(export):
    """In a file both are mistakes."""
    ids = [one.constraint for one in export.violations({**GOOD, "Filters": None, "Nope": 1})]
    assert ids == ["Filters.type", "request.type"]
    both = {"StringExpression": condition()["Filters"]["Include"][0]["StringExpression"],
            "BooleanExpression": None}  # fmt: skip
    ids = [one.constraint for one in export.violations({**GOOD, "Filters": {"Include": [both]}})]
    assert ids == ["Filters.Include[].BooleanExpression.type", "Filters.Include[].union"]


def test_on_the_wire_null_is_absence_and_unknown_members_do_not_count():
    """At every level, unions included; a required member may not be null all the same."""
    validator = Validator(operation("mailmanager:StartArchiveExport"), wire=True)
    item = {**condition()["Filters"]["Include"][0], "BooleanExpression": None, "Nope": {"a": 1}}
    request = {**GOOD, "MaxResults": None, "Filters": {"Include": [item], "Unless": None}, "X": 1}
    assert told(validator, request) == []
    assert told(validator, {**GOOD, "Filters": {"Include": [{"Nope": {}}]}})[0][0] == (
        "Filters.Include[].union"
    )
    assert told(validator, {**GOOD, "ArchiveId": None})[0][0] == "ArchiveId.required"


@pytest.mark.parametrize("wire", [False, True])
def test_a_required_document_may_be_null_but_not_absent(toy, wire):
    """Null is a document like any other."""
    shape = {"type": "structure", "document": True, "members": {}}
    op = read_operation(*toy({"Body": shape}, required=["Body"]))
    validator = Validator(op, wire=wire)
    assert told(validator, {"Body": None}) == []
    assert [one for one, _ in told(validator, {})] == ["Body.required"]


def test_a_pattern_that_nobody_can_decide_forbids_nothing(toy):
    """Better no verdict than a wrong one."""
    shape = {"type": "string", "pattern": "(a)\\1"}
    validator = Validator(read_operation(*toy({"Thing": shape})))
    assert told(validator, {"Thing": "b"}) == []


def test_a_pattern_without_portable_form_is_matched_outside_the_schema(toy):
    """Wherever it stands: in members, items, keys, values, and below a recursive shape."""
    odd = {"type": "string", "pattern": "a+(?!b)[bc]"}
    tree = {"type": "structure", "members": {"Odd": {"shape": "Odd"}, "Tree": {"shape": "Tree"}}}
    members = {
        "Odds": {"type": "list", "member": {"shape": "Odd"}},
        "Tags": {"type": "map", "key": {"shape": "Odd"}, "value": {"shape": "Text"}},
        "Tree": tree,
    }
    op = read_operation(*toy(members, others={**TEXT, "Odd": odd}))
    validator = Validator(op)
    assert told(validator, {"Odds": ["ac", "aac"], "Tags": {"ac": ""}, "Tree": {"Odd": "ac"}}) == []
    assert [id for id, _ in told(validator, {"Odds": ["ac", "ab"]})] == ["Odds[].pattern"]
    assert [id for id, _ in told(validator, {"Tags": {"ab": ""}})] == ["Tags[key].pattern"]
    deep = {"Tree": {"Tree": {"Tree": {"Odd": "ab"}}}}
    assert [id for id, _ in told(validator, deep)] == ["Tree.Odd.pattern"]


def test_violations_below_a_re_entry_have_the_ids_of_the_first_entry():
    """So that each id is one that the operation lists."""
    op = operation("dynamodb:PutItem")
    ids = {one.id for one in op.constraints}
    request = {"TableName": "table", "Item": {"a": {"L": [{"M": {"b": {"SS": "x"}}}]}}}
    found = Validator(op).violations(request)
    assert [(one.constraint, one.path) for one in found] == [
        ("Item[value].SS.type", ("Item", "a", "L", 0, "M", "b", "SS"))
    ]
    assert ids.issuperset(one.constraint for one in found)


@pytest.mark.parametrize("levels", [MAX_DEPTH // 2 - 3, MAX_DEPTH])
def test_nesting_is_followed_to_a_depth_that_servers_follow(levels):
    """Beyond it the type is broken, by the validator's word alone."""
    value = {"S": "x"}
    for _ in range(levels):
        value = {"L": [value]}
    validator = Validator(operation("dynamodb:PutItem"))
    found = told(validator, {"TableName": "table", "Item": {"a": value}})
    assert bool(found) is (levels == MAX_DEPTH)
    assert all("be nested no deeper than 200 levels" in words for _, words in found)


def test_a_walk_ends_after_so_many_violations(export):
    """A list of a million wrong items needs no million messages."""
    for wrong in (None, {}):
        found = export.violations({**GOOD, "Filters": {"Include": [wrong] * (2 * MAX_FOUND)}})
        assert len(found) == MAX_FOUND


def test_violations_are_frozen_and_hashable(export):
    """They are kept, compared and counted."""
    (one,) = export.violations({**GOOD, "ArchiveId": []})
    (same,) = export.violations({**GOOD, "ArchiveId": []})
    assert one == same
    assert len({one, same}) == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.message = "changed"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("ArchiveId",), "archiveId"),
        (("A", 0, "B", 11), "a.1.member.b.12.member"),
        (("",), ""),
        (("É", "\n"), "é.\\n"),
    ],
)
def test_paths_are_written_as_aws_writes_them(path, text):
    """Lower-case first letters, `.N.member` for items."""
    assert aws_path(path) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x" * 64, "x" * 64),
        ("x" * 65, "x" * 63 + "…"),
        ("a\nb\0", "a\\nb\\x00"),
        ("\ud800", "\\ud800"),
        (None, "null"),
        (False, "false"),
        (12345, "12345"),
        (10**80, "0x35f9dea3e1f6bdfe…"),
        (0.5, "0.5"),
        (float("nan"), "nan"),
        ({}, "{}"),
        ([], "[]"),
        ((1,), "[…]"),
        (b"bytes", "bytes"),
        (object(), "object"),
    ],
)
def test_values_are_shown_short_and_on_one_line(value, text):
    """Whatever their size and type; any terminal can show them."""
    assert shorten(value) == text
    assert len(printable(shorten(value)).splitlines()) <= 1


def test_a_message_without_a_path_speaks_of_the_request():
    """The root has no name."""
    assert message([], (), "be an object") == f"Value '[]' at 'request' {FAILED} be an object"
