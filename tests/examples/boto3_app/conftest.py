"""moto for SSM; for Mail Manager, which moto does not know, the kit's own implementation."""

import boto3
import pytest
from exports import BUCKET
from moto import mock_aws

from contract_kit.reference.http import running
from contract_kit.spy import spying


@pytest.fixture(autouse=True)
def aws(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws(), running() as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_MAILMANAGER", url)
        ssm = boto3.client("ssm")
        ssm.put_parameter(Name=BUCKET, Value="bucket", Type="String")
        ssm.close()
        yield


@pytest.fixture
def contract_spy():
    with spying() as spy:
        yield spy
    if spy.failures():
        pytest.fail("\n\n".join(spy.failures()), pytrace=False)
