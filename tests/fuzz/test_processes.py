"""Campaigns between real processes: death, interruption, and the same bytes every time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

COMMAND = [sys.executable, "-c", "from contract_kit.cli.main import main; main()"]

WRONG = b'"PageSize":51'

MORTAL = """
    import json, os, sys
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if b'"PageSize":51' in body:
                os._exit(1)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
"""


def command(*args, **options):
    """Runs the command line in a process of its own."""
    return subprocess.run(
        [*COMMAND, *args], capture_output=True, timeout=300, check=False, **options
    )


@pytest.fixture
def mortal():
    """The URL of a process that accepts everything and dies of a PageSize of 51."""
    words = [sys.executable, "-c", textwrap.dedent(MORTAL)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.kill()


def test_a_server_that_dies_is_blamed_for_the_request_in_flight(kit, mortal):
    """What was found before is kept, the case that killed it named, and the run ends there."""
    outcome = kit.fuzzed_at(mortal)
    found = {entry.constraint: entry for entry in outcome.findings}
    killer = found["PageSize.maximum"]
    assert (killer.verdict, killer.case) == (
        "crash",
        "ListArchiveExports/PageSize.maximum/one-too-large",
    )
    assert killer.reply.failure == "dropped"
    assert found["ArchiveId.pattern"].verdict == "too lax"
    assert outcome.ended == f"the target stopped answering after {killer.case}"
    assert kit.verdicts(outcome)["wire.target"] == "untested"


@pytest.fixture
def slow(kit, at_url):
    """The URL of a server that gets slow after a request that it should refuse; all it was sent."""
    asked = []

    def server(request):
        if any(WRONG in earlier.body for earlier in asked):
            time.sleep(0.05)
        asked.append(request)
        lax = b'"PageSize"' in request.body
        return kit.result({"Exports": []}) if lax else kit.correct(request)

    return at_url(server), asked


def test_an_interrupted_run_keeps_what_was_found(slow, tmp_path, untraced):
    """Ctrl-C: exit code 2, the table of what is known, and a report that is complete JSON."""
    url, asked = slow
    path = tmp_path / "report.json"
    words = [*COMMAND, "fuzz", "mailmanager:ListArchiveExports", "--url", url]
    words += ["--report", f"json:{path}"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(words, **pipes, text=True, env=untraced) as run:
        deadline = time.monotonic() + 120
        while not any(WRONG in request.body for request in asked[:-3]):
            assert run.poll() is None, run.stderr.read()
            assert time.monotonic() < deadline, "the run did not get that far"
            time.sleep(0.01)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=120)
    assert run.returncode == 2
    assert "contract-kit: interrupted; the report has what was found so far" in err
    assert "ended early: interrupted" in out
    report = json.loads(path.read_text())
    assert (report["ended"], report["conforms"]) == ("interrupted", False)
    assert "PageSize.maximum" in {entry["constraint"] for entry in report["findings"]}
    assert 0 < report["cases"] < len(asked) + 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.json"]


def test_two_runs_write_the_same_bytes(tmp_path):
    """Whatever the folder and the seed of Python's hashes: report, table and end of the progress.

    How often the progress is shown depends on how busy the machine is.
    """
    runs = []
    for number in ("1", "2"):
        folder = tmp_path / number
        folder.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": number}
        run = command("fuzz", "--report", "json:report.json", cwd=folder, env=environment)
        end = run.stderr.splitlines()[-1:]
        runs.append((run.returncode, run.stdout, end, (folder / "report.json").read_bytes()))
    assert runs[0] == runs[1]
    assert runs[0][0] == 0
    assert json.loads(runs[0][3])["conforms"] is True
