"""`--fix`: only the case of keys and enum values changes, and every other byte stays."""

from __future__ import annotations

import gzip
import json
import os
import stat

import pytest

from contract_kit.errors import SourceError
from contract_kit.requestfile import fix as fix_module
from contract_kit.requestfile.run import Run
from contract_kit.requestfile.settings import Settings

EXPORT = "mailmanager:StartArchiveExport"

BAD = """\
{\r
\t"archiveid" :  "a-\\u0061bc", "fromTimestamp": 1700000000,\r
  "ToTimestamp": 1700086400,\r
  "filters": {"include": [ {"stringExpression": {"evaluate": {"attribute": "subject"},\r
      "operator": "contains", "values": ["é😀"]}} ]},\r
  "ExportDestinationConfiguration": {"s3": {}}\r
}\r
"""
MENDED = (
    BAD.replace("archiveid", "ArchiveId")
    .replace("fromTimestamp", "FromTimestamp")
    .replace("filters", "Filters")
    .replace("include", "Include")
    .replace("stringExpression", "StringExpression")
    .replace("evaluate", "Evaluate")
    .replace("attribute", "Attribute")
    .replace("subject", "SUBJECT")
    .replace("operator", "Operator")
    .replace("contains", "CONTAINS")
    .replace("values", "Values")
    .replace('"s3"', '"S3"')
)

YAML_BAD = """\
# what we export
archiveId: a-abc   # é😀
FromTimestamp: 1700000000
ToTimestamp: 1700086400
'exportDestinationConfiguration': {"s3": {}}
Filters:
  Include:
  - &one
    StringExpression:
      Evaluate: {Attribute: 'subject'}
      Operator:    "contains"
      Values: [x]
  Unless: [*one]
"""
YAML_MENDED = (
    YAML_BAD.replace("archiveId", "ArchiveId")
    .replace("exportD", "ExportD")
    .replace('"s3"', '"S3"')
    .replace("subject", "SUBJECT")
    .replace("contains", "CONTAINS")
)


@pytest.fixture
def mend(tmp_path, check):
    """`mend(content, name)`: what a fixing run tells, and the content afterwards."""

    def run(content, name="x.json"):
        kept = check("{}", name=name)
        kept.findings.clear()
        path = tmp_path / name
        path.write_bytes(content.encode())
        done = Run(kept, Settings(base=tmp_path), operation=EXPORT, fix=True)
        done.check(str(path))
        kept.summary = done.summary
        return kept, path.read_bytes().decode()

    return run


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("x.json", BAD, MENDED),
        ("x.json", "\ufeff" + BAD, "\ufeff" + MENDED),
        ("x.yaml", YAML_BAD, YAML_MENDED),
    ],
    ids=["json", "json with a byte-order mark", "yaml"],
)
def test_case_is_mended_and_nothing_else(mend, name, before, after):
    """Level by level; comments, order, quotes, escapes, line ends and marks stay."""
    kept, now = mend(before, name)
    assert now == after
    assert (kept.findings, kept.errors, kept.summary.exit_code) == ([], [], 0)
    assert {made.new.lower() for made in kept.changes} == {
        made.old.lower() for made in kept.changes
    }
    assert kept.summary.changes == len(kept.changes) > 4
    assert mend(now, name)[0].changes == []


@pytest.mark.parametrize(
    "change",
    [
        ('"archiveid"', '"archive_id"'),
        ('"archiveid" :  "a-\\u0061bc"', '"ArchiveID": "a-abc", "archiveid": "a-abc"'),
        ("subject", "SUBJEC"),
        ("contains", "CONTAIN"),
    ],
)
def test_what_is_not_safe_is_left_to_people(mend, change):
    """Another word, or two keys of which nobody knows which one counts; it is told all the same."""
    kept, now = mend(
        MENDED.replace("ArchiveId", "archiveid")
        .replace("SUBJECT", "subject")
        .replace("CONTAINS", "contains")
        .replace(*change)
    )
    assert change[1] in now
    assert kept.summary.exit_code == 1


def test_what_is_no_json_is_left_alone(mend):
    """Nothing can be told of it."""
    kept, now = mend(BAD + "}")
    assert now == BAD + "}"
    assert kept.changes == []
    assert kept.only.constraint == "file.syntax"


def test_permissions_and_links_stay(tmp_path, mend):
    """The file that a link leads to is the one that changes."""
    real = tmp_path / "real.json"
    real.write_text(BAD)
    real.chmod(0o640)
    (tmp_path / "x.json").unlink(missing_ok=True)
    os.symlink(real, tmp_path / "link.json")
    kept, now = mend(BAD, "link.json")
    assert kept.changes
    assert now == MENDED
    assert (tmp_path / "link.json").is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.json", "real.json"]


def test_a_file_that_changes_meanwhile_is_left_alone(tmp_path, mend, monkeypatch):
    """What somebody else has written is not lost."""
    encoded = fix_module.encoded

    def overtaken(text, like):
        (tmp_path / "x.json").write_text("theirs")
        return encoded(text, like)

    monkeypatch.setattr(fix_module, "encoded", overtaken)
    kept, now = mend(BAD)
    assert now == "theirs"
    assert kept.changes == []
    assert "request.type" in [one.constraint for one in kept.findings]
    ((_, message),) = kept.errors
    assert message == "changed while it was checked; run the fix again"
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]


LINE = '{"ArchiveId": "a-abc", "FromTimestamp": 1, "ToTimestamp": 2, "ExportDestinationConfiguration": {"S3": {}}}'
LINES = "\r\n".join(
    [
        LINE.replace("ArchiveId", "archiveId"),
        LINE,
        "",
        '{"ArchiveId" : "é😀", "s3": }',
        LINE.replace("FromTimestamp", "fromTimestamp").replace('"S3"', '"s3"'),
        LINE.replace("ArchiveId", "archiveId").replace('a-abc"', 'a-abc", "ArchiveId": "a-abc"'),
    ]
)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("ending", ["", "\r\n", "\n\n"])
def test_lines_are_mended_and_nothing_else(mend, mark, ending):
    """NDJSON keeps its marks, line ends, blank lines and whatever else is wrong in it."""
    before = mark + LINES + ending
    kept, now = mend(before, "x.ndjson")
    whole, *_, last = LINES.split("\r\n")
    after = before.replace(whole, LINE).replace("fromT", "FromT").replace('"s3": {', '"S3": {')
    assert now == after
    assert last in now
    assert [(made.span.line, made.new) for made in kept.changes] == [
        (1, '"ArchiveId"'),
        (5, '"FromTimestamp"'),
        (5, '"S3"'),
    ]
    assert [(one.span.line, one.constraint) for one in kept.findings] == [
        (4, "file.syntax"),
        (6, "request.type"),
    ]
    assert mend(now, "x.ndjson")[0].changes == []


@pytest.mark.parametrize("name", ["x.json.gz", "x.ndjson.gz"])
def test_packed_files_stay_and_that_is_said_once(tmp_path, kept, name):
    """With what to do; the findings are told as without the option."""
    path = tmp_path / name
    path.write_bytes(
        gzip.compress(f"{LINES}\r\n{LINES}\n".encode() if "nd" in name else BAD.encode())
    )
    before = path.read_bytes()
    run = Run(kept, Settings(base=tmp_path), operation=EXPORT, fix=True)
    run.check(str(path))
    assert path.read_bytes() == before
    assert kept.notes == [(str(path), fix_module.PACKED)]
    assert (kept.changes, kept.errors) == ([], [])
    assert run.summary.exit_code == 1


def test_large_ndjson_stays_and_that_is_said(tmp_path, kept, monkeypatch):
    """It is read in constant memory, and not kept to be written again."""
    monkeypatch.setattr("contract_kit.requestfile.run.MOST", 1000)
    path = tmp_path / "x.ndjson"
    path.write_text(LINES + "\n" * 1000)
    Run(kept, Settings(base=tmp_path), operation=EXPORT, fix=True).check(str(path))
    assert path.read_text() == (LINES + "\n" * 1000).replace("\r\n", "\n")
    assert kept.notes == [(str(path), fix_module.TOO_LARGE)]


def test_nothing_is_said_where_nothing_could_be_mended(tmp_path, kept):
    """A packed file that conforms, for one."""
    path = tmp_path / "x.json.gz"
    path.write_bytes(gzip.compress(LINE.encode()))
    Run(kept, Settings(base=tmp_path), operation=EXPORT, fix=True).check(str(path))
    assert (kept.notes, kept.findings, kept.errors) == ([], [], [])


@pytest.mark.parametrize("name", ["x.json", "x.ndjson"])
def test_what_cannot_be_written_is_told_in_full(tmp_path, kept, monkeypatch, name):
    """The findings that were not mended, and why."""

    def full(path, content, *, before):
        raise SourceError(f"{path}: cannot be written: No space left on device")

    path = tmp_path / name
    line = {**json.loads(LINE), "MaxResults": "x"}
    # Written with an escape, mending moves what follows.
    path.write_text(json.dumps(line).replace("ArchiveId", "\\u0061rchiveId") + "\n")
    monkeypatch.setattr("contract_kit.requestfile.fix.write_file", full)
    Run(kept, Settings(base=tmp_path), operation=EXPORT, fix=True).check(str(path))
    found = sorted(one.constraint for one in kept.findings)
    assert found == ["ArchiveId.required", "MaxResults.type", "request.type"]
    assert kept.errors == [
        (str(path), "cannot be fixed: No space left on device; make it writable")
    ]
