"""Options about how requests travel: credentials, rates, certificates, and how long to wait."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap

import pytest

EXPORT = "mailmanager:StartArchiveExport"

MODULE = """
    import json
    from contract_kit.reference.wsgi import app as make

    inner = make()

    def gated(environ, start_response):
        if "Credential=AKIDOFMINE/" in environ.get("HTTP_AUTHORIZATION", ""):
            return inner(environ, start_response)
        environ["wsgi.input"].read()
        start_response("401 Unauthorized", [("Content-Type", "text/plain")])
        return [b"who are you"]
"""


@pytest.fixture(autouse=True)
def _module(folder):
    """A module in the working directory."""
    (folder / "served.py").write_text(textwrap.dedent(MODULE))


def test_requests_are_signed_with_the_credentials_given(cli, one_case):
    """A gate that knows their key id lets them in."""
    keys = ("--access-key", "AKIDOFMINE", "--secret-key", "s3cret-of-mine")
    done = cli("fuzz", EXPORT, "--app", "served:gated", *one_case, *keys)
    assert done.code == 0, done.err
    assert "s3cret-of-mine" not in done.out + done.err


def test_credentials_of_the_users_own_profile_are_never_read(cli, one_case, monkeypatch):
    """Neither from the environment nor from files: they are not for an implementation under test."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDOFMINE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret-of-mine")
    done = cli("fuzz", EXPORT, "--app", "served:gated", *one_case)
    assert done.code == 2
    assert "denies access: HTTP 401: who are you; give credentials" in done.message
    assert "--access-key and --secret-key" in done.message


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--access-key", "a"), "give --secret-key too"),
        (("--secret-key", "b"), "give --access-key too"),
        (("--session-token", "c"), "give --access-key too"),
        (("--access-key", "é", "--secret-key", "b"), "use plain ASCII"),
        (("--rate-limit", "fast"), "'fast' is not a rate; write, for example, 10/s"),
        (("--rate-limit", "0/s"), "'0/s' is not a rate; write, for example, 10/s"),
        (("--startup-timeout", "-1"), "-1.0 is not a number from 0"),
        (("--cacert", "a.pem"), "--cacert has no effect without --url; give --url as well"),
        (("--insecure",), "--insecure has no effect without --url; give --url as well"),
        (("--allow-host", "h"), "--allow-host has no effect without --url; give --url as well"),
        (
            ("--url", "https://127.0.0.1:9", "--cacert", "/no/such"),
            "--cacert /no/such: No such file or directory; give a PEM file of certificates",
        ),
    ],
)
def test_what_cannot_be_used_is_one_line(cli, args, says):
    """Before anything is sent; no secret is shown."""
    target = () if "--url" in args else ("--app", "served:inner")
    done = cli("fuzz", EXPORT, *target, *args)
    assert (done.code, done.out) == (2, "")
    assert says in done.message


@pytest.mark.parametrize("rate", ["500/s", "500", "30000/m", "1800000/h"])
def test_a_rate_is_written_with_its_unit(cli, one_case, rate):
    """So many a second, by default."""
    assert cli("fuzz", EXPORT, "--app", "served:inner", *one_case, "--rate-limit", rate).code == 0


def test_a_value_that_is_no_header_is_not_shown(cli):
    """It may be a secret."""
    done = cli("fuzz", EXPORT, "--app", "served:inner", "--header", "X-Key: sësame-öpen")
    assert done.code == 2
    assert "X-Key" in done.message
    assert "same" not in done.err


def test_serving_ends_well_by_an_interruption(command):
    """Who presses Ctrl-C wants that."""
    with subprocess.Popen(
        [*command, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as server:
        assert server.stdout.readline().startswith(b"serving ")
        server.send_signal(signal.SIGINT)
        _, err = server.communicate(timeout=300)
    assert (server.returncode, err) == (0, b"")


def test_the_command_runs_as_a_module(folder):
    """Where the script is not on PATH."""
    done = subprocess.run(
        [sys.executable, "-m", "contract_kit", "cases", EXPORT, "--format", "ndjson"],
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[0])["operation"] == EXPORT
