"""A foreign application that calls two services through boto3, tested as the manual shows it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from .documentation import BLOCKS, ROOT, file_shown

EXAMPLE = ROOT / "tests" / "examples" / "boto3_app"
SHOWN = file_shown("spy.md", "test_exports.py")


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str]:
    """Exit code and output of pytest in a copy of the application, in a process of its own."""
    folder = tmp_path_factory.mktemp("example") / "app"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-W", "error", "-rA"],
        cwd=folder,
        # A second to load, for what few users have.
        env={**os.environ, "PYTEST_ADDOPTS": "-p no:schemathesis", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_the_manual_shows_what_is_run() -> None:
    """Word for word, in a few lines; the README the first test of it."""
    written = (EXAMPLE / "test_exports.py").read_text(encoding="utf-8")
    assert SHOWN.text == written
    assert len(written.splitlines()) < 15
    assert written.startswith(file_shown("README.md", "test_exports.py").text)


def test_the_request_that_breaks_the_contract_fails_its_test_alone(result) -> None:
    """At its end, as the manual says; the mocks took every request."""
    code, output = result
    assert code == 1
    assert re.search(r"= 2 passed, 1 error in ", output)
    (failed,) = re.findall(r"^ERROR (test_exports\.py::\S+)", output, re.MULTILINE)
    assert failed == "test_exports.py::test_an_export_of_many_subjects_is_remembered"
    (reported,) = (block.text for block in BLOCKS if block.text.startswith("exports.py:"))
    assert reported in output


def test_the_rest_of_the_application_keeps_the_contract(result) -> None:
    """Requests and replies, of both services."""
    _, output = result
    assert re.search(r"^PASSED test_exports\.py::test_an_export_is_remembered$", output, re.M)
    assert len(re.findall(r"^\S+:\d+: .* breaks ", output, re.M)) == 1
