"""If you don't use the plugin, you won't notice it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ..documentation import MANUAL

pytest_plugins = ["pytester"]

PAGE = (MANUAL / "pytest.md").read_text(encoding="utf-8")
HEAVY = ("hypothesis", "botocore", "boto3", "httpx2", "jsonschema_rs", "rich", "click")

LOADED = """
import sys
import pytest

def pytest_unconfigure(config):
    loaded = set(sys.modules)
    print("KIT", *sorted(name for name in loaded if name.startswith("contract_kit")))
    print("HEAVY", *sorted(loaded & set({heavy!r})))
"""


def test_a_run_that_does_not_use_it_loads_next_to_nothing(project, monkeypatch):
    """The door and its records; none of the kit, no library of it."""
    # Plugins of other packages load what they like.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    project.conftest(LOADED.format(heavy=HEAVY))
    project.test_module("def test_own(): pass")
    result = project.run_apart("-s", "-p", "contract_kit.pytest_plugin.plugin")
    result.assert_outcomes(passed=1)
    (kit,) = (line for line in result.outlines if "KIT" in line)
    assert set(kit.partition("KIT ")[2].split()) == {
        "contract_kit",
        "contract_kit.pytest_plugin",
        "contract_kit.pytest_plugin.plugin",
        "contract_kit.pytest_plugin.records",
    }
    result.stdout.fnmatch_lines(["HEAVY"])


def test_the_plugin_imports_nothing_but_pytest():
    """Neither Hypothesis nor botocore nor an HTTP client, whatever pytest loads beside it."""
    script = (
        "import sys, pytest; before = set(sys.modules); import contract_kit.pytest_plugin.plugin; "
        "print(*sorted(name for name in set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.decode().split() == [
        "contract_kit",
        "contract_kit.pytest_plugin",
        "contract_kit.pytest_plugin.plugin",
    ]


def test_all_options_and_ini_values_are_namespaced(project):
    """No other project's option can clash."""
    ours = [line.split() for line in project.run("--help").outlines if "contract" in line]
    options = [words[0] for words in ours if words and words[0].startswith("-")]
    assert options
    assert all(option.startswith("--contract") for option in options)
    assert [option for option in options if option.partition("=")[0] not in PAGE] == []
    project.run("--markers").stdout.fnmatch_lines(["@pytest.mark.contract(?operations, *"])


def test_fixtures_of_the_plugin_are_documented(project):
    """`pytest --fixtures` shows what each gives."""
    result = project.run("--fixtures")
    for name in ("target", "bindings", "request", "reset", "credentials", "check", "spy"):
        result.stdout.fnmatch_lines([f"contract_{name}*"])
        assert f"`contract_{name}`" in PAGE
    result.stdout.fnmatch_lines(["contract_case*", "*check(contract_target)*"])


def test_the_plugin_can_be_left_out(project):
    """By the name of its entry point."""
    project.test_module("def test_own(): pass")
    project.ini(more="")
    (project.path / "pytest.ini").unlink()
    project.run("-p", "no:contract-kit").assert_outcomes(passed=1)
    assert project.run("-p", "no:contract-kit", "--contract").ret == pytest.ExitCode.USAGE_ERROR


def test_verdicts_stay_in_the_terminal_where_output_has_no_colour(project):
    """And no escape sequence gets into a log."""
    project.target()
    result = project.run("--contract", "-k", "ArchiveId.type", "--color=no", "-v")
    assert "\x1b" not in result.stdout.str()
    result = project.run("--contract", "-k", "ArchiveId.type", "--color=yes", "-v")
    assert "\x1b[32menforced" in result.stdout.str()
