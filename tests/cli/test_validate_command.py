"""`contract-kit validate`: from files on disk to lines on the terminal and an exit code."""

from __future__ import annotations

import json

GOOD = {
    "ArchiveId": "a-abc123",
    "FromTimestamp": 1700000000,
    "ToTimestamp": 1700086400,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/path"}},
}
EXPORT = ("--operation", "mailmanager:StartArchiveExport")


def write(folder, name, **changes):
    """A file with a conforming request but for the changes."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**GOOD, **changes}, indent=2, ensure_ascii=False))
    return name


def test_a_conforming_file_is_told_in_one_line(cli, folder):
    """Exit code 0."""
    done = cli("validate", write(folder, "good.json"), *EXPORT)
    assert (done.code, done.err) == (0, "")
    assert done.out == "nothing found; 1 file checked\n"


def test_a_finding_shows_the_source_line_and_underlines_the_place(cli, folder):
    """Exit code 1; no colours where there is no terminal."""
    done = cli("validate", write(folder, "bad.json", ArchiveId="é😀\u200d x"), *EXPORT)
    assert done.code == 1
    place, source, under, origins, ending = done.out.splitlines()
    assert place.startswith('bad.json:2:16: error: "é😀\\u200d x" must satisfy regular')
    assert place.endswith("[ArchiveId.pattern]")
    assert source == '    2 |   "ArchiveId": "é😀\\u200d x",'
    assert under == "      |                ^^^^^^^^^^^^^"
    assert "botocore" in origins
    assert ending == "1 error in 1 file; 1 file checked"


def test_a_file_that_cannot_be_read_hides_nothing(cli, folder):
    """The others are checked all the same; 2 beats 1."""
    write(folder, "bad.json", ArchiveId="x y")
    done = cli("validate", "missing.json", "bad.json", *EXPORT)
    assert done.code == 2
    assert done.out.startswith("missing.json: unreadable: no such file; give a path that exists\n")
    assert "[ArchiveId.pattern]" in done.out
    assert done.out.endswith("1 error in 1 file; 2 files checked; 1 not checked\n")


def test_folders_are_walked(cli, folder):
    """Hidden ones and files of other kinds are left out."""
    write(folder, "in/a.json", ArchiveId="x y")
    write(folder, "in/deep/b.json", MaxResults="5")
    write(folder, "in/.git/c.json", MaxResults="5")
    write(folder, "in/d.txt", MaxResults="5")
    done = cli("validate", "in", *EXPORT)
    assert done.code == 1
    assert [line.split(":")[0] for line in done.out.splitlines() if ": error: " in line] == [
        "in/a.json",
        "in/deep/b.json",
    ]
    assert "ArchiveId.pattern  1\nMaxResults.type    1\n" in done.out


def test_an_unknown_operation_is_one_line(cli, folder):
    """With the one that was meant."""
    done = cli("validate", write(folder, "a.json"), "--operation", "mailmanager:StartArchivExport")
    assert done.code == 2
    assert "did you mean mailmanager:StartArchiveExport?" in done.message
