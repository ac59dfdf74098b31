"""Bounded time for any input, and strings that are no text."""

from __future__ import annotations

import time

import pytest

from contract_kit.pattern.compiled import Pattern

S3 = r"s3://[a-zA-Z0-9.-]{3,63}(/[a-zA-Z0-9!_.*'()/-]*)*"

# (pattern, input on which a backtracking engine would not come back); portable ones and others.
HARD = [
    (S3, "s3://aaa" + "/" * 100_000 + "\0"),
    (r"(a+)+", "a" * 100_000 + "b"),
    (r"(a|a)*b", "a" * 100_000),
    (r"((?!x)a+)+", "a" * 50_000 + "b"),
    (r"(\ba*a*)*c", "a" * 50_000),
    (r"(a*(?=a|$))*b", "a" * 20_000),
    (r"(.*(?!b)){9}x", "a" * 20_000),
]


@pytest.mark.parametrize(("text", "string"), HARD, ids=[text for text, _ in HARD])
def test_no_input_makes_matching_run_away(text: str, string: str) -> None:
    """A fraction of a second, where a backtracking engine needs for ever."""
    pattern = Pattern.parse(text)
    pattern.matches("a")
    started = time.process_time()
    assert not pattern.matches(string)
    assert time.process_time() - started < 10


def test_the_own_automaton_is_linear_where_the_engine_could_do_the_work() -> None:
    """The fallback keeps the same promise on the pattern that Python's `re` fails on."""
    started = time.process_time()
    assert not Pattern.parse(S3).automaton.matches("s3://aaa" + "/" * 100_000 + "\0")
    assert time.process_time() - started < 10


@pytest.mark.parametrize("text", [r"[\s\S]*", r".", r"[^a]", r"(?!b)\P{L}", r"a\b."])
def test_a_lone_surrogate_never_matches(text: str) -> None:
    """Such a string is no Unicode text: no server can have received it as valid."""
    pattern = Pattern.parse(text)
    assert not pattern.matches("\ud800")
    assert not pattern.matches("a\udfff")


@pytest.mark.parametrize("text", ["a", "[a]*", "a|b", "(?!b)a", "$", ".*(^a$).*"])
def test_a_trailing_newline_is_part_of_the_string(text: str) -> None:
    """`$` is the very end, unlike in Python and in Java's find()."""
    pattern = Pattern.parse(text)
    example = pattern.example(0 if text == "$" else 1)
    assert example is not None
    assert pattern.matches(example)
    assert not pattern.matches(example + "\n")
