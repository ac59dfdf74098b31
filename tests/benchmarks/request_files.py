"""Checking request files against check-jsonschema, and against a bare loop over the same text."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema_rs
from validation import GOOD

from contract_kit import operation
from contract_kit.contract.catalog import schema_root
from contract_kit.requestfile.run import Run
from contract_kit.requestfile.settings import Settings

Comparison = tuple[str, Callable[[], float], Callable[[], float], dict[str, float]]

EXPORT = "mailmanager:StartArchiveExport"
LINES = 50_000
"""Lines of NDJSON in a round; the figure for a million is the same, since memory stays the same."""

SMALL = {
    "ArchiveId": "a-abc123",
    "FromTimestamp": 1700000000,
    "ToTimestamp": 1700086400,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/path"}},
}


class Silent:
    """An output that counts."""

    def __init__(self) -> None:
        self.found = 0

    def finding(self, finding: object) -> None:
        """Counts it."""
        self.found += 1

    def error(self, file: str, message: str) -> None:
        """There must be none."""
        raise AssertionError(message)

    def note(self, file: str, message: str) -> None:
        """There must be none."""
        raise AssertionError(message)

    def change(self, change: object) -> None:
        """There must be none."""
        raise AssertionError(change)

    def finish(self, summary: object) -> None:
        """Nothing to do."""


def process(args: list[str], folder: Path) -> Callable[[], float]:
    """Seconds of a whole process. Compiled modules are kept, as they are of what is installed."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "pycache")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def run() -> float:
        begun = time.perf_counter()
        subprocess.run(args, check=False, stdout=subprocess.DEVNULL, cwd=folder, env=environment)
        return time.perf_counter() - begun

    run()
    return run


def processes(folder: Path) -> Iterator[Comparison]:
    """Whole processes on small files, one that conforms, one that does not, and many."""
    ours = [sys.executable, "-c", "from contract_kit.cli.main import main; main()", "validate"]
    schema = schema_root() / "mailmanager" / "StartArchiveExport.request.json"
    theirs = [str(Path(sys.executable).parent / "check-jsonschema"), "--schemafile", str(schema)]
    (folder / "good.json").write_text(json.dumps(GOOD, indent=2))
    (folder / "bad.json").write_text(json.dumps({**GOOD, "ArchiveId": "x y"}, indent=2))
    many = []
    for number in range(200):
        path = folder / f"{number}.json"
        path.write_text(json.dumps({**GOOD, "ArchiveId": f"a-{number}"}, indent=2))
        many.append(str(path))
    kinds = {
        "a small file that conforms": ["good.json"],
        "a small file that does not": ["bad.json"],
        "200 files": many,
    }
    for name, files in kinds.items():
        most = 0.22 if files is many else 0.25
        yield (
            f"validate / check-jsonschema, {name}",
            process([*ours, *files, "--operation", EXPORT], folder),
            process([*theirs, *files], folder),
            {"at_most": most},
        )


def large(folder: Path, id: str, document: object, name: str) -> Comparison:
    """One file of 10 MB with an error at its end, in this process."""
    path = folder / f"{name}.json"
    path.write_text(json.dumps(document, indent=2))
    assert 9e6 < path.stat().st_size < 13e6, path.stat().st_size
    settings = Settings(base=folder)

    def ours() -> float:
        output = Silent()
        run = Run(output, settings, operation=id)
        begun = time.perf_counter()
        run.check(str(path))
        seconds = time.perf_counter() - begun
        assert output.found == 1
        return seconds

    def theirs() -> float:
        begun = time.perf_counter()
        json.loads(path.read_bytes())
        return time.perf_counter() - begun

    return f"10 MB, {name} / json.loads", ours, theirs, {"at_most": 4}


def stream(folder: Path, request: dict[str, object], name: str) -> Comparison:
    """NDJSON against a bare loop, one worker each."""
    path = folder / f"{name}.ndjson"
    with path.open("w") as file:
        for number in range(LINES):
            file.write(json.dumps({**request, "ArchiveId": f"a-{number}"}) + "\n")
    bare = jsonschema_rs.validator_for(operation(EXPORT).request).is_valid
    settings = Settings(base=folder)

    def ours() -> float:
        run = Run(Silent(), settings, operation=EXPORT)
        begun = time.perf_counter()
        run.check(str(path))
        seconds = time.perf_counter() - begun
        assert run.summary.requests == LINES
        return seconds

    def theirs() -> float:
        begun = time.perf_counter()
        with path.open("rb") as file:
            right = sum(bare(json.loads(line)) for line in file)
        assert right == LINES
        return time.perf_counter() - begun

    return f"bare loop / validate, NDJSON, {name} requests", ours, theirs, {"at_least": 0.7}


def comparisons() -> Iterator[Comparison]:
    """The rows of this subject."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from processes(folder)
        events = [{"timestamp": number, "message": "x" * 950} for number in range(1, 9900)]
        log = {"logGroupName": "g", "logStreamName": "s", "logEvents": events}
        log["logEvents"] = [*events, {"timestamp": 1, "message": ""}]
        yield large(folder, "logs:PutLogEvents", log, "long strings")
        data = [
            {
                "MetricName": "m",
                "Value": 1.5,
                "Unit": "Count",
                "Dimensions": [{"Name": "a", "Value": "b"}],
            }
            for _ in range(60_000)
        ]
        metrics = {"Namespace": "n", "MetricData": [*data, {"MetricName": ""}]}
        yield large(folder, "cloudwatch:PutMetricData", metrics, "small objects")
        yield stream(folder, GOOD, "typical")
        yield stream(folder, SMALL, "small")
