"""Tests that users write with `contract_case`."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

CHECK = """
    import pytest
    @pytest.mark.contract({arguments})
    def test_it(contract_case, contract_target):
        contract_case.check(contract_target)
"""


def test_a_marked_test_runs_once_for_each_case(project):
    """The id holds operation, constraint, side and probe; no option is needed."""
    project.target(project.LAX)
    project.test_module(
        CHECK.format(arguments=f'"{project.EXPORT}", constraint="ArchiveId.pattern"')
    )
    items = project.items()
    stem = f"test_it.py::test_it[{project.EXPORT}/ArchiveId.pattern"
    assert f"{stem}/outside/trailing-newline]" in items
    assert f"{stem}/inside/longest]" in items
    result = project.run()
    result.assert_outcomes(passed=len(items) - 1, failed=1)
    result.stdout.fnmatch_lines(
        ["*trailing-newline?*", "too lax  ArchiveId.pattern  (*", "  answered    200 *"]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_an_id_can_be_pasted_back(project):
    """Also that of an item of a list, whose constraint has brackets of its own."""
    project.target()
    constraint = "Filters.Include[].StringExpression.Values[].minLength"
    project.test_module(CHECK.format(arguments=f'"{project.EXPORT}", constraint="{constraint}"'))
    items = project.items()
    assert len(items) == 7
    assert all(item.count("[") == item.count("]") == 1 for item in items)
    # Each inner run takes a second; the ids differ in their last word alone.
    item = items[3]
    project.run(item).assert_outcomes(passed=1)
    assert len(project.items("--deselect", item)) == 6


@pytest.mark.parametrize(
    ("arguments", "constraints", "sides"),
    [
        ('side="inside", member="MaxResults"', {"MaxResults.type"}, {"inside"}),
        (
            'constraint=["ArchiveId.type", "ArchiveId.required"]',
            {"ArchiveId.type", "ArchiveId.required"},
            {"outside"},
        ),
        ('constraint="error.status"', {"error.status"}, {"outside"}),
    ],
)
def test_the_marker_narrows(project, arguments, constraints, sides):
    """By constraint, side or member; all that is left runs and passes."""
    project.target()
    project.test_module(
        f"""
        import pytest
        SEEN = set()
        @pytest.mark.contract("{project.EXPORT}", {arguments})
        def test_it(contract_case, contract_target):
            contract_case.check(contract_target)
            SEEN.add((contract_case.constraint, contract_case.side))
        def test_seen():
            assert {{name for name, _ in SEEN}} == {constraints!r}
            assert {{side for _, side in SEEN}} == {sides!r}
        """
    )
    result = project.run()
    result.assert_outcomes(passed=len(project.items()))


def test_a_member_stands_for_all_below_it(project):
    """But not for one whose name begins alike."""
    project.target()
    project.test_module(CHECK.format(arguments=f'"{project.EXPORT}", member="Filters.Include"'))
    items = project.items()
    assert items
    assert all(f"[{project.EXPORT}/Filters.Include" in item for item in items)
    assert any("Filters.Include-item.BooleanExpression." in item for item in items)


def test_several_operations_stand_in_one_marker_or_in_several(project):
    """Each with its own cases."""
    project.conftest(
        """
        import pytest
        @pytest.fixture(scope="session")
        def contract_target():
            return lambda request: {}
        """
    )
    operations = ("mailmanager:StopArchiveExport", "mailmanager:StopArchiveSearch")
    for marker in (
        '@pytest.mark.contract("{0}", "{1}", constraint="request.type", side="inside")',
        '@pytest.mark.contract("{0}", constraint="request.type", side="inside")\n'
        '@pytest.mark.contract("{1}", constraint="request.type", side="inside")',
    ):
        project.test_module(
            "import pytest\n"
            + marker.format(*operations)
            + "\ndef test_it(contract_case, contract_target): contract_case.check(contract_target)\n"
        )
        result = project.run("-v")
        assert result.ret == 0
        for operation in operations:
            result.stdout.fnmatch_lines([f"*{operation}/request.type/inside/base*PASSED*"])


def test_the_marker_of_another_project_is_left_alone(project):
    """Without an operation it means something else."""
    project.ini(more="addopts = --strict-markers\n")
    project.test_module(
        """
        import pytest
        @pytest.mark.contract
        def test_plain(): pass
        @pytest.mark.contract(5, name="x")
        def test_arguments(): pass
        @pytest.mark.contract("a pact")
        def test_text(): pass
        """
    )
    project.run().assert_outcomes(passed=3)
    project.run("--contract", "-k", "not contract_target").assert_outcomes(passed=3, errors=1)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("", "test_it takes contract_case; name the operation with @pytest.mark.contract(*"),
        ('"mailmanager:Nope"', "service mailmanager has no operation 'Nope'; *"),
        (
            '"{0}", constraint="ArchiveId.patern"',
            "*has no constraint 'ArchiveId.patern'; did you mean ArchiveId.pattern?",
        ),
        ('"{0}", member="Filtres"', "*has no member 'Filtres'; did you mean Filters?"),
        ('"{0}", side="left"', "*side 'left' is neither inside nor outside"),
        ('"{0}", constraints="x"', "*has no 'constraints'; narrow it by constraint, side, member"),
        ('"{0}", constraint=5', "*constraint=5 is neither a string nor a list of strings"),
        ('"{0}", constraint="ArchiveId.type", side="inside"', "*no case is on that side*"),
    ],
)
def test_a_marker_that_names_nothing_is_one_error(project, arguments, says):
    """In one line."""
    project.target()
    project.test_module(CHECK.format(arguments=arguments.format(project.EXPORT)))
    result = project.run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([says])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_no_target_is_one_line_per_run(project):
    """The fixture says how to define one."""
    project.test_module(CHECK.format(arguments=f'"{project.EXPORT}", constraint="ArchiveId.type"'))
    result = project.run("-x")
    result.stdout.fnmatch_lines(["no contract_target: define it in a conftest.py or test module*"])


def test_a_target_that_does_not_answer_is_one_failure(project):
    """The first case says so, the others are skipped."""
    project.conftest(
        """
        import pytest
        @pytest.fixture(scope="session")
        def contract_target():
            return "http://127.0.0.1:1"
        """
    )
    project.test_module(CHECK.format(arguments=f'"{project.EXPORT}", constraint="ArchiveId.type"'))
    result = project.run("--contract-startup-timeout", "0.2")
    result.assert_outcomes(failed=1, skipped=len(project.items()) - 1)
    result.stdout.fnmatch_lines(["*nothing answers at http://127.0.0.1:*is the server running?"])


def test_what_every_reply_is_held_to_fails_the_case_that_shows_it(project):
    """No other item would tell it here."""
    project.conftest(
        """
        import pytest
        @pytest.fixture(scope="session")
        def contract_target():
            def app(environ, start_response):
                known = environ["HTTP_X_AMZ_TARGET"].endswith("StartArchiveExport")
                bad = b'"ArchiveId":"' not in environ["wsgi.input"].read()
                start_response("400 Bad" if bad or not known else "200 OK", [("Content-Type", "text/plain")])
                if not known:
                    return [b'{"__type": "UnknownOperationException"}']
                return [b'{"__type": "ValidationException"}' if bad else b'{"ExportId": "x"}']
            return app
        """
    )
    project.test_module(
        CHECK.format(arguments=f'"{project.EXPORT}", constraint="ArchiveId.required"')
    )
    result = project.run("-x")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["wrong error  error.contentType *"])
