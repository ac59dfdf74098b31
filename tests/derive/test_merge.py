"""Merging pages into a model's documents: what is shared, added, disputed, and by whom."""

from __future__ import annotations

import copy
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest

from contract_kit import operation
from contract_kit.contract.document import read_operation
from contract_kit.derive.merge import drift_lines, merge_pages
from contract_kit.derive.page import Page, PageError, PageFacts, PageMember
from contract_kit.derive.schema import model_documents
from contract_kit.derive.service import read_pages
from contract_kit.validate.validator import Validator

PAGES = Path(__file__).parents[2] / "fixtures" / "pages"
TEXT = {"Text": {"type": "string"}}
BOTH = ("model", "page:DoThing")
ONLY_PAGE = ("page:DoThing",)


def member(name, type="String", **facts):
    return PageMember(name=name, documentation="", type=type, line=1, **facts)


def page(*members, name="DoThing", kind="operation", response=(), errors=(), **facts):
    facts = {"success_status": 200, "union": False, **facts}
    return Page(
        name=name,
        service_title="Toy API",
        kind=kind,
        members=members,
        response=tuple(response),
        errors=tuple(errors),
        **facts,
    )


def merged(documents, *pages):
    return read_operation(*merge_pages(*documents, pages))


def drift(op):
    return list(drift_lines(op.request))


def facts_at(op, name):
    """Kind → limit and origins of the constraints at one location."""
    return {
        one.kind: (one.limit, one.origins)
        for one in op.constraints
        if one.id.rpartition(".")[0] == name and one.kind != "type"
    }


SHARED = [
    ({"type": "string", "min": 3, "max": 9}, "String", {"min_length": 3, "max_length": 9},
     {"minLength": 3, "maxLength": 9}),
    ({"type": "string", "enum": ["A", "B"]}, "String", {"values": ("B", "A")},
     {"enum": ["A", "B"]}),
    ({"type": "string", "pattern": "a+"}, "String", {"pattern": "a+"}, {"pattern": "a+"}),
    ({"type": "integer", "min": 1, "max": 5}, "Integer", {"minimum": 1, "maximum": 5},
     {"minimum": 1, "maximum": 5}),
    ({"type": "list", "member": {"shape": "Text"}, "min": 1, "max": 5}, "Array of strings",
     {"is_array": True, "min_items": 1, "max_items": 5}, {"minItems": 1, "maxItems": 5}),
    ({"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}, "min": 1, "max": 5},
     "String to string map", {"min_entries": 1, "max_entries": 5},
     {"minProperties": 1, "maxProperties": 5}),
    ({"type": "blob", "min": 1, "max": 5}, "Base64-encoded binary data object",
     {"min_length": 1, "max_length": 5}, {"minLength": 1, "maxLength": 5}),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "type", "facts", "limits"), SHARED)
def test_a_fact_that_both_state_gets_both_origins(toy, shape, type, facts, limits):
    """Nobody disagrees, and nothing is disputed."""
    op = merged(toy({"Thing": shape}, others=TEXT), page(member("Thing", type, **facts)))
    expected = {kind: (limit, BOTH) for kind, limit in limits.items()}
    assert facts_at(op, "Thing") == expected
    assert op.constraint("Thing.type").origins == BOTH
    assert not any(one.disputed for one in op.constraints)
    assert drift(op) == []


@pytest.mark.parametrize(("shape", "type", "facts", "limits"), SHARED)
def test_a_fact_that_the_page_alone_states_is_adopted(toy, shape, type, facts, limits):
    """With the page as its only origin; the engine enforces it too."""
    bare = {key: shape[key] for key in ("type", "member", "key", "value") if key in shape}
    documents = toy({"Thing": bare, "Other": bare}, others=TEXT)
    op = merged(documents, page(member("Thing", type, **facts), member("Other", type)))
    found = facts_at(op, "Thing")
    assert {kind: origins for kind, (_, origins) in found.items()} == dict.fromkeys(
        limits, ONLY_PAGE
    )
    assert {
        kind: set(limit) if kind == "enum" else limit for kind, (limit, _) in found.items()
    } == {kind: set(limit) if kind == "enum" else limit for kind, limit in limits.items()}
    assert facts_at(op, "Other") == {}
    assert drift(op) == []
    jsonschema_rs.validator_for(op.request)


@pytest.mark.parametrize(("shape", "type", "facts", "limits"), SHARED)
def test_a_fact_that_differs_keeps_the_value_of_the_model_and_is_disputed(
    toy, shape, type, facts, limits
):
    """Both values are listed with their origins; an implementation is held to neither."""
    other = {
        "values": ("A", "C"),
        "pattern": "b+",
        **{name: facts.get(name, 0) + 1 for name in facts if name not in ("values", "pattern")},
    }
    changed = {name: other[name] if name != "is_array" else True for name in facts}
    op = merged(toy({"Thing": shape}, others=TEXT), page(member("Thing", type, **changed)))
    assert {kind: limit for kind, (limit, _) in facts_at(op, "Thing").items()} == limits
    assert {one.id for one in op.constraints if one.disputed} == {
        f"Thing.{kind}" for kind in limits
    }
    stated = {
        entry["at"]: [fact["origin"] for fact in entry["facts"]] for entry in op.disagreements
    }
    assert stated == {f"Thing.{kind}": list(BOTH) for kind in limits}


def test_anchors_are_a_difference_and_no_dispute(toy):
    """Both patterns hold for the whole string; the drift still shows them."""
    documents = toy({"Thing": {"type": "string", "pattern": "a[0-9]{2}"}})
    op = merged(documents, page(member("Thing", pattern="^a[0-9]{2}$")))
    assert op.constraint("Thing.pattern").origins == BOTH
    assert not op.constraint("Thing.pattern").disputed
    assert drift(op) == ["Thing.pattern: model says a[0-9]{2}; page:DoThing says ^a[0-9]{2}$"]


def test_patterns_that_nobody_can_compare_are_disputed(toy):
    """Unless they are the same text."""
    documents = toy({"Thing": {"type": "string", "pattern": "(a)\\1"}})
    same = merged(documents, page(member("Thing", pattern="(a)\\1")))
    assert not same.constraint("Thing.pattern").disputed
    other = merged(documents, page(member("Thing", pattern="(a)\\1{1}")))
    assert other.constraint("Thing.pattern").disputed


def test_a_least_length_of_nothing_is_no_disagreement(toy):
    """Pages write 0 where the model may leave it out."""
    shape = {"type": "list", "member": {"shape": "Text"}, "max": 5}
    facts = {"is_array": True, "min_items": 0, "max_items": 5}
    op = merged(toy({"Thing": shape}, others=TEXT), page(member("Thing", "Array", **facts)))
    assert facts_at(op, "Thing") == {"maxItems": (5, BOTH)}
    assert drift(op) == []


def test_presence_is_disputed_where_one_source_requires_the_member(toy):
    """Both ways round; where a page does not say, nothing is added."""
    members = {name: {"type": "string"} for name in ("Both", "Model", "Page", "Silent")}
    op = merged(
        toy(members, required=["Both", "Model", "Silent"]),
        page(
            member("Both", required=True),
            member("Model", required=False),
            member("Page", required=True),
            member("Silent"),
        ),
    )
    assert op.constraint("Both.required").origins == BOTH
    assert op.constraint("Model.required").disputed
    assert op.constraint("Silent.required").origins == ("model",)
    assert drift(op) == [
        "Model.required: model says True; page:DoThing says False",
        "Page.required: model says False; page:DoThing says True",
    ]


def test_a_member_on_one_side_alone_is_a_disagreement(toy):
    """The model's stays in the schema, the page's stays out: clients know the model's."""
    op = merged(toy({"Old": {"type": "string"}}), page(member("New")))
    assert drift(op) == [
        "Old.member: model says present; page:DoThing says absent",
        "New.member: model says absent; page:DoThing says present",
    ]
    assert [one.name for one in op.shapes["Input"].members] == ["Old"]
    assert op.constraint("Old.type").origins == ("model",)


def test_types_that_differ_are_disputed(toy):
    """A structure is no dispute with a union: their layout is the same."""
    others = {"A": {"type": "string"}}
    union = {"type": "structure", "union": True, "members": {"A": {"shape": "A"}}}
    documents = toy({"Count": {"type": "long"}, "Either": union}, others=others)
    op = merged(
        documents,
        page(member("Count", "Integer"), member("Either", "Either object", target="Either")),
    )
    assert drift(op) == ["Count.type: model says long; page:DoThing says integer"]
    assert op.constraint("Count.type").disputed
    assert op.constraint("Either.type").origins == BOTH


@pytest.mark.parametrize("type", ["", "Number"])
def test_a_type_that_the_page_does_not_tell_is_not_its_fact(toy, type):
    """URI parameters state none."""
    op = merged(toy({"Name": {"type": "string"}}), page(member("Name", type)))
    assert op.constraint("Name.type").origins == ("model",)
    assert drift(op) == []


def test_a_union_is_confirmed_or_disputed_by_the_page_of_the_member_or_of_the_type(toy):
    """Where a type's own page lacks the note, the sources disagree."""
    union = {"type": "structure", "union": True, "members": {"A": {"shape": "A"}}}
    documents = toy({"Either": union}, others={"A": {"type": "string"}})
    noted = page(member("Either", "Either object", target="Either", union=True))
    op = merged(documents, noted, page(member("A"), name="Either", kind="data type", union=True))
    assert op.constraint("Either.union").origins == (*BOTH, "page:Either")
    op = merged(documents, noted, page(member("A"), name="Either", kind="data type"))
    assert op.constraint("Either.union").disputed
    assert drift(op) == ["Either.union: model says True; page:Either says False"]


def test_a_structure_that_a_page_calls_a_union_is_listed(toy):
    """No constraint comes of it: the model's clients send more than one member."""
    plain = {"type": "structure", "members": {"A": {"shape": "A"}}}
    documents = toy({"Thing": plain}, others={"A": {"type": "string"}})
    op = merged(documents, page(member("Thing", "Thing object", target="Thing", union=True)))
    assert drift(op) == ["Thing.union: model says False; page:DoThing says True"]
    assert "Thing.union" not in {one.id for one in op.constraints}


LISTS = {
    "Names": {"type": "list", "member": {"shape": "Text"}},
    "Words": {"type": "list", "member": {"shape": "Text"}},
    "Gaps": {"type": "list", "member": {"shape": "Text"}, "sparse": True},
}


def test_facts_of_items_go_to_the_items_of_that_member_alone(toy):
    """Other lists share the item's shape and keep it as it was."""
    array = {"is_array": True, "max_length": 5}
    op = merged(
        toy(LISTS, others=TEXT),
        page(member("Names", "Array", **array), member("Gaps", "Array", **array)),
    )
    assert op.constraint("Names[].maxLength").origins == ONLY_PAGE
    assert op.constraint("Gaps[].maxLength").limit == 5
    assert facts_at(op, "Words[]") == {}
    validator = Validator(op)
    assert not validator.is_valid({"Names": ["longer"]})
    assert not validator.is_valid({"Gaps": [None, "longer"]})
    assert validator.is_valid({"Names": ["short"], "Gaps": [None], "Words": ["longer"]})


def test_a_dispute_about_items_stays_with_that_member(toy):
    """The same shape elsewhere is not disputed."""
    others = {"Text": {"type": "string", "max": 9}}
    facts = {"is_array": True, "max_length": 5}
    op = merged(toy(LISTS, others=others), page(member("Names", "Array", **facts)))
    assert {one.id for one in op.constraints if one.disputed} == {"Names[].maxLength"}
    assert "Names[].maxLength: model says 9; page:DoThing says 5" in drift(op)


def test_items_that_both_describe_alike_keep_the_shared_shape(toy):
    """Documents do not grow where nothing differs."""
    documents = toy(LISTS, others={"Text": {"type": "string", "max": 5}})
    request, _ = merge_pages(
        *documents, (page(member("Names", "Array", is_array=True, max_length=5)),)
    )
    assert request["$defs"].keys() == documents[0]["$defs"].keys()


def test_facts_of_keys_and_values_go_to_keys_and_values(toy):
    """As a page lays them out: `Key Length Constraints`, `Value Pattern`."""
    members = {"Tags": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}}}
    facts = {"key": PageFacts(max_length=3), "value": PageFacts(pattern="a*")}
    op = merged(toy(members, others=TEXT), page(member("Tags", "String to string map", **facts)))
    assert facts_at(op, "Tags[key]") == {"maxLength": (3, ONLY_PAGE)}
    assert facts_at(op, "Tags[value]") == {"pattern": ("a*", ONLY_PAGE)}
    broken = {one.constraint for one in Validator(op).violations({"Tags": {"long": "b"}})}
    assert broken == {"Tags[key].maxLength", "Tags[value].pattern"}


def test_facts_of_items_that_are_lists_themselves_have_no_place(toy):
    """The layout cannot tell whose length it states."""
    inner = {"Inner": {"type": "list", "member": {"shape": "Text"}}, **TEXT}
    members = {"Rows": {"type": "list", "member": {"shape": "Inner"}}}
    facts = {"is_array": True, "max_length": 3}
    op = merged(toy(members, others=inner), page(member("Rows", "Array of arrays", **facts)))
    assert facts_at(op, "Rows[]") == {}


def test_facts_that_do_not_fit_the_type_are_left(toy):
    """`Valid Values` of a number are texts: as an enumeration they would forbid every number."""
    op = merged(
        toy({"Days": {"type": "integer"}}), page(member("Days", "Integer", values=("1", "7")))
    )
    assert facts_at(op, "Days") == {}
    assert Validator(op).is_valid({"Days": 7})


def test_facts_of_one_member_do_not_reach_another_of_the_same_shape(toy):
    """The member gets a definition of its own."""
    documents = toy(
        {"One": {"type": "structure", "members": {"A": {"shape": "Text"}}}}, others=TEXT
    )
    documents[0]["$defs"]["Input"]["properties"]["Two"] = {"$ref": "#/$defs/Text"}
    op = merged(documents, page(member("Two", max_length=4), member("One", "One", target="One")))
    assert op.constraint("Two.maxLength").limit == 4
    assert facts_at(op, "One.A") == {}


def test_errors_and_statuses_are_kept_with_both_origins(toy):
    """In the model's order, then the page's."""
    others = {
        name: {"type": "structure", "members": {}, "error": {"httpStatusCode": status}}
        for name, status in (("Same", 400), ("Moved", 404), ("Hidden", 409), ("Gone", 410))
    }
    documents = toy({}, others=others, errors=[{"shape": name} for name in others])
    errors = [
        PageError(name="Same", documentation="", status=400, line=1),
        PageError(name="Moved", documentation="", status=400, line=1),
        PageError(name="Fresh", documentation="", status=418, line=1),
        PageError(name="Untold", documentation="", line=1),
    ]
    op = merged(documents, page(errors=errors))
    assert {error.name: error.statuses for error in op.errors} == {
        "Same": ((400, "model"), (400, "page:DoThing")),
        "Moved": ((404, "model"), (400, "page:DoThing")),
        "Hidden": ((409, "model"),),
        "Gone": ((410, "model"),),
        "Fresh": ((418, "page:DoThing"),),
        "Untold": ((400, "page:DoThing"),),
    }
    assert drift(op) == [
        "errors.Moved.status: model says 404; page:DoThing says 400",
        "errors.Fresh: model says absent; page:DoThing says present",
        "errors.Untold: model says absent; page:DoThing says present",
        "errors.Hidden: model says present; page:DoThing says absent",
        "errors.Gone: model says present; page:DoThing says absent",
    ]


def test_an_error_without_status_on_the_page_confirms_nothing_more(toy):
    """The model's status stands alone."""
    others = {"Same": {"type": "structure", "members": {}, "error": {"httpStatusCode": 409}}}
    error = PageError(name="Same", documentation="", line=1)
    op = merged(toy({}, others=others, errors=[{"shape": "Same"}]), page(errors=[error]))
    assert op.errors[0].statuses == ((409, "model"),)


@pytest.mark.parametrize(("status", "lines"), [
    (200, []),
    (None, []),
    (202, ["response.status: model says 200; page:DoThing says 202"]),
])  # fmt: skip
def test_the_status_of_success_is_compared(toy, status, lines):
    """Where the page names one."""
    assert drift(merged(toy({}), page(success_status=status))) == lines


def test_reply_members_are_merged_into_the_response(toy):
    """An identifier that the page calls unique as well has both origins."""
    unique = {"type": "string", "documentation": "The unique identifier of the thing."}
    documents = copy.deepcopy(toy({}, output={"ThingId": unique, "Old": {"type": "string"}}))
    facts = documents[1]["$defs"]["Output"]["properties"]["ThingId"].setdefault("x-contract", {})
    facts.update(identifier=True, origins={"identifier": ["model"]})
    told = PageMember(
        name="ThingId", documentation="A unique identifier.", type="String", max_length=64, line=1
    )
    op = merged(documents, page(response=[told]))
    assert op.constraint("response.ThingId.unique").origins == BOTH
    assert op.shapes["Output.ThingId"].max_length == 64
    assert drift(op) == ["response.Old.member: model says present; page:DoThing says absent"]


def test_a_reply_without_members_is_merged_too(toy):
    """What the page returns beyond it has nowhere to go."""
    assert drift(merged(toy({}), page(response=[member("Thing")]))) == []


def test_pages_do_not_change_the_documents_that_they_are_merged_into(toy):
    """Merging gives new ones."""
    documents = toy({"Thing": {"type": "string"}})
    before = copy.deepcopy(documents)
    merge_pages(*documents, (page(member("Thing", max_length=3)),))
    assert documents == before


def test_sources_name_each_page():
    """A report tells the reader where to look."""
    op = operation("mailmanager:StartArchiveExport")
    title = "StartArchiveExport - Amazon SES Mail Manager API"
    assert op.sources["page:StartArchiveExport"] == title
    assert len([name for name in op.sources if name.startswith("page:")]) == 9


def test_the_order_of_pages_does_not_matter():
    """A folder and a list of files give the same documents."""
    documents = model_documents("mailmanager:StartArchiveExport")
    pages = read_pages([PAGES])
    assert merge_pages(*documents, pages) == merge_pages(*documents, pages[::-1])


def test_the_sources_of_start_archive_export_disagree_in_seven_places():
    """Anchors, statuses, and a member that came after the page was written."""
    documents = model_documents("mailmanager:StartArchiveExport")
    request, _ = merge_pages(*documents, read_pages([PAGES]))
    s3 = "s3://[a-zA-Z0-9.-]{3,63}(/[a-zA-Z0-9!_.*'()/-]*)*"
    assert list(drift_lines(request)) == [
        r"ArchiveId.pattern: model says a-[\w]{1,64}; page:StartArchiveExport says ^a-[\w]{1,64}$",
        "IncludeMetadata.member: model says present; page:StartArchiveExport says absent",
        "errors.AccessDeniedException.status: model says 403; page:StartArchiveExport says 400",
        "errors.ResourceNotFoundException.status: model says 404; page:StartArchiveExport says 400",
        "errors.ServiceQuotaExceededException.status: "
        "model says 402; page:StartArchiveExport says 400",
        "errors.ThrottlingException.status: model says 429; page:StartArchiveExport says 400",
        f"S3ExportDestinationConfiguration.S3Location.pattern: model says {s3}; "
        f"page:S3ExportDestinationConfiguration says ^{s3}$",
    ]
    assert not any(one.disputed for one in operation("mailmanager:StartArchiveExport").constraints)


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_order_of_disagreements_is_that_of_the_sources(seed):
    """Also under another hash seed: committed documents are compared byte for byte."""
    program = (
        "from contract_kit.derive.merge import *\n"
        "from contract_kit.derive.page import Page\n"
        "request = {'$ref': '#/$defs/I', '$defs': {'I': {'properties': {}}}, 'x-contract':"
        " {'sources': {}, 'http': {'successStatus': 200}, 'errors':"
        " [{'name': f'E{n}', 'statuses': []} for n in range(9)]}}\n"
        "page = Page(name='Do', service_title='', kind='operation', members=(), response=(),"
        " errors=(), success_status=None, union=False)\n"
        "merged, _ = merge_pages(request, {'x-contract': {'sources': {}}}, (page,))\n"
        "print(*(line.split(':')[0] for line in drift_lines(merged)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [f"errors.E{number}" for number in range(9)]
