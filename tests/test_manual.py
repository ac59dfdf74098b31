"""The README and the manual show what happens."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
from importlib import import_module
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from contract_kit.cli.main import COMMANDS, main
from contract_kit.reference.http import running

from .documentation import BLOCKS, MANUAL, PAGES, README, ROOT, TEXT, Block
from .picture import PICTURE, draw

LONGEST_README = 150


def run(*args: str) -> tuple[int, str]:
    """Exit code and standard output of a command line."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), pytest.raises(SystemExit) as ended:
        main(list(args))
    return int(ended.value.code or 0), output.getvalue()


def options_of(command: str) -> list[str]:
    """The long options of a command."""
    params = import_module(f"contract_kit.cli.{command}").command.params
    return [name for param in params for name in param.opts if name.startswith("--")]


def compact(text: str) -> str:
    """Without what only lays it out."""
    return " ".join(text.split())


SERVED = "http://127.0.0.1:8000"
"""Where the manual has an implementation."""

PYTHON = [
    block
    for block in BLOCKS
    # A block that begins with a file's name is part of a project, which test_examples.py runs.
    if block.language == "python" and not block.text.startswith("# ")
]


@pytest.mark.parametrize("block", PYTHON, ids=lambda block: block.page)
def test_a_python_example_prints_the_output_shown_below_it(block: Block) -> None:
    """To the letter."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(block.text, block.page, "exec"), {"__name__": "__main__"})
    assert output.getvalue() == block.output


def test_the_fault_that_the_example_serves_is_found_as_shown(monkeypatch) -> None:
    """The finding that the manual shows comes from this very run."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    page = (MANUAL / "fuzz.md").read_text(encoding="utf-8")
    (fault,) = re.findall(r"contract-kit serve --fault (\S+?)`", page)
    shown = next(block.text for block in BLOCKS if "trailing-newline" in block.text)
    with running((fault,)) as url:
        code, output = run("fuzz", "mailmanager:StartArchiveExport", "--url", url)
    assert code == 1
    for line in shown.splitlines():
        words, ellipsis, _ = line.partition("…")
        if words or not ellipsis:
            assert compact(words) in compact(output.replace(url, SERVED)), line


@pytest.mark.parametrize("page", ["README.md", "validate.md"])
def test_the_request_file_of_the_example_is_reported_as_shown(page, tmp_path, monkeypatch) -> None:
    """Line, column and caret; the README leaves out who documents it."""
    example = next(
        block for block in BLOCKS if block.page == page and "contract-kit validate" in block.text
    )
    monkeypatch.chdir(tmp_path)
    Path("requests").mkdir()
    Path("requests/export.json").write_text(
        '{\n  "ArchiveId": "x y",\n  "FromTimestamp": 0,\n  "ToTimestamp": 1,\n'
        '  "ExportDestinationConfiguration": {"S3": {}}\n}\n'
    )
    code, output = run(*shlex.split(example.text)[1:])
    assert code == 1
    assert output.startswith(example.output)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_option_is_documented(command: str) -> None:
    """In the page of the command, and in the page that lists all settings."""
    if command == "help":
        return
    page = (MANUAL / f"{command}.md").read_text(encoding="utf-8")
    assert [option for option in options_of(command) if option not in page] == []
    settings = (MANUAL / "settings.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| \[`{command}`\].*$", settings, re.MULTILINE)
    assert sorted(re.findall(r"`(--[a-z-]+)`", row)) == sorted(options_of(command))


def test_no_option_is_documented_that_does_not_exist() -> None:
    """The tables of options are those of the commands."""
    options = {option for command in COMMANDS for option in options_of(command)}
    rows = re.findall(r"^\| `(--[a-z-]+)", TEXT, re.MULTILINE)
    assert rows
    assert [row for row in rows if not row.startswith("--contract") and row not in options] == []


def test_every_command_line_that_is_shown_has_options_of_its_command() -> None:
    """In blocks and in the text."""
    shown = "\n".join(block.text for block in BLOCKS if block.language == "sh")
    shown = shown.replace("\\\n", " ") + "\n" + "\n".join(re.findall(r"`([^`]+)`", TEXT))
    found = re.findall(r"contract-kit (\w+)([^\n#>&]*)", shown)
    assert len(found) > 20
    for command, rest in found:
        if command not in COMMANDS or command == "help":
            continue
        wrong = set(re.findall(r"(?<=\s)--[a-z-]+", rest)) - set(options_of(command))
        assert not wrong, (command, rest)


def test_every_link_leads_to_a_file() -> None:
    """From the folder of the page that has it."""
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (page.parent / target).exists(), (page, target)


def test_settings_that_are_shown_can_be_read() -> None:
    """TOML, JSON and YAML."""
    import json
    import tomllib

    readers = {"toml": tomllib.loads, "json": json.loads, "yaml": YAML(typ="safe").load}
    examples = [block for block in BLOCKS if block.language in readers]
    assert {block.language for block in examples} == readers.keys()
    for block in examples:
        readers[block.language](block.text)


def test_the_readme_is_short() -> None:
    """The manual has the rest, and the README leads to every page that no other page names."""
    text = README.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_README
    pages = {page.name for page in PAGES if page.parent == MANUAL}
    assert [name for name in pages if f"{name})" not in TEXT] == []
    for picture in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text):
        assert (ROOT / picture).is_file()


def test_the_picture_shows_the_report_of_today() -> None:
    """Its words, but for counts; `python tests/picture.py` draws it again."""
    now, then = (
        [re.sub(r"\d+", "0", line) for line in re.findall(r">([^<>]+)</text>", svg)]
        for svg in (draw(), PICTURE.read_text())
    )
    assert now == then
