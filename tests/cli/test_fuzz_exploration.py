"""`contract-kit fuzz --max-examples N --time-limit S --seed N`: what users see of exploration."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import replace

import pytest

from contract_kit.reference.http import running
from contract_kit.reference.server import Reference

EXPORT = "mailmanager:StartArchiveExport"
REPORT = ("--report", "json:r.json")


@pytest.fixture
def lax(monkeypatch):
    """The URL of an implementation that takes words outside ASCII for a number."""
    answer = Reference.answer

    def lax_answer(self, message):
        try:
            request = json.loads(message.body)
            if not request["MaxResults"].isascii():
                body = json.dumps({**request, "MaxResults": 5}).encode()
                message = replace(message, body=body)
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
            pass
        return answer(self, message)

    monkeypatch.setattr(Reference, "answer", lax_answer)
    with running() as url:
        yield url


def test_the_report_tells_how_many_examples_were_explored(cli, folder):
    """On the terminal and as JSON; without examples neither has more than the cases."""
    done = cli("fuzz", "--max-examples", "60", *REPORT)
    assert done.code == 0
    document = json.loads((folder / "r.json").read_text())
    assert document["examples"] == 60
    assert " cases, 60 examples, " in done.out
    assert document["requests"] > document["cases"]
    none = cli("fuzz", "--max-examples", "0", *REPORT)
    assert json.loads((folder / "r.json").read_text())["examples"] == 0
    assert "examples" not in none.out


def test_an_explored_finding_is_repeated_by_its_curl_line(cli, folder, lax):
    """Its id is on no list: asked for, it is said where to find it."""
    done = cli("fuzz", EXPORT, "--url", lax, "--max-examples", "900", "--seed", "2", *REPORT)
    assert done.code == 1, done.out[-500:]
    (finding,) = json.loads((folder / "r.json").read_text())["findings"]
    assert (finding["constraint"], finding["verdict"]) == ("MaxResults.type", "too lax")
    assert finding["case"] in done.out
    repeated = subprocess.run(finding["curl"], shell=True, capture_output=True, check=True)
    assert b" 200 " in repeated.stdout.splitlines()[0]
    assert b"ExportId" in repeated.stdout
    for command in (("fuzz", EXPORT, "--url", lax), ("cases", EXPORT)):
        again = cli(*command, "--case", finding["case"])
        assert again.code == 2
        assert "was drawn at random" in again.message
        assert "the same --seed finds it again" in again.message


def test_a_time_limit_is_kept(cli):
    """However many examples are left."""
    started = time.monotonic()
    done = cli("fuzz", "--max-examples", "10000000", "--time-limit", "0.5")
    assert done.code == 0
    assert time.monotonic() - started < 60


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--max-examples", "-1"), "-1 is not a whole number from 0"),
        (("--time-limit", "0"), "0 is not between 0 and 86400 seconds"),
        (("--time-limit", "nan"), "nan is not between"),
    ],
)
def test_what_cannot_be_is_a_usage_error(cli, args, words):
    """In one line."""
    done = cli("fuzz", *args)
    assert done.code == 2
    assert words in done.message
