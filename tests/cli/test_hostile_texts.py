"""What a target says goes into reports: without secrets of the user, and never as commands."""

from __future__ import annotations

import json
import threading
import unicodedata
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

LIST = "mailmanager:ListArchiveExports"
CASES = [
    word
    for slug in ("ArchiveId.pattern/trailing-newline", "PageSize.maximum/one-too-large")
    for word in ("--case", f"ListArchiveExports/{slug}")
]

NASTY = "\x1b[31m\x1b]0;title\x07\x9b31m\u202eevil\u2066\u200b\ufeff\x00\x7f\r\n\x08\x85"
"""Escape sequences of seven and eight bits, bidirectional overrides, what cannot be seen."""


@contextmanager
def saying(answer):
    """The URL of a server; answer: from request headers and body to status, headers and body."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, said = answer(self.headers, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def echoing(headers, body):
    """Accepts all, and says what it was sent."""
    said = {"Exports": [], "NextToken": 5, "You": [f"{k}: {v}" for k, v in headers.items()]}
    return 200, {"Content-Type": f"x/{headers['Authorization']}"}, json.dumps(said).encode()


@pytest.mark.parametrize(
    ("userinfo", "args", "secrets"),
    [
        ("me:pass-word@", (), ("pass-word", "bWU6cGFzcy13b3Jk")),
        ("", ("--header", "Authorization: Bearer abc.def.ghi"), ("abc.def.ghi",)),
        (
            "",
            ("--header", "Authorization: Bearer abc.def.ghi", "--header", "X-Api-Key: key-123"),
            ("key-123", "abc.def"),
        ),
    ],
)
def test_credentials_are_in_no_report(cli, folder, userinfo, args, secrets):
    """Though the target echoes them wherever it can."""
    reports = ("--report", f"json:{folder / 'r.json'}", "--report", f"junit:{folder / 'r.xml'}")
    with saying(echoing) as host:
        done = cli("fuzz", LIST, "--url", f"http://{userinfo}{host}", *args, *CASES, *reports)
    assert done.code == 1
    shown = done.out + done.err + (folder / "r.json").read_text() + (folder / "r.xml").read_text()
    assert "[hidden]" in shown
    for secret in secrets:
        assert secret not in shown


def test_a_password_in_a_url_that_is_none_is_not_shown(cli):
    """Not even in the message that it is none."""
    done = cli("fuzz", LIST, "--url", "ftp://me:pass-word@host")
    assert done.message.startswith("'host' is not the URL of a server")


def commands(text):
    """Characters that a terminal could obey, or that could mislead whoever reads it."""
    return {char for char in text if char != "\n" and unicodedata.category(char) in ("Cc", "Cf")}


def accepting(headers, body):
    """Accepts all, with a reply that is hostile to terminals."""
    said = json.dumps({"Exports": NASTY, NASTY: 1}, ensure_ascii=False).encode()
    return 200, {"Content-Type": "x/\x1b[31m\x9b"}, said


def crashing(headers, body):
    """Crashes on what is wrong, with such a text."""
    if b"51" in body or b"\\n" in body:
        return 500, {}, NASTY.encode()
    return 200, {"Content-Type": "application/x-amz-json-1.0"}, b'{"Exports": []}'


def misnaming(headers, body):
    """Refuses what is wrong with an error of such a name."""
    if b"51" in body or b"\\n" in body:
        said = {"__type": f"Odd{NASTY}Error", "message": NASTY}
        return 400, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(said).encode()
    return 200, {"Content-Type": "application/x-amz-json-1.0"}, b'{"Exports": []}'


def refusing(headers, body):
    """Refuses everything, before there is any report."""
    said = {"__type": "ValidationException", "message": NASTY}
    return 400, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(said).encode()


@pytest.mark.parametrize("answer", [accepting, crashing, misnaming, refusing])
def test_no_reply_reaches_a_terminal_as_it_is(cli, folder, answer):
    """Escapes stand in the place of what is not printable, in every report and message."""
    json_path, junit_path = folder / "r.json", folder / "r.xml"
    reports = ("--report", f"json:{json_path}", "--report", f"junit:{junit_path}")
    with saying(answer) as host:
        done = cli("fuzz", LIST, "--url", f"http://{host}", *CASES, *reports)
    assert done.code == (2 if answer is refusing else 1)
    texts = (done.out, done.err, json_path.read_text(), junit_path.read_text())
    for text in texts:
        assert commands(text) == set()
    if answer is not accepting:
        assert "\\x1b[31m" in done.out + done.err
