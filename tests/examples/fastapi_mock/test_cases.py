import pytest


@pytest.mark.contract("mailmanager:GetArchive", member="ArchiveId", side="outside")
def test_archive_ids(contract_case, contract_target):
    contract_case.check(contract_target)
