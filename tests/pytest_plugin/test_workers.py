"""The same with pytest-xdist: same ids, same verdicts, one error where there was one."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest

from contract_kit.pytest_plugin.fresh_numbers import fresh_numbers

pytest_plugins = ["pytester"]

WORKERS = ("-n", "2")
LAX = "ArchiveId.pattern/newline-at-end"


def reported(path) -> dict:
    """What a report says of constraints and findings."""
    document = json.loads(path.read_text())
    findings = [
        {name: entry[name] for name in ("constraint", "side", "verdict", "case", "reason")}
        for entry in document["findings"]
    ]
    return {
        "constraints": [(entry["id"], entry["verdict"]) for entry in document["constraints"]],
        "findings": findings,
    }


def test_workers_find_what_one_process_finds(project, summary_of):
    """Items, table, share, reports and known gaps."""
    project.target(LAX)
    results = {}
    for name, workers in (("one", ()), ("two", WORKERS)):
        results[name] = project.run(
            "--contract",
            *workers,
            "--contract-report",
            f"json:{name}.json",
            "--contract-write-gaps",
            f"{name}.toml",
            "--contract-fail-under",
            "99.5",
        )
    one, two = results["one"], results["two"]
    assert one.ret == two.ret == 1
    assert one.parseoutcomes() == two.parseoutcomes()
    assert summary_of(one) == summary_of(two)
    assert any("--contract-fail-under" in line for line in summary_of(two))
    assert reported(project.path / "one.json") == reported(project.path / "two.json")
    assert (project.path / "one.toml").read_text() == (project.path / "two.toml").read_text()
    failed = f"FAILED conftest.py::{project.EXPORT}::{project.LAX_ITEM}*"
    two.stdout.fnmatch_lines([f"  alone       pytest conftest.py::{project.EXPORT}::*", failed])


def test_workers_take_ids_selections_and_last_failures(project):
    """Of maps and lists too."""
    project.ini(operations="logs:TagResource")
    project.conftest(
        """
        import pytest
        @pytest.fixture(scope="session")
        def contract_target():
            return lambda request: {}
        """
    )
    key = "conftest.py::logs:TagResource::tags-key.pattern/outside"
    value = "conftest.py::logs:TagResource::tags-value.type/outside"
    project.run(*WORKERS, key, value, "--deselect", value).assert_outcomes(failed=1)
    project.run(*WORKERS, "--contract", "--lf").assert_outcomes(failed=1)


BROKEN = {
    "missing": ("", "no contract_target: define it *"),
    "closed": (
        """
import pytest
@pytest.fixture(scope="session")
def contract_target():
    return "http://127.0.0.1:1"
""",
        "*nothing answers at http://127.0.0.1:*is the server running?",
    ),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_workers_tell_an_error_once(project, name):
    """Not once each."""
    text, says = BROKEN[name]
    project.conftest(text)
    wait = ("--contract-startup-timeout", "0.2")
    result = project.run(*WORKERS, "--contract", "-k", "ArchiveId", *wait)
    assert result.parseoutcomes().get("errors") == 1
    assert result.parseoutcomes().keys() <= {"errors", "skipped"}
    result.stdout.fnmatch_lines([says])


def test_workers_run_written_tests_and_known_gaps(project, summary_of):
    """A closed gap is told; and a conftest.py above the folder of tests counts here too."""
    project.target(LAX)
    project.ini(more="testpaths = tests\n")
    (project.path / "tests").mkdir()
    (project.path / "gaps.toml").write_text(
        f'["{project.EXPORT}"]\n"ArchiveId.pattern" = "so"\n"ArchiveId.type" = "closed"\n'
    )
    project.test_module(
        f"""
        import pytest
        @pytest.mark.contract("{project.EXPORT}", constraint="MaxResults.type", side="inside")
        def test_it(contract_case, contract_target):
            contract_case.check(contract_target)
        """
    )
    (project.path / "test_it.py").rename(project.path / "tests" / "test_it.py")
    options = ("--contract-known-gaps", "gaps.toml", "-k", "test_it or ArchiveId")
    result = project.run(*WORKERS, "--contract", *options)
    outcomes = result.parseoutcomes()
    assert (outcomes["xfailed"], outcomes["failed"]) == (1, 1)
    result.stdout.fnmatch_lines(["*XPASS(strict)* ArchiveId.type holds now; *: closed"])
    assert summary_of(result)[-1].startswith(f"{project.EXPORT}: 1 too lax, 2 implied, 3 enforced;")


NUMBERED = """
import os
import pytest

SENT = os.path.join(os.path.dirname(__file__), "sent.txt")

def answer(request):
    with open(SENT, "a") as file:
        file.write(str(request.get("ArchiveId")) + "\\n")
    return {}

@pytest.fixture(scope="session")
def contract_target():
    return answer

@pytest.fixture(scope="session")
def contract_bindings():
    return {"ArchiveId": "a-n{seq}n"}
"""

PROPERTY = """
from hypothesis import given, settings
from contract_kit import operation
from contract_kit.strategies import valid

delete = operation("mailmanager:DeleteArchive")

@settings(max_examples=5, database=None)
@given(valid(delete, bindings={"ArchiveId": "a-n{seq}n"}))
def test_it(contract_check, sample):
    contract_check(delete, sample)
"""


@pytest.mark.parametrize("workers", [(), WORKERS, ("-n", "3")])
def test_fresh_numbers_never_come_twice_in_a_session(project, workers):
    """Whoever sends them: workers, items of several operations, and tests of one's own."""
    project.ini(operations="mailmanager:DeleteArchive mailmanager:ListArchiveExports")
    project.conftest(NUMBERED)
    project.test_module(PROPERTY)
    project.run_apart("--contract", *workers)
    sent = re.findall(r"^a-n(\d+)n$", (project.path / "sent.txt").read_text(), re.MULTILINE)
    assert len(sent) > 40
    assert len(sent) == len(set(sent))
    if not workers:
        # Without workers they are counted from 1, so that each session sends the same ones.
        assert sorted(map(int, sent))[:3] == [1, 2, 3]


def test_a_worker_that_replaces_another_takes_numbers_of_its_own():
    """Its name is new, even where there are no more workers than before."""
    taken = [
        next(iter(fresh_numbers(SimpleNamespace(workerinput={"workerid": f"gw{number}"}))))
        for number in range(2000)
    ]
    assert len(set(taken)) == 2000
