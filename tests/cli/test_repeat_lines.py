"""Lines that repeat a finding, pasted into a shell as they are."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
import threading
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from contract_kit.report.run import program

CREATE = "mailmanager:CreateArchive"

MODULE = """
    import json, os

    TAKEN = set()

    def answer(start_response, status, value):
        start_response(f"{status} -", [("Content-Type", "application/x-amz-json-1.0")])
        return [json.dumps(value).encode()]

    def lax(environ, start_response):
        "Makes archives, each name once, whatever the name is."
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if os.environ.get("WANTED") and environ.get("HTTP_X_KEY") != os.environ["WANTED"]:
            return answer(start_response, 400, {"__type": "ValidationException", "message": "key"})
        try:
            name = json.loads(body)["ArchiveName"]
            with open("taken") as file:
                names = file.read().split("|")
        except FileNotFoundError:
            names = []
        except (ValueError, KeyError, TypeError):
            return answer(start_response, 400, {"__type": "ValidationException", "message": "no"})
        if str(name) in names:
            return answer(start_response, 409, {"__type": "ConflictException", "message": "taken"})
        with open("taken", "a") as file:
            file.write(f"{name}|")
        return answer(start_response, 200, {"ArchiveId": "a-" + str(len(names))})
"""

CASE = "CreateArchive/Tags.maxItems/one-too-many"
LONG = "CreateArchive/ArchiveName.maxLength/one-too-long"


@pytest.fixture(autouse=True)
def _module(folder, monkeypatch):
    """A module in the working directory, and no script of ours on PATH."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    (folder / "served.py").write_text(textwrap.dedent(MODULE))


@pytest.fixture
def commands(folder):
    """`commands(out)`: the commands behind `repeat` in what a run printed."""

    def read(out: str) -> list[str]:
        found = re.search(r"^ +repeat +(.+)\n(?: {15}(curl .+)\n)?", out, re.M)
        assert found is not None, out
        return [command for command in found.groups() if command]

    return read


def pasted(command: str, **environment: str) -> subprocess.CompletedProcess:
    """What a plain shell does with a command."""
    plain = {**os.environ, **environment}
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=plain)


@contextmanager
def served(app):
    """The URL of an application in a thread of this process."""

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args):
            """Silence."""

    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def lax(folder, monkeypatch):
    """The application of the module, which takes a name once."""
    names = {}
    exec((folder / "served.py").read_text(), names)
    monkeypatch.setenv("WANTED", "open sesame")
    with served(names["lax"]) as url:
        yield url


def test_a_line_uses_a_fresh_name_where_the_original_did(cli, commands, lax):
    """The first name is taken by then; both commands show the finding again."""
    options = ("--bind", "ArchiveName=n-{seq}", "--header", "X-Key: open sesame")
    done = cli("fuzz", CREATE, "--url", lax, *options, "--case", CASE)
    assert done.code == 1, done.out + done.err
    kit, curl = commands(done.out)
    assert "open sesame" not in kit + curl
    again = pasted(kit, X_KEY="open sesame")
    assert again.returncode == 1, again.stdout + again.stderr
    assert "too lax" in again.stdout
    reply = pasted(curl, X_KEY="open sesame").stdout
    assert " 200 " in reply.splitlines()[0]


def test_a_line_carries_every_option_that_matters(cli, commands, monkeypatch, folder):
    """Of the request, of its signature, of the wait, and of what is drawn."""
    monkeypatch.delenv("WANTED", raising=False)
    (folder / "good.json").write_text(json.dumps({"ArchiveName": "good"}))
    options = {
        "--app": "served:lax",
        "--app-kind": "wsgi",
        "--request": "good.json",
        "--profile": "lenient",
        "--region": "eu-west-9",
        "--timeout": "7",
        "--startup-timeout": "3",
        "--rate-limit": "1000/s",
    }
    words = [word for pair in options.items() for word in pair]
    secret = ("--access-key", "AKIDOFMINE", "--secret-key", "s3cret-of-mine")
    done = cli("fuzz", CREATE, *words, *secret, "--seed", "4", "--case", LONG)
    (line,) = commands(done.out)
    for name, value in options.items():
        assert f"{name} {value}" in line
    assert '--access-key "$AWS_ACCESS_KEY_ID" --secret-key "$AWS_SECRET_ACCESS_KEY"' in line
    assert "s3cret-of-mine" not in done.out
    (folder / "taken").unlink()
    keys = {"AWS_ACCESS_KEY_ID": "AKIDOFMINE", "AWS_SECRET_ACCESS_KEY": "s3cret-of-mine"}
    again = pasted(line, **keys)
    assert again.returncode == 1, again.stdout + again.stderr


def test_a_line_names_the_python_that_runs_the_kit_where_its_script_is_not_on_the_path(
    monkeypatch, tmp_path
):
    """Whatever else is called so there."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert program() == (sys.executable, "-m", "contract_kit")
    other = tmp_path / "contract-kit"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    assert program() == (sys.executable, "-m", "contract_kit")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert program() == ("contract-kit",)


def test_a_crash_on_the_first_request_is_repeated_without_a_case(cli, commands, folder):
    """It is on no list."""
    (folder / "served.py").write_text("def app(environ, start_response): raise ValueError\n")
    (line,) = commands(cli("fuzz", CREATE, "--app", "served:app").out)
    assert line.endswith(" --max-examples 0")
    assert pasted(line).returncode == 1
