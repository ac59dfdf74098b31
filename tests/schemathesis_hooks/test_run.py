"""The real `schemathesis run` against the embedded implementation, correct and with faults."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from contract_kit import operation
from contract_kit.derive.service import render
from contract_kit.openapi.document import openapi_document
from contract_kit.reference.http import running

pytest.importorskip("schemathesis", reason="needs the extra schemathesis")

FAULTS = {
    "ArchiveId.pattern/not-enforced": "too lax: ArchiveId.pattern",
    "MaxResults.type/not-enforced": "too lax: MaxResults.type",
    "ExportDestinationConfiguration.union/not-enforced": "too lax: ExportDestinationConfiguration.union",
    "FromTimestamp.required/answered-with-500": "crash: FromTimestamp.required",
    "reply/ExportId-too-long": "too lax: response.schema",
}
"""Seeded fault → the failure that it has to bring, which names the constraint."""


@dataclass(frozen=True)
class Ran:
    """What `schemathesis run` left behind."""

    code: int
    out: str

    @property
    def failures(self) -> set[str]:
        """The titles of its failures, without schemathesis's own codes."""
        return set(re.findall(r"^- ST\d+ (.+)$", self.out, re.MULTILINE))


@pytest.fixture
def run(tmp_path: Path):
    """`run(url, …)`: as a user would, with a fixed seed."""
    (tmp_path / "openapi.json").write_text(
        render(openapi_document([operation("mailmanager:StartArchiveExport")]))
    )

    def schemathesis(url: str, *options: str) -> Ran:
        words = ["run", "openapi.json", "--url", url, "--seed", "1", "--max-examples", "5"]
        words += ["--generation-database", "none", "--continue-on-failure", "--no-color"]
        done = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", *words, *options],
            cwd=tmp_path,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "contract_kit.schemathesis_hooks"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout)

    return schemathesis


def test_a_correct_implementation_has_no_failures(run) -> None:
    """With every check that schemathesis has: the document says what servers do."""
    with running() as url:
        done = run(url)
    assert done.code == 0, done.out
    assert "No issues found" in done.out
    assert done.failures == set()
    (generated,) = re.findall(r"(\d+) generated", done.out)
    assert int(generated) > 100


def test_each_seeded_fault_is_reported_with_its_constraint(run) -> None:
    """All of them in one run, each with who documents it."""
    with running(tuple(FAULTS)) as url:
        done = run(url, "--checks", "contract")
    assert done.code == 1
    assert set(FAULTS.values()) <= done.failures
    rest = done.failures - set(FAULTS.values())
    # A request without any member crashes as well; which of them is to blame it cannot show.
    assert all("one of " in each and "FromTimestamp.required" in each for each in rest)
    assert "documented: must satisfy regular expression pattern: a-[\\w]{1,64} [model: " in done.out
