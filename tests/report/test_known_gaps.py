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
from contract_kit.fuzz import fuzz
from contract_kit.fuzz.findings import Findings
from contract_kit.reference.wsgi import app
from contract_kit.report.known_gaps import gaps_that_exist, parse_gaps, read_gaps
from contract_kit.report.known_gaps_file import gaps_text
from contract_kit.target.http import wsgi_target
from contract_kit.verdict.judge import Judgement
from contract_kit.verdict.outcome import Gap, Outcome
from contract_kit.verdict.summary import ConstraintVerdict
from contract_kit.wire.message import Message, Reply
from contract_kit.wire.table import wire_of

EXPORT = operation("mailmanager:StartArchiveExport")


def outcome_of(reasons: dict[str, str], gaps: tuple[Gap, ...] = ()) -> Outcome:
    """An outcome with a finding per constraint."""
    findings = Findings()
    for id, reason in reasons.items():
        case = Case(id=f"x/{id}/y", constraint=id, side="outside", expects="reject", family="value")
        findings.add(case, Judgement(outcome="too lax", reason=reason), Message(), Reply())
    return Outcome(
        wire=wire_of(EXPORT),
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
        assert not reason.isprintable() or found[id] == f"too lax: {reason}"


def test_a_page_for_a_reason_is_cut_to_its_first_line():
    """A person has to read the file, and to put a reason of their own there."""
    text = gaps_text([outcome_of({"MaxResults.type": "HTTP 500: <!doctype html>\n<html>\n"})])
    assert tomllib.loads(text)[EXPORT.id] == {
        "MaxResults.type": "too lax: HTTP 500: <!doctype html>"
    }


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
    assert tomllib.loads(text)[EXPORT.id] == {
        "ArchiveId.pattern": "ours",
        "MaxResults.type": "too lax: new",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("= 1", "write TOML as `contract-kit help gaps` shows it"),
        ('"ArchiveId.pattern" = "why"', "is not a table"),
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
    ("id", "hint"),
    [
        ("ArchiveId.patern", "did you mean ArchiveId.pattern?"),
        ("?", "remove it"),
        ("*.minimum", "remove it"),
        ("Filters.Include[a-z].*", "did you mean Filters.Include[]."),
    ],
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
        gap = Gap(constraint="ArchiveId.pattern", reason="takes a newline")
        found[fault] = fuzz(EXPORT, target, gaps=(gap,), examples=0)
        target.close()
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
    before = '["mailmanager:StartArchiveExport"]\n"Filters.type" = "ours"\n'
    before += '["ssm:PutParameter"]\n"Name.type" = "theirs"\n'
    text = gaps_text([outcome_of({"MaxResults.type": "new"})], kept, before=before)
    found = tomllib.loads(text)
    assert found == {
        EXPORT.id: {"Filters.type": "ours", "MaxResults.type": "too lax: new"},
        "ssm:PutParameter": {"Name.type": "theirs"},
    }


VERDICTS = ("crash", "too lax", "wrong error", "too strict")


def gaps_in(value: str) -> tuple[Gap, ...]:
    """What a value of `ArchiveId.maxLength` stands for."""
    text = f'["{EXPORT.id}"]\n"ArchiveId.maxLength" = {value}\n'
    return parse_gaps(Path("gaps.toml"), text)[EXPORT.id]


def read(value: str) -> list[tuple[tuple[str, ...], str]]:
    """The same as verdicts and reasons."""
    return [(gap.verdicts, gap.reason) for gap in gaps_in(value)]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ('"too strict: bytes count"', [(("too strict",), "bytes count")]),
        ('"Too Lax:bytes"', [(("too lax",), "bytes")]),
        ('"wrong error, crash: so: it is"', [(("crash", "wrong error"), "so: it is")]),
        ('["too lax: a", "crash: b"]', [(("too lax",), "a"), (("crash",), "b")]),
        ('"bytes count"', [((), "bytes count")]),
        ('"issue 12: bytes count"', [((), "issue 12: bytes count")]),
    ],
)
def test_a_gap_names_the_verdicts_that_it_excuses(value, wanted):
    """Before a colon; without any it excuses all of them."""
    assert read(value) == wanted


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('"to lax: bytes count"', "'to lax' is not a verdict; did you mean too lax?"),
        ('"too-lax: bytes count"', "'too-lax' is not a verdict; did you mean too lax?"),
        ('"masked: not found"', "'masked' is not a deviation; write one of crash, too lax,"),
        ('"too lax, odd: why"', "'odd' is not one of crash, too lax,"),
        ('"too lax:"', "has no reason"),
        ("[]", "has no reason"),
        ('["crash: x", 1]', "has no reason"),
    ],
)
def test_a_verdict_that_excuses_nothing_is_one_line(value, said):
    """As part of the reason it would excuse everything."""
    with pytest.raises(SourceError) as told:
        gaps_in(value)
    assert str(told.value).startswith(f"gaps.toml: {EXPORT.id}: ArchiveId.maxLength")
    assert said in str(told.value)


@pytest.mark.parametrize("excused", VERDICTS)
@pytest.mark.parametrize("shown", VERDICTS)
def test_a_gap_hides_no_other_verdict_of_its_constraint(excused, shown):
    """The one that was known may have become worse."""
    gap = Gap(constraint="ArchiveId.maxLength", verdicts=(excused,), reason="known")
    (finding,) = outcome_of({"ArchiveId.maxLength": "new"}).findings
    outcome = replace(outcome_of({}, (gap,)), findings=(replace(finding, verdict=shown),))
    assert outcome.conforms is (excused == shown)


@pytest.mark.parametrize(
    ("glob", "matched"),
    [
        ("Filters.Include[].*", True),
        ("*.pattern", False),
        ("*Values[]*", True),
        ("Filters.Include[].StringExpression.Values[].minLengt?", True),
        ("filters.*", False),
        ("Filters.Include*.maxLength", False),
    ],
)
def test_a_gap_may_be_of_several_constraints(glob, matched):
    """Brackets stand for themselves, as in the ids that reports show."""
    gap = Gap(constraint=glob, reason="known")
    assert gap.is_of("Filters.Include[].StringExpression.Values[].minLength") is matched


def test_a_glob_of_many_stars_is_matched_in_no_time():
    """It may come with a pull request."""
    gap = Gap(constraint="*a" * 60 + "b", reason="known")
    assert not gap.is_of("a" * 3000)


def test_a_gap_of_several_constraints_closes_when_all_of_them_hold():
    """As long as one does not, the file stays as it is."""
    ids = ("ArchiveId.pattern", "ArchiveId.type", "MaxResults.type")
    gap = Gap(constraint="ArchiveId.*", reason="known")
    for pattern, closed in (("enforced", True), ("untested", False), ("too lax", False)):
        verdicts = [
            ConstraintVerdict(
                constraint=EXPORT.constraint(id),
                verdict=pattern if id == ids[0] else "enforced",
                cases=1,
            )
            for id in ids
        ]
        outcome = replace(outcome_of({}, (gap,)), verdicts=tuple(verdicts))
        assert bool(outcome.closed_gaps) is closed


FILE = """\
# Our gaps, each with a ticket.
["ssm:PutParameter"]
'Name.type' = 'theirs'   # never ours

["mailmanager:StartArchiveExport"] # exports

# T-1
"MaxResults.type"   = 'too lax: numbers are read by a script'
"ArchiveId.*" = ["crash: T-2", "too lax: T-3"] # T-4
# old:
"Filters.type" = "closed by now"
"""


def written(reasons: dict[str, str], verdicts: tuple[ConstraintVerdict, ...] = ()) -> str:
    """The file after a run with these findings."""
    kept = parse_gaps(Path("gaps.toml"), FILE)
    outcome = replace(outcome_of(reasons), verdicts=verdicts)
    return gaps_text([outcome], kept, before=FILE)


def test_a_file_that_is_still_right_stays_as_it_is():
    """To the byte: comments, quotes, order and spaces are the user's."""
    assert written({"MaxResults.type": "found", "ArchiveId.pattern": "found"}) == FILE


def test_a_file_that_is_written_anew_keeps_the_users_comments():
    """What is new stands below, what has closed is taken out."""
    holds = ConstraintVerdict(
        constraint=EXPORT.constraint("Filters.type"), verdict="enforced", cases=1
    )
    text = written({"MaxResults.type": "found", "ToTimestamp.type": "new"}, (holds,))
    wanted = FILE.replace('"Filters.type" = "closed by now"\n', "")
    assert text == wanted + '"ToTimestamp.type" = "too lax: new"\n'


def test_a_verdict_that_is_new_stands_beside_the_one_that_was_known():
    """Each with its own reason."""
    kept = {EXPORT.id: (Gap(constraint="MaxResults.type", verdicts=("crash",), reason="ours"),)}
    before = f'["{EXPORT.id}"]\n"MaxResults.type" = "crash: ours" # T-1\n'
    text = gaps_text([outcome_of({"MaxResults.type": "new"})], kept, before=before)
    assert tomllib.loads(text)[EXPORT.id] == {"MaxResults.type": ["crash: ours", "too lax: new"]}
    assert "# T-1" in text


def test_line_ends_of_the_file_stay():
    """As an editor on another system wrote them."""
    text = gaps_text(
        [outcome_of({"ArchiveId.pattern": "x"})],
        parse_gaps(Path("gaps.toml"), FILE.replace("\n", "\r\n")),
        before=FILE.replace("\n", "\r\n"),
    )
    assert text == FILE.replace("\n", "\r\n")
