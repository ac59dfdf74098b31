"""Variables of the environment that set nothing are named, once, with the nearest one that does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contract_kit.cli import environment

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def forgotten(monkeypatch):
    """As in a process of its own, where nothing was warned of yet."""
    monkeypatch.setattr(environment, "_warned", set())


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("CONTRACT_KIT_VALIDATE_FROMAT", "did you mean CONTRACT_KIT_VALIDATE_FORMAT?"),
        ("CONTRACT_KIT_VALIDAT_FORMAT", "did you mean CONTRACT_KIT_VALIDATE_FORMAT?"),
        ("CONTRACT_KIT_X", "see contract-kit help settings"),
        ("CONTRACT_KIT_\x1b[31m", "see contract-kit help settings"),
    ],
)
def test_a_variable_that_sets_nothing_is_named(cli, folder, monkeypatch, name, near):
    """Once, on standard error; the command does its work all the same."""
    (folder / "a.json").write_text("{}")
    monkeypatch.setenv(name, "json")
    done = cli("validate", "a.json", "--operation", "mailmanager:ListArchives")
    assert done.code == 0
    shown = name.replace("\x1b", "\\x1b")
    assert done.err == f"contract-kit: warning: {shown} is ignored; {near}\n"
    assert cli("validate", "a.json", "--operation", "mailmanager:ListArchives").err == ""


def test_variables_of_other_commands_and_of_tests_are_not_named(cli, folder, monkeypatch):
    """Nor are those of the command itself."""
    (folder / "a.json").write_text("{}")
    for name in (*environment.OTHERS, "CONTRACT_KIT_FUZZ_SEED", "CONTRACT_KIT_VALIDATE_DIALECT"):
        monkeypatch.setenv(name, "cli")
    done = cli("validate", "a.json", "--operation", "mailmanager:ListArchives")
    assert (done.code, done.err) == (0, "")


def test_the_variables_of_the_tests_are_all_known():
    """Those that they, and what runs them, name."""
    files = [*(ROOT / "tests").rglob("*.py"), ROOT / ".ci" / "run"]
    text = "".join(path.read_text() for path in files if path != Path(__file__))
    named = set(re.findall(r"(?<!_)CONTRACT_KIT_[A-Z_]+[A-Z]", text))
    assert {
        name for name in named if environment.names_no_command(name, ("fuzz", "validate"))
    } == set()
    assert named >= environment.OTHERS
