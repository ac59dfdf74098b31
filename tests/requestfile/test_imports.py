"""A job loads what it needs: that is what makes it start at once."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

GOOD = {
    "ArchiveId": "a-abc123",
    "FromTimestamp": 1700000000,
    "ToTimestamp": 1700086400,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/path"}},
}
NEVER = (
    "hypothesis",
    "botocore",
    "pytest",
    "httpx2",
    "httpcore2",
    "urllib3",
    "rich",
    "jsonschema",
    "yaml",
)
SOMETIMES = {
    "click": "all but the plainest command lines",
    "ruamel": "YAML",
    "jsonschema_rs": "many files",
    "difflib": "near misses",
    "xml": "JUnit",
    "gzip": "packed files",
    "pathlib": "contracts of one's own",
    "datetime": "times as text",
    "base64": "blobs",
    "tomllib": "settings",
    "contract_kit.pattern.probes": "cases",
    "contract_kit.requestfile.ndjson": "NDJSON",
    "contract_kit.requestfile.fix": "--fix",
}
"""What a check of one small JSON file does without, and what it is for."""


@pytest.fixture
def loaded(tmp_path, untraced):
    """`loaded(arguments)`: the modules in memory after a run of the command. Tracers load more."""
    script = (
        "import sys\nfrom contract_kit.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit: pass\nprint(*sys.modules)"
    )

    def run(*args):
        command = [sys.executable, "-c", script, "validate", *args]
        command += ["--operation", "mailmanager:StartArchiveExport"]
        done = subprocess.run(command, capture_output=True, check=True, cwd=tmp_path, env=untraced)
        return set(done.stdout.decode().splitlines()[-1].split())

    return run


@pytest.mark.parametrize("archive", ["a-abc123", "x y"])
def test_one_small_json_file_loads_nothing_that_it_does_not_need(loaded, tmp_path, archive):
    """Whether it conforms or not."""
    (tmp_path / "x.json").write_text(json.dumps({**GOOD, "ArchiveId": archive}))
    modules = loaded("x.json")
    assert "contract_kit.requestfile.run" in modules
    assert modules.isdisjoint((*NEVER, *SOMETIMES))


def test_what_a_job_needs_is_loaded_then(loaded, tmp_path):
    """So that the test above does not look for names that nobody has."""
    (tmp_path / "x.yaml").write_text("archiveid: 1\nFromTimestmp: 2")
    for number in range(10):
        (tmp_path / f"{number}.json").write_text(json.dumps(GOOD))
    (tmp_path / "x.ndjson").write_text("{}")
    (tmp_path / ".contract-kit.toml").write_text("ignore = []")
    modules = loaded(".", "--format=junit", "--fix")
    wanted = SOMETIMES.keys() - {"gzip", "contract_kit.pattern.probes"}
    assert wanted <= modules
    assert modules.isdisjoint(NEVER)


def test_short_texts_are_matched_alike_without_the_engine(untraced):
    """By the automaton, as long as nobody has loaded the engine."""
    script = """
import json, sys
from contract_kit.pattern.compiled import Pattern
from contract_kit import operation
op = operation("mailmanager:StartArchiveExport")
texts = ["a-b", "a-", "a-b\\n", "a-é", "s3://abc/x", "s3://ab", "", "a-" + "b" * 64, "a-" + "b" * 65]
patterns = [Pattern.parse(shape.pattern) for shape in op.shapes.values() if shape.pattern]
before = [[one.matches(text) for text in texts] for one in patterns]
assert "jsonschema_rs" not in sys.modules
import jsonschema_rs
assert before == [[one.matches(text) for text in texts] for one in patterns]
assert any(map(any, before))
"""
    subprocess.run([sys.executable, "-c", script], check=True, env=untraced)
