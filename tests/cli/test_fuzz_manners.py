"""`contract-kit fuzz`: known gaps, the share that must hold, and reports of runs that are killed."""

from __future__ import annotations

import json
import os
import signal
import socketserver
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler
from xml.etree import ElementTree

import pytest

from contract_kit.reference.http import running

EXPORT = "mailmanager:StartArchiveExport"
GAPS = f'["{EXPORT}"]\n"ArchiveId.pattern" = "takes a newline"\n'


@pytest.fixture(scope="module")
def lax():
    """The URL of an implementation that does not check the pattern of ArchiveId."""
    with running(("ArchiveId.pattern/not-enforced",)) as url:
        yield url


def test_a_known_gap_does_not_fail_the_run(cli, folder, lax, one_case):
    """It is told in a line, without the whole finding."""
    (folder / "gaps.toml").write_text(GAPS)
    done = cli("fuzz", EXPORT, "--url", lax, *one_case, "--known-gaps", "gaps.toml")
    assert done.code == 0
    assert "known gap: too lax  ArchiveId.pattern: takes a newline" in done.out
    assert "curl" not in done.out
    assert done.out.splitlines()[-1] == "conforms: nothing found but known gaps"


@pytest.mark.parametrize(
    ("gap", "code"),
    [
        ('"ArchiveId.pattern" = "too lax: takes a newline"', 0),
        ('"ArchiveId.pattern" = "crash, Too Lax: takes a newline"', 0),
        ('"ArchiveId.pattern" = ["crash: once", "too lax: takes a newline"]', 0),
        ('"ArchiveId.*" = "too lax: takes a newline"', 0),
        ('"ArchiveId.pattern" = "too strict: knows some archives only"', 1),
        ('"*.type" = "too lax: takes a newline"', 1),
    ],
)
def test_a_known_gap_hides_no_other_verdict(cli, folder, lax, one_case, gap, code):
    """Nor one of another constraint, where it names several."""
    (folder / "gaps.toml").write_text(f'["{EXPORT}"]\n{gap}\n')
    done = cli("fuzz", EXPORT, "--url", lax, *one_case, "--known-gaps", "gaps.toml")
    assert done.code == code, done.err
    assert ("known gap: too lax" in done.out) is (code == 0)


def test_a_gap_that_closed_is_told(cli, folder, one_case):
    """So that the file gets shorter."""
    (folder / "gaps.toml").write_text(GAPS)
    done = cli("fuzz", *one_case, "--known-gaps", "gaps.toml")
    assert done.code == 0
    assert "gap closed: ArchiveId.pattern holds now" in done.out


def test_gaps_of_other_operations_are_left_alone(cli, folder, one_case):
    """One file serves all operations of a service."""
    (folder / "gaps.toml").write_text('["ssm:PutParameter"]\n"Name.type" = "x"\n')
    done = cli("fuzz", *one_case, "--known-gaps", "gaps.toml")
    assert (done.code, "gap" in done.out) == (0, False)


def test_gaps_of_an_operation_that_does_not_exist_are_refused(cli, folder, one_case):
    """They would be known of nothing."""
    (folder / "gaps.toml").write_text(GAPS.replace("ArchiveExport", "ArchiveExprt"))
    done = cli("fuzz", *one_case, "--known-gaps", "gaps.toml")
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith("contract-kit: gaps.toml: ")
    assert line.endswith(f"did you mean {EXPORT}?")


def test_the_share_that_holds_can_be_demanded(cli, one_case):
    """One case proves one constraint of many: exit code 1, and a line that says why."""
    assert cli("fuzz", *one_case, "--fail-under", "1").code == 0
    done = cli("fuzz", *one_case, "--fail-under", "99.5")
    assert done.code == 1
    assert done.err.splitlines()[-1].endswith("% hold, --fail-under asks for 99.5%")


def test_a_run_that_holds_all_is_100_percent(cli):
    """Implied constraints hold as well."""
    done = cli("fuzz", "--fail-under", "100", "--max-examples", "0")
    assert done.code == 0
    assert "; 100% hold" in done.out


def test_junit_is_written_beside_json(cli, folder, lax, one_case):
    """Any number of reports in any format."""
    done = cli(
        *("fuzz", EXPORT, "--url", lax, *one_case),
        *("--report", "junit:out/r.xml", "--report", "json:out/r.json"),
    )
    assert done.code == 1
    root = ElementTree.parse(folder / "out" / "r.xml").getroot()
    assert root.find("testsuite/testcase/failure").get("type") == "too lax"
    assert json.loads((folder / "out" / "r.json").read_text())["findings"]


class Slow(BaseHTTPRequestHandler):
    """Takes everything, and falls asleep after a while."""

    protocol_version = "HTTP/1.1"
    answered = 0

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        type(self).answered += 1
        if self.answered > 60:
            time.sleep(300)
        body = b'{"ExportId": "e-%d"}' % self.answered
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Nothing."""


@pytest.fixture
def sleepy():
    """The URL of a server that answers sixty requests."""

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request, client_address):
            """Its client is gone when it has slept: later tests read what is printed."""

    Slow.answered = 0
    with Server(("127.0.0.1", 0), Slow) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("number", "code", "ended"),
    [
        (signal.SIGKILL, -signal.SIGKILL, "killed"),
        (signal.SIGTERM, 2, "interrupted"),
        (signal.SIGINT, 2, "interrupted"),
    ],
    ids=["kill", "terminate", "interrupt"],
)
def test_a_run_that_is_killed_leaves_what_it_found(
    command, folder, sleepy, number, code, ended, tmp_path, untraced
):
    """The report on disk is whole and has the findings until then."""
    report = tmp_path / "r.json"
    words = (*command, "fuzz", EXPORT, "--url", sleepy, "--timeout", "300")
    process = subprocess.Popen(
        [*words, "--report", f"json:{report}"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=untraced,
    )
    deadline = time.monotonic() + 120
    while Slow.answered <= 60 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    assert process.wait(120) == code
    document = json.loads(report.read_text())
    assert document["ended"] == ended
    assert document["findings"]
    assert not document["conforms"]
