"""Patterns that take any characters."""

from __future__ import annotations

import pytest

from contract_kit.cases import boundary_cases
from contract_kit.contract.document import read_operation
from contract_kit.pattern.compiled import Pattern
from contract_kit.strategies.violating_requests import Breaker
from contract_kit.validate import Validator


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("[\\s\\S]*", (0, None)),
        ("^([\\s\\S]*)$", (0, None)),
        ("^[\\w\\W\\s\\S]*$", (0, None)),
        ("[\\P{M}\\p{M}]{1,100}", (1, 100)),
        ("[\\S\\s]*|[a-z]{1,9}", (0, None)),
        ("(?s).+", (1, None)),
        ("(?s).{2,80}", (2, 80)),
        ("(?s).", (1, 1)),
        ("(?:[\\s\\S]*)?", (0, None)),
        ("([\\s\\S]{1,9})?", (0, 9)),
        ("([\\s\\S]{2,9})?", None),
        (".*", None),
        ("(.|\\s)*", None),
        ("(?s)a.*", None),
        ("^$", None),
    ],
)
def test_a_pattern_says_which_lengths_it_takes_if_it_takes_any_characters(text, lengths):
    """All of Unicode, line ends among it."""
    assert Pattern.parse(text).free_lengths == lengths


@pytest.mark.parametrize(
    ("shape", "constraints"),
    [
        ({"pattern": "^([\\s\\S]*)$"}, {"A.type"}),
        ({"pattern": "[\\p{all}]*"}, {"A.type"}),
        ({"pattern": "(?is).*"}, {"A.type"}),
        ({"pattern": "[\\x00-\\x{10FFFF}]*"}, {"A.type"}),
        ({"pattern": "(?:[\\s\\S]*)?"}, {"A.type"}),
        ({"pattern": "^([\\s\\S]*)$", "min": 2}, {"A.type", "A.minLength"}),
        ({"pattern": "(?s).+", "min": 1, "max": 9}, {"A.type", "A.minLength", "A.maxLength"}),
        ({"pattern": "(?s).{0,9}", "max": 9}, {"A.type", "A.maxLength"}),
        (
            {"pattern": "[\\P{M}\\p{M}]{1,9}", "min": 1, "max": 9},
            {"A.type", "A.minLength", "A.maxLength"},
        ),
        ({"pattern": "(?s).+", "min": 0}, {"A.type", "A.pattern"}),
        ({"pattern": "(?s).{0,80}"}, {"A.type", "A.pattern"}),
        ({"pattern": "(?s).{0,9}", "max": 10}, {"A.type", "A.maxLength", "A.pattern"}),
    ],
)
def test_a_pattern_is_no_constraint_where_it_forbids_what_the_lengths_forbid(
    toy, oracle_of, shape, constraints
):
    """No request breaks it alone; each constraint that is listed is broken by some case."""
    op = read_operation(*toy({"A": {"type": "string", **shape}}))
    assert {each.id for each in op.constraints if each.id.startswith("A.")} == constraints
    broken = {case.breaks[0] for case in boundary_cases(op) if len(case.breaks) == 1}
    assert {id for id in broken if id.startswith("A.")} == {
        id for id in Breaker(op, {}).breakable if id.startswith("A.")
    }
    validator, oracle = Validator(op, wire=True), oracle_of(op)
    for case in boundary_cases(op):
        assert validator.is_valid(case.request) is not bool(case.breaks), case.id
        assert oracle.broken_on_the_wire(case.request) == set(case.breaks), case.id
