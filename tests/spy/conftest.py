"""Real clients of boto3 with credentials of no one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from contract_kit.reference.http import running


@pytest.fixture
def secret() -> str:
    """What no record, text or message may show."""
    return "hunter2-secret"


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    """Those of no one, and no configuration of the user's."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    monkeypatch.setenv("AWS_SESSION_TOKEN", secret)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")


@pytest.fixture
def client() -> Iterator[Callable[..., Any]]:
    """`client("ssm", …)`: a new client, closed at the end."""
    made = []

    def make(service: str, **options: Any) -> Any:
        made.append(boto3.client(service, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def moto() -> Iterator[None]:
    """moto's mock of all services, empty."""
    with mock_aws():
        yield


@pytest.fixture
def reference() -> Iterator[str]:
    """The URL of the embedded implementation, correct."""
    with running() as url:
        yield url


@pytest.fixture
def export() -> dict[str, Any]:
    """Conforming parameters of StartArchiveExport."""
    return {
        "ArchiveId": "a-known",
        "FromTimestamp": 1700000000,
        "ToTimestamp": 1700086400,
        "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://bucket/path"}},
    }
