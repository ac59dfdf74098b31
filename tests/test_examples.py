"""Foreign projects that use the kit, each run as its owner would run it, as the manual shows it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from .documentation import BLOCKS, MANUAL, ROOT, file_shown

EXAMPLES = ROOT / "tests" / "examples"
PAGE = (MANUAL / "pytest.md").read_text(encoding="utf-8")
LONGEST = 15
"""Lines below which an example stays in the manual."""


@pytest.fixture
def run(tmp_path):
    """`run(example, *arguments)`: pytest in a copy of an example, in a process of its own."""

    def go(example: str, *arguments: str) -> tuple[int, str]:
        folder = tmp_path / example
        shutil.copytree(EXAMPLES / example, folder, ignore=shutil.ignore_patterns("__pycache__"))
        # A second to load, for what few users have.
        environment = {**os.environ, "PYTEST_ADDOPTS": "-p no:schemathesis"}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-W", "error", *arguments],
            cwd=folder,
            env={**environment, "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        return done.returncode, done.stdout

    return go


@pytest.mark.parametrize(
    ("page", "example", "name", "number"),
    [
        ("README.md", "flask_mock", "conftest.py", 0),
        ("pytest.md", "flask_mock", "conftest.py", 0),
        ("pytest.md", "fastapi_mock", "conftest.py", 1),
        ("pytest.md", "fastapi_mock", "test_archives.py", 0),
        ("pytest.md", "fastapi_mock", "test_cases.py", 0),
    ],
)
def test_the_manual_shows_what_is_run(page: str, example: str, name: str, number: int) -> None:
    """Word for word, in a few lines, but for the comments."""
    shown = re.sub(r"  # .*", "", file_shown(page, name, number).text)
    assert shown == (EXAMPLES / example / name).read_text(encoding="utf-8")
    assert len(shown.splitlines()) < LONGEST


def test_two_defects_of_a_flask_mock_are_found(run) -> None:
    """By the command that the manual shows; what is right in it passes."""
    (command,) = (block.text for block in BLOCKS if block.text.startswith("pytest --contract"))
    program, *arguments = command.split()
    assert program == "pytest"
    code, output = run("flask_mock", *arguments)
    assert code == 1
    failed = re.findall(r"^FAILED conftest.py::mailmanager:ListArchiveExports::(\S+)", output, re.M)
    assert sorted(failed) == ["ArchiveId.pattern/outside", "PageSize.type/outside"]
    assert re.search(r"^crash +PageSize.type ", output, re.M)
    assert re.search(r"^too lax +ArchiveId.pattern ", output, re.M)
    assert re.search(r"= 2 failed, \d\d passed in ", output)


def test_the_ids_that_the_manual_shows_can_be_pasted(run) -> None:
    """That of an item, and that of one probe; the probe in a run that needs no option."""
    (item,) = re.findall(r"^`(conftest.py::\S+)`", PAGE, re.M)
    (probe,) = re.findall(r"^pytest (conftest.py::\S+)$", PAGE, re.M)
    assert probe.startswith(f"{item}/")
    code, output = run("flask_mock", probe, "-rf")
    assert code == 1
    assert re.findall(r"^FAILED (\S+)", output, re.M) == [probe]
    assert re.search(r"= 1 failed in ", output)


def test_a_fastapi_mock_passes(run) -> None:
    """Its start-up code has run; what an unknown archive hides is skipped with that reason."""
    code, output = run("fastapi_mock", "--contract", "-rs")
    assert code == 0, output
    assert re.search(r"= \d\d passed, 2 skipped in ", output)
    reasons = re.findall(r"^SKIPPED .*: (\w+: \w+): ", output, re.M)
    assert reasons == ["masked: ResourceNotFoundException"] * 2
