"""Strings that a backtracking engine needs long for."""

from __future__ import annotations

import re
import time

import pytest

from contract_kit.pattern.compiled import Pattern

S3 = r"s3://[a-zA-Z0-9.-]{3,63}(/[a-zA-Z0-9!_.*'()/-]*)*"

EXPONENTIAL = [
    S3,
    r"(a+)+",
    r"(a|a)*b",
    r"x(\w+\s?)*y",
    r"([a-z]+|[a-c])*-",
    r"(a*)*b",
    r"((ab)+)+",
]
HARMLESS = [r"a-[\w]{1,64}", r"(/[a-z]+)*", r"(ab|cd)+", r"[a-z]+-[a-z]+", r"a{2}b?", r"(?!a)b*"]


@pytest.mark.parametrize("text", EXPONENTIAL)
def test_four_more_pumps_take_python_far_longer(text: str) -> None:
    """The time of `re` grows by more than half with each pump; the strings never match."""
    pattern = Pattern.parse(text)
    engine = re.compile(text, re.ASCII)
    spent = []
    for pumps in (12, 16):
        strings = pattern.slow(pumps)
        assert strings
        # Of the processor alone, and the least of three: what else runs here must not count.
        turns = []
        for _ in range(3):
            started = time.process_time()
            assert engine.fullmatch(strings[0]) is None
            turns.append(time.process_time() - started)
        spent.append(min(turns))
        assert not any(pattern.matches(string) for string in strings)
    assert spent[1] > spent[0] * 1.5**4 / 2


@pytest.mark.parametrize("text", HARMLESS)
def test_an_unambiguous_pattern_has_no_slow_string(text: str) -> None:
    """Nothing is reported where there is only one way to match."""
    assert Pattern.parse(text).slow() == ()


def test_thirty_pumps_are_the_default() -> None:
    """About a billion ways for an exponential loop: a server that backtracks is seen to hang."""
    assert Pattern.parse(S3).slow() == Pattern.parse(S3).slow(30)
    assert Pattern.parse(S3).slow()[0].endswith("/" * 30 + "#")


def test_endless_loops_side_by_side_are_reported_too() -> None:
    """Polynomial only, but long enough for a large number of pumps."""
    (string,) = Pattern.parse(r"id[a-z]*[a-z0-9]*;").slow(50)
    assert string == "id" + "a" * 50 + "#"
