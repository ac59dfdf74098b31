"""The hook, run by the real pre-commit in a git repository made here.

pre-commit installs hooks of the language python from the package index; here, where nothing may be
fetched, the same hook runs as a program that is installed already. All else is as users have it.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

MANIFEST = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
GOOD = {
    "ArchiveId": "a-abc123",
    "FromTimestamp": 1700000000,
    "ToTimestamp": 1700086400,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/path"}},
}


@pytest.fixture
def shell(tmp_path):
    """`shell(folder, "git", …)`: runs a command; its exit code and output."""
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "contract-kit"
    program.write_text(f"#!{sys.executable}\nfrom contract_kit.cli.main import main\nmain()\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "PATH": f"{programs}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(tmp_path / "home"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{
            f"GIT_{who}_{what}": "x@example.com"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }

    def run(folder, *args):
        done = subprocess.run(
            args,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=120,
        )
        return done.returncode, done.stdout.decode()

    return run


@pytest.fixture
def repository(tmp_path, shell):
    """A git repository that uses the hook, with a map."""
    hooks, folder = tmp_path / "hooks", tmp_path / "repository"
    yaml = YAML(typ="safe", pure=True)
    (hook,) = yaml.load(MANIFEST)
    assert hook["language"] == "python"
    hook["language"] = "system"
    for path in (hooks, folder):
        path.mkdir()
        assert shell(path, "git", "init", "-q", ".")[0] == 0
    with (hooks / MANIFEST.name).open("w") as file:
        yaml.dump([hook], file)
    assert shell(hooks, "git", "add", ".")[0] == 0
    assert shell(hooks, "git", "commit", "-qm", "hooks")[0] == 0
    revision = shell(hooks, "git", "rev-parse", "HEAD")[1].strip()
    config = {"repos": [{"repo": str(hooks), "rev": revision, "hooks": [{"id": hook["id"]}]}]}
    (folder / ".pre-commit-config.yaml").write_text(json.dumps(config))
    (folder / "pyproject.toml").write_text(
        '[tool.contract-kit.files]\n"exports/*.json" = "mailmanager:StartArchiveExport"\n'
    )
    assert shell(folder, "pre-commit", "install")[0] == 0
    return folder


def commit(shell, folder, **files):
    """Writes files and commits them."""
    for name, content in files.items():
        path = folder / "exports" / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2))
    assert shell(folder, "git", "add", ".")[0] == 0
    return shell(folder, "git", "commit", "-qm", "change")


def test_the_manifest_is_one(shell, tmp_path):
    """By pre-commit's own check."""
    assert shell(tmp_path, "pre-commit", "validate-manifest", str(MANIFEST)) == (0, "")


def test_a_good_commit_passes_and_a_bad_one_does_not(shell, repository):
    """The place is shown; JSON that the map does not cover is nobody's concern."""
    (repository / "package.json").write_text('{"name": "x"}')
    code, output = commit(shell, repository, good=GOOD)
    assert code == 0, output
    assert "Passed" in output
    code, output = commit(shell, repository, good=GOOD, bad={**GOOD, "ArchiveId": "x y"})
    assert code == 1
    assert "exports/bad.json:2:16: error:" in output
    assert "[ArchiveId.pattern]" in output
    assert shell(repository, "git", "log", "--oneline")[1].count("\n") == 1
    code, output = commit(shell, repository, bad=GOOD)
    assert code == 0, output


def test_batches_run_side_by_side(shell, repository):
    """pre-commit hands many files to several processes at once; each finding is told once."""
    files = {f"f{number}": GOOD for number in range(120)}
    files |= {f"b{number}": {**GOOD, "MaxResults": "5"} for number in range(3)}
    code, output = commit(shell, repository, **files)
    assert code == 1
    assert output.count("[MaxResults.type]") == 3
    assert "Traceback" not in output
