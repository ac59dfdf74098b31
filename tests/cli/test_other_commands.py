"""`cases`, `derive`, `drift` and `serve`."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import httpx2
import pytest

from contract_kit import operation
from contract_kit.cases.export import all_cases, case_body, case_document
from contract_kit.wire.table import wire_of

EXPORT = operation("mailmanager:StartArchiveExport")
STOP = operation("mailmanager:StopArchiveExport")
PAGES = Path(__file__).parents[2] / "fixtures" / "pages"
SCHEMAS = Path(__file__).parents[2] / "schemas"


def documents(op):
    """Every case as it is exported."""
    return [json.loads(json.dumps(case_document(op, case))) for case in all_cases(op, wire_of(op))]


def test_cases_are_one_json_list(cli):
    """Every case of the operation."""
    done = cli("cases", STOP.id)
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == documents(STOP)


def test_cases_are_one_json_text_per_line(cli):
    """For readers that take one at a time."""
    done = cli("cases", STOP.id, "--format", "ndjson")
    assert [json.loads(line) for line in done.out.rstrip("\n").split("\n")] == documents(STOP)


def test_one_case_is_named(cli):
    """In the order of the operation, however they are given."""
    ids = [case.id for case in all_cases(STOP, wire_of(STOP))][3:5]
    done = cli("cases", STOP.id, "--case", ids[1], "--case", ids[0])
    assert [entry["id"] for entry in json.loads(done.out)] == ids


def test_the_body_of_one_case_is_printed_bare(cli):
    """Byte for byte as it is sent, without a newline."""
    case = next(case for case in all_cases(STOP, wire_of(STOP)) if case.slug == "white-space")
    done = cli("cases", STOP.id, "--case", case.id, "--format", "body")
    assert done.out.encode() == case_body(wire_of(STOP), case)
    done = cli("cases", STOP.id, "--format", "body")
    assert (done.code, done.message) == (
        2,
        "--format body prints one case; name it with --case ID",
    )


def test_cases_take_bindings_and_a_request(cli, folder):
    """As `fuzz` does, so that both speak of the same."""
    (folder / "r.json").write_text('{"ExportId": "mine"}')
    base = "StopArchiveExport/request.type/base"
    done = cli("cases", STOP.id, "--request", "r.json", "--case", base)
    assert json.loads(done.out)[0]["request"] == {"ExportId": "mine"}
    done = cli("cases", STOP.id, "--bind", "ExportId=bound", "--case", base)
    assert json.loads(done.out)[0]["request"] == {"ExportId": "bound"}


def test_cases_are_written_to_a_folder_and_compared_with_it(cli, folder):
    """A line per file that differs; exit code 1 then."""
    done = cli("cases", STOP.id, "--out", "out")
    count = len(all_cases(STOP, wire_of(STOP)))
    assert (done.code, done.out) == (0, f"{count} cases written to out\n")
    files = sorted((folder / "out").rglob("*.json"))
    assert len(files) == count
    done = cli("cases", STOP.id, "--out", "out", "--check")
    assert (done.code, done.out) == (0, "")
    files[0].write_text("{}")
    files[1].unlink()
    done = cli("cases", STOP.id, "--out", "out", "--check")
    assert done.code == 1
    assert sorted(line.rpartition(": ")[2] for line in done.out.splitlines()) == [
        "differs",
        "missing",
    ]


def test_a_comparison_needs_a_folder(cli):
    """Nothing is compared with nothing."""
    done = cli("cases", STOP.id, "--check")
    assert done.message == "--check compares with a folder; name it with --out DIR"


@pytest.mark.parametrize("command", ["cases", "derive", "drift"])
def test_an_unknown_service_is_one_line(cli, command):
    """With what can be done about it."""
    done = cli(command, "nosuchservice:Operation")
    assert done.code == 2
    assert "nosuchservice" in done.message


def test_schemas_are_derived_and_compared(cli, folder):
    """A file that was changed by hand is told; exit code 1 then."""
    done = cli("derive", STOP.id, "--out", "s")
    assert (done.code, done.out) == (0, "2 documents written to s\n")
    written = folder / "s" / "mailmanager" / "StopArchiveExport.request.json"
    assert json.loads(written.read_text()) == STOP.request
    assert cli("derive", STOP.id, "--out", "s", "--check").code == 0
    written.write_text("{}")
    done = cli("derive", STOP.id, "--out", "s", "--check")
    assert done.code == 1
    assert "StopArchiveExport.request.json" in done.out


def test_schemas_are_derived_into_the_folder_schemas(cli, folder):
    """Where a checkout keeps them; other files there are nobody's concern."""
    shutil.copytree(SCHEMAS, folder / "schemas")
    done = cli("derive", STOP.id, "--check")
    assert (done.code, done.out) == (0, "")


def test_a_page_is_merged(cli, folder):
    """What it says stands in the schema beside the model's word."""
    done = cli("derive", EXPORT.id, "--page", str(PAGES), "--out", "s")
    assert done.code == 0, done.err
    written = folder / "s" / "mailmanager" / "StartArchiveExport.request.json"
    assert json.loads(written.read_text()) == EXPORT.request


def test_disagreements_are_told_one_per_line(cli):
    """From the committed schema, or from pages that are given: the same."""
    committed = cli("drift", EXPORT.id)
    given = cli("drift", EXPORT.id, "--page", str(PAGES))
    assert (committed.code, given.code) == (1, 1)
    assert committed.out == given.out
    assert "IncludeMetadata" in committed.out
    assert any("404" in line and "400" in line for line in committed.out.splitlines())


def test_sources_that_agree_are_0(cli):
    """An operation with a model alone."""
    done = cli("drift", STOP.id)
    assert (done.code, done.out) == (0, "")


def test_a_page_that_cannot_be_read_is_one_line(cli):
    """It is named."""
    done = cli("drift", EXPORT.id, "--page", "nowhere.txt")
    assert done.code == 2
    assert "nowhere.txt" in done.message


def test_faults_are_listed(cli):
    """One per line."""
    done = cli("serve", "--list-faults")
    assert done.code == 0
    assert "ArchiveId.pattern/not-enforced" in done.out.splitlines()


def test_an_unknown_fault_is_one_line(cli):
    """With the nearest there is."""
    done = cli("serve", "--fault", "ArchiveId.pattern/not-enforce")
    assert done.code == 2
    assert "did you mean 'ArchiveId.pattern/not-enforced'?" in done.message


def test_a_port_in_use_is_one_line(cli):
    """With what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = cli("serve", "--port", str(port))
    assert done.code == 2
    assert done.message.startswith(f"cannot listen on 127.0.0.1:{port}: ")


def test_the_embedded_implementation_is_served_until_interrupted(command, untraced):
    """With its faults, at the URL that it says."""
    words = [*command, "serve", "--port", "0", "--fault", "ArchiveId.pattern/not-enforced"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=untraced) as server:
        try:
            url = server.stdout.readline().removeprefix("serving ").partition(",")[0]
            reply = httpx2.post(url, content=b"{}", trust_env=False)
            server.send_signal(signal.SIGINT)
            assert server.wait(timeout=300) == 0
        finally:
            server.kill()
    assert reply.json()["__type"] == "UnknownOperationException"


def test_an_openapi_document_is_printed_or_written(cli, folder):
    """The same to the letter; the file is complete or not there."""
    printed = cli("openapi", EXPORT.id, STOP.id)
    assert (printed.code, printed.err) == (0, "")
    assert len(json.loads(printed.out)["paths"]) == 2
    written = cli("openapi", EXPORT.id, STOP.id, "--out", "deep/openapi.json")
    assert (written.code, written.out) == (0, "2 operations written to deep/openapi.json\n")
    assert (folder / "deep" / "openapi.json").read_text() == printed.out


def test_an_openapi_document_that_cannot_be_is_one_line(cli):
    """No operation, an unknown one, and one of another protocol."""
    assert cli("openapi").message.startswith("SERVICE:OPERATION... is missing; ")
    assert "did you mean" in cli("openapi", "mailmanager:StartArchiveExports").message
    done = cli("openapi", "s3:GetObject", "--out", "openapi.json")
    assert done.code == 2
    assert "speaks rest-xml" in done.message
    assert not Path("openapi.json").exists()


def test_a_finer_case_is_printed_by_its_id(cli):
    """It is on no list that is printed whole, and in what a run of `fuzz` names."""
    id = "StartArchiveExport/ArchiveId.pattern/repeat1-u003b-spread"
    done = cli("cases", EXPORT.id, "--case", id)
    assert done.code == 0
    (case,) = json.loads(done.out)
    assert case["id"] == id
    assert ";" in case["request"]["ArchiveId"]
    assert id not in cli("cases", EXPORT.id, "--format", "ndjson").out


@pytest.mark.parametrize(
    "operation",
    ["lambda:CreateAlias", "s3:DeleteObject", "iam:CreateUser", "ec2:CreateTags", "sns:Publish"],
)
def test_cases_need_no_wire(cli, folder, operation):
    """Values have none: only a body, which is asked for, and sending need a wire."""
    done = cli("cases", operation, "--format", "ndjson")
    assert (done.code, done.err) == (0, "")
    cases = [json.loads(line) for line in done.out.rstrip("\n").split("\n")]
    assert {case["expects"] for case in cases} >= {"accept", "reject"}
    values = [case for case in cases if "message" not in case]
    assert all("request" in case for case in values)
    written = cli("cases", operation, "--out", "cases")
    assert (written.code, written.err) == (0, "")
    assert any((folder / "cases" / "valid").iterdir())
    assert cli("schema", operation).code == 0


def test_one_is_told_in_the_singular(cli):
    """Whatever is written."""
    assert cli("openapi", EXPORT.id, "--out", "o.json").out == "1 operation written to o.json\n"
    id = "StartArchiveExport/ArchiveId.pattern/trailing-newline"
    assert cli("cases", EXPORT.id, "--case", id, "--out", "c").out == "1 case written to c\n"


@pytest.mark.parametrize("name", ["", ":", "mailmanager:", ":GetArchive"])
def test_half_a_name_derives_nothing(cli, folder, name):
    """It might mean a whole service, whose documents would be written over."""
    done = cli("derive", name, "--out", "here")
    assert done.code == 2
    assert "write SERVICE or SERVICE:OPERATION" in done.message
    assert not (folder / "here").exists()
