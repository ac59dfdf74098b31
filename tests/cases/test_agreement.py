"""No case leaves the room unless the validator agrees with what it expects."""

from __future__ import annotations

import itertools
import sys
import time

import pytest

from contract_kit import operation
from contract_kit.cases import boundary_cases
from contract_kit.cases.boundary import Boundary
from contract_kit.cases.case_stream import CaseStream
from contract_kit.cases.export import all_cases
from contract_kit.cases.finer_cases import finer_cases
from contract_kit.contract.document import read_operation
from contract_kit.wire.table import wire_of

LARGE = "lexv2-models:CreateIntent"


def string(**limits):
    """A request of one string."""
    return {"A": {"type": "string", **limits}}


@pytest.mark.parametrize(
    "shape",
    [
        {"max": 0},
        {"max": 0, "min": 0},
        {"max": 5, "pattern": "()"},
        {"max": 500, "pattern": "[\\s\\S]{0,500}"},
    ],
)
def test_what_is_to_be_rejected_breaks_the_constraint_it_names(toy, shape) -> None:
    """Also where the limit leaves no room, or the pattern takes the empty string."""
    op = read_operation(*toy(string(**shape)))
    for case in (*boundary_cases(op), *finer_cases(op)):
        assert case.expects != "reject" or case.constraint in case.breaks, case.id
    assert any(case.breaks for case in boundary_cases(op) if case.constraint == "A.maxLength")


def test_a_map_whose_values_hold_the_same_map_again_has_cases(toy) -> None:
    """At the inner keys, too, in full lists: nothing is there to be renamed at first."""
    others = {
        "Tree": {"type": "structure", "members": {"M": {"shape": "Map"}, "L": {"shape": "List"}}},
        "Map": {"type": "map", "key": {"shape": "Key"}, "value": {"shape": "Tree"}},
        "List": {"type": "list", "member": {"shape": "Tree"}},
        "Key": {"type": "string", "max": 9},
    }
    op = read_operation(*toy({"A": {"type": "list", "member": {"shape": "Tree"}}}, others=others))
    assert any("[key]" in case.constraint for case in boundary_cases(op))


@pytest.mark.parametrize(
    "pattern", [r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", r"\p{IsAlphabetic}+", r"[^\p{Cntrl}\p{Lu}]+"]
)
def test_members_of_unicode_properties_were_assigned_long_ago(toy, pattern) -> None:
    """A server knows the version of its time: U+061D came in 2021, U+0363 is a letter since 2024."""
    import unicodedata

    op = read_operation(*toy(string(pattern=pattern)))
    for case in boundary_cases(op):
        if case.expects == "accept":
            text = case.request.get("A") or ""
            assert all(unicodedata.ucd_3_2_0.category(char) != "Cn" for char in text), case.id
            assert not set(text) & {"\u061d", "\u0363"}, case.id


def test_a_line_end_after_a_look_around_is_left_open(toy) -> None:
    """To Java, `$` in it also holds before the last one, to others it does not."""
    op = read_operation(*toy(string(pattern="(?=.{0,256}$)[^x]*", max=256)))
    rejected = [
        case.request["A"]
        for case in boundary_cases(op)
        if case.expects == "reject" and "A.pattern" in case.breaks
    ]
    assert not [text for text in rejected if text.endswith(("\n", "\r", "\u2028"))]


def test_limits_of_lists_are_probed_with_items_that_are_firm() -> None:
    """A union whose one member holds nothing is open; forty of another are not."""
    found = {case.id: case for case in boundary_cases(operation("mailmanager:CreateRuleSet"))}
    most = found["CreateRuleSet/Rules.maxItems/most"]
    assert len(most.request["Rules"]) == 40
    assert most.expects == "accept"


@pytest.mark.parametrize(
    ("shape", "json_type", "value"),
    [
        ({"type": "integer", "min": 1, "max": 50}, "true", True),
        ({"type": "integer", "min": 0}, "boolean", False),
        ({"type": "double", "min": 0.5, "max": 2}, "true", True),
        ({"type": "string", "pattern": "[0-9]{12}"}, "number", 555555555555),
        ({"type": "string", "min": 3}, "number", 555),
        ({"type": "string", "max": 4}, "boolean", True),
        ({"type": "blob", "min": 5}, "number", 55555555),
    ],
)
def test_a_wrong_type_is_probed_by_a_value_that_nothing_else_refuses(
    toy, shape, json_type, value
) -> None:
    """A server that converts it shows by accepting it."""
    op = read_operation(*toy({"A": shape}))
    found = {case.slug: case for case in boundary_cases(op) if case.constraint == "A.type"}
    assert found[json_type].request == {"A": value}
    assert type(found[json_type].request["A"]) is type(value)


def test_what_is_no_json_is_tried_at_an_optional_member_of_each_type(toy) -> None:
    """Parsers that take NaN hand over what some readers take for null. Required ones are checked."""
    members = {
        "S": {"type": "string"},
        "I": {"type": "integer"},
        "B": {"type": "boolean"},
        "L": {"type": "list", "member": {"shape": "S"}},
        "D": {"type": "double"},
        "R": {"type": "long"},
    }
    op = read_operation(*toy(members, required=["R"]))
    found = [case.constraint for case in boundary_cases(op) if case.slug == "not-a-number"]
    assert found == [f"{name}.type" for name in "SIBLD"]


@pytest.mark.parametrize("id", ["mailmanager:StartArchiveExport", "mailmanager:GetArchive"])
def test_a_missing_member_is_told_by_one_request_for_one_constraint(id) -> None:
    """An empty object is no matter of syntax."""
    empty = [
        case.constraint
        for case in all_cases(operation(id), wire_of(operation(id)))
        if case.request == {} or (case.message and case.message.body == b"{}")
    ]
    assert len(empty) == 1
    assert empty[0].endswith(".required")


def test_cases_come_one_by_one(monkeypatch) -> None:
    """One is made ahead, so that the last is known for it; each id comes once, and no case twice."""
    op = operation("mailmanager:GetArchive")
    made = list(boundary_cases(op))
    asked = []

    def slow():
        for case in (*made, *made):
            asked.append(case.id)
            yield case

    stream = CaseStream(slow())
    assert next(iter(stream)) is made[0]
    assert len(asked) == 2
    assert list(stream) == made == list(stream)
    assert (len(stream), stream[-1], stream[:2]) == (len(made), made[-1], tuple(made[:2]))
    with pytest.raises(IndexError, match="number 9999"):
        stream[9999]


def test_places_of_one_shape_are_probed_in_full_a_few_times() -> None:
    """Each constraint is still probed from outside, at each place."""
    op = operation(LARGE)
    started = time.process_time()
    first = list(itertools.islice(Boundary(op, _base(op)).cases(), 10))
    assert len(first) == 10
    assert time.process_time() - started < 5  # a fraction of a second where nothing else runs
    cases = boundary_cases(op)
    assert len(cases) < 20_000
    probed = {id for case in cases for id in case.breaks}
    assert not {c.id for c in op.constraints if c.kind in ("required", "enum")} - probed


def _base(op):
    from contract_kit.cases.good_request import GoodRequest

    return GoodRequest(op)


@pytest.fixture
def terminal(monkeypatch, capsys):
    """What the command prints on a terminal."""
    from contract_kit.cli.main import main

    def run(*args):
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        with pytest.raises(SystemExit) as ended:
            main(["cases", "mailmanager:StartArchiveExport", *args])
        assert ended.value.code == 0
        return capsys.readouterr().out

    return run


def test_a_terminal_gets_a_summary_and_the_whole_if_asked(terminal) -> None:
    """Megabytes of JSON help nobody who looks at them."""
    text = terminal()
    assert text.startswith("mailmanager:StartArchiveExport: 805 cases of ")
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "--format" in text
    assert len(text) < 10_000
    assert terminal("--format", "ndjson").count("\n") == 805


def test_a_list_of_strings_whose_pattern_cannot_be_decided_has_cases() -> None:
    """Its items are alike, since no other matching string is known."""
    cases = boundary_cases(operation("chime-sdk-meetings:CreateMeeting"))
    assert {"TenantIds.minItems", "TenantIds.maxItems"} <= {case.constraint for case in cases}
