"""Items where no one wrote a test: which there are, what they are called, what they do."""

from __future__ import annotations

import json
import re
import shlex
from xml.etree import ElementTree

import pytest

from contract_kit import operation
from contract_kit.cases.groups import groups, plain
from contract_kit.wire.table import wire_of

pytest_plugins = ["pytester"]

SAFE = re.compile(r"[\w.+/-]+", re.ASCII)
"""What a shell, `-k` and the ids of pytest all take as it is."""


def test_each_constraint_has_an_item_per_side(project):
    """Below the conftest.py that defines the target, in the order of the groups."""
    project.target()
    wanted = [
        f"conftest.py::{project.EXPORT}::{group.name}"
        for group in groups(wire_of(_export(project)))
    ]
    assert project.items("--contract") == wanted
    assert f"conftest.py::{project.EXPORT}::ArchiveId.pattern/outside" in wanted
    assert len(wanted) > 100


def _export(project):
    return operation(project.EXPORT)


def test_a_correct_implementation_passes_them_all(project, summary_of):
    """And the summary says that everything holds."""
    project.target()
    result = project.run("--contract")
    assert result.ret == 0
    result.assert_outcomes(passed=len(groups(wire_of(_export(project)))))
    assert summary_of(result)[-1].endswith("; 100% hold")


def test_a_fault_fails_its_item_and_no_other(project, summary_of):
    """With what the command line says about it: no traceback, no line of this package."""
    project.target(project.LAX)
    result = project.run("--contract")
    assert result.ret == 1
    result.assert_outcomes(passed=len(groups(wire_of(_export(project)))) - 1, failed=1)
    result.stdout.fnmatch_lines(
        [
            f"*{project.EXPORT} {project.LAX_ITEM}*",
            "too lax  ArchiveId.pattern  (StartArchiveExport/ArchiveId.pattern/trailing-newline)",
            "  why         accepted; an error is documented",
            "  documented  must satisfy regular expression pattern*model: botocore*page:*",
            '  sent        {"ArchiveId":"a-abcdefab?n"*',
            "  answered    200 *ExportId*",
            f"  alone       pytest conftest.py::{project.EXPORT}::{project.LAX_ITEM}/trailing-newline",
            f"FAILED conftest.py::{project.EXPORT}::{project.LAX_ITEM}*",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    # Nothing but this process reaches an application.
    result.stdout.no_fnmatch_line("*curl *")
    result.stdout.no_re_match_line(r".*\.py:\d+:")
    assert [line.split()[:3] for line in summary_of(result)[1:2]] == [
        ["too", "lax", "ArchiveId.pattern"]
    ]


def test_a_test_module_may_define_the_target(project):
    """Then the items come below the module, after its own tests."""
    project.test_module(
        """
        import pytest
        from contract_kit.reference.wsgi import app
        def test_own(): pass
        @pytest.fixture(scope="module", name="contract_target")
        def anything(): return app()
        """
    )
    items = project.items("--contract")
    assert items[0] == "test_it.py::test_own"
    assert items[1] == f"test_it.py::{project.EXPORT}::request.type/inside"
    project.run("--contract", "-k", "ArchiveId.type or own").assert_outcomes(passed=2)


def test_a_file_may_import_the_target(project):
    """The file that imports it is where it is defined."""
    project.target()
    (project.path / "conftest.py").rename(project.path / "mocks.py")
    project.conftest("from mocks import contract_target")
    project._pytester.syspathinsert()
    items = project.items("--contract", "-k", "ArchiveId.type")
    assert items == [f"conftest.py::{project.EXPORT}::ArchiveId.type/outside"]


def test_each_folder_has_its_own_target(project):
    """The nearest definition holds, and what lies below another is not tested twice."""
    for name, faults in (("good", ()), ("bad", (project.LAX,))):
        project.target(*faults)
        folder = project.path / name
        folder.mkdir()
        (project.path / "conftest.py").rename(folder / "conftest.py")
        (folder / f"test_{name}.py").write_text("def test_own(): pass")
    result = project.run("--contract", "-k", "ArchiveId.pattern or own", "-rA")
    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines([f"FAILED bad/conftest.py::{project.EXPORT}::{project.LAX_ITEM}*"])


def test_the_conftest_above_the_folder_of_tests_counts(project):
    """Where the ini file says that tests stand in a folder of their own."""
    project.target()
    project.ini(more="testpaths = tests\n")
    (project.path / "tests").mkdir()
    (project.path / "tests" / "test_own.py").write_text("def test_own(): pass")
    result = project.run("--contract", "-k", "ArchiveId.type or own")
    assert result.parseoutcomes()["passed"] == 2
    wanted = f"conftest.py::{project.EXPORT}::ArchiveId.type/outside"
    assert wanted in project.items("--contract")
    beside = project.run("--contract", "tests")
    beside.assert_outcomes(passed=1)
    beside.stdout.fnmatch_lines(
        ["contract: *conftest.py, which defines contract_target, is not among the arguments"]
    )


def test_operations_on_the_command_line_win(project):
    """Over those of the ini file; each is tested once."""
    project.target()
    wanted = "mailmanager:GetArchive"
    items = project.items("--contract", *(["--contract-operation", wanted] * 2))
    assert {item.split("::")[1] for item in items} == {wanted}
    assert len(items) == len(set(items))


@pytest.mark.parametrize(
    "id",
    ["mailmanager:StartArchiveExport", "mailmanager:CreateRuleSet", "logs:TagResource"],
)
def test_names_are_taken_as_they_are_by_shells_and_by_pytest(id):
    """No bracket, blank, quote or colon; and no two of an operation are alike."""
    op = operation(id)
    names = [
        one for group in groups(wire_of(op)) for one in (group.name, *(n for n, _ in group.alone()))
    ]
    assert [one for one in names if not SAFE.fullmatch(one) or shlex.quote(one) != one] == []
    assert len(names) == len(set(names))


def test_brackets_are_spelt_out():
    """No member's name holds a hyphen, so that none is mistaken for them."""
    assert (
        plain("Filters.Include[].Values[].minLength")
        == "Filters.Include-item.Values-item.minLength"
    )
    assert plain("tags[key].pattern") == "tags-key.pattern"
    assert plain("tags[value].type") == "tags-value.type"


MAPS = """
import pytest

@pytest.fixture(scope="session")
def contract_target():
    def tag(request):
        return {}
    return tag
"""

KEY = "conftest.py::logs:TagResource::tags-key.pattern/outside"
VALUE = "conftest.py::logs:TagResource::tags-value.type/outside"


@pytest.fixture
def maps(project):
    """A function that accepts everything, tested on an operation with a map."""
    project.ini(operations="logs:TagResource")
    project.conftest(MAPS)
    return project


@pytest.mark.parametrize("item", [KEY, VALUE])
def test_an_item_of_a_map_is_chosen_by_its_id(maps, item):
    """Pasted as an argument, also without `--contract`; as `--deselect`; and by `-k`."""
    assert maps.items(item) == maps.items("--contract", item) == [item]
    constraint = item.rpartition("::")[2].partition("/")[0]
    everything = maps.items("--contract")
    assert item in everything
    assert maps.items("--contract", "--deselect", item) == [
        one for one in everything if one != item
    ]
    assert item in maps.items("--contract", "-k", constraint)
    brackets = constraint.replace("-key", "[key]").replace("-value", "[value]")
    assert maps.items("--contract", "-k", brackets) == maps.items("--contract", "-k", constraint)


def test_last_failed_and_stepwise_runs_know_the_items_of_a_map(maps):
    """`--lf` runs what failed; `-x` stops at the first."""
    first = maps.run("--contract", "-x", "-k", "tags-key")
    first.assert_outcomes(failed=1)
    (failed,) = maps.items("--contract", "--lf")
    assert failed.startswith("conftest.py::logs:TagResource::tags-key.")
    maps.run("--contract", "--lf").assert_outcomes(failed=1)


def test_an_item_of_a_list_is_chosen_by_its_id(project):
    """With a shell between, as users paste it."""
    project.target()
    item = f"conftest.py::{project.EXPORT}::Filters.Include-item.StringExpression.Values-item.type/inside"
    assert shlex.split(item) == [item]
    project.run(item).assert_outcomes(passed=1)
    project.run("-p", "no:cacheprovider", item).assert_outcomes(passed=1)


def test_all_items_of_an_operation_are_chosen_by_its_id(project):
    """The collector between file and item."""
    project.target()
    assert project.items(f"conftest.py::{project.EXPORT}") == project.items("--contract")


def pasted(result: pytest.RunResult) -> list[str]:
    """The arguments that failures show."""
    found = [line.split() for line in result.outlines if line.startswith("  alone  ")]
    assert all(words[:2] == ["alone", "pytest"] for words in found)
    return [words[2] for words in found]


STATUS = "every-error/status-403"


def test_a_probe_is_chosen_by_the_id_that_its_failure_shows(project):
    """Of a constraint, and of what every reply is held to; it is sent alone, without options."""
    project.target(project.LAX, STATUS)
    chosen = ("-k", "ArchiveId.pattern or error.status")
    ids = pasted(project.run("--contract", *chosen))
    stem = f"conftest.py::{project.EXPORT}::"
    assert ids == [f"{stem}{project.LAX_ITEM}/trailing-newline", ids[1]]
    assert ids[1].startswith(f"{stem}error.status/outside/")
    assert SAFE.fullmatch(ids[1].removeprefix(stem))
    for workers in ((), ("-n", "1")):
        again = project.run(*workers, *ids, "--contract-report", "json:r.json")
        again.assert_outcomes(failed=2)
        assert pasted(again) == ids
        cases = json.loads((project.path / "r.json").read_text())["cases"]
        assert cases == 2


def test_a_failure_shows_the_id_as_it_is_to_be_written_there(project, monkeypatch):
    """Below the root that ids start from, too."""
    project.target(project.LAX)
    below = project.path / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    (id,) = pasted(project.run("--contract", "../conftest.py", "-k", "ArchiveId.pattern"))
    assert id.startswith("../conftest.py::")
    project.run(id).assert_outcomes(failed=1)


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "xdist"])
def test_a_failure_is_explained_once_where_ci_is_set(project, monkeypatch, workers):
    """Pytest does not shorten its summary there, so that each text would stand in the log twice."""
    monkeypatch.setenv("CI", "true")
    project.target(project.LAX)
    result = project.run("--contract", "-k", "ArchiveId.pattern", *workers, "--junitxml", "j.xml")
    assert len(pasted(result)) == 1
    (line,) = [line for line in result.outlines if line.startswith("FAILED ")]
    assert line.endswith("(StartArchiveExport/ArchiveId.pattern/trailing-newline)")
    (failure,) = ElementTree.parse(project.path / "j.xml").iter("failure")
    assert failure.get("message", "").count("\n") == 0
    assert "alone" in (failure.text or "")


def test_a_probe_that_holds_passes_alone(project):
    """Beside its item, which is another; and a probe that does not exist is told."""
    project.target(project.LAX)
    stem = f"conftest.py::{project.EXPORT}::{project.LAX_ITEM}"
    project.run(f"{stem}/trailing-blank").assert_outcomes(passed=1)
    both = (f"{stem}/trailing-blank", "--contract-each-case")
    assert project.items(*both) == [f"{stem}/trailing-blank"]
    other = "conftest.py::mailmanager:GetArchive::ArchiveId.type/outside"
    items = project.items(f"{stem}/trailing-blank", other)
    assert items == [f"{stem}/trailing-blank", other]
    for wrong in (f"{stem}/no-such-case", f"{stem}/trailing-blank/more"):
        assert project.run(wrong).ret == pytest.ExitCode.USAGE_ERROR


def test_each_case_can_be_an_item(project):
    """Then ids hold the probe; what has no cases of its own keeps its item."""
    project.target()
    items = project.items("--contract", "--contract-each-case")
    assert f"conftest.py::{project.EXPORT}::{project.LAX_ITEM}/trailing-newline" in items
    assert f"conftest.py::{project.EXPORT}::{project.LAX_ITEM}" not in items
    assert f"conftest.py::{project.EXPORT}::error.status/outside" in items
    assert len(items) > 700


def test_nothing_is_held_against_who_breaks_what_is_switched_off(project, summary_of):
    """In the settings of the repository, which name the constraint exactly."""
    project.target(project.LAX)
    settings = project.path / ".contract-kit.toml"
    settings.write_text(f'[off."{project.EXPORT}"]\n"ArchiveId.pattern" = "any text is one"\n')
    result = project.run("--contract")
    assert result.ret == 0
    result.assert_outcomes(passed=len(groups(wire_of(_export(project)))))
    settings.write_text(f'[off."{project.EXPORT}"]\n"ArchiveId.patern" = "any text is one"\n')
    result = project.run("--contract")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*did you mean ArchiveId.pattern*"])
