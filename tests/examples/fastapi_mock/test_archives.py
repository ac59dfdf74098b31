from hypothesis import given

from contract_kit import operation
from contract_kit.strategies import violating

get_archive = operation("mailmanager:GetArchive")


@given(violating(get_archive))
def test_bad_requests_are_refused(contract_check, sample):
    contract_check(get_archive, sample)
