"""The fixture `contract_spy`; what a spy sees has tests of its own."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

CLIENT = """
import boto3, pytest
from botocore.client import BaseClient
from moto import mock_aws

BEFORE = vars(BaseClient)["_make_api_call"]

@pytest.fixture(autouse=True)
def botocore_is_left_as_it_was():
    yield
    assert vars(BaseClient)["_make_api_call"] is BEFORE

@pytest.fixture
def ssm():
    with mock_aws():
        yield boto3.client("ssm", "us-east-1", aws_access_key_id="x", aws_secret_access_key="y")
"""


@pytest.fixture
def spied(project, moto_loaded):
    """A project with a client under moto."""
    project.conftest(CLIENT)
    return project


def test_calls_that_keep_the_contract_pass(spied):
    """And can be looked at."""
    spied.test_module(
        """
        def test_it(ssm, contract_spy):
            ssm.put_parameter(Name="n", Value="v", Type="String")
            (call,) = contract_spy.calls
            assert (call.operation, call.request, call.status) == ("ssm:PutParameter", (), 200)
        """
    )
    spied.run("-W", "ignore").assert_outcomes(passed=1)


def test_a_call_that_breaks_the_contract_fails_the_test_when_it_ends(spied):
    """With call site, constraint and value; the test goes on until then."""
    spied.test_module(
        """
        def test_it(ssm, contract_spy):
            ssm.put_parameter(Name="n", Value="v", Type="String", Description="d" * 1025)
            print("went on")
        """
    )
    result = spied.run("-W", "ignore", "-s")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*went on*",
            "*ERROR at teardown of test_it*",
            "test_it.py:2: ssm:PutParameter breaks Description.maxLength",
            "*Value 'ddd*' at 'description'*length less than or equal to 1024*",
        ]
    )
    result.stdout.no_fnmatch_line("*contract_kit/*")


def test_what_is_broken_on_purpose_can_be_allowed(spied):
    """By operation and constraint."""
    spied.test_module(
        """
        def test_it(ssm, contract_spy):
            contract_spy.allow("ssm:PutParameter", "Description.maxLength")
            ssm.put_parameter(Name="n", Value="v", Type="String", Description="d" * 1025)
        """
    )
    spied.run("-W", "ignore").assert_outcomes(passed=1)


def test_the_spy_sees_its_own_test_only(spied):
    """A test without it is not watched."""
    spied.test_module(
        """
        def test_one(ssm, contract_spy):
            ssm.put_parameter(Name="n", Value="v", Type="String")
            assert len(contract_spy.calls) == 1

        def test_two(ssm, contract_spy):
            assert contract_spy.calls == ()

        def test_none(ssm):
            ssm.put_parameter(Name="n", Value="v", Type="String", Description="d" * 1025)
        """
    )
    spied.run("-W", "ignore").assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("ssm:PutParameter", "Descripton.maxLength"), "ssm:PutParameter has no constraint *"),
        (("ssm:PutParameter", "Descripton.*"), "ssm:PutParameter has no constraint *"),
        (("ssm:PutParametr", "*"), "*did you mean ssm:PutParameter?"),
        (("typo", "*"), "*write SERVICE:OPERATION*"),
    ],
)
def test_what_cannot_be_allowed_is_one_line(spied, names, says):
    """Without a traceback; and it is not passed over."""
    spied.test_module(f"def test_it(contract_spy): contract_spy.allow{names!r}")
    result = spied.run("-W", "ignore")
    result.assert_outcomes(failed=1)
    at = next(n for n, line in enumerate(result.outlines) if line.startswith("____"))
    line, end = result.outlines[at + 1 : at + 3]
    assert line.startswith(f"contract_spy.allow{names!r}: ")
    assert end.startswith("===")
    result.stdout.fnmatch_lines([f"contract_spy.allow*: {says}"])


def test_a_group_that_is_allowed_may_be_any(spied):
    """Of one operation or of all."""
    spied.test_module(
        """
        def test_it(ssm, contract_spy):
            contract_spy.allow("ssm:*", "Description.*")
            contract_spy.allow("ssm:PutParameter", "response.*")
            ssm.put_parameter(Name="n", Value="v", Type="String", Description="d" * 1025)
        """
    )
    spied.run("-W", "ignore").assert_outcomes(passed=1)


OFF = """
[off."{id}"]
"{constraint}" = "nobody keeps to it"
"""


def test_the_spy_does_not_check_what_is_switched_off(spied):
    """In the settings of the repository; what else is broken still fails."""
    toml = OFF.format(id="ssm:PutParameter", constraint="Description.maxLength")
    (spied.path / ".contract-kit.toml").write_text(toml)
    spied.test_module(
        """
        def test_it(ssm, contract_spy):
            ssm.put_parameter(Name="n", Value="v", Type="String", Description="d" * 1025)
            (call,) = contract_spy.calls
            assert not call.request
        def test_more(ssm, contract_spy):
            ssm.put_parameter(Name="n", Value="v", Type="String", AllowedPattern="d" * 1025)
        """
    )
    spied.run("-W", "ignore").assert_outcomes(passed=2, errors=1)
