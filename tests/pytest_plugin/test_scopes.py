"""Items beside the fixtures of a project, whatever their scope; runs that stop before the tests."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.cases.groups import groups
from contract_kit.wire.table import wire_of

pytest_plugins = ["pytester"]

SCOPES = ("session", "package", "module", "class", "function")

AUTOUSE = """
import pytest
from contract_kit.reference.wsgi import app

seen = []

@pytest.fixture(scope={scope!r}, autouse=True)
def clean(request):
    seen.append(request.node.nodeid)
    yield

@pytest.fixture(scope="session")
def contract_target():
    return app()

def pytest_unconfigure():
    print("set up", len(seen), "times")
"""

TARGET = """
import pytest
from contract_kit.reference.wsgi import app

made = []

@pytest.fixture(scope={scope!r})
def contract_target():
    made.append(1)
    return app()

def pytest_unconfigure():
    print("made", len(made), "times")
"""

TYPES = "ArchiveId.pattern"
ITEM = f"{TYPES}/outside"


def _count(project):
    return len(groups(wire_of(operation(project.EXPORT))))


@pytest.mark.parametrize("scope", SCOPES)
def test_items_of_a_conftest_meet_fixtures_of_every_scope(project, scope):
    """As a plugin may bring them: one that lives as long as a module is set up once per file."""
    project.conftest(AUTOUSE.format(scope=scope))
    project.test_module("def test_a(): pass")
    result = project.run("--contract", "-k", f"{TYPES} or test_a")
    sides = 2
    result.assert_outcomes(passed=sides + 1, deselected=_count(project) - sides)
    times = {"session": 1, "package": 1, "module": 2}.get(scope, sides + 1)
    result.stdout.fnmatch_lines([f"set up {times} times"])


@pytest.mark.parametrize("scope", ["session", "package", "module"])
def test_a_target_lives_as_long_as_its_scope(project, scope):
    """One that a file has for itself is made once for the items of that file."""
    project.conftest(TARGET.format(scope=scope))
    result = project.run("--contract")
    result.assert_outcomes(passed=_count(project))
    result.stdout.fnmatch_lines(["made 1 times"])


def test_marks_of_a_conftest_remain_without_effect(project):
    """As pytest has it."""
    project.conftest(TARGET.format(scope="module") + "\npytestmark = pytest.mark.skip\n")
    result = project.run("--contract", "-k", TYPES)
    result.assert_outcomes(passed=2, deselected=_count(project) - 2)


@pytest.mark.parametrize("target", ["contract_target", "other"])
def test_a_module_beside_a_conftest_has_a_target_of_its_own(project, target):
    """Of module scope, too; the items of each file are tested against their own."""
    project.conftest(TARGET.format(scope="module").replace("contract_target", target))
    project.test_module(TARGET.format(scope="module"), "test_own")
    files = ["test_own.py"] if target == "other" else ["conftest.py", "test_own.py"]
    names = project.items("--contract", "-k", ITEM)
    assert [name.partition("::")[0] for name in names] == files
    result = project.run("--contract", "-k", ITEM)
    result.assert_outcomes(passed=len(files), deselected=(_count(project) - 1) * len(files))


@pytest.mark.parametrize("option", ["--setup-plan", "--setup-only", "--collect-only"])
def test_a_run_that_stops_before_the_tests_sends_nothing(project, option):
    """A plan of the fixtures calls none of them; a report that is asked for is not written."""
    project.conftest(
        """
        import pytest

        def answer(request):
            raise AssertionError("nothing is sent")

        @pytest.fixture(scope="session")
        def contract_target():
            return answer
        """
    )
    result = project.run("--contract", "--contract-report", "json:report.json", option)
    assert result.ret == 0, result.outlines
    assert ITEM in result.stdout.str()
    result.stdout.no_fnmatch_line("*is not a target*")
    result.stdout.no_fnmatch_line("*nothing tested*")
    assert not (project.path / "report.json").exists()
