"""Reading documentation pages: what they state, how they are laid out, what is refused."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import botocore
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_kit.derive.page import PageError, PageFacts, PageMember, read_page
from contract_kit.errors import SourceError

PAGES = sorted((Path(__file__).parents[2] / "fixtures" / "pages").glob("*.txt"))
OPERATION = "StartArchiveExport"
NOT_ON_THE_PAGE = {"IncludeMetadata"}  # the page is older than the model
MODEL = Path(botocore.__file__).parent / "data/mailmanager/2023-10-17/service-2.json.gz"
SHAPES = json.loads(gzip.decompress(MODEL.read_bytes()))["shapes"]
ONE = "Only one member of this object can be specified or returned."
UNION = f"This object is a Union. {ONE}"


def text_of(name):
    return next(path for path in PAGES if path.stem == name).read_text(encoding="utf-8")


def page_with(*lines, section="Request Parameters"):
    return "\n\n".join(("Do - Some API", "Do", section, "Each of these.", *lines, "See Also"))


def member(*facts, section="Request Parameters", name="Thing"):
    """The one member of a page that gives it these lines below its name."""
    (only,) = read_page(page_with(name, "What it is.", *facts, section=section)).members
    return only


def types_of_model(shape, name):
    """What a page writes after `Type:`, and the data type named there, as the model has it."""
    if shape["type"] == "list":
        words, target = types_of_model(SHAPES[shape["member"]["shape"]], shape["member"]["shape"])
        return f"Array of {words if target else words.lower()}s", target
    if shape["type"] == "structure":
        return f"{name} object", name
    return shape["type"].capitalize(), None


def facts_of_model(name, required):
    shape = SHAPES[name]
    words, target = types_of_model(shape, name)
    facts = {"type": words, "target": target, "required": required}
    facts["union"] = shape.get("union", False)
    facts["is_array"] = shape["type"] == "list"
    if facts["is_array"]:
        facts |= {"min_items": shape["min"], "max_items": shape["max"]}
        shape = SHAPES[shape["member"]["shape"]]
    facts |= {"min_length": None, "max_length": None, "pattern": shape.get("pattern")}
    if shape["type"] == "string":
        facts |= {"min_length": shape.get("min"), "max_length": shape.get("max")}
    return facts | {"values": tuple(shape.get("enum", ()))}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_fixture_page_states_what_the_model_states(path):
    """Members, types, limits, patterns (without anchors), enums, required and union agree."""
    page = read_page(path.read_text(encoding="utf-8"), source=path.name)
    shape = SHAPES[path.stem + ("Request" if path.stem == OPERATION else "")]
    assert {one.name for one in page.members} == shape["members"].keys() - NOT_ON_THE_PAGE
    for one in page.members:
        required = one.name in shape.get("required", ())
        stated = facts_of_model(shape["members"][one.name]["shape"], required)
        if one.pattern:
            one = replace(one, pattern=one.pattern.removeprefix("^").removesuffix("$"))
        assert {name: getattr(one, name) for name in stated} == stated
        assert one.documentation


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_fixture_page_knows_its_name_kind_and_union(path):
    """The title gives the name, the sections the kind, the note at the top the union."""
    page = read_page(path.read_text(encoding="utf-8"))
    assert (page.name, page.service_title) == (path.stem, "Amazon SES Mail Manager API")
    assert page.kind == ("operation" if path.stem == OPERATION else "data type")
    assert page.union == SHAPES.get(path.stem, {}).get("union", False)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_line_of_a_member_is_where_its_name_stands(path):
    """Lines count from 1."""
    text = path.read_text(encoding="utf-8")
    page = read_page(text)
    for one in (*page.members, *page.response, *page.errors):
        assert text.splitlines()[one.line - 1] == one.name


def test_the_fixtures_hold_every_data_type_that_they_name():
    """From the operation's page all others are reached, and none is left over."""
    pages = {path.stem: read_page(path.read_text(encoding="utf-8")) for path in PAGES}
    waiting, found = [OPERATION], set()
    while waiting:
        found.add(name := waiting.pop())
        waiting += [one.target for one in pages[name].members if one.target]
    assert found == pages.keys()


def test_the_page_of_the_operation_is_read_in_whole():
    """Response, errors with statuses, and the status of success."""
    page = read_page(text_of(OPERATION))
    assert page.success_status == 200
    (export,) = page.response
    assert (export.name, export.min_length, export.max_length) == ("ExportId", 1, 64)
    assert (export.required, "unique identifier" in export.documentation) == (None, True)
    assert [error.name.removesuffix("Exception") for error in page.errors] == [
        "AccessDenied",
        "ResourceNotFound",
        "ServiceQuotaExceeded",
        "Throttling",
        "Validation",
    ]
    assert {error.status for error in page.errors} == {400}
    assert all(error.documentation for error in page.errors)
    assert page.members[0].pattern == r"^a-[\w]{1,64}$"


def test_a_page_cannot_be_changed():
    """Pages are frozen data."""
    page = read_page(text_of(OPERATION))
    with pytest.raises(FrozenInstanceError):
        page.name = "Other"
    assert hash(page) == hash(read_page(text_of(OPERATION)))


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (
            "Length Constraints: Minimum length of 3. Maximum length of 66.",
            {"min_length": 3, "max_length": 66},
        ),
        ("Length Constraints: Fixed length of 12.", {"min_length": 12, "max_length": 12}),
        ("Length Constraints: Maximum length of 9.", {"max_length": 9}),
        ("Length Constraints: Minimum length of 0.", {"min_length": 0}),
        (
            "Array Members: Minimum number of 0 items. Maximum number of 10 items.",
            {"min_items": 0, "max_items": 10},
        ),
        ("Array Members: Fixed number of 1 item.", {"min_items": 1, "max_items": 1}),
        ("Array Members: Minimum number of 1 item.", {"min_items": 1}),
        (
            "Map Entries: Minimum number of 0 items. Maximum number of 50 items.",
            {"min_entries": 0, "max_entries": 50},
        ),
        ("Valid Range: Minimum value of 1. Maximum value of 100.", {"minimum": 1, "maximum": 100}),
        ("Valid Range: Minimum value of -5.", {"minimum": -5}),
        ("Valid Range: Maximum value of 9223372036854775807.", {"maximum": 9223372036854775807}),
        (
            "Valid Range: Minimum value of -0.5. Maximum value of 1.0.",
            {"minimum": -0.5, "maximum": 1.0},
        ),
        ("Valid Range: Minimum value of 1.0E-7.", {"minimum": 1e-07}),
        ("Valid Range: Fixed value of 7.", {"minimum": 7, "maximum": 7}),
        ("Required: Yes", {"required": True}),
        ("Required: No", {"required": False}),
        ("Length  Constraints : Fixed length of 2", {"min_length": 2, "max_length": 2}),
    ],
)
def test_a_label_is_read_to_the_letter(line, fields):
    """Each label sets its own fields, with whole numbers whole, and no other field."""
    read = member("Type: String", line)
    assert read == replace(member("Type: String"), **fields)
    assert [type(getattr(read, name)) for name in fields] == [*map(type, fields.values())]


@pytest.mark.parametrize(
    ("words", "target", "is_array"),
    [
        ("String", None, False),
        ("Timestamp", None, False),
        ("Base64-encoded binary data object", None, False),
        ("JSON value", None, False),
        ("ArchiveFilters object", "ArchiveFilters", False),
        ("Array of strings", None, True),
        ("Array of Base64-encoded binary data objects", None, True),
        ("Array of ArchiveFilterCondition objects", "ArchiveFilterCondition", True),
        ("Array of arrays of Rule objects", "Rule", True),
        ("String to string map", None, False),
        ("String to AttributeValue object map", "AttributeValue", False),
        ("String to array of WriteRequest objects map", "WriteRequest", False),
        ("Array of String to AttributeValue object maps", "AttributeValue", True),
    ],
)
def test_a_type_gives_the_data_type_it_names(words, target, is_array):
    """Also of items and of map values; blobs name none, though the word object is in them."""
    one = member(f"Type: {words}")
    assert (one.type, one.target, one.is_array) == (words, target, is_array)


def test_facts_of_items_and_of_the_array_are_kept_apart():
    """An array of strings: items are counted, lengths and pattern speak of each item."""
    one = member(
        "Type: Array of strings",
        "Array Members: Minimum number of 1 item. Maximum number of 10 items.",
        "Length Constraints: Minimum length of 2. Maximum length of 2048.",
        "Pattern: [a-z]+",
        "Valid Values: a | bb",
    )
    assert (one.is_array, one.min_items, one.max_items) == (True, 1, 10)
    assert (one.min_length, one.max_length, one.pattern) == (2, 2048, "[a-z]+")
    assert one.values == ("a", "bb")


def test_facts_of_a_map_go_to_its_keys_and_values():
    """Entries are counted; each labelled fact lands on the keys or on the values."""
    one = member(
        "Type: String to string map",
        "Map Entries: Maximum number of 50 items.",
        "Key Length Constraints: Minimum length of 1. Maximum length of 128.",
        "Key Pattern: (?!aws:).+",
        "Value Length Constraints: Maximum length of 256.",
        "Value Pattern: [^:]*",
        "Value Valid Values: x | y",
    )
    assert (one.min_entries, one.max_entries, one.is_array) == (None, 50, False)
    assert one.key == PageFacts(min_length=1, max_length=128, pattern="(?!aws:).+")
    assert one.value == PageFacts(max_length=256, pattern="[^:]*", values=("x", "y"))
    assert (one.min_length, one.pattern, one.values) == (None, None, ())
    keyed = member("Type: String to string map", "Valid Keys: All | Policy")
    assert keyed.key.values == ("All", "Policy")


@pytest.mark.parametrize(
    "pattern",
    [
        r"^a-[\w]{1,64}$",
        "Required: Yes",
        r"\d+: | a:b ",
        "$|^ ",
        r"a\$  ",
        "  b",
        r"[\s\S]*",
        "Note",
    ],
)
def test_a_pattern_is_kept_to_the_letter(pattern):
    """Colons, words of labels, and blanks at its ends belong to the pattern."""
    one = member("Type: String", f"Pattern: {pattern}", "Required: No")
    assert (one.pattern, one.required) == (pattern, False)


def test_blanks_that_no_match_can_reach_are_no_part_of_a_pattern():
    """Past an unescaped `$` and before `^` nothing matches: copying put the blanks there."""
    assert member("Type: String", "Pattern:\u00a0  ^a$ \u00a0").pattern == "^a$"


@pytest.mark.parametrize("line", ["Pattern:", "Pattern: \u00a0"])
def test_a_value_may_stand_on_the_line_below_its_label(line):
    """Some copies break the line between a label and its value."""
    one = member("Type: String", line, "^a:b$", "Valid Values:", "A | B", "Required: No")
    assert (one.pattern, one.values, one.required) == ("^a:b$", ("A", "B"), False)


@pytest.mark.parametrize(
    "note",
    [
        (f"Note: {UNION}",),
        (UNION,),
        ("Note", UNION),
        ("Note:", UNION),
        ("Important", "This data type is a UNION, so only one may be used."),
        ("Note: This object is a Union.", ONE),
    ],
    ids=range(6),
)
def test_the_union_note_is_seen_wherever_it_stands(note):
    """With its head before it, on the line before, or without; on a member or on a data type."""
    marked = member("Type: Some object", *note, "Required: Yes")
    assert marked == replace(member("Type: Some object", "Required: Yes"), union=True)
    early = member(*note, "Type: Some object", "Required: Yes")
    assert early == replace(marked, line=early.line)
    body = (*note, "A", "First.", "Type: String")
    page = read_page(page_with(*body, section="Contents"))
    assert (page.union, page.members[0].union, len(page.members)) == (True, False, 1)
    assert not read_page(page_with(*body)).union


def test_a_union_of_something_else_is_prose():
    """Only the note itself marks a union."""
    prose = "This object is a Union of all rules."
    one = member(prose, "Type: Some object")
    assert (one.union, one.documentation) == (False, f"What it is.\n{prose}")


def test_documentation_may_span_paragraphs_and_look_like_anything():
    """Until its type, a member's prose may hold bare words, headings of one word and labels."""
    prose = ["Note", "Note that it matters.", "Errors", "Enabled", "Default: 5", "• S - a string"]
    prose += ["Valid values: A to Z", "Constraints: Maximum length of 128 characters.", "Note: no."]
    one = member(*prose, "Type: String", "Default value: 3", "Required: No")
    expected = ["What it is.", *prose[1:], "Default value: 3"]
    assert one.documentation.splitlines() == expected
    assert one.required is False


@pytest.mark.parametrize(
    "name", ["Errors", "Contents", "Examples", "Note", "Warning", "Type", "a.b-N"]
)
@pytest.mark.parametrize("section", ["Request Parameters", "Response Elements", "Contents"])
def test_members_may_be_called_like_parts_of_the_page(name, section):
    """Real members are called Errors, Contents, Note: their facts tell them from headings."""
    body = ("A", "First.", "Type: String", name, "Of many.", "Type: Integer")
    page = read_page(page_with(*body, section=section))
    names = [one.name for one in (*page.members, *page.response)]
    assert (names, page.errors) == (["A", name], ())


def test_a_note_before_the_members_is_no_member():
    """Some pages say first in which order the members stand."""
    note = ("Note", "Required members stand first.")
    page = read_page(page_with(*note, "B", "Bytes.", "Type: String", section="Contents"))
    assert [one.name for one in page.members] == ["B"]


def test_a_member_called_errors_does_not_hide_the_errors():
    """The member and the section of the same name are both read."""
    failed = ("Errors", "What failed.", "Type: Array of strings")
    text = page_with(*failed, section="Response Elements").removesuffix("See Also")
    page = read_page(f"{text}Errors\n\nBadException\n\nToo bad.\n\nHTTP Status Code: 409\n")
    assert [one.name for one in page.response] == ["Errors"]
    (error,) = page.errors
    assert (error.name, error.documentation, error.status) == ("BadException", "Too bad.", 409)


def test_errors_may_name_members_and_lack_statuses():
    """What an error carries is part of its text; without a status it ends where the next starts."""
    page = read_page(
        page_with(
            *("AException", "First.", "resourceId", "His.", "HTTP Status Code: 404"),
            *("BException", "Second.", "Limit", UNION, "CFault", "Third.", "HTTP Status Code: 500"),
            section="Errors",
        )
    )
    assert [replace(error, line=0) for error in page.errors] == [
        PageError(name="AException", documentation="First.\nresourceId\nHis.", status=404, line=0),
        PageError(name="BException", documentation="Second.\nLimit", status=None, line=0),
        PageError(name="CFault", documentation="Third.", status=500, line=0),
    ]


def test_uri_parameters_need_no_type_and_come_before_the_body():
    """Pages give them none, and to an optional one perhaps no fact; the syntax tells the names."""
    lines = (
        *("Do - Some API", "Request Syntax", "GET /things/{Id}?Marker=Marker&Max=Max HTTP/1.1"),
        *("URI Request Parameters", "In the address."),
        *("Id", "Which one.", "Length Constraints: Fixed length of 2.", "Required: Yes"),
        *("Marker", "Where to go on, with", "Id", "string", "Max", "How many."),
        *("Valid Range: Maximum value of 5.", "Request Body", "Sent as JSON."),
        *("Name", "Its name.", "Type: String", "Required: No", "See Also"),
    )
    members = read_page("\n".join(lines)).members
    assert [(one.name, one.type) for one in members] == [
        *(("Id", ""), ("Marker", ""), ("Max", "")),
        ("Name", "String"),
    ]
    assert [one.required for one in members] == [True, None, None, False]
    assert (members[1].documentation, members[2].maximum) == (
        "Where to go on, with\nId\nstring",
        5,
    )


def test_examples_and_what_follows_are_not_read():
    """An example may hold lines that look like facts."""
    text = text_of(OPERATION)
    before, see_also = text.split("See Also")
    example = "Examples\n\nSample\n\nType: about five\n\nHTTP Status Code: none\n\n"
    assert read_page(f"{before}{example}See Also{see_also}") == read_page(text)


@pytest.mark.parametrize("kind", ["operation", "data type"])
def test_a_page_may_have_no_members(kind):
    """Empty requests and empty data types exist."""
    sections = "Response Elements\nErrors\nNone." if kind == "operation" else "Contents\nSee Also"
    page = read_page(f"Do - Some API\n{sections}")
    assert (page.kind, page.members, page.response, page.success_status) == (kind, (), (), None)


@pytest.mark.parametrize(
    ("text", "line", "parts"),
    [
        ("", 1, ["empty", "expected a title"]),
        (" \r\n\u00a0\n\ufeff", 1, ["empty", "expected a title"]),
        ("Some words\nRequest Parameters\n", 1, ["'Some words'", "expected a title"]),
        ("Request Parameters\nA\nType: String", 1, ["expected a title"]),
        ("\nDo - Some API\nDo\nWords.", 4, ["no known section", "Contents", "Request Parameters"]),
        ("Do - Some API\nSee Also\nWords.", 3, ["no known section"]),
        ("Do - Some API\nContents\nThe thing\nType: String", 4, ["Type", "expected a name"]),
        ("Do - Some API\nContents\nA\nWords.\nRequired: No", 3, ["'A' has no type"]),
        ("Do - Some API\nContents\nA\nType: String\nB c\nType: String", 5, ["'B c'", "next name"]),
        ("Do - Some API\nContents\nA\nType: String\nA\nType: Long", 5, ["'A' occurs twice"]),
        ("Do - Some API\nContents\nA\nType: String\nType: Long", 5, ["Type occurs twice", "'A'"]),
        ("Do - Some API\nContents\nA\nType: String\nPattern: ab\n c d", 6, ["'c d'", "label"]),
        ("Do - Some API\nErrors\nHTTP Status Code: 400", 3, ["HTTP Status Code", "name"]),
        ("Do - Some API\nErrors\nAError\nHTTP Status Code: 40", 4, ["'40'", "for example, '400'"]),
    ],
    ids=range(14),
)
def test_text_that_is_no_such_page_is_refused_in_one_line(text, line, parts):
    """Source, line, what is wrong and what is expected."""
    with pytest.raises(SourceError) as caught:
        read_page(text, source="some/page.txt")
    message = str(caught.value)
    assert message.startswith(f"some/page.txt:{line}: ")
    assert all(part in message for part in [*parts, "expected"])
    assert "\n" not in message


@pytest.mark.parametrize(
    "fact",
    [
        "Length Constraints: about five",
        "Length Constraints: Minimum length of three.",
        "Length Constraints: Minimum length of -1.",
        "Length Constraints: Minimum length of 1.5.",
        "Length Constraints: Minimum length of ٣.",
        "Length Constraints: Minimum length of 3. And more.",
        "Length Constraints: Minimum length of 3. Minimum length of 4.",
        "Length Constraints: Minimum length of 3. Fixed length of 3.",
        "Length Constraints: Minimum length of 9. Maximum length of 8.",
        "Length Constraints: Minimum value of 9.",
        "Length Constraints: Maximum length of " + "9" * 5000 + ".",
        "Length Constraints:",
        "Array Members: at most 3",
        "Map Entries: Minimum length of 3.",
        "Valid Range: Minimum value of x.",
        "Valid Range: Maximum value of 1E999.",
        "Valid Range: 1 - 100",
        "Valid Values: A | | B",
        "Valid Values: A | B |",
        "Valid Values: A | A",
        "Valid Values: • A",
        "Valid Values: - A",
        "Key Length Constraints: long",
        "Value Valid Range: wide",
        "Valid Keys: |",
        "Pattern:",
        "Required: Conditional",
        "Required: yes",
        "Type: two words",
        "Type:",
        "Item Length Constraints: Minimum length of 3.",
        "Member Pattern: [a-z]+",
        "Length Constraint: Minimum length of 3.",
        "Constraints: Minimum length of 3. Maximum length of 4.",
    ],
)
def test_a_constraint_that_cannot_be_read_is_never_ignored(fact):
    """The message names the line, the label and what is expected there."""
    facts = [fact, "Required: No"]
    if not fact.startswith("Type"):
        facts.insert(0, "Type: String")
    facts = [one for one in facts if one == fact or fact.split(":")[0] != one.split(":")[0]]
    text = page_with("Thing", "What it is.", *facts)
    with pytest.raises(SourceError) as caught:
        read_page(text, source="x.txt")
    line = text.splitlines().index(fact) + 1
    label = fact.partition(":")[0]
    assert re.match(rf"x\.txt:{line}: .*{label}.*expected", str(caught.value))


BLANKS = st.text(" \t\u00a0", max_size=3)
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,8}", fullmatch=True)
PROSE = st.sampled_from(
    [
        "Plain words.",
        "Note that it matters.",
        "Enabled",
        "Errors",
        "Default: 5",
        "• S - a",
        "{ } 1:2",
    ],
)
COUNTS = st.integers(0, 10**6)
PATTERNS = st.text(
    st.characters(exclude_characters="\n\r\u200b\ufeff", exclude_categories=["Cs"]), min_size=1
).filter(lambda text: text.strip() and not re.search(r"\$\s+$|^\s+\^", text))
VALUES = st.lists(
    st.from_regex(r"[A-Za-z0-9_:.-]{1,6}( \([A-Z]+\))?", fullmatch=True).filter(
        lambda value: not value.startswith("- ")
    ),
    min_size=1,
    max_size=4,
    unique=True,
)


@st.composite
def bounds(draw, noun, low, high, numbers=COUNTS):
    """The words of a pair of bounds, either of which may be missing, and the fields they set."""
    least, most = sorted(draw(st.tuples(numbers, numbers)))
    unit = " items" if noun == "number" else ""
    if least == most:
        return f"Fixed {noun} of {least}{unit}.", {low: least, high: most}
    fields = draw(st.sampled_from([{low: least}, {high: most}, {low: least, high: most}]))
    words = {low: "Minimum", high: "Maximum"}
    return " ".join(f"{words[key]} {noun} of {at}{unit}." for key, at in fields.items()), fields


LIMITS = {
    "Length Constraints": bounds("length", "min_length", "max_length"),
    "Valid Range": bounds(
        "value",
        "minimum",
        "maximum",
        st.one_of(st.integers(-(2**63), 2**63), st.floats(allow_nan=False, allow_infinity=False)),
    ),
    "Valid Values": VALUES.map(lambda given: (" | ".join(given), {"values": tuple(given)})),
    "Pattern": PATTERNS.map(lambda given: (given, {"pattern": given})),
}
OWN = {
    **LIMITS,
    "Array Members": bounds("number", "min_items", "max_items"),
    "Map Entries": bounds("number", "min_entries", "max_entries"),
    "Required": st.sampled_from([("Yes", {"required": True}), ("No", {"required": False})]),
}
TYPES = [
    ("String", {}),
    ("Thing object", {"target": "Thing"}),
    ("Array of strings", {"is_array": True}),
    ("Array of Thing objects", {"is_array": True, "target": "Thing"}),
    ("String to string map", {}),
]


@st.composite
def written_members(draw, name):
    """The lines of a member as a page lays them out, and the member that they describe."""
    prose = draw(st.lists(PROSE, max_size=3))
    words, fields = draw(st.sampled_from(TYPES))
    lines, fields = [name, *prose, f"Type: {words}"], {"type": words, **fields}
    for label in draw(st.lists(st.sampled_from(sorted(OWN)), unique=True)):
        value, stated = draw(OWN[label])
        lines.append(f"{label}: {value}")
        fields |= stated
    for owner in ("Key", "Value"):
        labels = draw(st.lists(st.sampled_from(sorted(LIMITS)), unique=True, max_size=2))
        parts = [draw(LIMITS[label]) for label in labels]
        lines += [f"{owner} {label}: {part[0]}" for label, part in zip(labels, parts, strict=True)]
        stated = {key: value for part in parts for key, value in part[1].items()}
        fields[owner.lower()] = PageFacts(**stated)
    if fields["type"] == "Thing object" and draw(st.booleans()):
        note = draw(st.sampled_from([[f"Note: {UNION}"], [UNION], ["Note", UNION]]))
        lines, fields = lines + note, {**fields, "union": True}
    return lines, PageMember(name=name, documentation="\n".join(prose), line=0, **fields)


@st.composite
def noisy_pages(draw):
    """A page with blanks and blank lines anywhere, and its members with their lines."""
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    members = [draw(written_members(name)) for name in names]
    break_ = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    rows, found = [], []

    def write(line):
        rows.extend(draw(st.lists(BLANKS, max_size=2)))
        # Blanks at the end of a pattern are part of it.
        rows.append(draw(BLANKS) + line + ("" if "Pattern:" in line else draw(BLANKS)))

    heading = draw(st.sampled_from(["Request Parameters", "Response Elements", "Contents"]))
    for line in ("Do - Some\u00a0API", heading, "Each of these."):
        write(line)
    for lines, one in members:
        for index, line in enumerate(lines):
            write(line)
            if index == 0:
                found.append(replace(one, line=len(rows)))
    write("See Also")
    return draw(st.sampled_from(["", "\ufeff"])) + break_.join(rows), found


@settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(noisy_pages())
def test_what_is_written_in_the_layout_is_read_back_exactly(case):
    """Whatever the blanks around lines, every fact and the line of every name come back."""
    text, expected = case
    page = read_page(text)
    assert [*page.members, *page.response] == expected
    assert page.service_title == "Some API"


@settings(derandomize=True, database=None, deadline=None, max_examples=60)
@given(st.data())
def test_a_damaged_page_is_read_or_refused_in_one_line(data):
    """With lines lost, doubled or cut, nothing but SourceError is ever raised."""
    rows = data.draw(st.sampled_from(PAGES)).read_text(encoding="utf-8").splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(rows) - 1))
        cut = data.draw(st.integers(0, len(rows[at])))
        changes = [[""], [rows[at]] * 2, [rows[at][:cut]]]
        rows[at : at + 1] = data.draw(st.sampled_from(changes))
    try:
        answer = read_page("\n".join(rows), source="page.txt").kind
    except SourceError as error:
        answer = str(error)
    refusal = r"page\.txt:[0-9]+: [^\n]+, expected [^\n]+"
    assert re.fullmatch(f"operation|data type|{refusal}", answer)
