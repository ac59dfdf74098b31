"""`contract-kit fuzz`: what users give it, where its options come from, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from contract_kit import operation
from contract_kit.fuzz.campaign.campaign import Campaign
from contract_kit.reference.http import running

EXPORT = "mailmanager:StartArchiveExport"
GOOD = {
    "ArchiveId": "a-mine",
    "FromTimestamp": 1,
    "ToTimestamp": 2,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket"}},
}


@pytest.fixture(scope="module")
def correct():
    """The URL of the embedded implementation."""
    with running() as url:
        yield url


@pytest.fixture(scope="module")
def lax():
    """The URL of one that does not check the pattern of ArchiveId."""
    with running(("ArchiveId.pattern/not-enforced",)) as url:
        yield url


def report_of(folder):
    """The JSON report of a run."""
    return json.loads((folder / "r.json").read_text())


S3_BINDING = "ExportDestinationConfiguration.S3.S3Location=s3://my-bucket/x-y"

REPORT = ("--report", "json:r.json")


def test_without_arguments_it_runs_against_the_embedded_implementation(cli):
    """Which conforms: exit code 0, a line per member, and progress in plain lines."""
    done = cli("fuzz")
    assert done.code == 0
    assert done.out.splitlines()[-1] == "conforms: nothing found"
    assert done.out.startswith(f"{EXPORT} at the embedded implementation (awsJson1.0)\n\n")
    assert done.err.splitlines()[-1].endswith(" cases and examples")
    assert "\x1b" not in done.out + done.err


def test_a_target_that_conforms_is_0(cli, correct, one_case):
    """Over HTTP as well."""
    done = cli("fuzz", EXPORT, "--url", correct, *one_case)
    assert (done.code, done.out.splitlines()[-1]) == (0, "conforms: nothing found")


def test_a_target_that_does_not_conform_is_1(cli, lax, one_case):
    """The finding is shown with the line that repeats it."""
    done = cli("fuzz", EXPORT, "--url", lax, *one_case)
    assert done.code == 1
    assert "1  too lax  ArchiveId.pattern\n   case        StartArchiveExport/" in done.out
    assert "curl -sS -i -X POST --aws-sigv4 aws:amz:us-east-1:ses" in done.out
    assert lax in done.out


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ("mailmanager:StartArchiveExpor", "--url", "http://127.0.0.1:9"),
            "service mailmanager has no operation 'StartArchiveExpor'; "
            "did you mean mailmanager:StartArchiveExport?",
        ),
        (
            ("StartArchiveExport", "--url", "http://127.0.0.1:9"),
            "'StartArchiveExport' names no operation; write SERVICE:OPERATION, "
            "for example mailmanager:StartArchiveExport",
        ),
        ((EXPORT,), f"give the implementation of {EXPORT} with --url or --app"),
        (
            ("mailmanager:StartArchivExport",),
            "service mailmanager has no operation 'StartArchivExport'; "
            "did you mean mailmanager:StartArchiveExport?",
        ),
        (
            (EXPORT, "--url", "http://127.0.0.1:9", "--app", "a:b"),
            "--url and --app name two targets; give one of them",
        ),
        (
            (EXPORT, "--url", "http://127.0.0.1:9", "--app-kind", "wsgi"),
            "--app-kind describes --app; give --app as well",
        ),
        (
            ("--app", "server:app"),
            "name the operation, for example mailmanager:StartArchiveExport",
        ),
        (
            (EXPORT, "--app", "nowhere:app"),
            "--app nowhere:app: there is no module nowhere; "
            "modules are looked for in the working directory first",
        ),
        (
            ("--url", "http://127.0.0.1:9"),
            "name the operation, for example mailmanager:StartArchiveExport",
        ),
        (
            (EXPORT, "--url", "localhost:8000"),
            "'localhost:8000' is not the URL of a server; write, for example, http://127.0.0.1:8000",
        ),
        (
            (EXPORT, "--url", "https://mail-manager.us-east-1.amazonaws.com"),
            "mail-manager.us-east-1.amazonaws.com belongs to AWS, where requests cost money and "
            "change data; repeat with --allow-host mail-manager.us-east-1.amazonaws.com if you "
            "mean it",
        ),
        (("--bind", "ArchiveId"), "--bind 'ArchiveId' has no '='; write MEMBER=VALUE"),
        (("--bind", "=x"), "'' names no member; write MEMBER=VALUE"),
        (
            ("--bind", "Archive=x"),
            f"{EXPORT} has no 'Archive': nothing is called 'Archive' there; "
            "did you mean ArchiveId?",
        ),
        (
            ("--bind", "Nothing=x"),
            f"{EXPORT} has no 'Nothing': nothing is called 'Nothing' there; "
            "write member names as in Filters.Include[].BooleanExpression",
        ),
        (
            ("--bind", "MaxResults=ten"),
            "--bind MaxResults=ten: 'ten' is not JSON, which MaxResults needs",
        ),
        (
            ("--header", "X-Key"),
            "--header 'X-Key' is not a header; write NAME:VALUE in plain ASCII",
        ),
        (
            ("--header", "x-amz-target: X.Y"),
            "--header x-amz-target: the kit sets it for each request; leave it out",
        ),
        (
            ("--header", "X Key: 1"),
            "--header 'X Key: …' is not a header; write NAME:VALUE in plain ASCII",
        ),
        (
            ("--header", "X-Key: é"),
            "--header 'X-Key: …' is not a header; write NAME:VALUE in plain ASCII",
        ),
        (
            ("--request", "nowhere.json"),
            "nowhere.json: No such file or directory; give a request as a JSON object",
        ),
        (("--report", "json"), "--report 'json': write FORMAT:PATH with a format of json, junit"),
        (
            ("--report", "xml:r.xml"),
            "--report 'xml:r.xml': write FORMAT:PATH with a format of json, junit",
        ),
        (("--report", "json:"), "--report 'json:': write FORMAT:PATH with a format of json, junit"),
        (
            ("--case", "StartArchiveExport/ArchiveId.pattern/trailing-newlin"),
            f"{EXPORT} has no case 'StartArchiveExport/ArchiveId.pattern/trailing-newlin'; "
            "did you mean StartArchiveExport/ArchiveId.pattern/trailing-newline?",
        ),
        (("--case", "zzz"), f"{EXPORT} has no case 'zzz'; see `contract-kit cases {EXPORT}`"),
        (
            ("--profile", "x"),
            "--profile: 'x' is not one of strict, lenient",
        ),
        (("--seed", "-1"), "--seed: -1 is not a whole number from 0"),
        (("--timeout", "0"), "--timeout: 0 is not between 0 and 86400 seconds"),
        (
            ("--timeout", "nan"),
            "--timeout: nan is not between 0 and 86400 seconds",
        ),
        (
            ("--timeout", "inf"),
            "--timeout: inf is not between 0 and 86400 seconds",
        ),
    ],
)
def test_what_cannot_be_done_is_one_line_that_says_what_to_do(cli, args, message):
    """Exit code 2, nothing on standard output."""
    done = cli("fuzz", *args)
    assert (done.code, done.out, done.message) == (2, "", message)


def test_nobody_at_the_url_is_one_line(cli, closed_port):
    """Not a finding."""
    url = f"http://127.0.0.1:{closed_port}"
    done = cli("fuzz", EXPORT, "--url", url, "--startup-timeout", "0.3", *REPORT)
    assert done.code == 2
    assert done.message.startswith(f"nothing answers at {url}: cannot connect: Connection refused")
    assert "asked for 0.3 s (--startup-timeout)" in done.message
    assert done.message.endswith("; is the server running?")


@pytest.mark.parametrize("path", [".", "file/r.json", "/dev/null/r.json"])
def test_a_report_that_cannot_be_written_is_told_before_the_run(cli, folder, path):
    """Not after minutes of it."""
    (folder / "file").write_text("")
    done = cli("fuzz", "--report", f"json:{path}")
    assert (done.code, done.out) == (2, "")
    assert done.message.startswith(f"{path}: cannot be written: ")


def test_a_run_that_did_not_begin_claims_nothing(cli, folder):
    """The report that was asked for is there, and says so."""
    cli("fuzz", "--case", "zzz", *REPORT)
    report = report_of(folder)
    assert (report["conforms"], report["ended"], report["cases"]) == (False, "not begun", 0)


def test_a_host_of_aws_is_allowed_by_name(cli, monkeypatch):
    """Nothing is sent in this test."""
    monkeypatch.setattr(Campaign, "run", lambda self: None)
    host = "mail-manager.us-east-1.amazonaws.com"
    done = cli("fuzz", EXPORT, "--url", f"http://{host}", "--allow-host", host)
    assert done.code == 2
    assert done.err.startswith("contract-kit: nothing was proven: only 0 of 93 constraints")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "invalid JSON at 1:2; give"),
        ("", "invalid JSON at 1:1; give"),
        ("[" * 100_000, "nests too deeply; give"),
        ("{}", "breaks ArchiveId.required: Value null at 'archiveId' failed to satisfy"),
        ("[]", "breaks request.type: "),
        ("null", "breaks request.type: "),
        (
            json.dumps({**GOOD, "MaxResults": "x"}),
            "breaks MaxResults.type: Value 'x' at 'maxResults'",
        ),
    ],
)
def test_a_request_file_that_is_no_conforming_request_is_one_line(cli, folder, text, said):
    """It names the file, and what is wrong with it."""
    (folder / "request.json").write_text(text)
    done = cli("fuzz", "--request", "request.json")
    assert done.code == 2
    assert done.message.startswith(f"request.json: {said}")


def test_a_request_file_is_what_cases_start_from(cli, folder, lax, one_case):
    """With or without a byte-order mark."""
    (folder / "request.json").write_text(json.dumps(GOOD), encoding="utf-8-sig")
    done = cli("fuzz", EXPORT, "--url", lax, "--request", "request.json", *one_case, *REPORT)
    assert done.code == 1
    sent = json.loads(report_of(folder)["findings"][0]["request"]["body"])
    assert sent == {**GOOD, "ArchiveId": "a-mine\n"} or sent["FromTimestamp"] == 1


def test_a_request_file_may_have_places_for_numbers(cli, folder, one_case):
    """It conforms with a number in their place."""
    (folder / "request.json").write_text(json.dumps({**GOOD, "ArchiveId": "a-{seq}"}))
    assert cli("fuzz", "--request", "request.json", *one_case).code == 0


def test_bindings_are_text_for_strings_and_json_for_all_else(cli, folder, lax, one_case):
    """Each in its place."""
    bindings = ("--bind", "FromTimestamp=5", "--bind", "ToTimestamp=1e3", "--bind", S3_BINDING)
    done = cli("fuzz", EXPORT, "--url", lax, *bindings, *one_case, *REPORT)
    assert done.code == 1
    sent = json.loads(report_of(folder)["findings"][0]["request"]["body"])
    assert (sent["FromTimestamp"], sent["ToTimestamp"]) == (5, 1000)
    assert sent["ExportDestinationConfiguration"] == {"S3": {"S3Location": "s3://my-bucket/x-y"}}


@pytest.mark.parametrize(
    ("binding", "breaks"),
    [
        ("ArchiveId=", "ArchiveId.minLength"),
        ("ArchiveId=a-" + "x" * 80, "ArchiveId.maxLength"),
        ("ArchiveId=a-{seq}!", "ArchiveId.pattern"),
        ("MaxResults=0.5", "MaxResults.type"),
        ("ExportDestinationConfiguration={}", "ExportDestinationConfiguration.union"),
        (
            "Filters.Include[].BooleanExpression.Operator=x",
            "Filters.Include[].BooleanExpression.Operator.enum",
        ),
    ],
)
def test_a_binding_that_does_not_conform_is_told_before_anything_is_sent(cli, binding, breaks):
    """With the constraint; nothing listens at the URL, and nobody asks."""
    url = ("--url", "http://127.0.0.1:1")
    for args in (("fuzz", EXPORT, *url), ("cases", EXPORT)):
        done = cli(*args, "--bind", binding)
        assert done.code == 2
        start = f"--bind {binding.partition('=')[0]}: the value breaks {breaks}: "
        assert done.message.startswith(start)
        assert done.message.endswith("; give a value that conforms")


def test_a_binding_conforms_with_a_number_in_its_place(cli, one_case):
    """As a request file does."""
    assert cli("fuzz", "--bind", "ArchiveId=a-{seq}", *one_case).code == 0


def test_a_case_that_is_repeated_carries_the_users_options(cli, folder, one_case):
    """The line that prints a long body makes the same one."""
    (folder / "my request.json").write_text(json.dumps(GOOD))
    with running(("Filters.Include.maxItems/not-enforced",)) as url:
        options = ("--bind", "ArchiveId=a-b", "--request", "my request.json")
        case = "StartArchiveExport/Filters.Include.maxItems/one-too-many"
        done = cli("fuzz", EXPORT, "--url", url, *options, "--case", case, *REPORT)
    assert done.code == 1, done.err
    (finding,) = report_of(folder)["findings"]
    body = cli("cases", EXPORT, *options, "--case", case, "--format", "body")
    assert json.loads(finding["request"]["body"]) == json.loads(body.out)


def test_headers_go_with_every_request(cli, one_case):
    """And the region into every signature."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            seen.append(dict(self.headers))
            self.send_response(404)
            self.end_headers()

        def log_message(self, format, *args):
            """Silence."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        options = ("--header", "X-Key: a b", "--header", "X-Other:1", "--region", "eu-west-9")
        done = cli("fuzz", EXPORT, "--url", url, *options)
        server.shutdown()
        thread.join()
    assert done.code == 2
    assert "StartArchiveExport is not implemented" in done.message
    assert seen
    for headers in seen:
        assert (headers["X-Key"], headers["X-Other"]) == ("a b", "1")
        assert "/eu-west-9/ses/aws4_request" in headers["Authorization"]


def test_the_profile_is_the_users(cli, folder, one_case):
    """And told in the report."""
    assert cli("fuzz", "--profile", "lenient", *one_case, *REPORT).code == 0
    assert report_of(folder)["profile"] == "lenient"


def test_options_win_over_environment_over_configuration_over_defaults(
    cli, folder, one_case, monkeypatch
):
    """The seed shows where it came from."""

    def seed(*args):
        assert cli("fuzz", *one_case, *REPORT, *args).code == 0
        return report_of(folder)["seed"]

    assert seed() == 0
    (folder / "pyproject.toml").write_text("[tool.contract-kit.fuzz]\nseed = 1\n")
    assert seed() == 1
    monkeypatch.setenv("CONTRACT_KIT_FUZZ_SEED", "2")
    assert seed() == 2
    assert seed("--seed", "3") == 3


def test_the_configuration_may_name_operation_url_and_lists(cli, folder, lax):
    """So that `contract-kit fuzz` alone is enough in a repository."""
    (folder / "pyproject.toml").write_text(
        f"""
        [tool.contract-kit.fuzz]
        operation = "{EXPORT}"
        url = "{lax}"
        case = ["StartArchiveExport/ArchiveId.pattern/trailing-newline"]
        report = ["json:r.json"]
        """
    )
    assert cli("fuzz").code == 1
    assert report_of(folder)["target"] == lax


def test_the_environment_may_name_the_url(cli, lax, one_case, monkeypatch):
    """The operation is then still to be given."""
    monkeypatch.setenv("CONTRACT_KIT_FUZZ_URL", lax)
    assert cli("fuzz", EXPORT, *one_case).code == 1
    assert cli("fuzz", *one_case).message.startswith("name the operation")


def test_several_reports_are_written_each_whole(cli, folder, one_case):
    """Folders on the way are made, older files replaced."""
    (folder / "a.json").write_text("old")
    done = cli("fuzz", *one_case, "--report", "json:a.json", "--report", "json:deep/b.json")
    assert done.code == 0
    first, second = (folder / name for name in ("a.json", "deep/b.json"))
    assert first.read_bytes() == second.read_bytes()
    assert json.loads(first.read_text())["conforms"] is True


def test_an_interruption_keeps_what_was_found(cli, folder, monkeypatch, one_case):
    """Exit code 2, since not all was tested; the report says so."""

    def interrupted(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(Campaign, "finish", interrupted)
    done = cli("fuzz", *one_case, *REPORT)
    assert done.code == 2
    assert done.err.splitlines()[-1] == (
        "contract-kit: interrupted; the report has what was found so far"
    )
    assert "ended early: interrupted" in done.out
    report = report_of(folder)
    assert (report["ended"], report["cases"]) == ("interrupted", 1)


def test_one_case_shows_the_constraint_that_it_is_about(cli):
    """Not the others, of which it tells nothing."""
    done = cli("fuzz", "--case", "StartArchiveExport/ArchiveId.pattern/trailing-newline")
    assert done.code == 0
    assert done.out.splitlines()[2:4] == ["  ArchiveId  ✓ pattern", ""]
    assert "1 case, " in done.out


def test_long_ids_stand_whole_where_output_is_no_terminal(cli):
    """So that they can be searched for."""
    out = cli("fuzz", "-v", "--max-examples", "0").out
    for constraint in operation(EXPORT).constraints:
        assert f" {constraint.id} " in out, constraint.id


def test_two_reports_to_one_file_are_one_line(cli, folder):
    """The second would take the place of the first; nothing is written or sent."""
    done = cli("fuzz", "--report", "json:a.out", "--report", "junit:a.out")
    assert done.code == 2
    assert done.message.startswith(
        "--report 'junit:a.out': a.out is already used for another report"
    )
    assert not list(folder.iterdir())


def test_columns_give_the_width_of_a_report_that_is_piped(cli, monkeypatch):
    """Whoever sets it has a place of that width for it."""
    monkeypatch.setenv("COLUMNS", "80")
    matrix = cli("fuzz", "--max-examples", "0").out.partition("\nnote:")[0].splitlines()
    assert len(matrix) > 20
    assert max(map(len, matrix)) <= 80


def test_a_report_to_a_hyphen_goes_to_standard_output(folder):
    """As everywhere; no file has that name."""
    case = "StartArchiveExport/ArchiveId.required/absent"
    command = [sys.executable, "-m", "contract_kit", "fuzz", "--max-examples", "0", "--case", case]
    done = subprocess.run(
        [*command, "--report", "json:-"], capture_output=True, check=False, text=True
    )
    assert json.loads(done.stdout[done.stdout.index("{") : done.stdout.rindex("}") + 1])
    assert not (folder / "-").exists()


def test_a_member_is_bound_once(cli):
    """Which of two values was meant, nobody knows."""
    done = cli("fuzz", "--bind", "ArchiveId=a-1", "--bind", "ArchiveId=a-2")
    assert (done.code, done.out) == (2, "")
    assert done.message == "--bind ArchiveId is given twice; keep one of its values"
