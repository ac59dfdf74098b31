"""`contract-kit fuzz --app`: an application that runs as long as its campaign."""

from __future__ import annotations

import json
import shlex
import textwrap

import pytest

from contract_kit.report.run import program

EXPORT = "mailmanager:StartArchiveExport"
LIST = "mailmanager:ListArchiveExports"

MODULE = """
    import os
    from contract_kit.reference.wsgi import app as make

    app = make()

    def mortal(environ, start_response):
        import io
        body = environ["wsgi.input"].read()
        if b'"PageSize":51' in body:
            os._exit(1)
        environ["wsgi.input"] = io.BytesIO(body)
        return app(environ, start_response)

    counted = iter(range(10**6))

    def counting(environ, start_response):
        if b'"MaxResults":0' in (body := environ["wsgi.input"].read()):
            os._exit(1)
        start_response("200 OK", [("Content-Type", "application/x-amz-json-1.0")])
        return [b'{"ExportId": "e-%d"}' % next(counted)]
"""


@pytest.fixture(autouse=True)
def _module(folder):
    """A module in the working directory."""
    (folder / "served.py").write_text(textwrap.dedent(MODULE))


def test_an_application_of_the_working_directory_is_tested(cli, one_case):
    """Served, asked, ended."""
    done = cli("fuzz", EXPORT, "--app", "served:app", "--app-kind", "wsgi", *one_case)
    assert (done.code, done.out.splitlines()[-1]) == (0, "conforms: nothing found")


def test_the_run_goes_on_after_the_application_has_died(cli, folder):
    """The case in flight gets the crash, all others their verdicts; the report names no port."""
    report = folder / "r.json"
    done = cli("fuzz", LIST, "--app", "served:mortal", "--report", f"json:{report}")
    assert done.code == 1
    document = json.loads(report.read_text())
    assert document["ended"] == ""
    assert document["target"] == "app served:mortal"
    (finding,) = (entry for entry in document["findings"] if entry["verdict"] == "crash")
    assert finding["constraint"] == "PageSize.maximum"
    assert finding["reason"] == "the process of served:mortal died: exit code 1"
    again = f"fuzz {LIST} --app served:mortal --case {finding['case']}"
    assert finding["curl"] == f"{shlex.join(program())} {again}"
    assert "127.0.0.1" not in done.out + report.read_text()
    verdicts = {entry["id"]: entry["verdict"] for entry in document["constraints"]}
    assert verdicts["PageSize.type"] == verdicts["wire.target"] == "enforced"


def test_identifiers_of_a_new_process_are_not_those_of_the_old_one(cli, folder):
    """It counts anew: that is no identifier given twice."""
    cases = [
        f"StartArchiveExport/MaxResults.type/{slug}" for slug in ("zero", "minus-one", "typical")
    ]
    words = [word for case in cases for word in ("--case", case)]
    done = cli("fuzz", EXPORT, "--app", "served:counting", *words)
    assert "MaxResults.type/zero" in done.out
    assert "was given for" not in done.out
