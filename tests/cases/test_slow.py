"""Strings made to run long, and the steps that lead to them."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from contract_kit import operation
from contract_kit.cases.export import all_cases
from contract_kit.cases.slow_cases import SlowTexts, repeated
from contract_kit.pattern.compiled import Pattern
from contract_kit.wire.table import wire_of


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("s3://abc//////#", "//////"),
        ("xabababab!", "abababab"),
        ("aabbbcc", "bbb"),
        ("abcabcabcab", "abcabcabc"),
        ("abcdef", ""),
        ("", ""),
    ],
)
def test_the_longest_run_of_repeats_is_found(text, run):
    """In whole turns."""
    start, end, turn = repeated(text)
    assert text[start:end] == run
    assert text[start:end] == text[start : start + turn] * ((end - start) // turn)


@pytest.mark.parametrize("pattern", ["(a+)+", "x(ab|a|b)*", "a-[\\w]{1,64}", "(/x*)*", "[a-z]+"])
def test_steps_grow_towards_the_text_and_are_refused_like_it(pattern):
    """No step is one that a correct implementation accepts."""
    slow = SlowTexts(pattern, 2, 60)
    assert slow.texts
    for text in slow.texts:
        steps = slow.steps(text)
        sizes = [len(step) for step in (*steps, text)]
        assert len(steps) >= 10
        assert sizes == sorted(set(sizes))
        assert max(b - a for a, b in pairwise(sizes)) <= 4
        assert all(step[-1] == text[-1] for step in steps)
        assert not any(Pattern.parse(pattern).matches(step) for step in (*steps, text))
        assert all(2 <= size <= 60 for size in sizes)


def test_a_pattern_that_cannot_be_decided_has_none():
    """Its constraint stays untested."""
    assert SlowTexts(r"(a)\1", None, None).texts == ()


def test_every_case_that_runs_long_has_steps():
    """Where an application runs in our own process they are all that stands between it and us."""
    slow = [
        case
        for case in all_cases(
            operation("mailmanager:StartArchiveExport"),
            wire_of(operation("mailmanager:StartArchiveExport")),
        )
        if "runs-long" in case.slug
    ]
    assert slow
    assert all(len(case.steps) > 10 for case in slow)
    assert not any(
        case.steps
        for case in all_cases(
            operation("mailmanager:StartArchiveExport"),
            wire_of(operation("mailmanager:StartArchiveExport")),
        )
        if case not in slow
    )


def test_numbers_that_exhaust_who_makes_so_many_come_after_all_that_they_could_taint():
    """A target may be busy for minutes with 2^31 of something; no other case waits for that."""
    amounts = [2**31 - 1, 2**31, 2**63 - 1, 2**63, 2**64, 10**30]
    create = operation("kinesis:CreateStream")
    cases = all_cases(create, wire_of(create))
    tried = [(case.request or {}).get("ShardCount") in amounts for case in cases]
    first = tried.index(True)
    assert sum(tried) == len(amounts)
    assert all(re.match("runs-long|2-to|10-to", case.slug) for case in cases[first:])
    assert {"wire.limits", "StreamName.type"} < {case.constraint for case in cases[:first]}
