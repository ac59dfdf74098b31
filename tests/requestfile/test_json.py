"""JSON files: every finding at the exact value, and every way in which a text is no JSON."""

from __future__ import annotations

import json

import pytest

from contract_kit.requestfile.json_text import nesting

GOOD = {
    "ArchiveId": "a-abc123",
    "FromTimestamp": 1700000000,
    "ToTimestamp": 1700086400,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/path"}},
}


def request(**changes):
    """A conforming request with other members; None leaves one out."""
    return {name: value for name, value in {**GOOD, **changes}.items() if value is not None}


def test_a_conforming_file_has_no_findings(check):
    """Whatever its layout; and `$schema` at its root is no violation."""
    for indent in (None, 2, "\t"):
        assert check(json.dumps(GOOD, indent=indent)).findings == []
    kept = check(json.dumps({"$schema": "https://example.com/x.json", **GOOD}))
    assert (kept.findings, kept.errors, kept.summary.exit_code) == ([], [], 0)


def test_a_finding_points_at_the_exact_value(check, cut):
    """With the constraint, its limit, who documents it, and the value."""
    text = json.dumps(request(ArchiveId="x y"), indent=2)
    finding = check(text).only
    assert (finding.constraint, finding.severity) == ("ArchiveId.pattern", "error")
    assert (finding.span.line, finding.span.column) == (2, 16)
    assert cut(text, finding.span) == '"x y"' == text[finding.span.start : finding.span.end]
    assert finding.limit == r"must satisfy regular expression pattern: a-[\w]{1,64}"
    assert finding.value == '"x y"'
    assert [origin.partition(":")[0] for origin in finding.origins] == ["model", "page"]
    assert finding.excerpt == '  "ArchiveId": "x y",'
    assert finding.path == ("ArchiveId",)


def test_a_missing_member_is_told_at_its_object(check, cut):
    """And a null one at the null."""
    text = json.dumps(request(ArchiveId=None), indent=1)
    finding = check(text).only
    assert finding.constraint == "ArchiveId.required"
    assert cut(text, finding.span) == text
    assert "ArchiveId is missing" in finding.message
    text = text.replace("{", '{"ArchiveId": null,', 1)
    finding = check(text).only
    assert (finding.constraint, cut(text, finding.span)) == ("ArchiveId.required", "null")


def test_an_unknown_key_is_told_at_the_key(check, cut):
    """With the member that was meant."""
    text = json.dumps(request(archiveId="a-abc", ArchiveId=None))
    kept = check(text)
    missing, unknown = kept.findings
    assert missing.constraint == "ArchiveId.required"
    assert unknown.constraint == "request.type"
    assert cut(text, unknown.span) == '"archiveId"'
    assert unknown.fix.replacement == '"ArchiveId"'
    assert unknown.fix.safe
    assert "did you mean ArchiveId?" in unknown.message


def test_a_near_miss_of_an_enum_says_what_was_meant(check):
    """Only one that differs in case alone is safe to mend."""

    def filtered(operator):
        expression = {
            "Evaluate": {"Attribute": "SUBJECT"},
            "Operator": operator,
            "Values": ["x"],
        }
        return json.dumps(request(Filters={"Include": [{"StringExpression": expression}]}))

    near = check(filtered("CONTAIN")).only
    assert near.constraint == "Filters.Include[].StringExpression.Operator.enum"
    assert "did you mean CONTAINS?" in near.message
    assert (near.fix.replacement, near.fix.safe) == ('"CONTAINS"', False)
    assert check(filtered("contains")).only.fix.safe
    assert check(filtered("equals")).only.fix is None


def test_a_key_that_stands_twice_is_told_at_both_places(check, cut):
    """The last one counts, so that its value is the one that is checked."""
    text = '{"ArchiveId": "a-first", ' + json.dumps(request(ArchiveId="x y"))[1:]
    double, pattern = sorted(check(text).findings, key=lambda one: one.constraint, reverse=True)
    assert double.constraint == "file.duplicateKey"
    ((first, _),) = double.related
    assert cut(text, double.span) == cut(text, first) == '"ArchiveId"'
    assert first.start < double.span.start
    assert cut(text, pattern.span) == '"x y"'


def test_keys_that_are_written_differently_are_the_same(check):
    """An escape stands for the same letter."""
    text = r'{"\u0041rchiveId": "a-first", ' + json.dumps(GOOD)[1:]
    assert check(text).only.constraint == "file.duplicateKey"


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_told_at_its_place(check, cut, word):
    """Though Python's reader takes it; inside strings it is just text."""
    text = json.dumps(request(MaxResults=0, ArchiveId="a-NaN")).replace(": 0", f": {word}")
    kept = check(text)
    assert "file.notANumber" in [one.constraint for one in kept.findings]
    assert {cut(text, one.span) for one in kept.findings} == {word}


@pytest.mark.parametrize(
    "digits", ["2147483648", "9" * 400, "9" * 5000, "-" + "9" * 100_000, "1e400"]
)
def test_a_number_beyond_its_type_is_told(check, cut, digits):
    """However many digits it has."""
    text = json.dumps(request(MaxResults=0)).replace(": 0", f": {digits}")
    finding = check(text).only
    assert finding.constraint == "MaxResults.type"
    assert cut(text, finding.span) == digits
    assert len(finding.message) < 200


def test_an_inverted_range_of_time_is_a_warning(check, cut):
    """Nothing documents the order, so the file still conforms."""
    text = json.dumps(request(FromTimestamp=2, ToTimestamp=1))
    kept = check(text)
    finding = kept.only
    assert (finding.constraint, finding.severity) == ("file.timeOrder", "warning")
    assert cut(text, finding.span) == "1"
    assert [cut(text, span) for span, _ in finding.related] == ["2"]
    assert kept.summary.exit_code == 0
    assert check(json.dumps(request(FromTimestamp=2, ToTimestamp=2))).findings == []


SYNTAX = [
    ("", 1, 1, "the file is empty"),
    (" \n ", 1, 1, "the file is empty"),
    ('{"a": 1} {', 1, 10, "text after the end"),
    ("{}\n// x", 2, 1, "JSON has no comments"),
    ("{'a': 1}", 1, 2, "double quotes"),
    ('{"a": 1,}', 1, 9, "JSON allows no comma before }"),
    ('{"a": [1,]}', 1, 10, "JSON allows no comma before ]"),
    ('{"a": 1', 1, 8, "ends too early"),
    ('{"a": "b', 1, 7, "never closed"),
    ('{\n\t"a": tru\n}', 2, 7, "expected a value here"),
    ('{"a" 1}', 1, 6, "a colon is missing after the key"),
    ('{"a": 1 "b": 2}', 1, 9, "a comma is missing before this"),
    ('{"a": 01}', 1, 8, "a comma is missing before this"),
    ('{"a": "b\tc"}', 1, 9, "write it as \\t"),
    ('{"a": "\\x"}', 1, 8, "escape"),
    ("{/* c */}", 1, 2, "JSON has no comments"),
    ("# c\n{}", 1, 1, "JSON has no comments"),
]


@pytest.mark.parametrize(("text", "line", "column", "said"), SYNTAX)
def test_what_is_no_json_is_one_finding_at_its_place(check, text, line, column, said):
    """In words that say what to do."""
    finding = check(text).only
    assert finding.constraint == "file.syntax"
    assert said in finding.message
    assert (finding.span.line, finding.span.column) == (line, column)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_and_columns_are_those_of_an_editor(check, cut, line_end, mark):
    """Whatever ends a line; a byte-order mark takes no column; an emoji takes one."""
    members = [f'"{name}": {json.dumps(value)}' for name, value in GOOD.items()]
    members.insert(1, '"😀é\\u00e9": 1, "MaxResults":\t"5"')
    text = "{" + line_end + f",{line_end}\t".join(members) + line_end + "}"
    kept = check(mark + text)
    assert kept.places == [(3, 2, "request.type"), (3, 31, "MaxResults.type")]
    assert [cut(text, one.span) for one in kept.findings] == ['"😀é\\u00e9"', '"5"']


def test_a_lone_surrogate_is_told_where_it_stands(check, cut):
    """As value and as key; no reader of UTF-8 can take it."""
    text = json.dumps(request(ArchiveId="a-\ud800"))
    finding = check(text).only
    assert (finding.constraint, cut(text, finding.span)) == ("ArchiveId.type", '"a-\\ud800"')
    finding.message.encode()
    text = json.dumps({**GOOD, "\ud800": 1})
    finding = check(text).only
    assert (finding.constraint, cut(text, finding.span)) == ("request.type", '"\\ud800"')
    finding.message.encode()


@pytest.mark.parametrize(
    ("data", "column", "said"),
    [
        (b'{"a": "\xff"}', 8, "byte 0xff is not UTF-8"),
        ('{"é": "'.encode() + b"\xc3(" + b'"}', 8, "byte 0xc3 is not UTF-8"),
        ("{}".encode("utf-16"), 1, "UTF-16"),
        ("{}".encode("utf-16-be"), 1, "UTF-16"),
        ("{}".encode("utf-32"), 1, "UTF-32"),
        (b'{"a": "\0"}', 8, "binary"),
        (b"\x7fELF\x02\x01\x01\0\0", 8, "binary"),
    ],
)
def test_what_is_no_text_in_utf_8_is_one_finding(check, data, column, said):
    """At the first byte that is wrong."""
    finding = check(data).only
    assert finding.constraint == "file.encoding"
    assert said in finding.message
    assert (finding.span.line, finding.span.column) == (1, column)


def nested(opening: str, depth: int) -> str:
    """A request in which so many objects and lists stand in each other."""
    closing = {"[": "]"}.get(opening, "}")
    return '{"Filters": ' + opening * (depth - 1) + "1" + closing * (depth - 1) + "}"


@pytest.mark.parametrize("depth", [201, 1500, 100_000])
@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_one_finding(check, depth, opening):
    """At the first bracket beyond, however deep the scanner of this version of Python goes."""
    text = nested(opening, depth)
    kept = check(text)
    assert kept.errors == []
    assert kept.only.constraint == "file.nesting"
    assert "200 levels" in kept.only.message
    assert kept.only.span.column == len('{"Filters": ') + 199 * len(opening) + 1


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_as_deep_as_is_read_everything_else_is_told(check, opening):
    """A value of 200 levels is looked at."""
    found = {one.constraint for one in check(nested(opening, 200)).findings}
    assert found > {"ArchiveId.required", "FromTimestamp.required"}
    assert "file.nesting" not in found


@pytest.mark.parametrize("lines", [False, True], ids=["json", "ndjson"])
@pytest.mark.parametrize(
    ("operation", "around", "level"),
    [
        ("dynamodb:PutItem", '{"TableName": "t-able", "Item": {"pk": @}}', '{"L": [@]}'),
        (
            "bedrock-runtime:Converse",
            '{"modelId": "model", "additionalModelRequestFields": {"a": @}}',
            '{"a": [@]}',
        ),
    ],
    ids=["recursive", "document"],
)
def test_where_shapes_have_no_end_the_same_levels_are_read(check, lines, operation, around, level):
    """A request of 199 or 200 levels conforms; a deeper one is one finding, whatever Python follows."""
    name = "x.ndjson" if lines else "x.json"
    opening, closing = level.split("@")
    for depth, found in ((98, []), (99, ["file.nesting"]), (2000, ["file.nesting"])):
        deep = opening * depth + '{"S": "x"}' + closing * depth
        kept = check(around.replace("@", deep), name=name, operation=operation)
        assert [one.constraint for one in kept.findings] == found, depth


def test_a_text_that_never_closes_what_it_opens_is_one_finding(check):
    """100,000 brackets and no end."""
    assert check("[" * 100_000).only.constraint == "file.nesting"


@pytest.mark.parametrize("text", ["a: 1", "[[1]]", "{" * 200])
def test_nesting_that_no_bracket_shows_is_told_at_the_start(text):
    """Without a number of levels that is not true."""
    trouble = nesting(text)
    assert trouble.at == (0, 0)
    assert trouble.message == "nests too deeply to be read; flatten it"
