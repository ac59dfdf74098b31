"""Finding the documents of an operation, and saying so where there are none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from contract_kit import operation
from contract_kit.contract import catalog
from contract_kit.contract.catalog import (
    committed_names,
    committed_operation,
    read_document,
    schema_root,
    split_id,
)
from contract_kit.errors import SourceError, UnknownOperation

CHECKOUT = Path(catalog.PACKAGE).parent / "schemas"


def test_a_checkout_finds_its_schemas_beside_the_package():
    """An editable install has no package data."""
    assert schema_root() == CHECKOUT


def test_schemas_inside_the_package_win(monkeypatch, tmp_path):
    """An installed wheel must not read a folder that happens to lie beside it."""
    for folder in ("schemas", "contract_kit/schemas"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(catalog, "PACKAGE", tmp_path / "contract_kit")
    assert schema_root() == tmp_path / "contract_kit" / "schemas"


def test_a_package_without_schemas_says_to_install_again(monkeypatch, tmp_path):
    """A broken installation is no unknown operation."""
    monkeypatch.setattr(catalog, "PACKAGE", tmp_path / "contract_kit")
    with pytest.raises(SourceError, match="install contract-kit again"):
        schema_root()


def test_all_sixty_operations_of_mail_manager_are_committed():
    """Each name has both documents."""
    names = committed_names("mailmanager")
    assert len(names) == 60
    assert "StartArchiveExport" in names
    assert all((CHECKOUT / "mailmanager" / f"{name}.response.json").is_file() for name in names)
    assert list(names) == sorted(names)


def test_names_come_from_the_folder_that_is_given(tmp_path):
    """A folder without the service has no names."""
    assert committed_names("mailmanager", root=tmp_path) == ()


@pytest.mark.parametrize(
    "id", ["", "mailmanager", "mailmanager:", ":StartArchiveExport", "a:b\nc", "\x00:x"]
)
def test_an_id_is_a_service_and_an_operation(id):
    """The message shows what was given and an example."""
    with pytest.raises(UnknownOperation, match="write SERVICE:OPERATION") as caught:
        split_id(id)
    assert "\n" not in str(caught.value)
    assert repr(id) in str(caught.value)


def test_only_the_first_colon_divides_an_id():
    """What follows belongs to the name, which is then unknown."""
    assert split_id("mailmanager:Start:Now") == ("mailmanager", "Start:Now")


def test_an_operation_that_a_committed_service_lacks_is_named_with_its_nearest():
    """A wrong case or a dash is the usual mistake."""
    for written in ("startarchiveexport", "StartArchiveExports", "start-archive-export"):
        with pytest.raises(UnknownOperation, match=r"did you mean mailmanager:StartArchiveExport"):
            committed_operation(f"mailmanager:{written}")


def test_a_name_like_no_other_gets_the_number_of_those_there_are():
    """A guess that is far off would mislead."""
    with pytest.raises(UnknownOperation, match="has no operation 'Zzz'; it has 60"):
        committed_operation("mailmanager:Zzz")


def test_an_operation_that_botocore_lacks_is_named_with_its_nearest():
    """Services that are not committed get the same hint."""
    with pytest.raises(UnknownOperation, match=r"did you mean dynamodb:PutItem\?"):
        operation("dynamodb:PutItems")


def test_an_unknown_service_is_named_with_its_nearest():
    """The line tells which services there are."""
    with pytest.raises(UnknownOperation, match=r"no service 'dynamo'.*dynamodb"):
        operation("dynamo:PutItem")
    with pytest.raises(UnknownOperation, match="no service '@@@@'"):
        operation("@@@@:PutItem")


@pytest.mark.parametrize("service", ["../schemas/mailmanager", "a-/../mailmanager", "/etc", "*"])
def test_a_service_is_no_path(service):
    """Nothing outside the folder of a service is ever read as one."""
    with pytest.raises(UnknownOperation, match="no service"):
        operation(f"{service}:StartArchiveExport")


def test_a_committed_operation_is_read_once():
    """Reading takes milliseconds; a campaign asks often."""
    first = operation("mailmanager:StartArchiveExport")
    assert operation("mailmanager:StartArchiveExport") is first


def test_a_service_that_is_not_committed_is_derived_from_botocore():
    """Any operation that botocore describes works without a file."""
    assert committed_operation("sts:GetCallerIdentity") is None
    assert operation("sts:GetCallerIdentity").sources["model"].startswith("botocore ")


@pytest.mark.parametrize("text", [b"{", b"\xff\xfe", b""])
def test_a_document_that_is_no_json_is_a_source_error(tmp_path, text):
    """With its path, and how to write it anew."""
    path = tmp_path / "Broken.request.json"
    path.write_bytes(text)
    with pytest.raises(SourceError, match=r"Broken\.request\.json.*contract-kit derive"):
        read_document(path)


def test_a_document_that_is_missing_is_a_source_error(tmp_path, monkeypatch):
    """A request schema without its response schema is half an operation."""
    folder = tmp_path / "schemas" / "mailmanager"
    folder.mkdir(parents=True)
    shutil.copy(CHECKOUT / "mailmanager" / "StopArchiveExport.request.json", folder)
    monkeypatch.setattr(catalog, "PACKAGE", tmp_path)
    committed_operation.cache_clear()
    with pytest.raises(SourceError, match=r"StopArchiveExport\.response\.json"):
        committed_operation("mailmanager:StopArchiveExport")
    committed_operation.cache_clear()
