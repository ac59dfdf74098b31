"""However much is wrong with a file, it is told in linear time, and in few lines with a count."""

from __future__ import annotations

import json
import time

import pytest

from contract_kit.cli.main import main
from contract_kit.requestfile.json_text import JsonReader
from contract_kit.requestfile.text import Lines
from contract_kit.requestfile.yaml_text import read_yaml

OPERATION = ("--operation", "mailmanager:StartArchiveExport")
BAD = '{"ArchiveId": "x y", "FromTimestamp": 1, "ToTimestamp": 2}'


def validate(capsys, *words):
    """Exit code and output of a command line."""
    with pytest.raises(SystemExit) as ended:
        main(["validate", *OPERATION, *map(str, words)])
    done = capsys.readouterr()
    assert "Traceback" not in done.err
    return int(ended.value.code or 0), done.out


def seconds(work):
    """Processor seconds of the quickest of three runs."""
    found = []
    for _ in range(3):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return min(found)


DOUBLED = "{" + ",".join(['"k":1'] * 20_000) + "}"
SPREAD = DOUBLED.replace(",", ",\n")
NOT_NUMBERS = "[" + ",".join(["NaN"] * 20_000) + "]"


@pytest.mark.parametrize("text", [DOUBLED, SPREAD, NOT_NUMBERS], ids=["line", "lines", "numbers"])
@pytest.mark.parametrize("format", ["text", "github", "json", "sarif", "junit"])
def test_what_is_wrong_again_and_again_is_told_with_a_count(tmp_path, capsys, text, format):
    """At its first places; the last of these says how many more there are."""
    path = tmp_path / "x.json"
    path.write_text(text)
    code, out = validate(capsys, path, "--format", format)
    assert code == 1
    assert "and 19,8" in out or "and 19,9" in out
    assert len(out) < 250_000


@pytest.mark.parametrize("text", [DOUBLED, SPREAD], ids=["line", "lines"])
def test_doubled_keys_take_linear_time(tmp_path, capsys, text):
    """Eight times as many, not 64 times as long."""
    few, many = tmp_path / "few.json", tmp_path / "many.json"
    few.write_text("{" + text[1 : len(text) // 8].rpartition(",")[0] + "}")
    many.write_text(text)
    short = seconds(lambda: validate(capsys, few))
    assert seconds(lambda: validate(capsys, many)) < 24 * max(short, 0.05)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_places_are_the_same_however_many_are_asked_for(ending):
    """Looked for one by one, and then in a table."""
    text = ending.join(["", "ab", "", "é😀c", "d"]) + ending
    asked = Lines(text)
    for _ in range(20):
        asked.span((0, 0))
    # Nothing starts within the end of a line.
    starts = [at for at in range(len(text) + 1) if text[max(at - 1, 0) : at + 1] != "\r\n"]
    for start in starts:
        for end in range(start, len(text) + 1):
            fresh = Lines(text)
            assert asked.span((start, end)) == fresh.span((start, end))
            assert asked.excerpt((start, end)) == Lines(text).excerpt((start, end))


@pytest.mark.parametrize("format", ["text", "github"])
def test_lines_that_are_wrong_alike_are_told_a_hundred_times(tmp_path, capsys, format):
    """The sum counts them all."""
    path = tmp_path / "x.ndjson"
    path.write_text(f"{BAD}\n" * 300)
    code, out = validate(capsys, path, "--format", format)
    assert code == 1
    assert "200 more findings of the kind 'ArchiveId.pattern' are counted but not shown" in out
    assert "600 errors in 1 file; 1 file checked; 300 requests" in out
    assert out.count("must satisfy regular expression") == 100
    # A few more lines cost nothing, and another file begins anew.
    path.write_text(f"{BAD}\n" * 600)
    other = tmp_path / "y.json"
    other.write_text(BAD)
    more = validate(capsys, path, other, "--format", format)[1]
    assert len(more) < len(out) + 2000
    assert more.count("must satisfy regular expression") == 101


def test_a_document_holds_more(tmp_path, capsys):
    """Ten thousand findings, with the number of the others."""
    path = tmp_path / "x.ndjson"
    path.write_text(f"{BAD}\n" * 300)
    out = json.loads(validate(capsys, path, "--format", "json")[1])
    assert len(out["findings"]) == 600
    assert out["errors"] == 600
    assert out["notes"] == []


def test_lines_that_cannot_be_checked_are_told_a_hundred_times(tmp_path, capsys):
    """An envelope on each, of an operation that does not exist."""
    path = tmp_path / "x.ndjson"
    path.write_text('{"operation": "mailmanager:No", "request": {}}\n' * 150)
    code, out = validate(capsys, path)
    assert code == 2
    assert out.count("not checked: line") == 100
    assert "50 more lines of the kind 'not checked' are counted but not shown" in out


def test_brackets_without_end_are_told_as_nesting():
    """Not as too many values, which they are as well."""
    (trouble,) = JsonReader().read_bounded("[" * 1_000_000).trouble
    assert (trouble.rule, trouble.at) == ("file.nesting", (200, 201))
    assert trouble.message.startswith("nested deeper than 200 levels")


def test_yaml_of_many_values_is_not_blamed_on_aliases(tmp_path, capsys, monkeypatch):
    """The reason is that they are many."""
    monkeypatch.setattr("contract_kit.requestfile.yaml_text.MOST_WRITTEN", 1000)
    path = tmp_path / "x.yaml"
    path.write_text("A:\n" + "- v\n" * 1200)
    code, out = validate(capsys, path)
    assert code == 2
    assert "holds more than 1,000 values; write JSON, which is read a hundred times faster" in out


@pytest.mark.parametrize("digits", ["1" + ":01" * 20_000, "0x" + "f" * 60_000, "1" * 60_000])
def test_numbers_of_any_form_take_linear_time(digits):
    """Those of YAML 1.1 to the base of sixty, too: more digits than any type holds are not read."""
    document = read_yaml(f"%YAML 1.1\n---\na: {digits}\n")
    assert document.value["a"] >= 10**399 or isinstance(document.value["a"], str)


@pytest.mark.parametrize("text", ["a: .nan\n", "k: 1\n"])
def test_yaml_has_an_end_of_trouble_too(text):
    """As JSON has."""
    lines = text * 300 if text[0] == "k" else "a: [" + ".nan, " * 300 + "]"
    trouble = read_yaml(lines).trouble
    assert len(trouble) == 100
    assert trouble[-1].message.endswith(
        "and 199 more like this" if text[0] == "k" else "and 200 more like this"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "a: b: c",
            "unexpected ': '; fix the indentation, or put text with colons in quotes",
        ),
        ("a:\n\t- b", "a tab cannot indent; use spaces"),
        ("a: 'b", "the quote that opens here is never closed; close it"),
        ("a: [1", "a list in brackets cannot continue like this; add a comma, or close it with ]"),
        ("a: {b", "a mapping in braces cannot continue like this; add a comma, or close it with }"),
        ("a: &", "an anchor, which begins with &, has no name; put text with & in quotes"),
        ("a: *", "an alias, which begins with *, has no name; put text with * in quotes"),
        ('a: "\\q"', "no such escape in double quotes; write \\\\ for a backslash"),
        ("a: - b", "a list item cannot begin here; begin it on its own line"),
        ("a: @x", "this character cannot begin a value; put it in quotes"),
        ("a: |x\n b", "text after | or >; begin it on the next line"),
        ("a: ]", "a value is missing here; write one"),
        ("a: !<x", "a tag, which begins with !, is not complete; put text with ! in quotes"),
        ("%YAML 9.9\n---\na: 1", "unknown version of YAML; remove %YAML"),
        ("a: !e!x 1", "the tag has an unknown handle; remove it"),
    ],
)
def test_bad_yaml_is_told_in_plain_words(text, said):
    """Not in those of the parser."""
    (trouble,) = read_yaml(text).trouble
    assert trouble.message == f"invalid YAML: {said}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "a: 2024-99-99",
            "2024-99-99 is not a time that can be read; put it in quotes if it is text",
        ),
        ("a: !!int x", "x is not a number that can be read; put it in quotes if it is text"),
    ],
)
def test_bad_values_of_yaml_are_told_in_plain_words(text, said):
    """Not in those of Python."""
    (trouble,) = read_yaml(text).trouble
    assert trouble.message == said
