"""boto3 clients as targets: under moto, and with an endpoint of their own."""

from __future__ import annotations

import os

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from contract_kit import operation
from contract_kit.errors import UsageError
from contract_kit.target import failures
from contract_kit.target.boto import BotoTarget
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.message import Message
from contract_kit.wire.sigv4 import Signer

PUT = operation("ssm:PutParameter")
LIST = operation("mailmanager:ListArchiveExports")
PARAMETER = {"Name": "p", "Type": "String", "Value": "v"}


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch, tmp_path):
    """Neither in the environment nor in files: nothing of the user's is needed."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def client_of():
    """`client_of(service, …)`: a client that is closed at the end of the test."""
    clients = []

    def make(service, **options):
        clients.append(boto3.client(service, region_name="us-east-1", **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def target_of():
    """`target_of(client, operation, …)`: a target that is closed at the end of the test."""
    targets = []

    def make(client, op, **options):
        targets.append(BotoTarget(client, op, **{"timeout": 30.0, **options}))
        return targets[-1]

    yield make
    for target in targets:
        target.close()


def message(target, op, request) -> Message:
    """A signed message, as a campaign sends it."""
    return Signer(op, target.url, "us-east-1").sign(AwsJson().encode(op, request))


def test_moto_answers_what_is_sent_and_not_what_the_client_would_send(client_of, target_of):
    """Raw bodies included, which no client can be made to write."""
    with mock_aws():
        client = client_of("ssm")
        target = target_of(client, PUT)
        reply = target.send(message(target, PUT, PARAMETER))
        assert (reply.status, reply.failure) == (200, "")
        assert AwsJson().decode(PUT, reply).kind == "result"
        wrong = target.send(message(target, PUT, {**PARAMETER, "Name": "ssm"}))
        assert AwsJson().decode(PUT, wrong).name == "ValidationException"
        assert [entry["Name"] for entry in client.describe_parameters()["Parameters"]] == ["p"]


def test_what_moto_raises_is_data_and_not_tried_again(client_of, target_of):
    """The client has patience for such things; a campaign has none."""
    with mock_aws():
        target = target_of(client_of("ssm"), PUT)
        reply = target.send(message(target, PUT, {**PARAMETER, "Name": 5}))
    assert reply.failure == "raised"
    assert reply.detail.startswith("the application raised AttributeError: ")


def test_aws_itself_is_not_asked(client_of, target_of):
    """Where nobody answers in its place, nothing is sent at all."""
    target = target_of(client_of("ssm"), PUT)
    assert target.url == "https://ssm.us-east-1.amazonaws.com"
    reply = target.send(message(target, PUT, PARAMETER))
    assert (reply.failure, reply.detail) == (
        "unreachable",
        "no mock answers in place of ssm.us-east-1.amazonaws.com, and AWS itself is not asked",
    )


def test_an_endpoint_gets_the_message_as_it_is(client_of, target_of, serve_replies, whole_reply):
    """Signed with credentials of no one; the client's own are not sent."""
    server = serve_replies(whole_reply(b"no", "X-A: 1", status="500 Oops"))
    client = client_of(
        "mailmanager",
        endpoint_url=f"{server.url}/base",
        aws_access_key_id="AKIASECRET",
        aws_secret_access_key="secret",
    )
    target = target_of(client, LIST, headers=(("X-Key", "k"),))
    sent = message(target, LIST, {"PageSize": "x"})
    reply = target.send(sent)
    target.renew()
    assert (reply.status, reply.body, reply.header("x-a")) == (500, b"no", "1")
    (received,) = server.received
    assert (received.line, received.body) == ("POST /base HTTP/1.1", b'{"PageSize":"x"}')
    assert {*sent.headers, ("X-Key", "k")} < set(received.headers)
    assert "AKIASECRET" not in str(received.headers)


def test_hooks_see_the_message(client_of, target_of):
    """Whoever answers in the endpoint's place, as moto does, is asked with it."""
    seen = []

    def answers(request, **_):
        seen.append((request.method, request.url, dict(request.headers), request.body))
        raise RuntimeError("down")

    client = client_of("mailmanager", endpoint_url="http://127.0.0.1:9")
    client.meta.events.register("before-send", answers)
    target = target_of(client, LIST, headers=(("X-Key", "k"),))
    sent = Message(method="PUT", path="/x", headers=(("A", "b"),), body=b"\xff")
    reply = target.send(sent)
    assert reply.detail == "the application raised RuntimeError: down"
    ((method, url, headers, body),) = seen
    assert (method, url, body) == ("PUT", "http://127.0.0.1:9/x", b"\xff")
    assert headers == {"A": "b", "X-Key": "k", "Content-Length": "1", "User-Agent": "contract-kit"}


def test_the_client_is_left_as_it_was(client_of, target_of):
    """Between messages and after them it works, and knows nothing of us."""
    with mock_aws():
        client = client_of("ssm")
        target = target_of(client, PUT)
        for name in ("p", "q"):
            target.send(message(target, PUT, {**PARAMETER, "Name": name}))
            client.put_parameter(Name=f"own-{name}", Type="String", Value="v")
        target.close()
        names = {entry["Name"] for entry in client.describe_parameters()["Parameters"]}
    assert names == {"p", "q", "own-p", "own-q"}


def test_a_reply_without_end_is_cut(client_of, target_of, monkeypatch):
    """From whoever answers."""
    monkeypatch.setattr(failures, "MAX_REPLY", 10)
    monkeypatch.setattr(failures, "ECHO", 0)
    with mock_aws():
        target = target_of(client_of("ssm"), PUT)
        reply = target.send(message(target, PUT, PARAMETER))
    assert reply.failure == "too-large"


def test_a_client_of_another_service_is_refused(client_of):
    """With the one that is needed."""
    with pytest.raises(
        UsageError,
        match="the client of ssm has no operation ListArchiveExports; give one of mailmanager",
    ):
        BotoTarget(client_of("ssm"), LIST)


def test_a_client_that_is_stubbed_above_the_wire_is_told(client_of, target_of):
    """It answers before there is a message: nothing can be sent through it."""
    client = client_of("ssm")
    target = target_of(client, PUT)
    with Stubber(client) as stubber:
        stubber.add_response("put_parameter", {"Version": 1})
        reply = target.send(AwsJson().encode(PUT, PARAMETER))
    assert reply.failure == "not-expressible"
    assert "without a Stubber" in reply.detail


def test_only_an_endpoint_of_ones_own_is_reached_by_others(client_of, target_of):
    """Whoever repeats a request must not end up at AWS."""
    assert target_of(
        client_of("ssm", endpoint_url="http://127.0.0.1:1"), PUT
    ).abilities.reached_by_url
    assert not target_of(client_of("ssm"), PUT).abilities.reached_by_url
    host = "ssm.us-east-1.amazonaws.com"
    assert not target_of(client_of("ssm"), PUT, allowed_host=host).abilities.reached_by_url
