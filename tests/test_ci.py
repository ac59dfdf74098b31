"""The workflow runs what anyone can run, with each version that is supported."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / ".ci" / "run"
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"


@pytest.fixture(scope="module")
def job():
    """The one job of the workflow."""
    (found,) = YAML(typ="safe").load(WORKFLOW)["jobs"].values()
    return found


def test_the_workflow_does_what_the_script_does(job):
    """So that a red run can be repeated anywhere."""
    assert os.access(SCRIPT, os.X_OK)
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert commands == [str(SCRIPT.relative_to(ROOT))]


def test_the_script_installs_the_pytest_that_the_matrix_names(job):
    """The oldest that the project supports, and the newest."""
    assert job["env"] == {"PYTEST": "${{ matrix.pytest }}"}
    assert 'pip install -q "$PYTEST"' in SCRIPT.read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (wanted,) = (
        text
        for text in project["optional-dependencies"]["test"]
        if text.partition(">")[0] == "pytest"
    )
    oldest, newest = job["strategy"]["matrix"]["pytest"]
    assert oldest == f"{wanted},<9"
    assert newest == "pytest>=9"


def test_the_matrix_starts_at_the_oldest_python(job):
    """And ends at the newest there is."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    oldest, newest = job["strategy"]["matrix"]["python"]
    assert project["requires-python"] == f">={oldest}"
    assert newest == "3.x"
