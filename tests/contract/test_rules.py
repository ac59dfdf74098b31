"""Rules of the user's own: from settings, as constraints, at every door."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.cases import boundary_cases
from contract_kit.cases.good_request import unsequenced
from contract_kit.contract.rules import parse_rules, with_rules
from contract_kit.errors import UsageError
from contract_kit.fuzz import fuzz
from contract_kit.strategies import valid, violating
from contract_kit.target.make import target_of
from contract_kit.validate import Validator

PLAIN = operation("mailmanager:ListArchiveExports")
EXPORT = operation("mailmanager:StartArchiveExport")
EXCLUDE = {"exclude": ["PageSize", "NextToken"], "error": "ConflictingThings"}
VALUES = {"values": {"PageSize": [5, 10, 50]}}
OP = with_rules(PLAIN, parse_rules(PLAIN, [EXCLUDE, VALUES]))
NEEDS = with_rules(EXPORT, parse_rules(EXPORT, {"need": {"MaxResults": "Filters"}}))


class ValidationException(Exception):
    """Its name is the error's."""


class ConflictingThings(Exception):
    """The error that the rule names."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where settings are looked for."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _server(request, *, ignores=(), error=ConflictingThings):
    """Keeps the documented constraints, and the rules but some."""
    found = {each.constraint for each in Validator(OP, wire=True).violations(request)} - {*ignores}
    if "PageSize.excludes-NextToken" in found:
        raise error("not both")
    if found:
        raise ValidationException("no")
    return {"Exports": []}


def _verdicts(function, op=OP):
    with closing(target_of(function, op)) as target:
        outcome = fuzz(op, target, examples=0)
    return {entry.constraint.id: entry.verdict for entry in outcome.verdicts}, outcome.findings


@pytest.mark.parametrize("op", [OP, NEEDS])
def test_cases_keep_the_rules_or_break_one_by_name(op):
    """Each conforming one keeps them all, so does each twin; violations break one constraint."""
    validator = Validator(op, wire=True)
    cases = boundary_cases(op)
    rules = {rule.id for rule in op.rules}
    for case in cases:
        breaks = {each.constraint for each in validator.violations(unsequenced(case.request))}
        assert case.expects != "accept" or not breaks, case.id
        assert case.twin is None or not validator.violations(unsequenced(case.twin)), case.id
        assert case.constraint not in rules or breaks <= {case.constraint}, case.id
    assert {case.constraint for case in cases if case.expects == "reject"} >= rules


def test_a_server_that_keeps_the_rules_is_right():
    """The rules are proven as documented constraints are."""
    verdicts, findings = _verdicts(_server)
    assert not findings
    assert verdicts["PageSize.excludes-NextToken"] == verdicts["PageSize.values"] == "enforced"


def test_a_rule_that_is_not_kept_is_a_finding_under_its_own_name():
    """And no other constraint is blamed."""
    broken = "PageSize.values"
    _, findings = _verdicts(lambda request: _server(request, ignores=[broken]))
    assert {(each.constraint, each.verdict) for each in findings} == {(broken, "too lax")}


def test_another_error_than_the_one_that_is_named_is_wrong():
    """Where a rule names one; else any that a violation is answered with is right."""
    _, findings = _verdicts(lambda request: _server(request, error=ValidationException))
    assert {(each.constraint, each.verdict) for each in findings} == {
        ("PageSize.excludes-NextToken", "wrong error")
    }
    assert "ConflictingThings is right" in findings[0].reason


@given(request=valid(OP))
@settings(max_examples=60, derandomize=True)
def test_drawn_requests_keep_the_rules(request):
    """Whatever else is in them."""
    assert not Validator(OP).violations(request)


@given(drawn=st.one_of([violating(OP, rule.id) for rule in OP.rules]))
@settings(max_examples=30, derandomize=True)
def test_drawn_requests_break_a_rule_alone(drawn):
    """As they do documented constraints."""
    found = Validator(OP, wire=True).violations(unsequenced(drawn.request))
    assert {each.constraint for each in found} == {drawn.constraint}


def test_a_member_comes_with_the_one_that_it_needs():
    """In drawn requests, too."""
    drawn = settings(max_examples=1000, phases=[Phase.generate], database=None)
    request = find(valid(NEEDS), lambda request: "MaxResults" in request, settings=drawn)
    assert "Filters" in request


def test_settings_hold_for_every_operation_that_is_found(folder, monkeypatch):
    """From the folder, or the nearest above it."""
    (folder / "pyproject.toml").write_text(
        f'[[tool.contract-kit.rules."{PLAIN.id}"]]\nexclude = ["PageSize", "NextToken"]\n'
    )
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")
    assert [rule.id for rule in operation(PLAIN.id).rules] == ["PageSize.excludes-NextToken"]
    assert not operation(EXPORT.id).rules
    assert not operation(PLAIN.id, settings=None).rules
    monkeypatch.chdir(folder.parent)
    assert operation(PLAIN.id, settings=folder / "below").rules


def test_the_own_file_may_hold_them(folder):
    """At its top; a table for each operation is as good as a list."""
    (folder / ".contract-kit.toml").write_text(
        f'[rules."{PLAIN.id}"]\nneed = ["PageSize", "NextToken"]\n'
    )
    ids = [rule.id for rule in operation(PLAIN.id).rules]
    assert ids == ["PageSize.needs-NextToken", "NextToken.needs-PageSize"]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"exclude": ["PageSize", "Nope"]}, "has no member 'Nope'"),
        ({"exclude": ["PageSize"]}, "a list of two members"),
        ({"exclude": "PageSize"}, "a list of two members"),
        ({"exclude": ["PageSize", "PageSize"]}, "a list of two members"),
        ({"values": {"PageSize": []}}, "a list of values"),
        ({"values": ["PageSize"]}, "MEMBER = "),
        ({"need": []}, "a list of two members"),
        ({"prefer": ["PageSize"]}, "is not a rule"),
        ({"error": "Wrong"}, "is not a rule"),
        ({"exclude": ["PageSize", "NextToken"], "error": 5}, "the name of an error"),
        ("PageSize", "is not a rule"),
    ],
)
def test_a_rule_that_cannot_be_read_is_one_line(table, words):
    """That says what to write."""
    with pytest.raises(UsageError, match=words):
        parse_rules(PLAIN, table)


def test_members_of_different_structures_have_no_rule():
    """It would not say which of them."""
    with pytest.raises(UsageError, match="write members of one structure"):
        parse_rules(EXPORT, {"exclude": ["ArchiveId", "Filters.Include"]})


def test_a_file_that_is_no_toml_is_one_line(folder):
    """With its name."""
    (folder / "pyproject.toml").write_text("[tool.contract-kit]\nrules = [")
    with pytest.raises(UsageError, match=r"pyproject\.toml"):
        operation(PLAIN.id)


def test_rules_reach_into_lists():
    """Each of the structures there is looked at by itself."""
    op = operation("dynamodb:CreateTable")
    values = {"values": {"KeySchema[].KeyType": ["HASH"]}}
    op = with_rules(op, parse_rules(op, values))
    request = {"TableName": "table", "KeySchema": [{"AttributeName": "a", "KeyType": "RANGE"}]}
    found = Validator(op).violations(request)
    assert "KeySchema[].KeyType.values" in {each.constraint for each in found}
    assert "must be one of" in json.dumps([each.message for each in found])


def test_empty_values_count_as_given_where_members_exclude_each_other():
    """false, 0 and {} are values; the first member that is given stands for the violation."""
    members = ["MaxResults", "Filters", "IncludeMetadata"]
    op = with_rules(EXPORT, parse_rules(EXPORT, {"exclude": members}))
    request = {
        "ArchiveId": "a-1",
        "FromTimestamp": 0,
        "ToTimestamp": 1,
        "ExportDestinationConfiguration": {"S3": {}},
        "Filters": {},
        "IncludeMetadata": False,
    }
    (violation,) = Validator(op).violations(request)
    assert (violation.constraint, violation.path, violation.value) == (
        "MaxResults.excludes-Filters-IncludeMetadata",
        ("Filters",),
        {},
    )
