"""What every case promises, over many operations."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from contract_kit import Operation, operation
from contract_kit.cases import Case, boundary_cases
from contract_kit.cases.export import all_cases
from contract_kit.contract.shape import Json
from contract_kit.contract.values import get
from contract_kit.errors import UsageError
from contract_kit.validate import Validator
from contract_kit.wire.table import wire_of

EXPORT = "mailmanager:StartArchiveExport"
OPERATIONS = (
    EXPORT,
    "mailmanager:CreateArchive",
    "mailmanager:CreateRuleSet",
    "mailmanager:CreateTrafficPolicy",
    "mailmanager:ListArchiveExports",
    "dynamodb:PutItem",
    "ssm:PutParameter",
    "kinesis:PutRecords",
    "kms:Encrypt",
    "logs:PutLogEvents",
    "secretsmanager:CreateSecret",
)

TOO_LARGE = 1_000_000


@pytest.fixture(scope="module", params=OPERATIONS)
def op(request: pytest.FixtureRequest) -> Operation:
    """One operation after another."""
    return operation(request.param)


@pytest.fixture(scope="module")
def cases(op: Operation) -> tuple[Case, ...]:
    """Its boundary cases."""
    return boundary_cases(op)


def test_an_outside_case_breaks_the_constraint_it_names(
    op: Operation, cases: tuple[Case, ...]
) -> None:
    """And no other, but one that implies it; an empty structure alone lacks all its members."""
    for case in cases:
        if case.expects != "reject":
            continue
        constraint = op.constraint(case.constraint)
        others = set(case.breaks) - {case.constraint}
        assert case.constraint in case.breaks, case.id
        if case.slug == "all-absent":
            assert all(other.endswith(".required") for other in others), case.id
        else:
            allowed = {case.constraint.rpartition(".")[0] + f".{constraint.implied_by}"}
            assert others <= allowed, case.id


def test_an_inside_case_and_every_twin_conform(op: Operation, cases: tuple[Case, ...]) -> None:
    """By the validator, reading as a server does."""
    validator = Validator(op, wire=True)
    for case in cases:
        if case.expects == "accept":
            assert case.breaks == (), case.id
        if case.twin is not None and "{seq" not in json.dumps(case.twin):
            assert validator.is_valid(case.twin), case.id


def test_each_constraint_is_probed_from_outside(op: Operation, cases: tuple[Case, ...]) -> None:
    """Unless a request beyond its limit is too large to send."""
    probed = {case.constraint for case in cases if case.breaks}
    request = [entry for entry in op.constraints if entry.kind not in ("response", "wire")]
    small = {
        entry.id
        for entry in request
        if not (isinstance(entry.limit, int) and entry.limit > TOO_LARGE)
    }
    unprobed = small - probed - {"request.type"}
    assert unprobed == set()


def test_ids_are_unique(op: Operation) -> None:
    """Also among raw messages."""
    ids = [case.id for case in all_cases(op, wire_of(op))]
    assert len(ids) == len(set(ids))


def differences(one: Json, other: Json, path: tuple[str | int, ...] = ()) -> list[tuple]:
    """The paths at which two values differ, as far down as both have the same form."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [
            found
            for name in {**one, **other}
            for found in (
                differences(one[name], other[name], (*path, name))
                if name in one and name in other
                else [(*path, name)]
            )
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            found
            for index, pair in enumerate(zip(one, other, strict=True))
            for found in differences(*pair, (*path, index))
        ]
    same = repr(one) == repr(other)
    return [] if same else [path]


def test_a_case_differs_from_its_twin_in_the_probed_place_alone() -> None:
    """All differences lie at or below one location: that of the constraint."""
    op = operation(EXPORT)
    for case in boundary_cases(op):
        # Another member of a union, an empty structure, a name in another case.
        by_name = case.slug.endswith(("typical", "all-absent", "in-other-case"))
        if case.twin is None or case.constraint == "request.type" or by_name:
            continue
        location = op.constraint(case.constraint).location
        for path in differences(case.request, case.twin):
            names = tuple("[]" if isinstance(part, int) else part for part in path)
            shorter = min(len(names), len(location))
            assert names[:shorter] == location[:shorter], (case.id, path)


def test_items_are_probed_at_the_first_the_second_and_the_last_place() -> None:
    """In a list filled to its limit, under both members that hold one."""
    ids = {case.id for case in boundary_cases(operation(EXPORT))}
    for side in ("Include", "Unless"):
        for label in ("first", "second", "last"):
            prefix = f"StartArchiveExport/Filters.{side}[].union/{label}-of-full-{side}"
            assert f"{prefix}-no-member" in ids
        assert f"{prefix}-two-members" in ids
    last = next(
        case
        for case in boundary_cases(operation(EXPORT))
        if case.id.endswith("Filters.Unless[].union/last-of-full-Unless-no-member")
    )
    assert len(last.request["Filters"]["Unless"]) == 10
    assert last.request["Filters"]["Unless"][9] == {}


def test_the_second_violation_of_each_kind_stands_among_all_members() -> None:
    """Some servers check a member only where another one is absent."""
    found = {case.id: case for case in boundary_cases(operation(EXPORT))}
    alone = found["StartArchiveExport/ToTimestamp.required/absent"].request
    among = found["StartArchiveExport/ToTimestamp.required/null"].request
    assert alone.keys() == {"ArchiveId", "FromTimestamp", "ExportDestinationConfiguration"}
    assert among.keys() > {*alone, "MaxResults", "IncludeMetadata", "Filters"}
    assert among["Filters"].keys() == {"Include", "Unless"}


def test_members_that_are_all_alike_are_sent_together() -> None:
    """Nothing tells that one excludes the other."""
    found = {case.id: case for case in boundary_cases(operation(EXPORT))}
    both = found["StartArchiveExport/Filters.type/every-member"]
    assert both.expects == "accept"
    assert both.request["Filters"].keys() == {"Include", "Unless"}


def test_a_bound_value_holds_in_the_cases_of_all_other_members() -> None:
    """And in the twins of its own."""
    op = operation(EXPORT)
    for case in boundary_cases(op, bindings={"ArchiveId": "a-known"}):
        if case.constraint.startswith("ArchiveId."):
            assert case.twin["ArchiveId"] == "a-known", case.id
        elif case.constraint != "request.type":
            assert case.request["ArchiveId"] == "a-known", case.id


def test_a_binding_reaches_into_lists() -> None:
    """Every item that has a place for it gets the value."""
    id = "Filters.Include[].BooleanExpression.Operator"
    op = operation(EXPORT)
    path = ("Filters", "Include", 0, "BooleanExpression", "Operator")
    found = {
        get(case.request, path)
        for case in boundary_cases(op, bindings={id: "IS_FALSE"})
        if case.constraint == "Filters.Include[].BooleanExpression.Evaluate.type"
    }
    assert found == {"IS_FALSE"}


def test_cases_start_from_the_request_that_is_given() -> None:
    """What it holds stays, what it lacks is added where a case needs it."""
    base = {
        "ArchiveId": "a-mine",
        "FromTimestamp": 1600000000,
        "ToTimestamp": 1600000001,
        "ExportDestinationConfiguration": {"S3": {"S3Location": "s3://mine/here"}},
        "MaxResults": 7,
    }
    cases = boundary_cases(operation(EXPORT), request=base)
    assert cases[0].request == base
    include = next(case for case in cases if case.constraint == "Filters.Include.type")
    assert include.request["ArchiveId"] == "a-mine"
    assert include.request["MaxResults"] == 7


@pytest.mark.parametrize("id", ["Nope", "ArchiveId.Inner", "Filters.Include[].Nope", ""])
def test_a_binding_that_leads_nowhere_is_a_usage_error(id: str) -> None:
    """With a word of what is wrong."""
    with pytest.raises(UsageError, match=r"has no|names no"):
        boundary_cases(operation(EXPORT), bindings={id: "x"})


def test_cases_are_the_same_under_any_hash_seed() -> None:
    """Byte for byte."""
    code = (
        "import hashlib; from contract_kit import operation;"
        "from contract_kit.cases.export import all_cases, case_document, render_case;"
        "from contract_kit.wire.table import wire_of;"
        f"op = operation({EXPORT!r});"
        "text = ''.join(render_case(case_document(op, case)) for case in all_cases(op, wire_of(op)));"
        "print(hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_the_exported_cases_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    """Else: contract-kit cases mailmanager:StartArchiveExport --out with that folder."""
    from contract_kit.cli.main import main

    folder = "fixtures/mailmanager/StartArchiveExport"
    with pytest.raises(SystemExit) as ended:
        main(["cases", EXPORT, "--out", folder, "--check"])
    assert (ended.value.code, capsys.readouterr().out) == (0, "")
