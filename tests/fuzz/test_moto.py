"""Real input: an emulator made by people who do not know this kit.

The deviations named here were looked at one by one in the emulator's own code.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from contract_kit.cli.main import main

TABLE = {
    "TableName": "t-{seq}",
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """The URL of a running moto server."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def fuzz(url: str, folder: Path, *args: str) -> tuple[int, dict[str, str]]:
    """Exit code, and the verdict of each constraint."""
    report = folder / "report.json"
    with pytest.raises(SystemExit) as ended:
        main(["fuzz", *args, "--max-examples", "0", "--url", url, "--report", f"json:{report}"])
    document = json.loads(report.read_bytes())
    verdicts = {entry["id"]: entry["verdict"] for entry in document["constraints"]}
    return int(ended.value.code or 0), verdicts


@pytest.mark.filterwarnings("ignore")
def test_put_parameter_checks_the_value_and_little_else(moto: str, tmp_path: Path) -> None:
    """Names and values are checked; tags, tiers and descriptions are taken as they come."""
    code, verdicts = fuzz(
        moto, tmp_path, "ssm:PutParameter", "--bind", "Type=String", "--bind", "Name=p-{seq}"
    )
    assert code == 1
    assert verdicts["Type.enum"] == "enforced"
    for id in ("Description.maxLength", "KeyId.pattern", "Tier.enum", "Tags[].Key.pattern"):
        assert verdicts[id] == "too lax", id
    assert verdicts["Name.required"] == "crash"


@pytest.mark.filterwarnings("ignore")
def test_create_secret_crashes_without_a_name(moto: str, tmp_path: Path) -> None:
    """It reads the name before it looks whether there is one."""
    code, verdicts = fuzz(moto, tmp_path, "secretsmanager:CreateSecret", "--bind", "Name=s-{seq}")
    assert code == 1
    assert verdicts["Name.required"] == "crash"
    assert verdicts["Description.maxLength"] == "too lax"
    assert verdicts["response.contentType"] == "too lax"


@pytest.mark.filterwarnings("ignore")
def test_create_table_starts_from_a_known_good_request(moto: str, tmp_path: Path) -> None:
    """A table needs key and attributes that fit: the user's request has them."""
    request = tmp_path / "table.json"
    request.write_text(json.dumps(TABLE), encoding="utf-8")
    code, verdicts = fuzz(moto, tmp_path, "dynamodb:CreateTable", "--request", str(request))
    assert code == 1
    assert verdicts["TableName.required"] == "crash"
    assert "enforced" in verdicts.values()


@pytest.mark.filterwarnings("ignore")
def test_an_operation_that_it_lacks_is_not_implemented(
    moto: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2 and one line, not a hundred findings."""
    with pytest.raises(SystemExit) as ended:
        main(["fuzz", "mailmanager:StartArchiveExport", "--url", moto])
    assert ended.value.code == 2
    assert "is not implemented" in capsys.readouterr().err
