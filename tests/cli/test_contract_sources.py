"""Contracts of one's own, and what is switched off, hold at every door."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import boto3
import pytest
from jsonschema import Draft202012Validator

from contract_kit import operation
from contract_kit.derive.schema import model_documents
from contract_kit.errors import UnknownOperation, UsageError
from contract_kit.reference.http import running
from contract_kit.report.known_gaps import read_gaps
from contract_kit.settings.contracts import Contracts, contracts_in
from contract_kit.spy import Spy, spying

pytest_plugins = ["pytester"]

LIST = "mailmanager:ListArchiveExports"
OWN = "archives:ListThem"
"""An operation that only a contract of one's own describes."""

APP = """
def them(request):
    id = request.get("ArchiveId")
    if not isinstance(id, str) or not 1 <= len(id) <= 12:
        raise ValidationException("ArchiveId")
    return {"Exports": []}

class ValidationException(Exception):
    pass
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a contract of its own, and settings that name it."""
    request, response = model_documents(LIST)
    request["x-contract"]["operation"] = OWN
    request["$defs"]["ListArchiveExportsRequest"]["properties"] = {
        "ArchiveId": {"$ref": "#/$defs/Mine"}
    }
    request["$defs"]["Mine"] = {
        "type": "string",
        "minLength": 1,
        "maxLength": 12,
        "x-contract": {"type": "string"},
    }
    request["$defs"] = {
        name: request["$defs"][name] for name in ("ListArchiveExportsRequest", "Mine")
    }
    folder = tmp_path / "contracts" / "archives"
    folder.mkdir(parents=True)
    (folder / "ListThem.request.json").write_text(json.dumps(request))
    (folder / "ListThem.response.json").write_text(json.dumps(response))
    (tmp_path / "pyproject.toml").write_text('[tool.contract-kit]\ncontracts = ["contracts"]\n')
    (tmp_path / "server.py").write_text(APP)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_contracts_of_ones_own_come_first(here):
    """Then those that the kit has, then botocore's."""
    contracts = contracts_in(here)
    assert contracts == Contracts(folders=(here / "contracts",), source="pyproject.toml")
    assert {entry.id for entry in contracts.operation(OWN).constraints} >= {
        "ArchiveId.maxLength",
        "ArchiveId.required",
    }
    assert operation(OWN, contracts=[here / "contracts"]) == contracts.operation(OWN)
    assert contracts.operation(LIST) == operation(LIST)
    assert contracts.operation("ssm:GetParameter") == operation("ssm:GetParameter")
    with pytest.raises(UnknownOperation, match="did you mean archives:ListThem"):
        contracts.operation("archives:ListThm")
    with pytest.raises(UnknownOperation):
        operation(OWN)


def test_the_commands_take_contracts_of_ones_own(cli, here):
    """From the settings of the folder that they are run in."""
    for command in ("cases", "schema", "openapi"):
        done = cli(command, OWN)
        assert (done.code, done.err) == (0, ""), command
        assert "maxLength" in done.out
    assert cli("drift", OWN).code == 0
    (here / "r.json").write_text('{"ArchiveId": "%s"}' % ("x" * 13))
    assert "ArchiveId.maxLength" in cli("validate", "r.json", "--operation", OWN).out
    done = cli("fuzz", OWN, "--app", "server:them", "--max-examples", "0")
    assert f"{OWN}: " in done.out
    assert done.code in (0, 1)
    assert "too lax" not in done.out
    (here / "gaps.toml").write_text(f'["{OWN}"]\n"ArchiveId.*" = "too lax: so"\n')
    done = cli("fuzz", OWN, "--app", "server:them", "--known-gaps", "gaps.toml", "--case", "x")
    assert f"{OWN} has no case" in done.message
    assert read_gaps(here / "gaps.toml", contracts_in(here))[OWN]


def test_the_plugin_takes_contracts_of_ones_own(here, pytester):
    """Items, properties and known gaps."""
    pytester.makefile(".toml", pyproject=(here / "pyproject.toml").read_text())
    target = pytester.path / "contracts" / "archives"
    target.mkdir(parents=True)
    for path in (here / "contracts" / "archives").iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    pytester.makeconftest(
        APP
        + textwrap.dedent(
            """
            import pytest

            @pytest.fixture(scope="session")
            def contract_target():
                return them
            """
        )
    )
    pytester.makepyfile(
        test_it="""
        def test_it(contract_check):
            contract_check("archives:ListThem", {"ArchiveId": "x"})
        """
    )
    result = pytester.runpytest_subprocess(
        "--contract", "--contract-operation", OWN, "-k", "max or it"
    )
    assert result.parseoutcomes()["passed"] >= 3
    assert "failed" not in result.parseoutcomes()


def test_the_spy_takes_contracts_of_ones_own(here):
    """A service that botocore knows may have a stricter contract than botocore's."""
    request, response = model_documents("mailmanager:GetArchive")
    request["$defs"]["ArchiveIdString"]["maxLength"] = 5
    request["$defs"]["ArchiveIdString"]["x-contract"].pop("bounds", None)
    folder = here / "contracts" / "mailmanager"
    folder.mkdir()
    (folder / "GetArchive.request.json").write_text(json.dumps(request))
    (folder / "GetArchive.response.json").write_text(json.dumps(response))
    with running() as url:
        client = boto3.client(
            "mailmanager",
            region_name="us-east-1",
            endpoint_url=url,
            aws_access_key_id="x",
            aws_secret_access_key="x",
        )
        for contracts, broken in ((None, ["ArchiveId.maxLength"]), (Contracts(), [])):
            refused = pytest.raises(client.exceptions.ClientError)
            with spying(Spy(contracts)) as spy, refused:
                client.get_archive(ArchiveId="a-known")
            (call,) = spy.calls
            assert [entry.constraint for entry in call.request] == broken


OFF = """
[tool.contract-kit.off."{operation}"]
"{constraint}" = "{reason}"
"""


def switch_off(folder: Path, operation: str, constraint: str, reason: str = "dots are taken"):
    """Settings that switch a constraint off."""
    text = OFF.format(operation=operation, constraint=constraint, reason=reason)
    (folder / "pyproject.toml").write_text(text)


DOMAIN = "cognito-idp:CreateUserPoolDomain"


def test_the_commands_leave_out_what_is_switched_off(cli, tmp_path, monkeypatch):
    """No file is held to it, the schema does not state it, and cases expect nothing of it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.json").write_text('{"Domain": "example", "UserPoolId": "no region"}')
    schemas, results = [], []
    for off in (False, True):
        if off:
            switch_off(tmp_path, DOMAIN, "UserPoolId.pattern")
        schemas.append(json.loads(cli("schema", DOMAIN).out))
        results.append(cli("validate", "r.json", "--operation", DOMAIN).code)
        cases = cli("cases", DOMAIN, "--format", "ndjson").out.rstrip("\n").split("\n")
        expected = {
            case["expects"]
            for case in map(json.loads, cases)
            if case["constraint"] == "UserPoolId.pattern" and case["side"] == "outside"
        }
        assert ("reject" in expected) is not off
    assert results == [1, 0]
    validators = [Draft202012Validator(schema) for schema in schemas]
    request = {"Domain": "example", "UserPoolId": "no region"}
    assert [validator.is_valid(request) for validator in validators] == [False, True]


def test_a_run_says_what_is_switched_off(cli, tmp_path, monkeypatch):
    """With the reason, and a server that does not keep it conforms."""
    monkeypatch.chdir(tmp_path)
    export = "mailmanager:StartArchiveExport"
    switch_off(tmp_path, export, "ArchiveId.pattern", "any text")
    with running(("ArchiveId.pattern/newline-at-end",)) as url:
        done = cli("fuzz", export, "--url", url, "--max-examples", "0")
    assert done.code == 0
    assert "ArchiveId.pattern is switched off: any text" in done.out


def test_the_spy_holds_nobody_to_what_is_switched_off(tmp_path, monkeypatch):
    """As the settings in the working directory say."""
    monkeypatch.chdir(tmp_path)
    switch_off(tmp_path, "mailmanager:GetArchive", "ArchiveId.*")
    with running() as url:
        client = boto3.client(
            "mailmanager",
            region_name="us-east-1",
            endpoint_url=url,
            aws_access_key_id="x",
            aws_secret_access_key="x",
        )
        with spying() as spy, pytest.raises(client.exceptions.ClientError):
            client.get_archive(ArchiveId="x" * 80)
    assert spy.failures() == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("off = 1", "off is not a table of tables; write"),
        ('[off]\n"a:B" = "x"', "off is not a table of tables; write"),
        ('[off."a:B"]\n"x.type" = ""', "off: a:B: 'x.type' has no reason; write"),
        ("[of]\n", "'of' is not one of contracts, files"),
    ],
)
def test_settings_that_switch_nothing_off_are_one_line(tmp_path, text, said):
    """Whatever is wrong with them."""
    (tmp_path / ".contract-kit.toml").write_text(text)
    with pytest.raises(UsageError) as told:
        contracts_in(tmp_path)
    assert str(told.value).startswith(f".contract-kit.toml: {said}")


def test_a_constraint_that_is_not_there_cannot_be_switched_off(tmp_path):
    """It is told with the nearest one; what every reply is held to is none of requests."""
    for id, hint in (
        ("Domain.patern", "did you mean Domain.pattern"),
        ("response.schema", "make it a known gap"),
        ("*.minimum", "remove it"),
    ):
        switch_off(tmp_path, DOMAIN, id)
        with pytest.raises(UsageError) as told:
            contracts_in(tmp_path).operation(DOMAIN)
        assert hint in str(told.value)
        assert str(told.value).startswith("pyproject.toml: off: ")
