"""YAML files, read as AWS CLI v2 reads them, with every finding at its place."""

from __future__ import annotations

import time

import pytest
from ruamel.yaml import YAML

from contract_kit.requestfile.finding_places import MOST_USES
from contract_kit.requestfile.yaml_text import read_yaml

GOOD = """\
ArchiveId: a-abc123
FromTimestamp: 1700000000
ToTimestamp: 1700086400
ExportDestinationConfiguration: {S3: {S3Location: s3://bucket/path}}
"""


def test_a_conforming_file_has_no_findings(check):
    """With comments and a byte-order mark."""
    assert check(GOOD, name="x.yaml").findings == []
    assert check("\ufeff# é\n" + GOOD, name="x.yml").findings == []


def test_each_finding_is_at_its_place(check, cut):
    """Anchors, tags and comments are not part of a value."""
    text = (
        "# é😀\r\n"
        'ArchiveId: &id !!str "x y"   # why\r\n'
        "FromTimestamp: 5\r\n"
        "ToTimestamp: 6\r\n"
        "archiveId: *id\r\n"
        "Filters: &f\r\n"
        "  Include:\r\n"
        "  - StringExpression:\r\n"
        "      Evaluate: {Attribute: subject}\r\n"
        "      Operator: 'contain'\r\n"
        "      Values:\r\n"
        "        - >-\r\n"
        "          folded\r\n"
        "          text\r\n"
        "        - 7\r\n"
        "MaxResults: &m\r\n"
        "IncludeMetadata: 1\r\n"
        "ExportDestinationConfiguration: {S3: {<<: {S3Location: 's3'}}}\r\n"
    )
    kept = check(text, name="x.yaml")
    found = [(one.constraint.rpartition(".")[0], cut(text, one.span)) for one in kept.findings]
    nothing = check(text, name="x.yaml", dialect="boto3").findings
    assert "MaxResults" in [cut(text, one.span) for one in nothing]
    assert found == [
        ("ArchiveId", '"x y"'),
        ("request", "archiveId"),
        ("Filters.Include[].StringExpression.Evaluate.Attribute", "subject"),
        ("Filters.Include[].StringExpression.Operator", "'contain'"),
        ("Filters.Include[].StringExpression.Values[]", "7"),
        ("IncludeMetadata", "1"),
        ("ExportDestinationConfiguration.S3.S3Location", "'s3'"),
    ]


def test_a_value_from_an_alias_is_told_where_the_alias_stands(check, cut):
    """What is wrong inside of it is told at the anchor."""
    text = "x: &x {S3: {S3Location: s}}\n" + GOOD.replace("a-abc123", "&id 'a b'").replace(
        "{S3: {S3Location: s3://bucket/path}}", "*x"
    )
    kept = check(text + "MaxResults: *id\n", name="x.yaml")
    found = [(one.constraint, cut(text + "MaxResults: *id\n", one.span)) for one in kept.findings]
    assert found == [
        ("request.type", "x"),
        ("ExportDestinationConfiguration.S3.S3Location.pattern", "s"),
        ("ArchiveId.pattern", "'a b'"),
        ("MaxResults.type", "*id"),
    ]


USED = """\
ArchiveId: a-abc123
FromTimestamp: 1
ToTimestamp: 2
ExportDestinationConfiguration: {S3: {}}
Filters:
  Include: &both
  - &one {StringExpression: {Evaluate: {Attribute: TO}, Operator: CONTAINS, Values: [""]}}
  - *one
  Unless: *both
"""


def test_what_is_wrong_at_an_anchor_is_told_once(check):
    """With the places that use it, and what it breaks there."""
    found = check(USED, name="x.yaml").only
    assert (found.span.line, found.constraint) == (
        7,
        "Filters.Include[].StringExpression.Values[].minLength",
    )
    elsewhere = (
        "used here as well, where it breaks Filters.Unless[].StringExpression.Values[].minLength"
    )
    assert [(span.line, span.column, text) for span, text in found.related] == [
        (8, 5, "used here as well"),
        (9, 11, elsewhere),
    ]
    many = USED.replace("  - *one\n", "  - *one\n" * 9)
    assert len(check(many, name="x.yaml").only.related) == MOST_USES


def test_a_missing_member_is_told_at_its_mapping(check, cut):
    """From its first key to its last value."""
    text = "# head\n" + GOOD.partition("\n")[2] + "\n# tail\n"
    finding = check(text, name="x.yaml").only
    assert finding.constraint == "ArchiveId.required"
    assert cut(text, finding.span) == GOOD.partition("\n")[2].rstrip()


def test_a_key_that_stands_twice_is_told_at_both_places(check, cut):
    """Also where one of them is in quotes."""
    text = GOOD + '"ArchiveId": a-def456\n'
    finding = check(text, name="x.yaml").only
    assert finding.constraint == "file.duplicateKey"
    assert cut(text, finding.span) == '"ArchiveId"'
    assert [cut(text, span) for span, _ in finding.related] == ["ArchiveId"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("# nothing\n", "the file is empty"),
        ("a: [1", "invalid YAML: "),
        ("a: b: c", "invalid YAML: "),
        ("a:\n\t- b", "invalid YAML: "),
        ("%FOO\n--- 1\n---\n2", "second document"),
        ("a: !Ref b", "tag !Ref"),
        ("a: !!set {b, c}", "tag"),
        ("a: 2024-99-99", "put it in quotes"),
        ("a: \x07", "a character that YAML does not allow"),
        ("? [a]\n: b", "a key must be a string"),
        ("<<: 1", "<< takes a mapping"),
        ("a: !!int x", "put it in quotes"),
        ("a: 'b", "invalid YAML: "),
        ("&a", "the file is empty"),
        ("!!binary '=x'", "put it in quotes"),
        ("%YAML 9.9\n---\na: 1", "invalid YAML: "),
    ],
)
def test_what_is_no_request_in_yaml_is_one_finding(check, text, said):
    """In words that say what to do."""
    kept = check(text, name="x.yaml")
    finding = kept.only
    assert finding.constraint == "file.syntax"
    assert said in finding.message
    assert "\n" not in finding.message


@pytest.mark.parametrize("value", [".nan", ".inf", "-.INF", "1e999"])
def test_what_is_no_number_is_told(check, cut, value):
    """YAML has words for it."""
    text = GOOD + f"MaxResults: {value}\n"
    kept = check(text, name="x.yaml")
    assert "file.notANumber" in [one.constraint for one in kept.findings]
    assert {cut(text, one.span) for one in kept.findings} == {value}


@pytest.mark.parametrize("value", ["9" * 5000, "-" + "9" * 100_000, "2147483648", "0xFFFFFFFF"])
def test_a_number_beyond_its_type_is_told(check, value):
    """However it is written."""
    assert (
        check(GOOD + f"MaxResults: {value}\n", name="x.yaml").only.constraint == "MaxResults.type"
    )


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "aliases expand it to more than 200,000 values"),
        ("a: &a [*a]", "*a refers to itself"),
        ("a: &a\n  b: {<<: *a}", "*a refers to itself"),
        ("a: *b", "no anchor &b"),
    ],
)
def test_an_alias_that_cannot_be_followed_is_one_finding(check, text, said):
    """Before it is followed, however much it would stand for."""
    finding = check(text, name="x.yaml").only
    assert finding.constraint == "file.alias"
    assert said in finding.message


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_one_finding(check, opening):
    """Without recursion, and at once: the parser takes time that grows with the square."""
    started = time.monotonic()
    assert check(opening * 100_000, name="x.yaml").only.constraint == "file.nesting"
    assert time.monotonic() - started < 20


SAMPLES = [
    "a: yes\nb: no\nc: on\nd: y\ne: ~\nf: null\ng: true\nh: False",
    "a: 012\nb: 0o14\nc: 0x1F\nd: 1_000\ne: 1e3\nf: 1.5\ng: .5\nh: +3\ni: 0b11",
    "%YAML 1.1\n---\na: yes\nb: 012\nc: 1:30",
    "a: 2024-01-01\nb: 2024-01-01T00:00:00Z\nc: '2024-01-01'",
    "a: !!binary aGk=\nb: !!str 5\nc: !!float 1\nd: ! 5",
    "a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\ne: {<<: [{b: 4}, *x]}\nf: {c: 5, <<: *x}",
    "- |\n  a\n  b\n- >+\n  c\n\n- 'it''s'\n- \"\\u00e9\\n\"",
    "a: [b, {c: d}, [e]]\nf: {}\ng: []",
    "2: a\ntrue: b\n2024-01-01: c\n1.5: d\n~: e",
    "a: b\n",
    "5",
    "- - - a\n    - b\n  - c",
    "? a\n: b\n? c",
    "a:\n  b:\n  c: d",
]


@pytest.mark.parametrize("text", SAMPLES)
def test_values_are_those_that_the_library_loads(text):
    """As AWS CLI v2 calls it: the safe loader in pure Python."""
    document = read_yaml(text)
    assert document.trouble == ()
    expected = YAML(typ="safe", pure=True).load(text)
    assert document.value == expected
    assert repr(document.value) == repr(expected) or isinstance(expected, dict)
