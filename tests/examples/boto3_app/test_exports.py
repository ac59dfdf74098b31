from exports import start_export


def test_an_export_is_remembered(contract_spy):
    assert start_export("a-known", ["Invoices"])
    names = [call.operation for call in contract_spy.calls]
    assert names == ["ssm:GetParameter", "mailmanager:StartArchiveExport", "ssm:PutParameter"]


def test_an_export_of_many_subjects_is_remembered(contract_spy):
    assert start_export("a-known", [f"Report {year} " + "for all" * 20 for year in range(10)])
