"""`--protocol`: which wire is spoken, by whatever name, and all of them compared."""

from __future__ import annotations

import json

import pytest

BASE = "StartArchiveExport/request.type/base"
EXPORT = "mailmanager:StartArchiveExport"
ONE = ("--case", BASE)


@pytest.mark.parametrize("name", ["rpc-v2-cbor", "smithy-rpc-v2-cbor", "cbor", "RPC-V2-CBOR"])
def test_a_protocol_goes_by_several_names(cli, name):
    """The report shows one of them."""
    done = cli("fuzz", EXPORT, "--protocol", name, *ONE)
    assert done.code == 0
    assert "(rpc-v2-cbor)" in done.out.splitlines()[0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("rpc-v2-cbr", "no protocol is called 'rpc-v2-cbr'; did you mean rpc-v2-cbor?"),
        ("zzz", "no protocol is called 'zzz'; it is one of json, "),
        ("query", f"{EXPORT} does not speak query; it speaks json, rpc-v2-cbor"),
    ],
)
def test_a_wrong_name_gets_one_line_that_says_what_to_write(cli, name, words):
    """On standard error, before anything is sent."""
    done = cli("fuzz", "--protocol", name, *ONE)
    assert (done.code, done.out) == (2, "")
    assert words in done.err


def test_all_protocols_are_tested_and_compared(cli, tmp_path):
    """The usual one first; a report of several is a list."""
    path = tmp_path / "report.json"
    done = cli("fuzz", "--protocol", "all", *ONE, "--report", f"json:{path}")
    assert done.code == 0
    assert done.out.index("(awsJson1.0)") < done.out.index("(rpc-v2-cbor)")
    assert done.out.splitlines()[-1] == "no constraint differs between awsJson1.0, rpc-v2-cbor"
    assert [each["operation"] for each in json.loads(path.read_text())] == [EXPORT] * 2


def test_the_body_of_a_case_is_that_of_the_protocol(cli):
    """In bytes, for a pipe; by default in JSON."""
    usual = cli("cases", EXPORT, *ONE, "--format", "body")
    assert json.loads(usual.out)["ArchiveId"]
    other = cli("cases", EXPORT, *ONE, "--format", "body", "--protocol", "json")
    assert other.out == usual.out
