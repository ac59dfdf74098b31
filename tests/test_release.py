"""The wheel: what it holds, and that it works without the checkout."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .documentation import MANUAL, ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that is built from this repository."""
    folder = tmp_path_factory.mktemp("wheel")
    script = (
        "import os, sys, hatchling.build as build; os.chdir(sys.argv[1]); "
        "print(build.build_wheel(sys.argv[2]))"
    )
    words = [sys.executable, "-c", script, str(ROOT), str(folder)]
    subprocess.run(words, check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_holds_the_package_its_schemas_its_manual_and_its_licence(wheel: Path) -> None:
    """And neither tests nor fixtures."""
    names = set(zipfile.ZipFile(wheel).namelist())
    schemas = {
        f"contract_kit/schemas/{path.relative_to(ROOT / 'schemas').as_posix()}"
        for path in (ROOT / "schemas").rglob("*.json")
    }
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "contract_kit").rglob("*.py")}
    manual = {f"contract_kit/manual/{path.name}" for path in MANUAL.glob("*.md")}
    assert manual
    assert names >= schemas | modules | manual | {"contract_kit/py.typed"}
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any(name.startswith(("tests/", "fixtures/")) for name in names)


def test_the_wheel_works_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """Schemas are found inside it, and the main job runs."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    script = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); import contract_kit; "
        "assert contract_kit.__file__.startswith(sys.path[0]), contract_kit.__file__; "
        "from contract_kit.cli.main import main; main()"
    )
    words = [sys.executable, "-P", "-c", script, str(tmp_path / "site"), "fuzz"]
    words += ["--report", f"json:{tmp_path / 'r.json'}"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "r.json").read_text())["enforcedPercent"] == 100
