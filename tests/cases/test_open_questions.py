"""Which parts of conforming requests no source promises anything about."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.cases.boundary import boundary_cases
from contract_kit.cases.open_questions import open_places, raises_question
from contract_kit.contract.document import read_operation

EXPORT = operation("mailmanager:StartArchiveExport")
SHAPES, ROOT = EXPORT.shapes, EXPORT.shapes[EXPORT.input]
GOOD = {
    "ArchiveId": "a-b",
    "FromTimestamp": 1.5,
    "ToTimestamp": 2**31,
    "MaxResults": 1,
    "Filters": {},
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://abc"}},
}
ENDS = ("FromTimestamp", "ToTimestamp")


def places(**changes):
    """The open places of the good request with some members changed."""
    return sorted(open_places(SHAPES, ROOT, {**GOOD, **changes}), key=repr)


def test_nothing_is_open_in_a_usual_request():
    """Fractions, empty structures outside unions and times before 1970 are promised."""
    assert places() == []
    assert places(FromTimestamp=-1, ToTimestamp=253_402_300_799) == []
    assert places(MaxResults=None) == []


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"ArchiveId": "a-\0"}, ("ArchiveId",)),
        ({"ArchiveId": "a-\ud800"}, ("ArchiveId",)),
        ({"ToTimestamp": 1.5}, ("order",)),
        ({"ToTimestamp": 1}, ("order",)),
        ({"ToTimestamp": 253_402_300_800}, ("ToTimestamp",)),
        ({"FromTimestamp": -62_135_596_800}, ("FromTimestamp",)),
        ({"MaxResults": 0}, ("MaxResults",)),
        ({"MaxResults": -(2**31)}, ("MaxResults",)),
        ({"MaxResults": 5.0}, ("MaxResults",)),
        (
            {"ExportDestinationConfiguration": {"S3": {}}},
            ("ExportDestinationConfiguration", "S3"),
        ),
        (
            {"ExportDestinationConfiguration": {"S3": {"S3Location": None}}},
            ("ExportDestinationConfiguration", "S3"),
        ),
    ],
)
def test_one_thing_that_no_source_promises_is_one_open_place(changes, place):
    """With the path to it."""
    assert places(**changes) == [place]


def test_keys_and_documents_are_looked_into(toy):
    """An odd character is one wherever a string may stand."""
    members = {
        "Tags": {"type": "map", "key": {"shape": "Key"}, "value": {"shape": "Key"}},
        "Any": {"type": "structure", "document": True, "members": {}},
        "Ratio": {"type": "double"},
        "Rate": {"type": "float"},
    }
    op = read_operation(*toy(members, others={"Key": {"type": "string"}}))
    shapes, root = op.shapes, op.shapes[op.input]
    assert list(open_places(shapes, root, {"Tags": {"a\0": "b"}})) == [("Tags", "a\0")]
    assert list(open_places(shapes, root, {"Any": [{"a": ["\ud800"]}]})) == [("Any",)]
    assert list(open_places(shapes, root, {"Ratio": 1e300, "Rate": 1e300})) == [("Rate",)]
    assert list(open_places(shapes, root, {"Ratio": "NaN"})) == [("Ratio",)]
    assert list(open_places(shapes, root, {"Any": {"a": 0}, "Ratio": -0.5, "Tags": {}})) == []


def test_what_the_accepted_twin_holds_as_well_is_settled():
    """The target takes it: only what is new is a question."""
    empty = {**GOOD, "ExportDestinationConfiguration": {"S3": {}}}
    assert raises_question(EXPORT, empty, GOOD)
    assert not raises_question(EXPORT, empty, empty)
    assert not raises_question(EXPORT, GOOD, empty)
    assert raises_question(EXPORT, {**empty, "MaxResults": 0}, empty)


def test_a_base_request_with_an_open_question_still_proves_what_lies_beside_it():
    """Cases that do not touch it are as sharp as ever."""
    base = {**GOOD, "MaxResults": -1, "ExportDestinationConfiguration": {"S3": {}}}
    expected = {case.id: case.expects for case in boundary_cases(EXPORT, request=base)}
    assert expected["StartArchiveExport/ArchiveId.pattern/longest"] == "accept"
    assert expected["StartArchiveExport/Filters.type/null"] == "accept"
    usual = {case.id: case.expects for case in boundary_cases(EXPORT)}
    assert usual["StartArchiveExport/MaxResults.type/minus-one"] == "any"
    assert usual["StartArchiveExport/ExportDestinationConfiguration.S3.type/empty"] == "any"


def test_a_flag_that_is_false_chooses_nothing_of_a_union() -> None:
    """As a structure without members does not; some correct servers refuse both."""
    op = operation("rds-data:ExecuteStatement")
    shape = op.shapes["Field"]
    assert [*open_places(op.shapes, shape, {"isNull": False})] == [("isNull",)]
    assert not [*open_places(op.shapes, shape, {"isNull": True})]


def test_lines_are_open_where_a_pattern_asks_for_nothing_but_dots():
    """Templates have lines, whatever the pattern of their model says; other members are held to it."""
    op = operation("appsync:CreateFunction")
    root, template = op.shapes[op.input], "requestMappingTemplate"
    assert list(open_places(op.shapes, root, {template: "a\nb"})) == [(template,)]
    assert list(open_places(op.shapes, root, {"name": "a\nb", template: "ab"})) == []
    expected = {
        name: {
            case.expects
            for case in boundary_cases(op)
            if case.constraint == f"{name}.pattern" and case.side == "outside"
        }
        for name in (template, "name")
    }
    assert expected[template] == {"any"}
    assert "reject" in expected["name"]
