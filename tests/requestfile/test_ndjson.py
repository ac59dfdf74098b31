"""NDJSON: every line is a request, each finding has its line, and memory stays the same."""

from __future__ import annotations

import gzip
import json
import resource
import subprocess
import sys

import pytest

from contract_kit.requestfile import ndjson as stream

GOOD = {
    "ArchiveId": "a-abc123",
    "FromTimestamp": 1700000000,
    "ToTimestamp": 1700086400,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/path"}},
}


def line(**changes):
    """One request."""
    return json.dumps({**GOOD, **changes}, ensure_ascii=False)


def test_every_line_is_checked(check):
    """Blank lines count as lines, but not as requests."""
    kept = check("\n".join([line(), "", line(ArchiveId="x y"), line(), "", ""]), name="x.ndjson")
    assert kept.places == [(3, 15, "ArchiveId.pattern")]
    assert (kept.summary.files, kept.summary.requests) == (1, 3)


ODD = [
    ("duplicate", line()[:-1] + ', "ArchiveId": "a-def"}', "file.duplicateKey"),
    ("spaced duplicate", line()[:-1] + ', "ArchiveId" : "a-def"}', "file.duplicateKey"),
    ("tab duplicate", line()[:-1] + ',\t"ArchiveId"\t:"a-def"}', "file.duplicateKey"),
    ("escaped duplicate", line()[:-1] + r', "\u0041rchiveId":"a-def"}', "file.duplicateKey"),
    (
        "duplicate beside a value that looks like a key",
        line(Filters={"Include": [], "Unless": []}).replace(
            '"Unless": []', '"Unless": [], "Unless" :[]'
        ),
        "file.duplicateKey",
    ),
    (
        "NaN",
        line(MaxResults=1).replace(": 1,", ": 1,").replace('"MaxResults": 1', '"MaxResults": NaN'),
        "file.notANumber",
    ),
    ("two values", line() + line(), "file.syntax"),
    ("cut off", line()[:-1], "file.syntax"),
    ("no object", "[]", "request.type"),
    ("a number", "5", "request.type"),
    ("text", '"x"', "request.type"),
    (
        "huge",
        line(MaxResults=1).replace('"MaxResults": 1', '"MaxResults": ' + "9" * 400),
        "MaxResults.type",
    ),
    ("deep", "[" * 100_000, "file.nesting"),
    ("null", line(ArchiveId=None), "ArchiveId.required"),
    ("inverted", line(FromTimestamp=2, ToTimestamp=1), "file.timeOrder"),
    ("surrogate", line().replace("a-abc123", r"a-\ud800"), "ArchiveId.type"),
    ("surrogate key", line()[:-1] + r', "\ud800": 1}', "request.type"),
]


@pytest.mark.parametrize(("name", "odd", "constraint"), ODD, ids=[name for name, *_ in ODD])
def test_whatever_is_odd_about_a_line_is_found(check, name, odd, constraint):
    """At its line, among many that are right; the fast way leaves nothing out."""
    text = (line() + "\n") * 50 + odd + "\n" + (line(ArchiveId="a-é") + "\n")
    kept = check(text, name="x.jsonl")
    assert kept.errors == []
    assert constraint in [one.constraint for one in kept.findings if one.span.line == 51]
    assert [one.constraint for one in kept.findings if one.span.line != 51] == ["ArchiveId.pattern"]
    assert kept.summary.requests == 52


@pytest.mark.parametrize("text", ["a:b", '":', "a: b : c", " :", "\\", '"x": "y"', "é😀"])
def test_no_text_in_a_value_looks_like_trouble(check, text):
    """However much like JSON it is."""
    expression = {
        "Evaluate": {"Attribute": "SUBJECT"},
        "Operator": "CONTAINS",
        "Values": [text, ":", '":'],
    }
    right = line(Filters={"Include": [{"StringExpression": expression}]})
    kept = check(f"{right}\n{right}", name="x.ndjson")
    assert (kept.findings, kept.errors, kept.summary.requests) == ([], [], 2)


def test_lines_may_end_as_on_windows(check):
    """And the file may begin with a byte-order mark."""
    text = "\ufeff" + "\r\n".join([line(), line(ArchiveId="x y"), ""])
    assert check(text, name="x.ndjson").places == [(2, 15, "ArchiveId.pattern")]


def test_a_line_that_is_no_utf_8_hides_nothing(check):
    """It is told itself, and so are the others."""
    data = b"\n".join(
        [line(ArchiveId="x y").encode(), b'{"a": "\xff"}', line(MaxResults="5").encode()]
    )
    kept = check(data, name="x.ndjson")
    assert [(row, id) for row, _, id in kept.places] == [
        (1, "ArchiveId.pattern"),
        (2, "file.encoding"),
        (3, "MaxResults.type"),
    ]


def test_lines_over_the_bounds_of_blocks_are_whole(check, monkeypatch):
    """However the reading cuts them."""
    lines = [line(ArchiveId=f"a-{number}") for number in range(40)]
    lines[30] = line(ArchiveId="x y")
    for size in (1, 7, 64, 1000):
        monkeypatch.setattr(stream, "BLOCK", size)
        kept = check("\n".join(lines), name="x.ndjson")
        assert (kept.places, kept.summary.requests) == ([(31, 15, "ArchiveId.pattern")], 40)


def test_a_line_that_is_too_long_is_one_error(check, monkeypatch):
    """The lines after it have their numbers."""
    monkeypatch.setattr(stream, "MOST", 5000)
    monkeypatch.setattr(stream, "BLOCK", 1000)
    long = json.dumps({"a": "x" * 20_000})
    text = "\n".join([line(), long, line(ArchiveId="x y"), long])
    kept = check(text, name="x.ndjson")
    assert [message.partition(" has")[0] for _, message in kept.errors] == ["line 2", "line 4"]
    assert all("split it" in message for _, message in kept.errors)
    assert kept.places == [(3, 15, "ArchiveId.pattern")]
    assert kept.summary.exit_code == 2


def test_packed_files_are_read(check):
    """As NDJSON and as one document, by their content; one that is cut off is an error."""
    data = gzip.compress(f"{line()}\n{line(ArchiveId='x y')}\n".encode())
    assert check(data, name="x.ndjson.gz").places == [(2, 15, "ArchiveId.pattern")]
    data = gzip.compress(line(ArchiveId="x y").encode())
    assert check(data, name="x.json.gz").places == [(1, 15, "ArchiveId.pattern")]
    for name in ("x.json.gz", "x.ndjson.gz"):
        ((_, message),) = check(data[:-12], name=name).errors
        assert "\n" not in message


def test_a_file_that_nothing_decides_is_one_error(check):
    """Not one for each of its lines."""
    kept = check(f"{line()}\n{line()}\n", name="x.ndjson", operation=None)
    ((_, message),) = kept.errors
    assert "nothing says which operation it is for" in message


def test_lines_may_name_their_operations(check):
    """An envelope wins over what is known of the file; an unknown operation is an error."""
    tag = {"operation": "mailmanager:ListTagsForResource", "request": {"ResourceArn": ""}}
    nope = {"operation": "mailmanager:Nope", "request": {}}
    text = "\n".join([line(), json.dumps(tag), json.dumps(nope), line(ArchiveId="x y")])
    kept = check(text, name="x.ndjson")
    assert [(one.span.line, one.operation) for one in kept.findings] == [
        (2, "mailmanager:ListTagsForResource"),
        (4, "mailmanager:StartArchiveExport"),
    ]
    ((_, message),) = kept.errors
    assert message.startswith("line 3: service mailmanager has no operation 'Nope'")


FILL = """
import json, sys
line = json.dumps({good}) + "\\n"
for _ in range({blocks}):
    sys.stdout.write(line * 5000)
"""


def test_memory_stays_the_same_however_long_the_stream(command):
    """Of 35 MB through a pipe; the limit on memory would end the process."""

    def limited():
        resource.setrlimit(resource.RLIMIT_DATA, (60 * 1024 * 1024, 60 * 1024 * 1024))

    script = FILL.format(good=GOOD, blocks=40)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as source:
        done = subprocess.run(
            [*command, "validate", "-", "--operation", "mailmanager:StartArchiveExport"],
            stdin=source.stdout,
            capture_output=True,
            check=False,
            preexec_fn=limited,
        )
        source.stdout.close()
    assert done.stderr == b""
    assert done.stdout == b"nothing found; 1 file checked; 200000 requests\n"


@pytest.mark.parametrize("name", ["x.json", "x.yaml", "x.ndjson"])
@pytest.mark.parametrize("number", ["1e-400", "5.00000000000000000001"])
def test_a_fraction_that_a_double_rounds_off_is_no_integer(check, name, number):
    """In every format, and told as it is written."""
    text = line(MaxResults=5).replace("5}", f"{number}}}")
    whole = line(MaxResults=5).replace("5}", "5.0}")
    kept = check(f"{whole}\n{text}\n" if name == "x.ndjson" else text, name=name)
    assert [constraint for _, _, constraint in kept.places] == ["MaxResults.type"]
    assert kept.findings[0].message.startswith(number)
