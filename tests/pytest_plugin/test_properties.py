"""Property tests with `contract_check`."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

IMPORTS = """
import zlib
import pytest
from hypothesis import HealthCheck, example, given, settings
from contract_kit import operation
from contract_kit.strategies import Violating, valid, violating

op = operation("mailmanager:StartArchiveExport")
"""

CONFORMS = """
@settings(max_examples=20)
@given(valid(op))
def test_valid(contract_check, request):
    contract_check(op, request)

@settings(max_examples=20)
@given(sample=violating(op, "MaxResults.type"))
def test_violating(contract_check, sample):
    contract_check("mailmanager:StartArchiveExport", sample)
"""


@pytest.fixture
def properties(project):
    """`properties(faults, text)`: a project with property tests."""

    def write(text: str, *faults: str):
        project.target(*faults)
        project.test_module(IMPORTS + text)
        return project

    return write


VIOLATING = """
@settings({settings})
@given(violating(op, "MaxResults.type"))
{more}
def test_it(contract_check, sample):
    contract_check(op, sample)
"""

FAULT = "MaxResults.type/not-enforced"


def test_a_correct_implementation_passes(properties):
    """Conforming requests are accepted, violating ones refused."""
    properties(CONFORMS.replace("request", "sample")).run("-p", "no:cacheprovider").assert_outcomes(
        passed=2
    )


def test_a_failure_is_explained_as_on_the_command_line(properties):
    """With the smallest request, and the sample in a form that can be pasted into `@example`."""
    project = properties(VIOLATING.format(settings="max_examples=50", more=""), FAULT)
    # Its plugin takes the values out of what Hypothesis reports, in tests of anyone.
    result = project.run_apart("-p", "no:schemathesis")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E*BrokenConstraint: too lax  MaxResults.type  (StartArchiveExport/MaxResults.type/drawn)",
            "E*why         accepted; an error is documented",
            "E*documented  must be of type integer of 32 bits ?model: botocore*page:*",
            '*sent        {"ArchiveId":"a-0"*"S3":{}}}',
            "E*answered    200 *",
            "E*sample=Violating(request={*}, constraint='MaxResults.type')*",
        ]
    )
    result.stdout.no_fnmatch_line("*contract_kit/*.py:*")


EXAMPLE = """@example(Violating(request={"ArchiveId": "a-example", "FromTimestamp": 1, "ToTimestamp": 2,
    "MaxResults": "five", "ExportDestinationConfiguration": {"S3": {}}}, constraint="MaxResults.type"))"""


def test_examples_are_checked_first(properties):
    """As Hypothesis does it."""
    project = properties(VIOLATING.format(settings="max_examples=50", more=EXAMPLE), FAULT)
    result = project.run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(['*sent *{"ArchiveId":"a-example"*"five"*'])


def test_any_request_can_be_checked(properties):
    """One that breaks a constraint has to be refused, in a plain test too."""
    text = """
def test_good(contract_check):
    contract_check(op, {"ArchiveId": "a-1", "FromTimestamp": 1, "ToTimestamp": 2,
        "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://abc"}}})

def test_bad(contract_check):
    contract_check(op, {"ArchiveId": "b"})
"""
    properties(text).run().assert_outcomes(passed=2)


def test_seeds_and_profiles_are_those_of_hypothesis(properties):
    """The same seed draws the same samples; a profile says how many."""
    text = """
SEEN = []

@given(violating(op))
def test_it(contract_check, sample):
    contract_check(op, sample)
    SEEN.append(repr(sample))

def test_seen():
    assert len(SEEN) == 7
    print("DRAWN", zlib.crc32(repr(SEEN).encode()))
"""
    project = properties(text)
    conftest = project.path / "conftest.py"
    # How long it takes is not what is tested, on a busy machine least of all.
    patient = "deadline=None, suppress_health_check=[HealthCheck.too_slow]"
    profile = f'settings.register_profile("few", max_examples=7, database=None, {patient})'
    imports = "from hypothesis import HealthCheck, settings"
    conftest.write_text(f"{conftest.read_text()}\n{imports}\n{profile}\n")
    options = ("-s", "--hypothesis-profile", "few", "--hypothesis-seed")
    draws = []
    for seed in ("1", "1"):
        result = project.run_apart(*options, seed)
        result.assert_outcomes(passed=2)
        draws.append(next(line for line in result.outlines if "DRAWN" in line))
    assert draws[0] == draws[1]


def test_the_example_database_remembers_a_failure(properties):
    """The next run fails with the same sample first."""
    text = """
from hypothesis.database import DirectoryBasedExampleDatabase
SENT = []

@settings(database=DirectoryBasedExampleDatabase("kept"), derandomize=False)
@given(violating(op, "MaxResults.type"))
def test_it(contract_check, sample):
    SENT.append(sample)
    contract_check(op, sample)

def test_first():
    print("FIRST", SENT[0].request["MaxResults"] == "")
"""
    project = properties(text, FAULT)
    project.run().assert_outcomes(failed=1, passed=1)
    assert list((project.path / "kept").iterdir())
    result = project.run("-s")
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["*FIRST True*"])


def test_a_target_that_refuses_everything_is_told_in_one_line(project):
    """A refusal proves nothing where nothing is accepted."""
    project.conftest(
        """
        import pytest
        @pytest.fixture(scope="session")
        def contract_target():
            def refuse(request):
                raise type("ValidationException", (Exception,), {"code": "ValidationException"})("no")
            return refuse
        """
    )
    project.test_module(IMPORTS + VIOLATING.format(settings="max_examples=5", more=""))
    result = project.run()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*every conforming request is refused with *"])


def test_a_sample_that_tells_nothing_is_no_example(project):
    """Throttled, say: Hypothesis is told to draw another, a plain test is skipped."""
    project.conftest(
        """
        import pytest

        class ThrottlingException(Exception):
            code = "ThrottlingException"

        @pytest.fixture(scope="session")
        def contract_target():
            def slow(request):
                if "MaxResults" in request:
                    raise ThrottlingException("later")
                return {"ExportId": "x"}
            return slow
        """
    )
    good = '{"ArchiveId": "a-1", "FromTimestamp": 1, "ToTimestamp": 2, "MaxResults": 1, '
    good += '"ExportDestinationConfiguration": {"S3": {"S3Location": "s3://abc"}}}'
    project.test_module(
        f"""{IMPORTS}
from hypothesis import strategies as st

GOOD = {good}
FEWER = {{name: value for name, value in GOOD.items() if name != "MaxResults"}}

def test_plain(contract_check):
    contract_check(op, GOOD)

@given(st.sampled_from([GOOD, FEWER]))
def test_drawn(contract_check, sample):
    contract_check(op, sample)
"""
    )
    result = project.run("-rs")
    result.assert_outcomes(skipped=1, passed=1)
    result.stdout.fnmatch_lines(["*masked: ThrottlingException: later"])


def test_a_target_of_ones_own_is_left_open(project):
    """Who made it closes it."""
    project.conftest(
        """
        import pytest
        from contract_kit.reference.wsgi import app
        from contract_kit.target.http import wsgi_target

        @pytest.fixture(scope="session")
        def contract_target():
            target = wsgi_target(app())
            target.close = lambda: pytest.fail("closed")
            yield target
        """
    )
    project.test_module(IMPORTS + CONFORMS.replace("request", "sample").replace("=20", "=3"))
    project.run("--contract", "-k", "ArchiveId.type or test_valid").assert_outcomes(passed=2)


def test_the_target_is_reset_before_its_first_request(project):
    """Once for each operation, as for the tests that are collected."""
    project.conftest(
        """
        import pytest
        RESETS = []

        @pytest.fixture(scope="session")
        def contract_target():
            return lambda request: {}

        @pytest.fixture(scope="session")
        def contract_reset():
            return RESETS.append

        @pytest.fixture(scope="session", autouse=True)
        def told_once():
            yield
            assert RESETS == ["mailmanager:StopArchiveExport"]
        """
    )
    project.test_module(
        """
        def test_it(contract_check):
            for name in ("export-1", "export-2"):
                contract_check("mailmanager:StopArchiveExport", {"ExportId": name})
        """
    )
    project.run().assert_outcomes(passed=1)
