"""What cannot work is told once, in one line that says what to do."""

from __future__ import annotations

import pytest

from contract_kit import operation
from contract_kit.cases.groups import groups
from contract_kit.wire.table import wire_of

pytest_plugins = ["pytester"]

REST = len(groups(wire_of(operation("mailmanager:StartArchiveExport")))) - 1
"""Items beside the one that tells."""


def only_line(result: pytest.RunResult, *, errors: int = 1) -> str:
    """The one line that stands below the header of the one error; all other items are skipped."""
    outcomes = result.parseoutcomes()
    assert outcomes.get("errors", 0) == errors, outcomes
    assert outcomes.keys() <= {"errors", "skipped", "deselected"}, outcomes
    lines = result.outlines
    (at,) = (n for n, line in enumerate(lines) if line.startswith("_") and "ERROR at" in line)
    assert lines[at + 2].startswith("="), lines[at : at + 4]
    return lines[at + 1]


def test_no_target_is_one_error(project):
    """That shows how to define it."""
    line = only_line(project.run("--contract"))
    assert line.startswith("no contract_target: define it in a conftest.py or test module")
    assert "@pytest.fixture(scope='session') def contract_target(): return" in line
    # Also where a selection leaves nothing else.
    assert only_line(project.run("--contract", "-k", "nothing")) == line


def test_a_target_beside_the_arguments_is_no_error(project):
    """Who runs one file means that file."""
    project.target()
    project.test_module("def test_own(): pass")
    project.run("--contract", "test_it.py").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("operation", "says"),
    [
        ("mailmanager:StartArchiveExprt", "did you mean mailmanager:StartArchiveExport?"),
        ("nonsense", "write SERVICE:OPERATION, for example mailmanager:StartArchiveExport"),
    ],
)
def test_an_operation_that_cannot_be_tested_is_one_line(project, operation, says):
    """Before anything is collected."""
    project.target()
    result = project.run("--contract", "--contract-operation", operation)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = (line for line in result.errlines if line)
    assert line.startswith("ERROR: ")
    assert says in line


def test_no_operation_is_one_line(project):
    """It says where to name one."""
    (project.path / "pytest.ini").unlink()
    result = project.run("--contract")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = (line for line in result.errlines if line)
    assert "--contract-operation SERVICE:OPERATION" in line
    assert "contract_operations" in line


TARGET = """
import pytest
{before}
@pytest.fixture(scope="session")
def contract_target():
    return {value}
"""


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (
            "'http://127.0.0.1:PORT'",
            "nothing answers at http://127.0.0.1:* is the server running?",
        ),
        (
            "'nonsense'",
            "'nonsense' is not the URL of a server; write, for example, http://*",
        ),
        (
            "'https://email.us-east-1.amazonaws.com'",
            "* belongs to AWS*; let contract_target return target_of(*allowed_host=*",
        ),
        ("5", "int is not a target; give a URL, *"),
        ("none", " is not implemented: *"),
        ("refusing", "every conforming request is refused with * contract_bindings*"),
    ],
    ids=["closed", "no-url", "aws", "no-target", "not-implemented", "refusing"],
)
def test_a_target_that_cannot_be_tested_is_one_error(project, closed_port, value, says):
    """And the other items are skipped with the same reason, not failed."""
    before = """
def none(environ, start_response):
    start_response("404 Not Found", [])
    return [b""]

def refusing(environ, start_response):
    known = environ["HTTP_X_AMZ_TARGET"].endswith("StartArchiveExport")
    name = b"ConflictException" if known else b"UnknownOperationException"
    start_response("400 Bad", [("Content-Type", "application/x-amz-json-1.0")])
    return [b'{"__type": "%s", "message": "x"}' % name]
"""
    value = value.replace("PORT", str(closed_port))
    project.conftest(TARGET.format(before=before, value=value))
    result = project.run("--contract", "-rs", "--contract-startup-timeout", "0.2")
    line = only_line(result)
    assert line.startswith(project.EXPORT)
    result.stdout.fnmatch_lines([f"{project.EXPORT}*{says}"])
    result.stdout.fnmatch_lines([f"SKIPPED ?{REST}? conftest.py*: {project.EXPORT}*{says}"])
    assert result.ret == 1


def test_whichever_items_are_chosen_the_first_says_why(project, closed_port):
    """A selection that leaves one item out does not turn the error into skips."""
    project.conftest(TARGET.format(before="", value=f"'http://127.0.0.1:{closed_port}'"))
    project.ini(more="contract_startup_timeout = 0.2\n")
    line = only_line(project.run("--contract", "-k", "ArchiveId.pattern"))
    assert "is the server running?" in line


def test_a_crash_on_the_first_request_is_one_failure(project):
    """With the request that shows it."""
    crashing = "def app(environ, start_response): raise ValueError('boom')"
    project.conftest(TARGET.format(before=crashing, value="app"))
    result = project.run("--contract")
    result.assert_outcomes(errors=1, skipped=REST)
    result.stdout.fnmatch_lines(
        [
            "crash  request.type  (StartArchiveExport/request.type/base)",
            "  sent        {*}",
            "*ValueError: boom*",
        ]
    )


def test_a_fixture_that_raises_is_one_error(project):
    """With its traceback, since it is the user's own code."""
    project.conftest(TARGET.format(before="", value="1 / 0"))
    result = project.run("--contract", "-rs")
    result.assert_outcomes(errors=1, skipped=REST)
    result.stdout.fnmatch_lines(["*ZeroDivisionError*", "SKIPPED*contract_target: ZeroDivision*"])


def test_a_fixture_that_skips_skips_all(project):
    """A server that is not to be had is no error."""
    project.conftest(TARGET.format(before="", value="pytest.skip('no docker here')"))
    result = project.run("--contract", "-rs")
    result.assert_outcomes(skipped=REST + 1)
    result.stdout.fnmatch_lines(["*no docker here"])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("", "contract_target has the scope 'function', *scope='session'*"),
        ("scope='session', params=[1, 2]", "contract_target has params, *; *"),
    ],
)
def test_a_fixture_that_changes_its_target_is_one_error(project, options, says):
    """All items of an operation are one conversation with one target."""
    project.conftest(
        f"import pytest\n@pytest.fixture({options})\ndef contract_target(): return 1\n"
    )
    result = project.run("--contract")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([says])


BINDINGS = """
import pytest
from contract_kit.reference.wsgi import app

@pytest.fixture(scope="session")
def contract_target():
    return app()

@pytest.fixture(scope="session")
def contract_bindings():
    return {bindings!r}
"""


@pytest.mark.parametrize(
    ("bindings", "says"),
    [
        ({"ArchivId": "a-1"}, "*has no 'ArchivId'*"),
        ({"mailmanager:StartArchiveExport": {"Nope": 1}}, "*has no 'Nope'*"),
        ({"mailmanager:StartArchiveExport": 1}, "*1 is not a mapping; write *"),
    ],
)
def test_a_binding_that_names_nothing_is_one_error(project, bindings, says):
    """With the name that does not exist."""
    project.conftest(BINDINGS.format(bindings=bindings))
    result = project.run("--contract", "-k", "ArchiveId")
    line = only_line(result)
    result.stdout.fnmatch_lines([says])
    assert line.startswith(project.EXPORT)


def test_what_cannot_be_told_is_skipped_with_its_reason(project):
    """Masked: another error hid the answer. The place is the item, not a line of this package."""
    project.conftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def contract_target():
            def app(environ, start_response):
                known = environ["HTTP_X_AMZ_TARGET"].endswith("StartArchiveExport")
                good = b'"a-known"' in environ["wsgi.input"].read()
                name = b"ConflictException" if known else b"UnknownOperationException"
                status = "200 OK" if known and good else "400 Bad Request"
                start_response(status, [("Content-Type", "application/x-amz-json-1.0")])
                if known and good:
                    return [b'{"ExportId": "x"}']
                return [b'{"__type": "%s", "message": "x"}' % name]
            return app

        @pytest.fixture(scope="session")
        def contract_bindings():
            return {"ArchiveId": "a-known"}
        """
    )
    result = project.run("--contract", "-k", "ArchiveId.pattern", "-rs")
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["SKIPPED ?2? conftest.py:*: masked: ConflictException*"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--contract-report", "html:x"], "--contract-report 'html:x': write FORMAT:PATH *"),
        (
            ["--contract-report", "json:a.out", "--contract-report", "junit:a.out"],
            "--contract-report 'junit:a.out': a.out is already used for another report; *",
        ),
        (
            ["--contract-report", "json:a.out", "--contract-write-gaps", "./a.out"],
            "a.out: --contract-write-gaps and a report name the same file; *",
        ),
        (
            ["--contract", "--contract-rate-limit", "-1"],
            "contract_rate_limit: '-1' is not a rate; write, for example, 10/s",
        ),
        (
            ["--contract", "-o", "contract_rate_limit=5/day"],
            "contract_rate_limit: '5/day' is not a rate; write, for example, 10/s",
        ),
        (
            ["--contract", "-o", "contract_startup_timeout=soon"],
            "contract_startup_timeout: 'soon' is not a number of 0 or more",
        ),
        (["--contract-report", "json:."], ". is a folder; name a file"),
        (["--contract-report", "json:pytest.ini/x"], "pytest.ini/x: cannot be written: *"),
        (["--contract-report", "junit:/proc/x.xml"], "/proc/x.xml: cannot be written: *"),
        (["--contract-write-gaps", "pytest.ini/x"], "pytest.ini/x: cannot be written: *"),
        (
            ["--contract-fail-under", "101"],
            "--contract-fail-under 101: give a number from 0 to 100",
        ),
        (["--contract", "--contract-known-gaps", "none.toml"], "*none.toml: No such file*"),
        (
            ["--contract-operation", "mailmanager:StartArchiveExport"],
            "--contract-operation has no effect without --contract; add --contract",
        ),
        (
            ["--contract-each-case"],
            "--contract-each-case has no effect without --contract; add --contract",
        ),
    ],
)
def test_bad_options_are_told_before_the_run(project, arguments, says):
    """In one line."""
    project.target()
    result = project.run(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = (line for line in result.errlines if line)
    result.stderr.fnmatch_lines([f"ERROR: {says}"])
    assert len(line) < 300
