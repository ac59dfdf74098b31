"""A foreign application that calls two services through boto3, tested as the README shows it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "tests" / "examples" / "boto3_app"
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.DOTALL)
SHOWN = next(at for at, (_, text) in enumerate(BLOCKS) if text.startswith("# test_exports.py\n"))


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


def test_the_readme_shows_what_is_run() -> None:
    """Word for word, in a few lines."""
    shown = BLOCKS[SHOWN][1].partition("\n")[2]
    assert shown == (EXAMPLE / "test_exports.py").read_text(encoding="utf-8")
    assert len(shown.splitlines()) < 15


def test_the_request_that_breaks_the_contract_fails_its_test_alone(result) -> None:
    """At its end, as the README says; the mocks took every request."""
    code, output = result
    assert code == 1
    assert re.search(r"= 2 passed, 1 error in ", output)
    (failed,) = re.findall(r"^ERROR (test_exports\.py::\S+)", output, re.MULTILINE)
    assert failed == "test_exports.py::test_an_export_of_many_subjects_is_remembered"
    assert BLOCKS[SHOWN + 1][1] in output


def test_the_rest_of_the_application_keeps_the_contract(result) -> None:
    """Requests and replies, of both services."""
    _, output = result
    assert re.search(r"^PASSED test_exports\.py::test_an_export_is_remembered$", output, re.M)
    assert len(re.findall(r"^\S+:\d+: .* breaks ", output, re.M)) == 1
