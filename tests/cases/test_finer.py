"""Finer cases: what chance would hardly meet, each a proof by a pair as a boundary case is."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Callable

import pytest

from contract_kit import Operation, operation
from contract_kit.cases import Case, boundary_cases
from contract_kit.cases.finer_cases import finer_cases
from contract_kit.contract.document import read_operation
from contract_kit.contract.shape import Json
from contract_kit.validate import Validator

Toy = Callable[..., tuple[Json, Json]]

EXPORT = operation("mailmanager:StartArchiveExport")
OPERATIONS = ("mailmanager:StartArchiveExport", "dynamodb:PutItem", "ssm:PutParameter")
EVERY_VALUE = "every-value"
"""The one case that breaks more than it names."""
SIGNS = set(string.printable) - set(string.whitespace)


@pytest.fixture(scope="module", params=OPERATIONS)
def op(request: pytest.FixtureRequest) -> Operation:
    """One operation after another."""
    return operation(request.param)


@pytest.fixture(scope="module")
def cases(op: Operation) -> tuple[Case, ...]:
    """Its finer cases."""
    return finer_cases(op)


def test_each_breaks_the_constraint_it_names_or_none_and_its_twin_none(
    op: Operation, cases: tuple[Case, ...]
) -> None:
    """As an independent reading of the request says; what is implied breaks as well."""
    validator = Validator(op, wire=True)
    assert {case.expects for case in cases} >= {"accept", "reject"}
    for case in cases:
        if case.expects == "accept" or case.open:
            assert validator.is_valid(case.request), case.id
            continue
        implied_by = op.constraint(case.constraint).implied_by
        allowed = {case.constraint, f"{case.constraint.rpartition('.')[0]}.{implied_by}"}
        broken = {violation.constraint for violation in validator.violations(case.request)}
        assert case.constraint in broken, case.id
        assert broken <= allowed or case.slug == EVERY_VALUE, case.id
        assert validator.is_valid(case.twin), case.id


def test_none_repeats_a_boundary_case(op: Operation, cases: tuple[Case, ...]) -> None:
    """Neither its id nor its request: what was sent already tells nothing new."""
    known = boundary_cases(op)
    assert not {case.id for case in known} & {case.id for case in cases}
    # As JSON: to Python, true and 1 are the same.
    sent = {json.dumps(case.request) for case in known}
    assert not [case.id for case in cases if json.dumps(case.request) in sent]


def test_ids_are_unique_and_fit_for_a_command_line(cases: tuple[Case, ...]) -> None:
    """So that one of them can be sent alone."""
    ids = [case.id for case in cases]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"\w+/[\w.\[\]-]+/[\w.-]+", id) for id in ids)


@pytest.mark.parametrize(
    ("location", "inside", "where"),
    [
        (("ArchiveId",), r"\w", r"a-(.*)"),
        (("ExportDestinationConfiguration", "S3", "S3Location"), r"[\w.-]", r"s3://([^/]*)"),
        (
            ("ExportDestinationConfiguration", "S3", "S3Location"),
            r"[\w!.*'()/-]",
            r"s3://[\w.-]{3,63}/(.*)",
        ),
    ],
    ids=["archive", "bucket", "key"],
)
def test_every_sign_that_a_class_leaves_out_is_tried(
    location: tuple[str, ...], inside: str, where: str
) -> None:
    """A server that takes in one sign more than documented is found whichever it is."""
    tried = set()
    for case in (*boundary_cases(EXPORT), *finer_cases(EXPORT)):
        value = case.request
        for name in location:
            value = value.get(name) if isinstance(value, dict) else None
        found = re.match(where, value, re.DOTALL | re.ASCII) if isinstance(value, str) else None
        wrong = set(re.sub(inside, "", found[1], flags=re.ASCII)) if found else set()
        # One at a time: a string with two wrong signs tells nothing of either.
        tried |= wrong if len(wrong) == 1 else set()
    left_out = {sign for sign in SIGNS if not re.match(inside, sign, re.ASCII)}
    # A slash ends the bucket.
    assert left_out - tried <= ({"/"} if "bucket" in where or "[^/]" in where else set())


def test_every_position_of_a_full_list_is_tried() -> None:
    """A server that looks at some items only is found whichever it leaves out."""
    for name, count in (("Values", 10), ("Include", 10), ("Unless", 10)):
        words = {f"at-{place}-of-full-{name}" for place in range(3, count)}
        slugs = {case.slug for case in finer_cases(EXPORT)}
        assert all(any(slug.startswith(word) for slug in slugs) for word in words), name


def test_what_nearly_is_a_bound_name_is_tried_unless_it_conforms() -> None:
    """Other wrong names are not found, which hides whether they are looked at."""
    cases = finer_cases(EXPORT, bindings={"ArchiveId": "a-known"})
    near = {case.request["ArchiveId"] for case in cases if "/bound-" in case.id}
    assert {"A-KNOWN", "A-known", " a-known", "a-known ", "a-known\n", '"a-known"'} <= near
    assert all(not re.fullmatch(r"a-\w{1,64}", name, re.ASCII) for name in near)


def test_words_for_numbers_are_tried_whatever_the_number() -> None:
    """Integers, doubles and times each have strings that lax parsers read."""
    slugs = {case.id.rpartition("/")[2] for case in finer_cases(EXPORT)}
    assert {"text-0x10", "text-now"} <= slugs
    found = finer_cases(operation("cloudwatch:PutMetricData"))
    doubles = {case.id for case in found if ".Value.type/text-" in case.id}
    assert any("0x10" in id for id in doubles)


def test_one_request_breaks_as_many_constraints_as_it_can(
    op: Operation, cases: tuple[Case, ...]
) -> None:
    """A server that gathers errors may fail to join them, or look at no more than the first."""
    (case,) = (case for case in cases if case.slug == EVERY_VALUE)
    places = {id.rpartition(".")[0] for id in case.breaks}
    assert len(places) >= 5
    assert case.constraint == case.breaks[0]
    assert case.expects == "reject"


def test_the_request_that_is_wrong_everywhere_is_no_larger_than_servers_take(toy: Toy) -> None:
    """A value is wrong if there is room: no server refuses the request for its size."""
    members = {
        "A": {"type": "string", "min": 2, "max": 60_000},
        "B": {"type": "string", "max": 40_000},
        "C": {"type": "string", "max": 40_000},
        "D": {"type": "integer", "min": 1},
    }
    cases = finer_cases(read_operation(*toy(members)))
    (case,) = (case for case in cases if case.slug == EVERY_VALUE)
    assert case.breaks == ("A.minLength", "B.maxLength", "D.minimum")
    assert len(json.dumps(case.request)) <= 65_536


def test_a_request_that_is_refused_is_large_only_where_a_limit_is(
    op: Operation, cases: tuple[Case, ...]
) -> None:
    """Servers refuse large requests with an error of their own, whatever else is wrong."""
    for case in (*boundary_cases(op), *cases):
        if case.expects == "reject" and len(json.dumps(case.request)) > 65_536:
            assert case.constraint.endswith((".maxLength", ".maxItems")), case.id


def test_a_value_that_the_user_binds_is_right_where_every_other_is_wrong() -> None:
    """Else the name that is not found would hide what is wrong with the others."""
    cases = finer_cases(EXPORT, bindings={"ArchiveId": "a-known"})
    (case,) = (case for case in cases if case.slug == EVERY_VALUE)
    assert case.request["ArchiveId"] == "a-known"
    assert "ArchiveId.pattern" not in case.breaks


def test_a_long_string_conforms_where_neither_limit_nor_pattern_ends_it() -> None:
    """A limit that nobody documents is too strict; an engine may run out of stack."""
    (case,) = (case for case in finer_cases(EXPORT) if case.slug == "long")
    assert case.constraint == "ExportDestinationConfiguration.S3.S3Location.pattern"
    assert case.expects == "accept"
    assert len(case.request["ExportDestinationConfiguration"]["S3"]["S3Location"]) == 1000


def test_what_look_ups_and_splitting_take_for_a_value_is_tried_at_each_enumeration() -> None:
    """Two values in one string, and the name of an attribute of a class."""
    tried: dict[str, set[str]] = {}
    for case in finer_cases(EXPORT):
        if case.slug in ("two-values", "class-attribute"):
            tried.setdefault(case.slug, set()).add(case.constraint.rpartition(".Include[].")[2])
    enumerations = {
        f"{kind}Expression.{member}.enum"
        for kind in ("String", "Boolean")
        for member in ("Evaluate.Attribute", "Operator")
    }
    assert tried == {"two-values": enumerations, "class-attribute": enumerations}


def test_a_sign_written_as_an_entity_is_tried_at_each_class() -> None:
    """As those unescape it who took the value out of HTML."""
    found = [case.slug for case in finer_cases(EXPORT) if "html-entity" in case.slug]
    assert len(found) == 3
