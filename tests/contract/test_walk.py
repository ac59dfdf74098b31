"""One walk over shapes, and over values beside them."""

from __future__ import annotations

from contract_kit.contract.shape import Member, Shape
from contract_kit.contract.walk import (
    compiler,
    containing,
    mapped,
    places_below,
    reachable,
    recursive,
    walked,
)

SHAPES = {
    "Tree": Shape(
        name="Tree",
        type="structure",
        members=(
            Member(name="Leaf", shape="Text"),
            Member(name="Twigs", shape="Twigs"),
            Member(name="Marks", shape="Marks"),
        ),
    ),
    "Twigs": Shape(name="Twigs", type="list", item="Tree"),
    "Marks": Shape(name="Marks", type="map", key="Text", item="Count"),
    "Text": Shape(name="Text", type="string"),
    "Count": Shape(name="Count", type="integer"),
}
VALUE = {"Leaf": "a", "Twigs": [{"Leaf": "b", "Other": 1}], "Marks": {"x": 1, "y": 2}}


def test_locations_come_in_document_order_down_to_the_first_re_entry():
    """Keys of a map before its values."""
    found = [".".join(place.location) for place in places_below(SHAPES, "Tree")]
    assert found == ["Leaf", "Twigs", "Twigs.[]", "Marks", "Marks.[key]", "Marks.[value]"]


def test_shapes_know_what_they_contain():
    """Themselves among it, where they are recursive."""
    assert reachable(SHAPES, "Marks") == {"Text", "Count"}
    assert recursive(SHAPES) == {"Tree", "Twigs"}
    assert containing(SHAPES, ["Count"]) == {"Count", "Marks", "Tree", "Twigs"}


def test_a_value_is_walked_in_document_order_without_what_is_not_documented():
    """Each value before what it holds."""
    found = [
        (each.path, each.member and each.member.name) for each in walked(SHAPES, "Tree", VALUE)
    ]
    assert found == [
        ((), None),
        (("Leaf",), "Leaf"),
        (("Twigs",), "Twigs"),
        (("Twigs", 0), None),
        (("Twigs", 0, "Leaf"), "Leaf"),
        (("Marks",), "Marks"),
        (("Marks", "x"), None),
        (("Marks", "y"), None),
    ]


def test_a_list_that_holds_itself_ends():
    """As YAML can write it."""
    endless: list[object] = []
    endless.append({"Twigs": endless})
    assert len(list(walked(SHAPES, "Tree", {"Twigs": endless}))) < 1000


def test_a_value_is_rebuilt_with_what_is_not_documented():
    """And stays as it is where it is of another type."""

    def doubled(value, name, _member):
        shape = SHAPES[name]
        return value * 2 if shape.type in ("string", "integer") else mapped(shape, value, doubled)

    assert doubled(VALUE, "Tree", None) == {
        "Leaf": "aa",
        "Twigs": [{"Leaf": "bb", "Other": 1}],
        "Marks": {"x": 2, "y": 4},
    }
    assert mapped(SHAPES["Tree"], "text", doubled) == "text"


def test_functions_are_made_for_the_shapes_that_need_one():
    """Once each, recursive ones among them."""
    made: list[str] = []

    def make(name):
        made.append(name)
        if name == "Count":
            return lambda value: value + 1
        return lambda value: mapped(
            SHAPES[name], value, lambda each, inner, _: (find(inner) or (lambda kept: kept))(each)
        )

    find = compiler(containing(SHAPES, ["Count"]), make)
    convert = find("Tree")
    assert convert is not None
    assert convert({**VALUE, "Twigs": [VALUE]})["Twigs"][0]["Marks"] == {"x": 2, "y": 3}
    assert find("Text") is None
    assert sorted(made) == sorted(set(made))
