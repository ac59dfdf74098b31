"""`contract-kit validate`: from files on disk to lines on the terminal and an exit code."""

from __future__ import annotations

import io
import json

import pytest

from contract_kit.cli.validate_files import Bar

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
    """Exit code 1; no colours where there is no terminal; who documents it with -v alone."""
    file = write(folder, "bad.json", ArchiveId="é😀\u200d x")
    done = cli("validate", file, *EXPORT)
    assert done.code == 1
    place, source, under, ending = done.out.splitlines()
    assert place.startswith('bad.json:2:16: error: "é😀\\u200d x" must satisfy regular')
    assert place.endswith("[ArchiveId.pattern]")
    assert source == '    2 |   "ArchiveId": "é😀\\u200d x",'
    assert under == "      |                ^^^^^^^^^^^^^"
    assert "botocore" in cli("validate", "-v", file, *EXPORT).out
    assert ending == "1 error in 1 file; 1 file checked"


def test_a_file_that_cannot_be_read_hides_nothing(cli, folder):
    """The others are checked all the same; 2 beats 1."""
    write(folder, "bad.json", ArchiveId="x y")
    done = cli("validate", "missing.json", "bad.json", *EXPORT)
    assert done.code == 2
    assert done.out.startswith("missing.json: not checked: no such file; give a path that exists\n")
    assert "[ArchiveId.pattern]" in done.out
    assert done.out.endswith("1 error in 1 file; 1 file checked; 1 not checked\n")


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


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        """It is."""
        return True


def test_a_bar_shows_how_far_a_large_file_is_read(monkeypatch, capsys):
    """On a terminal; it goes away before something else is written, and at the end."""
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    bar = Bar()
    bar.show(1, 100)
    assert stream.getvalue() == ""
    bar.show(Bar.EVERY, Bar.EVERY * 4)
    assert stream.getvalue().endswith("25% 8 MiB read")
    bar.show(Bar.EVERY * 2, 0)
    assert stream.getvalue().endswith("\r 16 MiB read")
    bar.write("a finding\n")
    assert stream.getvalue().endswith("\x1b[2K")
    assert capsys.readouterr().out == "a finding\n"
    bar.clear()
    assert stream.getvalue().count("\x1b[2K") == 1


def test_elsewhere_there_is_no_bar(capsys):
    """A log shows nothing of it."""
    bar = Bar()
    bar.show(Bar.EVERY * 5, Bar.EVERY * 9)
    bar.clear()
    assert capsys.readouterr().err == ""


STDIN = [
    (json.dumps({**GOOD, "ArchiveId": "x y"}), "-:1:15:", "1 file checked\n"),
    (json.dumps({**GOOD, "ArchiveId": "x y"}, indent=1), "-:2:15:", "1 file checked\n"),
    (
        "\n".join([json.dumps(GOOD), json.dumps({**GOOD, "ArchiveId": "x y"})]),
        "-:2:15:",
        "2 requests\n",
    ),
    (
        "# c\n"
        + "\n".join(f"{k}: {json.dumps(v)}" for k, v in {**GOOD, "ArchiveId": "x y"}.items()),
        "-:2:12:",
        "1 file checked\n",
    ),
]


@pytest.mark.parametrize(
    ("text", "place", "ending"), STDIN, ids=["compact", "json", "ndjson", "yaml"]
)
def test_standard_input_is_read_in_every_format(cli, monkeypatch, text, place, ending):
    """Told apart by how it begins."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(text.encode()))))
    done = cli("validate", "-", *EXPORT)
    assert done.code == 1
    assert done.out.startswith(place)
    assert done.out.endswith(ending)


@pytest.mark.parametrize("format", ["json", "github", "sarif", "junit"])
def test_other_formats_are_asked_for(cli, folder, format):
    """With the same exit code; a bad name is one line."""
    name = write(folder, "bad.json", ArchiveId="x y")
    done = cli("validate", name, *EXPORT, "--format", format)
    assert done.code == 1
    assert "ArchiveId.pattern" in done.out
    assert done.err == ""
    assert "--format" in cli("validate", name, "--format", "html").message


def test_fixes_are_told(cli, folder):
    """And counted."""
    name = write(folder, "bad.json", maxResults=1)
    done = cli("validate", name, *EXPORT, "--fix")
    assert done.code == 0
    assert done.out == (
        'bad.json:10:3: fixed: "maxResults" is now "MaxResults"\n'
        "nothing found; 1 file checked; 1 fix applied\n"
    )
    assert json.loads((folder / name).read_text()) == {**GOOD, "MaxResults": 1}


def test_a_schema_for_an_editor_is_printed(cli):
    """As JSON; an unknown operation is one line."""
    done = cli("schema", "mailmanager:StartArchiveExport", "--dialect", "cli")
    assert done.code == 0
    assert json.loads(done.out)["$id"].endswith(":StartArchiveExport:request:cli")
    assert "no operation 'Nope'" in cli("schema", "mailmanager:Nope").message


def test_a_packed_file_that_is_broken_hides_no_other(cli, folder):
    """It is told in a line, and the findings of the others as well."""
    (folder / "a.json.gz").write_bytes(b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + b"\xff" * 40)
    (folder / "b.json").write_text('{"ArchiveId": "x"}')
    done = cli("validate", "--operation", "mailmanager:StartArchiveExport", "a.json.gz", "b.json")
    assert done.code == 2
    assert "a.json.gz" in done.err + done.out
    assert "ArchiveId.pattern" in done.out
    assert "Traceback" not in done.err


def test_a_misspelt_key_of_the_own_settings_is_told(cli, folder):
    """As one of the shared settings is."""
    (folder / ".contract-kit.toml").write_text('ignroe = ["x"]\n')
    (folder / "b.json").write_text("{}")
    done = cli("validate", "b.json")
    assert done.code == 2
    assert "'ignroe' is not one of contracts, files, ignore, off, placeholders, rules" in done.err


def test_an_envelope_of_an_unknown_dialect_is_told(cli, folder):
    """It is not read in another one."""
    envelope = {"operation": "mailmanager:GetArchive", "dialect": "CLI", "request": {}}
    (folder / "e.json").write_text(json.dumps(envelope))
    done = cli("validate", "e.json")
    assert done.code == 2
    assert "dialect 'CLI': write one of " in done.out + done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("format", ["text", "json", "github", "sarif", "junit"])
def test_standard_input_cannot_be_fixed_and_that_is_said(cli, monkeypatch, format):
    """In every format."""
    text = json.dumps({**GOOD, "maxResults": 1})
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(text.encode()))))
    done = cli("validate", "-", "--fix", *EXPORT, "--format", format)
    assert done.code == 1
    assert "give the path instead of -" in done.out
