"""Commands that repeat a finding: run for real, they send the same bytes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.cases.export import all_cases, case_body
from contract_kit.report.curl import LONGEST_ARGUMENT, Signing, curl_line
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.message import Message
from contract_kit.wire.table import wire_of

EXPORT = operation("mailmanager:StartArchiveExport")
HEADERS = AwsJson().encode(EXPORT, {}).headers

pytestmark = pytest.mark.skipif(
    shutil.which("curl") is None, reason="curl, which repeats findings, is not installed"
)


class Recorder(HTTPServer):
    """A server that keeps what it was sent."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), RecordingHandler)
        self.seen = []


class RecordingHandler(BaseHTTPRequestHandler):
    """Keeps method, path, headers and body."""

    def _keep(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append((self.command, self.path, headers, body))
        self.send_response(204)
        self.end_headers()

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _keep  # noqa: N815

    def log_message(self, format, *args):
        """Silence."""


@pytest.fixture(scope="module")
def recorder():
    """A recording server."""
    with Recorder() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run(line, **environment):
    """Runs a line in a POSIX shell."""
    return subprocess.run(
        ["sh", "-c", line],
        capture_output=True,
        timeout=300,
        check=False,
        env={**os.environ, **environment},
    )


def repeated(recorder, message, *, cases="false", **environment):
    """What arrives when the line for a message is run."""
    url = f"http://127.0.0.1:{recorder.server_port}"
    line = curl_line(message, url, signing=Signing(region="eu-west-1", service="ses"), cases=cases)
    done = run(line, **environment)
    assert done.returncode == 0, done.stderr
    return recorder.seen.pop()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"ArchiveId":"a-1"}', id="text"),
        pytest.param(b"", id="empty"),
        pytest.param(b"""{"a":"it's \\"quoted\\" $HOME `id` !x *?[] ~ ; & | <>"}""", id="quotes"),
        pytest.param("{'a': 'é😀'}".encode(), id="beyond-ascii"),
        pytest.param(b"@/etc/passwd", id="like-a-file"),
        pytest.param(b'{"a":"1\n2"}\n', id="newline"),
        pytest.param(b'{"a":"\0"}', id="nul"),
        pytest.param(b"\xff\xfe{\x80}", id="not-utf8"),
        pytest.param(b"%d%%\\n\\101'\0", id="printf-marks"),
        pytest.param(b"-n -e --\0", id="like-an-option"),
        pytest.param("\u202e\u2028\ufeff".encode(), id="invisible"),
    ],
)
def test_the_line_sends_the_same_body(recorder, body):
    """Whatever is in it."""
    method, path, headers, sent = repeated(recorder, Message(headers=HEADERS, body=body))
    assert (method, path, sent) == ("POST", "/", body)
    assert headers["content-type"] == "application/x-amz-json-1.0"
    assert headers["x-amz-target"] == "MailManagerSvc.StartArchiveExport"


@given(st.binary(max_size=12) | st.text(max_size=12).map(lambda text: text.encode()))
@settings(max_examples=25)
@example(b"\\")
@example(b"'")
def test_the_line_sends_any_bytes(recorder, body):
    """Through any shell's quoting and printf."""
    assert repeated(recorder, Message(headers=HEADERS, body=body))[3] == body


def test_the_line_is_one_line_of_printable_text():
    """It survives a terminal and a clipboard."""
    for body in (b"\0\x1b[31m\n\r\t", b"\xff", "\u202e".encode(), b"plain"):
        line = curl_line(
            Message(body=body), "http://x", signing=Signing(region="r", service="s"), cases="c"
        )
        assert line.isprintable()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_the_line_sends_other_methods(recorder, method):
    """With the body of the probe."""
    message = Message(method=method, path="/x", headers=HEADERS, body=b"{}")
    assert repeated(recorder, message)[:2] == (method, "/x")


def test_a_missing_content_type_stays_missing(recorder):
    """curl would add one of its own."""
    message = Message(headers=HEADERS, body=b"{}").with_header("Content-Type", None)
    assert "content-type" not in repeated(recorder, message)[2]


@pytest.mark.parametrize(("value", "arrives"), [("", ""), (None, None)])
def test_an_empty_target_is_not_a_missing_one(recorder, value, arrives):
    """Both probes are repeated as they are."""
    message = Message(headers=HEADERS, body=b"{}").with_header("X-Amz-Target", value)
    assert repeated(recorder, message)[2].get("x-amz-target") == arrives


def test_the_line_signs_with_dummy_credentials_for_the_region_of_the_run(recorder, monkeypatch):
    """Not with those of the user's environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT")
    headers = repeated(recorder, Message(headers=HEADERS, body=b"{}"))[2]
    assert "Credential=AKIDEXAMPLE/" in headers["authorization"]
    assert "/eu-west-1/ses/aws4_request" in headers["authorization"]


def test_a_long_body_comes_from_the_command_that_prints_cases(recorder, tmp_path):
    """An argument may be 128 KiB long; the largest request is longer."""
    case = max(
        all_cases(EXPORT, wire_of(EXPORT)), key=lambda each: len(case_body(wire_of(EXPORT), each))
    )
    body = case_body(wire_of(EXPORT), case)
    assert len(body) > 1_000_000
    script = tmp_path / "contract-kit"
    script.write_text(f"#!{sys.executable}\nfrom contract_kit.cli.main import main\n\nmain()\n")
    script.chmod(0o755)
    message = case.message or AwsJson().encode(EXPORT, case.request)
    arrived = repeated(
        recorder,
        message,
        cases=f"contract-kit cases {EXPORT.id} --case {case.id} --format body",
        PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
    )
    assert arrived[3] == body


def test_a_long_body_that_no_command_prints_comes_from_the_shell(recorder):
    """Its own printf has no limit for an argument."""
    body = b'{"a":"' + "\u00e9%\\'-\U0001f600".encode() * 20_000 + b'"}'
    url = f"http://127.0.0.1:{recorder.server_port}"
    message = Message(body=body, headers=HEADERS)
    line = curl_line(message, url, signing=Signing(region="eu-west-1", service="ses"), cases=None)
    # Pasted, it is no argument itself.
    done = subprocess.run(
        ["sh"], input=line.encode(), capture_output=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert recorder.seen.pop()[3] == body


@pytest.mark.parametrize(
    ("size", "piped"), [(LONGEST_ARGUMENT, False), (LONGEST_ARGUMENT + 1, True)]
)
def test_only_what_is_too_long_for_an_argument_is_piped(size, piped):
    """The limit is inclusive."""
    message = Message(body=b"x" * size)
    line = curl_line(
        message, "http://x/", signing=Signing(region="r", service="s"), cases="print the body"
    )
    assert line.startswith("print the body | curl ") is piped
    assert line.endswith("http://x/")


def test_headers_of_the_user_come_from_variables(recorder):
    """Their values may be secrets, and stand in no report; whoever pastes the line sets them."""
    url = f"http://127.0.0.1:{recorder.server_port}"
    message = Message(body=b"{}")
    line = curl_line(
        message,
        url,
        signing=Signing(region="r", service="s"),
        cases=None,
        own=("X-Api-Key", "X-Tenant", "3s`x$y"),
    )
    values = {"X_API_KEY": 'it\'s "secret" $HOME', "X_TENANT": "5", "_3S_X_Y": "6"}
    assert run(line, **values).returncode == 0
    headers = recorder.seen.pop()[2]
    assert headers["x-api-key"] == 'it\'s "secret" $HOME'
    assert headers["x-tenant"] == "5"
    assert headers["3s`x$y"] == "6"
    assert "AKIDEXAMPLE" in headers["authorization"]


def test_an_authorization_of_the_user_takes_the_place_of_the_signature(recorder):
    """As it does in the run itself."""
    url = f"http://127.0.0.1:{recorder.server_port}"
    line = curl_line(
        Message(body=b"{}"),
        url,
        signing=Signing(region="r", service="s"),
        cases=None,
        own=("Authorization",),
    )
    assert run(line, AUTHORIZATION="Basic eDp5").returncode == 0
    assert recorder.seen.pop()[2]["authorization"] == "Basic eDp5"


def test_a_time_out_and_certificates_are_given_to_curl():
    """And credentials of the user's come from variables."""
    signing = Signing(region="r", service="s", variables=("KEY", "SECRET", "TOKEN"))
    options = ("--cacert", "a b.pem", "--max-time", "1")
    line = curl_line(Message(body=b"{}"), "http://x", signing=signing, cases=None, options=options)
    assert "--cacert 'a b.pem' --max-time 1 " in line
    assert '--user "$KEY:$SECRET" -H "X-Amz-Security-Token: $TOKEN"' in line


def test_the_socket_and_the_query_of_a_url_are_those_of_the_command():
    """As they were asked."""
    signing = Signing(region="r", service="s")
    line = curl_line(Message(), "http+unix://%2Frun%2Fa.sock/b?c=d", signing=signing, cases=None)
    assert "--unix-socket /run/a.sock" in line
    assert line.endswith(" 'http://localhost/b?c=d'")
