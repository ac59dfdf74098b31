"""Signatures: the ones that botocore's own client makes, with credentials of no one."""

from __future__ import annotations

import datetime
from dataclasses import replace

import botocore.auth
import botocore.session
import pytest
from botocore.awsrequest import AWSResponse

from contract_kit import operation
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.message import Message
from contract_kit.wire.sigv4 import DUMMY, Signer

EXPORT = operation("mailmanager:StartArchiveExport")
URL = "http://127.0.0.1:8123"
REQUEST = {
    "ArchiveId": "a-1",
    "FromTimestamp": 1,
    "ToTimestamp": 2,
    "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/é"}},
}
NOW = datetime.datetime(2026, 5, 17, 12, 30, 15)


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    """Every signature is made at the same second."""
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: NOW)


def authorization(message: Message) -> str:
    """The Authorization header."""
    return dict(message.headers)["Authorization"]


class _Raw:
    """The body of a canned response."""

    def stream(self):
        """One chunk."""
        return iter([b'{"ExportId":"export-1"}'])


def sent_by_botocore(region):
    """The signed request that a real client sends for REQUEST."""
    sent = []

    def keep(request, **_):
        sent.append(request)
        headers = {"content-type": "application/x-amz-json-1.0"}
        return AWSResponse(request.url, 200, headers, _Raw())

    session = botocore.session.Session()
    session.set_credentials(DUMMY.access_key, DUMMY.secret_key)
    client = session.create_client("mailmanager", region_name=region, endpoint_url=URL)
    client.meta.events.register("before-send", keep)
    client.start_archive_export(**REQUEST)
    return sent[0]


def test_a_signature_is_the_one_that_a_real_client_makes(monkeypatch):
    """Same message, same moment, same credentials: botocore's client is the independent oracle."""
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    request = sent_by_botocore("eu-west-3")
    headers = {
        name: value.decode() if isinstance(value, bytes) else value
        for name, value in request.headers.items()
    }
    unsigned = Message(
        headers=tuple((name, headers[name]) for name in ("Content-Type", "X-Amz-Target")),
        body=request.body,
    )
    signed = dict(Signer(EXPORT, URL, "eu-west-3").sign(unsigned).headers)
    assert signed["Authorization"] == headers["Authorization"]
    assert signed["X-Amz-Date"] == headers["X-Amz-Date"] == "20260517T123015Z"


def test_the_scope_names_region_and_signing_name():
    """Mail Manager signs as `ses`: a server that checks the scope looks for that."""
    signed = Signer(EXPORT, URL, "eu-west-3").sign(AwsJson().encode(EXPORT, REQUEST))
    scope = "Credential=AKIDEXAMPLE/20260517/eu-west-3/ses/aws4_request"
    assert scope in authorization(signed)


@pytest.mark.parametrize(
    "changed",
    [
        Message(body=b"{}"),
        Message(method="PUT"),
        Message(path="/x"),
        Message(headers=(("X-Amz-Target", "A.B"),)),
    ],
)
def test_a_signature_covers_the_whole_message(changed):
    """Whatever changes, so does the signature."""
    signer = Signer(EXPORT, URL, "us-east-1")
    assert authorization(signer.sign(changed)) != authorization(signer.sign(Message()))


def test_a_signature_covers_the_host():
    """It is made for one server."""
    here, there = (Signer(EXPORT, url, "us-east-1") for url in (URL, "http://other.test"))
    assert authorization(here.sign(Message())) != authorization(there.sign(Message()))


def test_signing_adds_two_headers_and_changes_nothing_else():
    """What is sent is what the case says; an older signature is replaced."""
    message = AwsJson().encode(EXPORT, REQUEST)
    signer = Signer(EXPORT, URL, "us-east-1")
    once = signer.sign(message)
    assert once.headers[:-2] == message.headers
    assert (once.method, once.path, once.body) == (message.method, message.path, message.body)
    assert signer.sign(once) == once


def test_a_message_without_a_content_type_is_signed_as_it_is():
    """The probe of a missing content type stays one."""
    message = AwsJson().encode(EXPORT, REQUEST).with_header("Content-Type", None)
    signed = Signer(EXPORT, URL, "us-east-1").sign(message)
    assert "SignedHeaders=host;x-amz-date;x-amz-target" in authorization(signed)
    assert "content-type" not in {name.lower() for name, _ in signed.headers}


def test_credentials_of_the_user_are_never_used(monkeypatch, tmp_path):
    """Neither from the environment nor from files: requests go to implementations under test."""
    message = AwsJson().encode(EXPORT, REQUEST)
    before = Signer(EXPORT, URL, "us-east-1").sign(message)
    files = tmp_path / "credentials"
    files.write_text(
        "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = f\nregion = eu-west-1\n"
    )
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIAENVIRONMENT",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "token",
        "AWS_PROFILE": "default",
        "AWS_REGION": "eu-central-1",
        "AWS_SHARED_CREDENTIALS_FILE": str(files),
        "AWS_CONFIG_FILE": str(files),
    }.items():
        monkeypatch.setenv(name, value)
    assert botocore.session.Session().get_credentials().access_key == "AKIAENVIRONMENT"
    after = Signer(EXPORT, URL, "us-east-1").sign(message)
    assert after == before
    assert "AKIDEXAMPLE" in authorization(after)
    assert "x-amz-security-token" not in {name.lower() for name, _ in after.headers}


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.example.com", "data-api.example.com"),
        ("https://api.example.com:8443/aws", "data-api.example.com:8443"),
        ("http://localhost:4566", None),
        ("http://127.0.0.1:4566", None),
        ("http://[::1]:4566", None),
        ("http+unix://%2Frun%2Fapi.sock", None),
    ],
)
def test_an_operation_may_put_a_prefix_before_the_host(url, host):
    """Where names have names below them; the connection still goes where the user said."""
    message = replace(AwsJson().encode(EXPORT, {}), host_prefix="data-")
    signed = Signer(EXPORT, url, "us-east-1").sign(message)
    assert dict(signed.headers).get("Host") == host
