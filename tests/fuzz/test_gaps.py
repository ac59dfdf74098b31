"""Files of known gaps: read, written, and checked against the constraints there are."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.cases.case import Case
from contract_kit.errors import SourceError, UsageError
from contract_kit.fuzz.campaign import Campaign
from contract_kit.fuzz.findings import Findings
from contract_kit.fuzz.gaps import gaps_text, gaps_that_exist, read_gaps
from contract_kit.protocol.message import Message, Reply
from contract_kit.reference.wsgi import app
from contract_kit.target.http import wsgi_target
from contract_kit.verdict.judge import Judgement
from contract_kit.verdict.outcome import Gap, Outcome
from contract_kit.verdict.summary import ConstraintVerdict

EXPORT = operation("mailmanager:StartArchiveExport")


def outcome_of(reasons: dict[str, str], gaps: tuple[Gap, ...] = ()) -> Outcome:
    """An outcome with a finding per constraint."""
    findings = Findings()
    for id, reason in reasons.items():
        case = Case(id=f"x/{id}/y", constraint=id, side="outside", expects="reject", family="value")
        findings.add(case, Judgement(outcome="too lax", reason=reason), Message(), Reply())
    return Outcome(
        operation=EXPORT,
        verdicts=(),
        findings=findings.all(),
        notes=(),
        cases=0,
        requests=0,
        gaps=gaps,
    )


@given(st.dictionaries(st.sampled_from(EXPORT.constraints), st.text(min_size=1), max_size=4))
def test_what_is_written_can_be_read(reasons):
    """Whatever stands in a reason; control characters are shown as escapes."""
    wanted = {constraint.id: reason for constraint, reason in reasons.items()}
    text = gaps_text([outcome_of(wanted)])
    found = tomllib.loads(text).get(EXPORT.id, {})
    assert found.keys() == wanted.keys()
    for id, reason in wanted.items():
        assert not reason.isprintable() or found[id] == reason


def test_a_page_for_a_reason_is_cut_to_its_first_line():
    """A person has to read the file, and to put a reason of their own there."""
    text = gaps_text([outcome_of({"MaxResults.type": "HTTP 500: <!doctype html>\n<html>\n"})])
    assert tomllib.loads(text)[EXPORT.id] == {"MaxResults.type": "HTTP 500: <!doctype html>"}


def test_a_file_is_read_into_gaps_per_operation(tmp_path: Path):
    """In the order of the file."""
    path = tmp_path / "gaps.toml"
    path.write_text(
        '["mailmanager:GetArchive"]\n"x.type" = "why"\n"y[].enum" = "because"\n'
        '["ssm:PutParameter"]\n'
    )
    assert read_gaps(path) == {
        "mailmanager:GetArchive": (
            Gap(constraint="x.type", reason="why"),
            Gap(constraint="y[].enum", reason="because"),
        ),
        "ssm:PutParameter": (),
    }


def test_a_reason_that_stands_is_kept_when_the_file_is_written_anew():
    """What a person wrote says more than what a run found; gaps that closed are left out."""
    gaps = (
        Gap(constraint="ArchiveId.pattern", reason="ours"),
        Gap(constraint="Filters.type", reason="old"),
    )
    found = outcome_of({"ArchiveId.pattern": "found", "MaxResults.type": "new"}, gaps)
    holds = ConstraintVerdict(
        constraint=EXPORT.constraint("Filters.type"), verdict="enforced", cases=1
    )
    text = gaps_text([replace(found, verdicts=(holds,))])
    assert tomllib.loads(text)[EXPORT.id] == {"ArchiveId.pattern": "ours", "MaxResults.type": "new"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("= 1", "write TOML as the README shows it"),
        ('"ArchiveId.pattern" = "why"', "is no table"),
        ('["a:B"]\n"x.type" = 1', "a:B: x.type has no reason"),
        ('["a:B"]\n"x.type" = " "', "a:B: x.type has no reason"),
    ],
)
def test_a_file_that_cannot_be_understood_is_one_line(tmp_path: Path, text: str, said: str):
    """Which names the file and says what to write."""
    path = tmp_path / "gaps.toml"
    path.write_text(text)
    with pytest.raises(SourceError) as told:
        read_gaps(path)
    assert str(path) in str(told.value)
    assert said in str(told.value)


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ("mailmanager:GetArchve", "did you mean mailmanager:GetArchive?"),
        ("mailmanger:GetArchive", "did you mean"),
        ("GetArchive", "write SERVICE:OPERATION"),
    ],
)
def test_an_operation_that_nobody_describes_is_one_line(tmp_path: Path, operation: str, said: str):
    """Its gaps would be known of nothing; operations of other runs may stand in the file."""
    path = tmp_path / "gaps.toml"
    path.write_text(f'["ssm:PutParameter"]\n["{operation}"]\n"x.type" = "why"\n')
    with pytest.raises(UsageError) as told:
        read_gaps(path)
    assert str(told.value).startswith(f"{path}: ")
    assert said in str(told.value)


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path):
    """With what the system says of it."""
    with pytest.raises(SourceError, match="No such file"):
        read_gaps(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("id", "hint"), [("ArchiveId.patern", "did you mean ArchiveId.pattern?"), ("?", "remove it")]
)
def test_a_gap_of_no_constraint_is_refused(id: str, hint: str):
    """It would never close."""
    gap = Gap(constraint=id, reason="why")
    with pytest.raises(UsageError, match="has no such constraint") as told:
        gaps_that_exist((gap,), EXPORT, EXPORT.constraints)
    assert hint in str(told.value)


def test_a_known_gap_does_not_count_and_a_closed_one_is_told():
    """All else that is found counts as before."""
    found = {}
    for fault in ((), ("ArchiveId.pattern/newline-at-end",)):
        target = wsgi_target(app(fault))
        campaign = Campaign(
            EXPORT, target, gaps=(Gap(constraint="ArchiveId.pattern", reason="takes a newline"),)
        )
        campaign.run()
        target.close()
        found[fault] = campaign.outcome()
    right, faulty = found.values()
    assert right.closed_gaps == right.gaps
    assert right.enforced_percent == 100
    assert faulty.findings
    assert faulty.conforms
    assert faulty.closed_gaps == ()
    assert faulty.enforced_percent < 100
    assert not replace(faulty, gaps=()).conforms


def test_what_was_not_tested_stays_in_the_file():
    """Gaps of other operations, and of constraints that this run tells nothing of."""
    kept = {
        EXPORT.id: (Gap(constraint="Filters.type", reason="ours"),),
        "ssm:PutParameter": (Gap(constraint="Name.type", reason="theirs"),),
    }
    found = tomllib.loads(gaps_text([outcome_of({"MaxResults.type": "new"})], kept))
    assert found == {
        EXPORT.id: {"Filters.type": "ours", "MaxResults.type": "new"},
        "ssm:PutParameter": {"Name.type": "theirs"},
    }
