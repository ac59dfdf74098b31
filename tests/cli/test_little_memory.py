"""Hostile files of every kind, in a process of little memory: one clear line, and an end."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

MEMORY = 512 * 1024 * 1024
REQUEST = '{"ArchiveId": "a-abc"}'


def bomb(mebibytes: int) -> str:
    """So much JSON, of which each three characters are a list."""
    return "[" + "[]," * (mebibytes * 1024 * 1024 // 3) + "[]]"


OWN = "contracts/mailmanager/GetArchive.request.json"

HOSTILE = {
    "contract": lambda: ({OWN: bomb(7)}, ["validate", "x.json"]),
    "large contract": lambda: ({OWN: bomb(15)}, ["validate", "x.json"]),
    "settings": lambda: ({".contract-kit.toml": "a = " + "[" * 100_000}, ["validate", "x.json"]),
    "large settings": lambda: ({".contract-kit.toml": "# x\n" * 1_000_000}, ["validate", "x.json"]),
    "keys": lambda: ({".contract-kit.toml": "a" + ".a" * 100_000 + " = 1"}, ["validate", "x.json"]),
    "project": lambda: (
        {"pyproject.toml": "[tool.contract-kit]\na = " + "[" * 9_999},
        ["validate", "."],
    ),
    "request": lambda: (
        {"r.json": bomb(15)},
        ["cases", "mailmanager:GetArchive", "--request", "r.json"],
    ),
    "gaps": lambda: ({"g.toml": "a = " + "{a=" * 100_000}, ["fuzz", "--known-gaps", "g.toml"]),
    "page": lambda: (
        {"p.txt": "x\n" * 100_000},
        ["drift", "mailmanager:GetArchive", "--page", "p.txt"],
    ),
    "device": lambda: ({}, ["cases", "mailmanager:GetArchive", "--request", "/dev/zero"]),
}


def limited():
    """In the new process: no more data than MEMORY."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


@pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_hostile_is_one_line(tmp_path, kind):
    """With exit code 2; nothing is lost."""
    files, words = HOSTILE[kind]()
    settings = 'contracts = ["contracts"]\n[files]\n"*.json" = "mailmanager:GetArchive"\n'
    for name, text in {"x.json": REQUEST, ".contract-kit.toml": settings, **files}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    if kind == "project":
        (tmp_path / ".contract-kit.toml").unlink()
    done = subprocess.run(
        [sys.executable, "-m", "contract_kit", *words],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=120,
        preexec_fn=limited,
        text=True,
    )
    assert done.returncode == 2, done.stderr[-500:]
    told = (done.stderr + done.stdout).splitlines()
    assert len(told[0]) < 500
    assert len(told) == 1 + done.stdout.count("0 files checked;")
    assert "Traceback" not in done.stderr
