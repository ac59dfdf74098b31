"""Names of files and members that would command a terminal or a build server, and folders without end."""

from __future__ import annotations

import json
import os
import sys

import pytest

from contract_kit.cli.main import main
from contract_kit.requestfile.files import request_files
from contract_kit.requestfile.settings import Settings

ESCAPE = "\x1b[31mX\x1b]0;title\x07\x9b2J\u202e"
BREAK = "a\n::error::pwned\r\n::set-output name=x::y"

CONTENTS = {
    "names.json": json.dumps(
        {"ArchiveId": ESCAPE, ESCAPE: 1, BREAK: 2, "Filters": {ESCAPE: BREAK}}
    ),
    f"{ESCAPE}.json": '{"archiveId": "a-abc"}',
    f"{BREAK.replace('/', '')}.json": "{",
    f"{ESCAPE}.ndjson": json.dumps({"operation": f"ssm:{ESCAPE}", "request": {}}) + "\n",
    "dialect.json": json.dumps({"operation": "ssm:A", "dialect": ESCAPE, "request": {}}),
    "twice.yaml": '"a\\e[31m": 1\n"a\\e[31m": 2\n',
    "alias.yaml": "a: *\u0085x\n",
    "schema.json": json.dumps({"$schema": f"./{ESCAPE}.json", ESCAPE: 1}),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of such files."""
    monkeypatch.chdir(tmp_path)
    for name, content in CONTENTS.items():
        (tmp_path / name).write_text(content)
    return tmp_path


@pytest.mark.parametrize("format", ["text", "github", "json", "sarif", "junit"])
@pytest.mark.parametrize("words", [[], ["--operation", "mailmanager:GetArchive"], ["--fix"]])
def test_nothing_that_is_obeyed_stands_in_an_output(folder, capsys, format, words):
    """Neither escapes nor marks that turn text around; no line begins that a name has made."""
    with pytest.raises(SystemExit):
        main(["validate", ".", "--format", format, *words])
    done = capsys.readouterr()
    for text in (done.out, done.err):
        seen = {char for char in text if not char.isprintable() and char != "\n"}
        assert seen == set()
        assert not any(line.startswith(("::error::", "::set")) for line in text.splitlines())
    assert "pwned" in done.out
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "settings",
    [
        f"[files]\n'*.json' = {json.dumps(f'ssm:{ESCAPE}')}",
        f"[files]\n{json.dumps(ESCAPE)} = 5",
        f"ignore = [{json.dumps(f'{ESCAPE}[z-a]')}]",
        f"placeholders = [{json.dumps(f'{ESCAPE}(')}]",
        f"contracts = [{json.dumps(ESCAPE)}]",
        f"{json.dumps(ESCAPE)} = 5",
    ],
)
def test_settings_are_told_as_harmlessly(folder, capsys, settings):
    """In the line that says what is wrong with them."""
    (folder / ".contract-kit.toml").write_text(settings)
    with pytest.raises(SystemExit) as ended:
        main(["validate", "names.json"])
    assert ended.value.code == 2
    done = capsys.readouterr()
    assert all(char.isprintable() or char == "\n" for char in done.out + done.err)
    assert "X\\x1b" in done.out + done.err


def test_commands_that_write_files_tell_their_names_as_harmlessly(folder, capsys):
    """Names that the user gives, and those found in folders."""
    (folder / "cases" / "valid").mkdir(parents=True)
    (folder / "cases" / "valid" / f"{ESCAPE}.json").write_text("{}")
    operation = "mailmanager:StopArchiveExport"
    for words in (
        ["derive", operation, "--out", ESCAPE],
        ["openapi", operation, "--out", f"{ESCAPE}.x"],
        ["cases", operation, "--out", "cases", "--check"],
        ["cases", operation, "--out", "cases"],
        ["schema", operation],
    ):
        with pytest.raises(SystemExit):
            main(words)
        done = capsys.readouterr()
        assert all(char.isprintable() or char == "\n" for char in done.out + done.err), words


@pytest.fixture
def deep(tmp_path):
    """`deep(levels)`: folders in each other, the innermost with a file; they are removed again."""
    made = []

    def make(levels, name="d"):
        top = os.open(tmp_path, os.O_RDONLY)
        here = os.dup(top)
        for _ in range(levels):
            os.mkdir(name, dir_fd=here)
            inner = os.open(name, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = inner
        with open(os.open("x.json", os.O_WRONLY | os.O_CREAT, dir_fd=here), "w") as file:
            file.write('{"archiveId": 1}')
        made.append((top, here, levels, name))
        return tmp_path / name

    yield make
    for top, here, levels, name in made:
        os.unlink("x.json", dir_fd=here)
        for _ in range(levels):
            above = os.open("..", os.O_RDONLY, dir_fd=here)
            os.rmdir(name, dir_fd=above)
            os.close(here)
            here = above
        os.close(here)
        os.close(top)


@pytest.mark.skipif(sys.platform != "linux", reason="paths are as long as on Linux")
def test_folders_are_entered_however_deep_they_are(deep, monkeypatch, tmp_path, capsys):
    """As far as a path reaches; beyond that it is said that it is too long."""
    deep(1500)
    monkeypatch.chdir(tmp_path)
    (found,) = request_files(["d"], Settings(base=tmp_path))
    assert found == "d/" * 1500 + "x.json"
    with pytest.raises(SystemExit) as ended:
        main(["validate", "d", "--operation", "mailmanager:GetArchive"])
    assert ended.value.code == 1
    assert "is not a documented member" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="paths are as long as on Linux")
def test_folders_deeper_than_a_path_reaches_are_one_line(deep, monkeypatch, tmp_path, capsys):
    """No folder is passed over in silence."""
    deep(1200, name="folder")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["validate", "folder", "--operation", "mailmanager:GetArchive"])
    assert ended.value.code == 2
    line, *_ = capsys.readouterr().out.splitlines()
    assert line.endswith("not checked: is too long for a path; give a path that exists")
