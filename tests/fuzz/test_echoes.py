"""Results that repeat what the request gave are not blamed for it."""

from __future__ import annotations

from contextlib import closing

from contract_kit import operation
from contract_kit.fuzz.campaign.campaign import Campaign
from contract_kit.target.make import target_of
from contract_kit.validate.reply import echoed

CREATE = operation("dynamodb:CreateTable")
SECRET = operation("secretsmanager:CreateSecret")
LONGEST = "CreateSecret/Name.maxLength/longest"


def _findings(name_of):
    def serve(request):
        return {"Name": name_of(request)}

    with closing(target_of(serve, SECRET)) as target:
        campaign = Campaign(SECRET, target, request={"Name": "s-{seq}"}, only=(LONGEST,))
        campaign.run()
        outcome = campaign.outcome()
    return [finding.constraint for finding in outcome.findings], outcome.notes


def test_a_name_that_only_a_request_may_have_is_a_note_in_the_reply():
    """A request may give 512 characters, of which a reply may have half."""
    findings, notes = _findings(lambda request: request["Name"])
    assert findings == []
    assert any("repeat values of the request" in note for note in notes)


def test_a_name_that_the_request_does_not_have_is_a_finding():
    """The target made it."""
    findings, _ = _findings(lambda request: "x" * 300)
    assert findings == ["response.schema"]


def test_only_limits_are_excused_and_only_of_the_same_member():
    """A type is not, nor what another member was given."""
    for given, told in (("e", "TableName.minLength"), (5, "")):
        result = {"TableDescription": {"TableName": given}}
        broken = echoed(CREATE, {"TableName": given}, result)
        assert [each.constraint for each in broken] == (
            [f"TableDescription.{told}"] if told else []
        )
    assert not echoed(CREATE, {"Other": "e"}, {"TableDescription": {"TableName": "e"}})
