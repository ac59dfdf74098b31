"""Archives and exports as a client sees them, boto3's included."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from contract_kit.contract.shape import Json
from contract_kit.reference import archives
from contract_kit.reference.http import running
from contract_kit.reference.server import Reference
from contract_kit.wire.message import Message, Reply

EXPORT = {
    "ArchiveId": "a-1",
    "FromTimestamp": 1_700_000_000,
    "ToTimestamp": 1_700_086_400,
    "ExportDestinationConfiguration": {"S3": {}},
}


@pytest.fixture
def client() -> Iterator[Any]:
    """A botocore client of a fresh server."""
    with running() as url:
        made = botocore.session.Session().create_client(
            "mailmanager",
            region_name="us-east-1",
            endpoint_url=url,
            aws_access_key_id="AKIDEXAMPLE",
            aws_secret_access_key="contract-kit",
            config=Config(retries={"total_max_attempts": 1}),
        )
        yield made
        made.close()


def call(reference: Reference, name: str, request: Json) -> Reply:
    """The reply to one request."""
    target = ("X-Amz-Target", f"MailManagerSvc.{name}")
    return reference.answer(Message(headers=(target,), body=json.dumps(request).encode()))


def test_an_export_can_be_started_seen_listed_and_stopped(client: Any) -> None:
    """The way of an export through all operations, as boto3 walks it."""
    archive = client.create_archive(ArchiveName="mail")["ArchiveId"]
    started = client.start_archive_export(
        ArchiveId=archive,
        FromTimestamp=datetime(2024, 1, 1, tzinfo=UTC),
        ToTimestamp=datetime(2024, 2, 1, tzinfo=UTC),
        ExportDestinationConfiguration={"S3": {"S3Location": "s3://bucket/mail"}},
        Filters={
            "Unless": [
                {
                    "BooleanExpression": {
                        "Evaluate": {"Attribute": "HAS_ATTACHMENTS"},
                        "Operator": "IS_TRUE",
                    }
                }
            ]
        },
        IncludeMetadata=True,
    )["ExportId"]
    seen = client.get_archive_export(ExportId=started)
    assert seen["ArchiveId"] == archive
    assert seen["FromTimestamp"] == datetime(2024, 1, 1, tzinfo=UTC)
    assert seen["Filters"]["Unless"][0]["BooleanExpression"]["Operator"] == "IS_TRUE"
    assert seen["Status"] == {"State": "QUEUED"}
    listed = client.list_archive_exports(ArchiveId=archive)["Exports"]
    assert listed == [{"ExportId": started, "Status": {"State": "QUEUED"}}]
    client.stop_archive_export(ExportId=started)
    assert client.get_archive_export(ExportId=started)["Status"] == {"State": "CANCELLED"}


def test_errors_are_raised_as_the_exceptions_of_the_service(client: Any) -> None:
    """boto3 knows the names and finds the messages."""
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_archive_export(ExportId="unknown")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.stop_archive_export(ExportId="unknown")
    with pytest.raises(client.exceptions.ValidationException, match="at 'archiveId'"):
        client.start_archive_export(**{**EXPORT, "ArchiveId": "wrong"})
    with pytest.raises(ClientError, match="UnknownOperationException"):
        client.list_relays()


def test_what_no_one_knows_is_not_remembered() -> None:
    """Unknown members and nulls are no part of the request that was understood."""
    reference = Reference()
    strange = {**EXPORT, "Colour": 1, "MaxResults": None, "Filters": {"Include": [], "x": 1}}
    started = json.loads(call(reference, "StartArchiveExport", strange).body)
    seen = json.loads(call(reference, "GetArchiveExport", started).body)
    assert seen == {**EXPORT, "Filters": {"Include": []}, "Status": {"State": "QUEUED"}}


def test_long_lists_come_in_pages() -> None:
    """The token of each page leads to the next, until there is none."""
    reference = Reference()
    names = [
        json.loads(call(reference, "StartArchiveExport", EXPORT).body)["ExportId"] for _ in range(5)
    ]
    found: list[str] = []
    request = {"ArchiveId": "a-1", "PageSize": 2}
    while True:
        page = json.loads(call(reference, "ListArchiveExports", request).body)
        found += [export["ExportId"] for export in page["Exports"]]
        if "NextToken" not in page:
            break
        request["NextToken"] = page["NextToken"]
    assert found == names
    bad = call(reference, "ListArchiveExports", {"ArchiveId": "a-1", "NextToken": "²"})
    assert json.loads(bad.body)["__type"] == "ValidationException"


def test_old_exports_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that runs for days does not grow without end."""
    monkeypatch.setattr(archives, "KEPT", 2)
    reference = Reference()
    first, *_ = [json.loads(call(reference, "StartArchiveExport", EXPORT).body) for _ in range(3)]
    assert json.loads(call(reference, "GetArchiveExport", first).body)["__type"] == (
        "ResourceNotFoundException"
    )
