"""What fixtures of users set up: bindings, resets, credentials; and every kind of target."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

FIXTURES = """
import pytest
from contract_kit.reference.wsgi import app as make

SEEN = []

def app(environ, start_response):
    SEEN.append(environ)
    return make()(environ, start_response)

@pytest.fixture(scope="session")
def contract_target():
    return app
"""

ONE = "ArchiveId.type"


def test_bindings_are_held_in_the_cases_of_all_other_members(project):
    """By member, or by operation and member."""
    for name, bindings in (
        ("a-mine", {"ArchiveId": "a-mine"}),
        ("a-own", {project.EXPORT: {"ArchiveId": "a-own"}, "other:Operation": {"X": 1}}),
    ):
        project.conftest(
            FIXTURES
            + f"""
@pytest.fixture(scope="session")
def contract_bindings():
    return {bindings!r}

@pytest.fixture(autouse=True, scope="session")
def check(contract_target):
    yield
    bodies = [environ["wsgi.input"] for environ in SEEN]
    assert bodies
    for body in bodies:
        body.seek(0)
        assert b'"{name}"' in body.read()
"""
        )
        project.run("--contract", "-k", "MaxResults").assert_outcomes(passed=2)


def test_a_member_of_one_operation_may_be_bound_for_several(project):
    """Each takes what it has."""
    project.conftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def contract_target():
            return lambda request: {}

        @pytest.fixture(scope="session")
        def contract_bindings():
            return {"ExportId": "e-1", "ArchiveId": "a-1"}
        """
    )
    operations = ("mailmanager:StopArchiveExport", "mailmanager:GetArchive")
    named = [word for name in operations for word in ("--contract-operation", name)]
    result = project.run("--contract", *named, "-k", "request.type and inside")
    result.assert_outcomes(passed=2)


def test_the_target_is_reset_before_each_operation(project):
    """Once each, with the operation's id."""
    project.conftest(
        """
        import pytest
        RESETS = []

        @pytest.fixture(scope="session")
        def contract_target():
            return lambda request: {}

        @pytest.fixture(scope="session")
        def contract_reset():
            yield RESETS.append
            assert RESETS == ["mailmanager:StopArchiveExport", "mailmanager:StopArchiveSearch"]
        """
    )
    operations = ("mailmanager:StopArchiveExport", "mailmanager:StopArchiveSearch")
    named = [word for name in operations for word in ("--contract-operation", name)]
    result = project.run("--contract", *named, "-k", "type and inside")
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] >= 2


def test_a_reset_that_fails_is_one_error(project):
    """In one line; the other items are skipped."""
    project.conftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def contract_target():
            return lambda request: {}

        @pytest.fixture(scope="session")
        def contract_reset():
            def reset(operation):
                raise OSError(f"no {operation}")
            return reset
        """
    )
    result = project.run("--contract", "-k", "ArchiveId.pattern")
    result.assert_outcomes(errors=1, skipped=1)
    result.stdout.fnmatch_lines(
        [f"{project.EXPORT}: contract_reset raised OSError: no {project.EXPORT}"]
    )


def test_a_request_that_the_target_accepts_can_be_given(project):
    """All cases start from it."""
    request = {
        "ArchiveId": "a-given",
        "FromTimestamp": 1,
        "ToTimestamp": 2,
        "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://given"}},
    }
    project.conftest(
        FIXTURES
        + f"""
@pytest.fixture(scope="session")
def contract_request():
    return {{{project.EXPORT!r}: {request!r}}}

@pytest.fixture(autouse=True, scope="session")
def check(contract_target):
    yield
    for environ in SEEN:
        environ["wsgi.input"].seek(0)
        assert b"s3://given" in environ["wsgi.input"].read()
"""
    )
    project.run("--contract", "-k", "ArchiveId.type").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("fixture", "key", "token"),
    [
        ("", "AKIDEXAMPLE", False),
        ("('AKMINE', 'secret')", "AKMINE", False),
        ("('AKMINE', 'secret', 'session')", "AKMINE", True),
    ],
)
def test_requests_are_signed_with_credentials_of_no_one_unless_given(
    project, monkeypatch, fixture, key, token
):
    """Whatever the environment holds."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKREAL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    given = f"\n@pytest.fixture(scope='session')\ndef contract_credentials(): return {fixture}\n"
    project.conftest(
        FIXTURES
        + (given if fixture else "")
        + f"""
@pytest.fixture(autouse=True, scope="session")
def check(contract_target):
    yield
    assert SEEN
    for environ in SEEN:
        assert "Credential={key}/" in environ["HTTP_AUTHORIZATION"]
        assert ("HTTP_X_AMZ_SECURITY_TOKEN" in environ) is {token}
"""
    )
    project.run("--contract", "-k", ONE).assert_outcomes(passed=1)


KINDS = {
    "url": """
from contract_kit.reference.http import running
@pytest.fixture(scope="session")
def contract_target():
    with running(FAULTS) as url:
        yield url
""",
    "wsgi": """
from contract_kit.reference.wsgi import app
@pytest.fixture(scope="session")
def contract_target():
    return app(FAULTS)
""",
    "asgi": """
from contract_kit.wire.message import Message
from contract_kit.reference.server import Reference
@pytest.fixture(scope="session")
def contract_target():
    reference = Reference(FAULTS)
    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            while True:
                event = await receive()
                await send({"type": event["type"] + ".complete"})
                if event["type"] == "lifespan.shutdown":
                    return
        body, more = b"", True
        while more:
            event = await receive()
            body, more = body + event.get("body", b""), event.get("more_body", False)
        headers = tuple((name.decode(), value.decode()) for name, value in scope["headers"])
        reply = reference.answer(
            Message(method=scope["method"], path=scope["path"], headers=headers, body=body)
        )
        raw = [(name.encode(), value.encode()) for name, value in reply.headers]
        await send({"type": "http.response.start", "status": reply.status, "headers": raw})
        await send({"type": "http.response.body", "body": reply.body})
    return app
""",
    "target": """
from contract_kit.reference.wsgi import app
from contract_kit.target.http import wsgi_target
@pytest.fixture(scope="session")
def contract_target():
    target = wsgi_target(app(FAULTS))
    yield target
    target.close()
""",
}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_target_of_any_kind_can_be_tested(project, kind):
    """The same items pass and fail."""
    project.conftest(f"import pytest\nFAULTS = ({project.LAX!r},)\n{KINDS[kind]}")
    result = project.run("--contract", "-k", "ArchiveId and not maxLength and not minLength")
    result.assert_outcomes(passed=3, failed=1)


def test_a_boto3_client_under_moto_can_be_tested(project, moto_loaded):
    """Its mock is active as long as the fixture lasts."""
    project.ini(operations="ssm:PutParameter", more="")
    project.conftest(
        """
        import boto3, pytest
        from moto import mock_aws

        @pytest.fixture(scope="session")
        def contract_target():
            with mock_aws():
                yield boto3.client(
                    "ssm", "us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
                )

        @pytest.fixture(scope="session")
        def contract_bindings():
            return {"Type": "String", "Name": "p-{seq}"}
        """
    )
    result = project.run("--contract", "-k", "Tier.enum or Value.required", "-W", "ignore")
    result.stdout.fnmatch_lines(["too lax  Tier.enum *", "FAILED *::Tier.enum/outside*"])
    # What it would repeat is what the kit refuses to send.
    result.stdout.no_fnmatch_line("*curl *")


def test_a_function_can_be_tested(project):
    """One that takes all it is given breaks every promise about requests."""
    project.conftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def contract_target():
            return lambda request: {"ExportId": "x"}
        """
    )
    result = project.run("--contract", "-k", "ArchiveId.pattern")
    result.assert_outcomes(passed=1, failed=1)


def test_a_server_that_waits_for_its_connections_can_stop(project):
    """They are closed before the fixture that holds the server ends."""
    project.conftest(
        """
        import threading
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        import pytest
        from contract_kit.wire.message import Message
        from contract_kit.reference.server import Reference

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            reference = Reference(())

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                reply = self.reference.answer(
                    Message(method="POST", headers=tuple(self.headers.items()), body=body)
                )
                self.send_response(reply.status)
                for name, value in reply.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, *args):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = False
            block_on_close = True

        @pytest.fixture(scope="session")
        def contract_target():
            with Server(("127.0.0.1", 0), Handler) as server:
                threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
                yield f"http://127.0.0.1:{server.server_port}"
                server.shutdown()
        """
    )
    project.run_apart("--contract", "-k", "ArchiveId.type").assert_outcomes(passed=1)


def test_rules_of_the_users_own_have_items(project):
    """From the settings beside the ini file; strategies of the operation keep them as well."""
    (project.path / "pyproject.toml").write_text(
        f'[[tool.contract-kit.rules."{project.EXPORT}"]]\nneed = {{MaxResults = "Filters"}}\n'
    )
    project.target()
    assert f"conftest.py::{project.EXPORT}::MaxResults.needs-Filters/outside" in project.items(
        "--contract"
    )
    project.test_module(
        f"""
        from contract_kit import operation
        from contract_kit.validate import Validator

        def test_rules():
            request = {{"MaxResults": 5}}
            found = Validator(operation("{project.EXPORT}")).violations(request)
            assert "MaxResults.needs-Filters" in [each.constraint for each in found]
        """
    )
    project.run().assert_outcomes(passed=1)
