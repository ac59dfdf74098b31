"""Examples and lengths, by construction."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_kit.pattern.compiled import Pattern
from contract_kit.pattern.lengths import complements, lengths, nearest
from contract_kit.pattern.strings_of_length import string

BOUNDS = [
    (r"a-[\w]{1,64}", 3, 66),
    (r"[x]{1,2048}", 1, 2048),
    (r"a*", 0, None),
    (r"(ab|c){2,3}", 2, 6),
    (r"$|^ ", 0, 1),
    (r"(?=.{8,64}$)[a-z]+", 8, 64),
    (r"(?=a)[a-z]{2,3}", 2, 3),
    (r"(^$|abc)\b?", 0, 3),
]

EXAMPLES = [
    (r"a-[\w]{1,64}", "a-abcdefab"),
    (r"\d{12}", "123456789012"),
    (r"[A-Z]{3}", "ABC"),
    (r"arn:aws(-cn)?:iam::\d{12}:role/.+", "arn:aws:iam::123456789012:role/abcdefab"),
    (r"[\u0410-\u042f]{2}", "АБ"),
    (r"(?!a)[a-c]{2}", "ba"),
]

LENGTHS = [
    (r"(ab)*c", {1, 3, 5, 7, 9}),
    (r"(aaa|aaaaa)*", {0, 3, 5, 6, 8, 9}),
    (r"((ab){1,2}x?)?", {0, 2, 3, 4, 5}),
    (r"(?!aa)a{1,4}", {1}),
    (r"[a&&b]|c", {1}),
    (r"a*(?<=aaa)", {3, 4, 5, 6, 7, 8, 9}),
]


@pytest.mark.parametrize(("text", "least", "most"), BOUNDS)
def test_bounds_are_those_of_the_matching_strings(text: str, least: int, most: int | None) -> None:
    """Look-aheads that only count are understood."""
    pattern = Pattern.parse(text)
    assert (pattern.min_length, pattern.max_length) == (least, most)


@pytest.mark.parametrize(("text", "example"), EXAMPLES)
def test_an_example_reads_well(text: str, example: str) -> None:
    """Letters first, then digits from 1; loops that need not turn do not."""
    assert Pattern.parse(text).example() == example


@pytest.mark.parametrize(("text", "possible"), LENGTHS)
def test_exactly_the_possible_lengths_have_examples(text: str, possible: set[int]) -> None:
    """Worked out by hand for lengths 0 to 9."""
    pattern = Pattern.parse(text)
    found = {length: pattern.example(length) for length in range(10)}
    assert {length for length, example in found.items() if example is not None} == possible
    for length, example in found.items():
        assert example is None or (len(example) == length and pattern.matches(example))


@pytest.mark.parametrize("text", [r"a-[\w]+", r".{1,}", r"s3://[a-z]{3,63}(/[a-z/]*)*", r"(ab)+c?"])
def test_a_hundred_thousand_characters_are_built_at_once(text: str) -> None:
    """Arithmetic on lengths, in milliseconds: search among strings would never come to an end."""
    pattern = Pattern.parse(text)
    started = time.process_time()
    example = pattern.example(100_000)
    assert time.process_time() - started < 5
    assert example is not None
    assert len(example) == 100_000
    assert pattern.matches(example)


def test_a_pattern_that_nothing_matches_has_no_example() -> None:
    """`a^` can't be met; the answer is None, not an error."""
    pattern = Pattern.parse("x.*a^.{1,5}$")
    assert pattern.example() is None
    assert pattern.example(3) is None
    assert pattern.inside() == ()


def test_look_aheads_that_ask_for_several_classes_are_met_together() -> None:
    """The usual rule for passwords: no part of the tree alone leads to such a string."""
    pattern = Pattern.parse(r"(?=.{8,64}$)(?=.*\d)(?=.*[A-Z])(?=.*[a-z]).*")
    example = pattern.example(8)
    assert example is not None
    assert len(example) == 8
    assert pattern.matches(example)


def test_a_negative_length_has_no_example() -> None:
    """Length arithmetic of callers may go below zero; that is no crash."""
    assert string(Pattern.parse("a*").tree, 0, -1) is None


@settings(derandomize=True, database=None, deadline=None)
@given(st.integers(0, 2**24), st.integers(0, 30))
def test_the_nearest_bit_is_nearest(bits: int, target: int) -> None:
    """Against a search over all bits."""
    places = [place for place in range(32) if bits >> place & 1]
    expected = min(places, key=lambda place: (abs(place - target), place), default=None)
    assert nearest(bits, target) == expected


@settings(derandomize=True, database=None, deadline=None)
@given(st.integers(0, 2**24), st.integers(0, 30))
def test_complements_mirror_the_bits(bits: int, total: int) -> None:
    """Bit k of the one is bit total - k of the other."""
    mirrored = complements(bits, total)
    for place in range(total + 1):
        assert mirrored >> place & 1 == bits >> (total - place) & 1


@settings(derandomize=True, database=None, deadline=None)
@given(st.sets(st.integers(0, 5), min_size=1), st.integers(0, 3), st.integers(0, 3))
def test_lengths_of_a_repeat_are_the_sums(sizes: set[int], least: int, more: int) -> None:
    """Against adding up every choice."""
    options = "|".join("a" * size for size in sorted(sizes))
    tree = Pattern.parse(f"({options}){{{least},{least + more}}}").tree
    sums, expected = {0}, set[int]()
    for turn in range(least + more + 1):
        expected |= sums if turn >= least else set()
        sums = {total + size for total in sums for size in sizes}
    assert {place for place in range(41) if lengths(tree, 40) >> place & 1} == expected


@pytest.mark.parametrize(
    ("text", "length", "other"),
    [(r"a-[\w]{1,64}", 10, "a-12345678"), ("[abc]", 1, "b"), (r"\d{12}", 12, "123456789012")],
)
def test_another_example_shares_as_few_characters_as_it_can(
    text: str, length: int, other: str
) -> None:
    """A server that refuses some characters of the first may take the second."""
    pattern = Pattern.parse(text)
    assert pattern.other_example(length) == other
    assert pattern.matches(other)
