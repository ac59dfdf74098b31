"""What a spy records and tells."""

from __future__ import annotations

import concurrent.futures
import contextlib
import inspect
import threading
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError
from botocore.stub import Stubber

from contract_kit import operation
from contract_kit.cases.boundary import boundary_cases
from contract_kit.errors import UnknownConstraint, UnknownOperation
from contract_kit.reference.http import running
from contract_kit.spy import spying

HERE = __file__
ROOT = Path(__file__).parents[2]


def here() -> int:
    """The line below the one that calls this."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno + 1


def ids(broken):
    """The ids of broken constraints."""
    return [each.constraint for each in broken]


@pytest.mark.usefixtures("moto")
def test_a_call_is_recorded_with_its_site_and_status(client):
    """The line of the code under test, not one of a library."""
    ssm = client("ssm")
    with spying() as spy:
        line = here()
        ssm.put_parameter(Name="/app/key", Value="v", Type="String")
    (call,) = spy.calls
    assert (call.operation, call.file, call.line) == ("ssm:PutParameter", HERE, line)
    assert call.site == f"{HERE}:{line}"
    assert (call.status, call.error, call.unchecked) == (200, "", "")
    assert (call.request, call.reply, spy.failures()) == ((), (), ())


@pytest.mark.usefixtures("moto")
def test_a_request_that_breaks_the_contract_is_told_with_site_constraint_value_and_fact(
    client, monkeypatch
):
    """moto answers it all the same: botocore checks no pattern and no greatest length."""
    monkeypatch.chdir(ROOT)
    ssm = client("ssm")
    with spying() as spy:
        line = here()
        ssm.put_parameter(Name="/app/key", Value="v", Type="String", AllowedPattern="x" * 1025)
    assert ids(spy.calls[0].request) == ["AllowedPattern.maxLength"]
    (text,) = spy.failures()
    assert text.splitlines() == [
        f"tests/spy/test_calls.py:{line}: ssm:PutParameter breaks AllowedPattern.maxLength",
        f"  Value '{'x' * 63}…' at 'allowedPattern' failed to satisfy constraint: "
        "Member must have length less than or equal to 1024",
        "  documented: must have length less than or equal to 1024 "
        "[model: botocore 1.44.5 ssm/2014-11-06]",
    ]


def test_what_botocore_refuses_before_it_is_sent_is_recorded_too(client, reference, export):
    """With our words for it, since botocore's show the value; nothing was sent."""
    mailmanager = client("mailmanager", endpoint_url=reference)
    with spying() as spy, pytest.raises(ParamValidationError):
        mailmanager.start_archive_export(**{**export, "MaxResults": "many", "Colour": 1})
    (call,) = spy.calls
    assert (call.error, call.status) == ("ParamValidationError", 0)
    assert ids(call.request) == ["MaxResults.type", "request.type"]
    assert "Value 'Colour' at 'colour'" in call.request[1].message


def test_the_reference_accepts_exactly_what_the_spy_calls_conforming(client, reference):
    """Over HTTP, and with botocore's own check switched off."""
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    mailmanager = client("mailmanager", endpoint_url=reference, config=config)
    cases = [
        case
        for case in boundary_cases(operation("mailmanager:StartArchiveExport"))
        if case.family in ("value", "required", "union")
        and case.expects in ("accept", "reject")
        # botocore drops what is null or unknown before it is sent, or gives up; so it does on
        # times that Python has no word for.
        and not any(
            word in case.id for word in ("null", "unknown", "other-case", "type-name", "Timestamp")
        )
    ]
    with spying() as spy:
        for case in cases:
            with contextlib.suppress(ClientError):
                mailmanager.start_archive_export(**case.request)
    assert len(spy.calls) == len(cases) > 200
    wrong = [
        (case.id, call)
        for case, call in zip(cases, spy.calls, strict=True)
        if bool(call.request) != (call.status == 400) or call.reply
    ]
    assert wrong == []
    assert {call.status for call in spy.calls} == {200, 400}


def test_a_reply_that_breaks_the_contract_is_told(client, export):
    """Where the implementation is at fault, the code under test cannot rely on it."""
    with running(("reply/ExportId-too-long",)) as url:
        mailmanager = client("mailmanager", endpoint_url=url)
        with spying() as spy:
            mailmanager.start_archive_export(**export)
    (call,) = spy.calls
    assert ids(call.reply) == ["response.ExportId.maxLength"]
    (text,) = spy.failures()
    assert "the reply to mailmanager:StartArchiveExport breaks response.ExportId.maxLength" in text
    assert "[model: botocore 1.44.5 mailmanager/2023-10-17; page:StartArchiveExport: " in text


def test_a_documented_error_with_a_status_of_its_own_making_is_told(client, export):
    """One that nobody documents is not judged, nor is a missing reply."""
    with running(("validation/status-403",)) as url:
        mailmanager = client("mailmanager", endpoint_url=url)
        with spying() as spy, pytest.raises(ClientError):
            mailmanager.start_archive_export(**{**export, "ArchiveId": "a-b c"})
    assert ids(spy.calls[0].reply) == ["error.status"]
    assert spy.calls[0].error == "ValidationException"


def test_no_reply_is_no_status(client, export):
    """The name of the error alone is kept."""
    config = Config(retries={"total_max_attempts": 1})
    mailmanager = client("mailmanager", endpoint_url="http://127.0.0.1:9", config=config)
    with spying() as spy, pytest.raises(EndpointConnectionError):
        mailmanager.start_archive_export(**export)
    assert (spy.calls[0].status, spy.calls[0].error) == (0, "EndpointConnectionError")
    assert spy.failures() == ()


def test_a_stub_is_seen_with_what_it_answers(client, export):
    """A stub that says what the service never says misleads the code under test."""
    mailmanager = client("mailmanager")
    with Stubber(mailmanager) as stubber, spying() as spy:
        stubber.add_response("start_archive_export", {"ExportId": "x" * 65})
        mailmanager.start_archive_export(**export)
    assert spy.calls[0].status == 200
    assert ids(spy.calls[0].reply) == ["response.ExportId.maxLength"]


@pytest.mark.usefixtures("moto")
def test_resources_paginators_and_waiters_are_seen_at_the_line_that_uses_them(client):
    """Their parameters are read as botocore sends them: a table speaks in Python values."""
    dynamodb = client("dynamodb")
    table = boto3.resource("dynamodb").Table("t-able")
    with spying() as spy:
        dynamodb.create_table(
            TableName="t-able",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        line = here()
        table.put_item(Item={"pk": "x", "n": {1, 2}, "b": b"bytes", "deep": {"l": [None, True]}})
        found = table.get_item(Key={"pk": "x"})
        pages = here()
        listed = list(dynamodb.get_paginator("list_tables").paginate())
        dynamodb.get_waiter("table_exists").wait(TableName="t-able")
    assert [name for page in listed for name in page["TableNames"]] == ["t-able"]
    assert found["Item"]["n"] == {1, 2}
    # A table that never changed says 0 decreases against a least value of 1, as AWS's own do.
    assert spy.failures() == ()
    seen = [(call.operation.partition(":")[2], call.line) for call in spy.calls]
    assert seen[1:4] == [("PutItem", line), ("GetItem", line + 1), ("ListTables", pages)]
    assert seen[4][0] == "DescribeTable"
    table.meta.client.close()


@pytest.mark.usefixtures("moto")
def test_streams_are_left_alone(client, tmp_path):
    """Neither read nor copied, sent or received; files stay where they are."""
    s3 = client("s3")
    path = tmp_path / "body"
    path.write_bytes(b"streamed")
    with spying() as spy:
        s3.create_bucket(Bucket="bucket")
        with path.open("rb") as body:
            s3.put_object(Bucket="bucket", Key="k", Body=body)
        s3.upload_file(str(path), "bucket", "other")
        assert s3.get_object(Bucket="bucket", Key="k")["Body"].read() == b"streamed"
        assert s3.get_object(Bucket="bucket", Key="other")["Body"].read() == b"streamed"
    assert spy.failures() == ()
    names = [call.operation for call in spy.calls]
    assert names.count("s3:PutObject") == 2
    # boto3 uploads in a thread that nothing of the code under test runs in.
    uploaded = [call for call in spy.calls if call.operation == "s3:PutObject"][1]
    assert uploaded.line == 0
    assert uploaded.site == uploaded.file
    assert uploaded.file.startswith("<thread ")


@pytest.mark.usefixtures("moto")
def test_every_thread_is_seen(client):
    """Each call at its own line, none lost and none twice."""
    ssm = client("ssm")
    with spying() as spy:

        def work(number: int) -> None:
            for each in range(5):
                ssm.put_parameter(
                    Name=f"/{number}/{each}", Value="v" * 9000, Type="String", Tier="Wrong"
                )

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda name: ssm.get_parameter(Name=name), ["/0/0", "/1/1"]))
    assert len(spy.calls) == 42
    assert all(ids(call.request) == ["Tier.enum"] for call in spy.calls[:40])
    assert "ssm:PutParameter breaks Tier.enum (40 times; the first:)" in spy.failures()[0]


@pytest.mark.usefixtures("moto")
def test_what_the_code_under_test_changes_later_is_judged_as_it_was_sent(client):
    """Parameters and replies alike."""
    ssm = client("ssm")
    params = {"Names": ["/a"]}
    with spying() as spy:
        reply = ssm.get_parameters(**params)
        params["Names"].extend("b" for _ in range(20))
        reply["Parameters"] = "changed"
    assert spy.failures() == ()


@pytest.mark.usefixtures("moto")
def test_calls_can_be_asked_for_while_spying(client):
    """Those that have ended."""
    ssm = client("ssm")
    with spying() as spy:
        assert spy.calls == ()
        ssm.get_parameters(Names=["/a"])
        assert [call.operation for call in spy.calls] == ["ssm:GetParameters"]
        with pytest.raises(ClientError):
            ssm.get_parameters(Names=["/a"] * 11)
        assert ids(spy.calls[1].request) == ["Names.maxItems"]
    assert len(spy.calls) == 2


@pytest.mark.usefixtures("moto")
def test_a_constraint_that_is_broken_on_purpose_can_be_allowed(client):
    """It leaves the failures and stays in the calls; a typing error is told."""
    ssm = client("ssm")
    with spying() as spy, pytest.raises(ClientError):
        ssm.get_parameters(Names=["/a"] * 11)
    assert len(spy.failures()) == 1
    with pytest.raises(UnknownConstraint, match=r"no constraint 'Name\.maxItems'; write it as"):
        spy.allow("ssm:GetParameters", "Name.maxItems")
    with pytest.raises(UnknownOperation, match="did you mean ssm:GetParameters"):
        spy.allow("ssm:GetParametersz", "Names.maxItems")
    spy.allow("ssm:GetParameters", "Names.maxItems")
    assert spy.failures() == ()
    assert ids(spy.calls[0].request) == ["Names.maxItems"]


@pytest.mark.usefixtures("moto")
@pytest.mark.parametrize(
    ("operations", "constraints", "left"),
    [
        ("*", "*", 0),
        ("ssm:*", "Names.*", 0),
        ("ssm:Put*", "*", 1),
        ("*", "response.*", 1),
        ("*", "Name.*", 1),
    ],
)
def test_a_star_allows_many(client, operations, constraints, left):
    """A point stands for a point."""
    ssm = client("ssm")
    with spying() as spy, pytest.raises(ClientError):
        ssm.get_parameters(Names=["/a"] * 11)
    spy.allow(operations, constraints)
    assert len(spy.failures()) == left


def test_a_client_of_another_api_version_is_recorded_and_not_judged(client, monkeypatch):
    """The contract is of the newest version."""
    ssm = client("ssm")
    model = ssm.meta.service_model
    metadata = {**model.metadata, "apiVersion": "2006-01-01"}
    monkeypatch.setattr(model, "metadata", metadata)
    with Stubber(ssm) as stubber, spying() as spy:
        stubber.add_response("get_parameters", {})
        ssm.get_parameters(Names=["/a"] * 11)
    told = "the client speaks API version 2006-01-01, the contract is of 2014-11-06"
    assert (spy.calls[0].unchecked, spy.failures()) == (told, ())


def test_an_operation_that_nobody_describes_is_recorded_and_not_judged(client):
    """A model of the user's own, for one."""
    ssm = client("ssm")
    ssm.meta.service_model.service_name = "homemade"
    with Stubber(ssm) as stubber, spying() as spy:
        stubber.add_response("get_parameters", {})
        ssm.get_parameters(Names=["/a"] * 11)
    assert spy.calls[0].operation == "homemade:GetParameters"
    assert "has no service 'homemade'" in spy.calls[0].unchecked
    assert spy.failures() == ()
