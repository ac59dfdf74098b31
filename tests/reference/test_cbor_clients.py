"""A client of botocore that speaks rpc-v2-cbor talks to the embedded service."""

from __future__ import annotations

from datetime import UTC, datetime

import botocore.model
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import get_session

from contract_kit.reference.http import running


@pytest.fixture
def client(monkeypatch):
    """One that prefers CBOR, which it would not by itself."""
    monkeypatch.setattr(
        botocore.model, "PRIORITY_ORDERED_SUPPORTED_PROTOCOLS", ("smithy-rpc-v2-cbor", "json")
    )
    with running() as url:
        yield get_session().create_client(
            "mailmanager",
            region_name="us-east-1",
            endpoint_url=url,
            aws_access_key_id="a",
            aws_secret_access_key="b",
            config=Config(retries={"max_attempts": 0}),
        )


def test_a_client_gets_results_and_errors_in_cbor(client):
    """What was given comes back, times among it."""
    assert client.meta.service_model.resolved_protocol == "smithy-rpc-v2-cbor"
    moment = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    export = client.start_archive_export(
        ArchiveId="a-1",
        FromTimestamp=moment,
        ToTimestamp=datetime(2025, 1, 1, tzinfo=UTC),
        ExportDestinationConfiguration={"S3": {"S3Location": "s3://bucket/folder"}},
    )
    assert export["ResponseMetadata"]["HTTPHeaders"]["content-type"] == "application/cbor"
    found = client.get_archive_export(ExportId=export["ExportId"])
    assert found["FromTimestamp"] == moment
    with pytest.raises(ClientError) as caught:
        client.get_archive_export(ExportId="export-unknown")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
