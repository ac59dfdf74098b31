"""An implementation whose regular expressions run for ever, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing

import pytest

from contract_kit import operation
from contract_kit.cases.export import all_cases
from contract_kit.fuzz import fuzz
from contract_kit.target.http import HttpTarget
from contract_kit.wire.table import wire_of

COMMAND = [sys.executable, "-c", "from contract_kit.cli.main import main; main()"]
FAULT = "ExportDestinationConfiguration.S3.S3Location.pattern/backtracking"
OPERATION = operation("mailmanager:StartArchiveExport")


@pytest.fixture
def backtracking():
    """The URL of an implementation that matches as Python's `re` does."""
    words = [*COMMAND, "serve", "--port", "0", "--fault", FAULT]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        yield server.stdout.readline().removeprefix("serving ").partition(",")[0]
        server.kill()


def test_a_pattern_that_runs_for_ever_is_a_crash(backtracking):
    """Each request made for that gets no answer in time; those before are answered as ever."""
    slow = [case.id for case in all_cases(OPERATION, wire_of(OPERATION)) if "runs-long" in case.id]
    only = (f"{OPERATION.name}/ArchiveId.pattern/trailing-newline", *slow)
    with closing(HttpTarget(backtracking, timeout=1)) as target:
        outcome = fuzz(OPERATION, target, cases=only, examples=0)
    (finding,) = outcome.findings
    assert (finding.constraint, finding.verdict) == (FAULT.rpartition("/")[0], "crash")
    assert finding.reply.failure == "timeout"
