"""Small foreign projects, in which pytest runs with the plugin as its users have it."""

from __future__ import annotations

import re
import textwrap

import httpx2
import pytest

# Loaded here, since a run inside this process forgets the modules that it loads, and some of these
# cannot be loaded twice.
import contract_kit.pytest_plugin.check_fixture
import contract_kit.pytest_plugin.collecting
import contract_kit.pytest_plugin.marked_tests
import contract_kit.pytest_plugin.spy_fixture
import contract_kit.pytest_plugin.summary
import contract_kit.reference.wsgi
import contract_kit.strategies.conforming_requests
import contract_kit.strategies.violating_requests  # noqa: F401
from contract_kit.reference.faults.catalog import faults

httpx2.HTTPTransport().close()  # it loads its connections when the first one is made

EXPORT = "mailmanager:StartArchiveExport"
LAX = "ArchiveId.pattern/newline-at-end"
LAX_ITEM = "ArchiveId.pattern/outside"

INI = """
[pytest]
contract_operations = {operations}
filterwarnings = error
"""

TARGET = """
import pytest
from contract_kit.reference.wsgi import app

@pytest.fixture(scope="session")
def contract_target():
    return app({faults!r})
"""


FEW_PLUGINS = [
    word
    for name in ("randomly", "schemathesis", "anyio", "platformdirs")
    for word in ("-p", f"no:{name}")
]
"""Each run loads its plugins anew; these have no part in what is tested, and take a second."""


class Project:
    """A folder with a conftest.py, and pytest runs in it."""

    EXPORT, LAX, LAX_ITEM = EXPORT, LAX, LAX_ITEM

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester
        self.path = pytester.path
        self.ini()

    def ini(self, operations: str = EXPORT, more: str = "") -> None:
        """The ini file: operations, and further lines."""
        self._pytester.makefile(".ini", pytest=INI.format(operations=operations) + more)

    def conftest(self, text: str) -> None:
        """The conftest.py."""
        self._pytester.makeconftest(textwrap.dedent(text))

    def target(self, *names: str) -> None:
        """A conftest.py whose target is the embedded implementation with these faults."""
        assert set(names) <= faults().keys()
        self.conftest(TARGET.format(faults=names))

    def test_module(self, text: str, name: str = "test_it") -> None:
        """A test module."""
        self._pytester.makepyfile(**{name: textwrap.dedent(text)})

    def run(self, *args: str) -> pytest.RunResult:
        """A run in this process."""
        return self._pytester.runpytest_inprocess(*FEW_PLUGINS, *args)

    def run_apart(self, *args: str) -> pytest.RunResult:
        """A run in a process of its own."""
        return self._pytester.runpytest_subprocess(*FEW_PLUGINS, *args, timeout=300)

    def items(self, *args: str) -> list[str]:
        """The ids of the items that a run would have, in order."""
        return [line for line in self.run("--collect-only", "-q", *args).outlines if "::" in line]


def contract_lines(result: pytest.RunResult) -> list[str]:
    """The lines of the summary of verdicts."""
    text = "\n".join(result.outlines)
    found = re.search(r"=+ contract =+\n(.*?)(\n=|\n\d+ |\Z)", text, re.DOTALL)
    return [line for line in found[1].splitlines() if line] if found else []


@pytest.fixture
def project(pytester, monkeypatch):
    """An empty project with an ini file."""
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("COLUMNS", "160")
    return Project(pytester)


@pytest.fixture(scope="session")
def summary_of():
    """`summary_of(result)`: the lines of the summary of verdicts."""
    return contract_lines


@pytest.fixture(scope="session")
def moto_loaded():
    """Moto with all that it loads for a request, for the reason given above."""
    import boto3
    from moto import mock_aws

    with mock_aws():
        client = boto3.client("ssm", "us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        client.put_parameter(Name="n", Value="v", Type="String")
        client.close()
