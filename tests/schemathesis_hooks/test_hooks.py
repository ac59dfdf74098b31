"""What importing the hooks registers."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys

import botocore.auth
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from contract_kit import operation
from contract_kit.openapi.document import openapi_document
from contract_kit.reference.http import running

schemathesis = pytest.importorskip("schemathesis", reason="needs the extra schemathesis")

GOOD = {
    "ArchiveId": "a-known",
    "FromTimestamp": 1700000000,
    "ToTimestamp": 1700086400,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/path"}},
}
PATH = "/#X-Amz-Target=MailManagerSvc.StartArchiveExport"
TARGET = {"X-Amz-Target": "MailManagerSvc.StartArchiveExport"}


@pytest.fixture(scope="module")
def hooks():
    """The module, imported once: it registers itself with schemathesis."""
    import contract_kit.schemathesis_hooks as module

    return module


@pytest.fixture
def case(hooks):
    """`case(url, body, …)`: one case of schemathesis for StartArchiveExport."""

    def make(url, body, *, headers=(), document=None):
        document = document or openapi_document([operation("mailmanager:StartArchiveExport")])
        schema = schemathesis.openapi.from_dict(document)
        schema.config.update(base_url=url)
        return schema[PATH]["POST"].Case(
            body=body, headers={**TARGET, **dict(headers)}, media_type="application/x-amz-json-1.0"
        )

    return make


def test_a_request_is_sent_to_the_root_as_awsjson_and_signed(case):
    """With credentials of no one; the reply is read as JSON."""
    with running() as url:
        response = case(url, GOOD).call()
    sent = response.request
    assert (sent.method, sent.path_url) == ("POST", "/")
    assert json.loads(sent.body) == GOOD
    assert sent.headers["Content-Type"] == "application/x-amz-json-1.0"
    assert "Credential=AKIDEXAMPLE/" in sent.headers["Authorization"]
    assert "/us-east-1/ses/aws4_request" in sent.headers["Authorization"]
    assert response.status_code == 200


@pytest.mark.parametrize("prefix", ["", "/behind/a/proxy"])
def test_the_signature_is_that_of_what_is_sent(case, monkeypatch, prefix):
    """botocore signs the same request in the same way, whatever the base URL."""
    moment = datetime.datetime(2026, 5, 17, 12, 30, 15)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: moment)
    with running() as url:
        sent = case(url + prefix, GOOD).call().request
    headers = {name: value for name, value in sent.headers.items() if name != "Authorization"}
    again = AWSRequest(method="POST", url=f"{url}{prefix}/", data=sent.body, headers=headers)
    SigV4Auth(Credentials("AKIDEXAMPLE", "contract-kit"), "ses", "us-east-1").add_auth(again)
    assert again.headers["Authorization"] == sent.headers["Authorization"]


def test_an_authorization_of_the_user_s_is_kept(case):
    """It is not signed over."""
    with running() as url:
        response = case(url, GOOD, headers={"Authorization": "mine"}).call()
    assert response.request.headers["Authorization"] == "mine"
    assert "X-Amz-Date" not in response.request.headers


@pytest.mark.parametrize(
    ("value", "sent"), [(b"{", b"{"), ({"a": 1}, b'{"a": 1}'), (None, b"null")]
)
def test_a_body_is_json_or_the_bytes_that_it_is(hooks, case, value, sent):
    """Malformed bodies are sent as they were made."""
    assert hooks.serialize(None, value) == sent


def test_what_json_lacks_is_written_as_text(hooks):
    """Schemathesis makes binary values inside of others."""
    assert hooks.serialize(None, {"a": {1}}) == b'{"a": "{1}"}'


def test_the_check_names_the_constraint_the_fact_and_its_origin(case, hooks):
    """And, for a request that breaks more, the others."""
    with running(("ArchiveId.pattern/not-enforced", "ArchiveId.minLength/not-enforced")) as url:
        made = case(url, {**GOOD, "ArchiveId": "x"})
        response = made.call()
        with pytest.raises(schemathesis.errors.FailureGroup) as caught:
            made.validate_response(response, checks=[hooks.contract])
    first, second = sorted(caught.value.exceptions, key=lambda failure: failure.title)
    assert (first.title, second.title) == (
        "too lax: ArchiveId.minLength",
        "too lax: ArchiveId.pattern",
    )
    assert first != second
    assert second.message.startswith(
        "accepted; an error is documented; the request breaks ArchiveId.minLength as well\n"
        "documented: must satisfy regular expression pattern: a-[\\w]{1,64} [model: botocore "
    )


def test_a_crash_that_several_constraints_may_be_behind_names_them_all(case, hooks):
    """None of them is accused alone."""
    with running(("ArchiveId.pattern/answered-with-500",)) as url:
        made = case(url, {**GOOD, "ArchiveId": "x"})
        with pytest.raises(schemathesis.errors.FailureGroup) as caught:
            made.validate_response(made.call(), checks=[hooks.contract])
    (failure,) = caught.value.exceptions
    assert failure.title == "crash: one of ArchiveId.minLength, ArchiveId.pattern"


def test_a_right_answer_passes_the_check(case, hooks):
    """A result for what conforms, a validation error for what does not."""
    with running() as url:
        for body in (GOOD, {**GOOD, "ArchiveId": "x"}, {}):
            made = case(url, body)
            made.validate_response(made.call(), checks=[hooks.contract])


def test_documents_of_others_are_left_alone(case, hooks):
    """Not signed, not judged, nothing dropped."""
    document = openapi_document([operation("mailmanager:StartArchiveExport")])
    del document["paths"][PATH]["post"]["x-contract"]
    with running(("ArchiveId.pattern/not-enforced",)) as url:
        made = case(url, {**GOOD, "ArchiveId": "x y z"}, document=document)
        response = made.call()
    assert response.status_code == 200
    assert "Authorization" not in response.request.headers
    assert hooks.contract(None, response, made) is True


def test_without_schemathesis_the_message_names_the_extra():
    """In one line."""
    script = (
        "import sys; sys.modules['schemathesis'] = None\n"
        "try: import contract_kit.schemathesis_hooks\n"
        "except ImportError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True
    )
    (line,) = done.stdout.splitlines()
    assert "pip install '.[schemathesis]'" in line
