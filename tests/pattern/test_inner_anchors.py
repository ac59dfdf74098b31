"""Anchors inside options, and lengths that a look-ahead rules out."""

from __future__ import annotations

import itertools
import random
import re

import pytest
import regress

from contract_kit.pattern import automaton_search
from contract_kit.pattern.compiled import Pattern, same
from contract_kit.pattern.syntax_tree import plain

ANCHORED = {
    ".*(^a$|^b).*": "a|b.*",
    ".*(x|^y).*": ".*x.*|y.*",
    ".*((^ab|c)d$|^e$).*": "abd|.*cd|e",
    "(a$|b).*": "a|b.*",
    ".*(^[0-9a-f]{2}$|^ab:[0-9]{3}(/[a-z]+)?$).*": "[0-9a-f]{2}|ab:[0-9]{3}(/[a-z]+)?",
}
"""A pattern with anchors inside options → the same one without."""

TEXTS = ["", "a", "b", "ab", "ba", "bb", "x", "axb", "y", "ya", "ay", "abd", "xabd", "cd", "acd"]
TEXTS += ["cda", "e", "ee", "0f", "0f0", "ab:123", "ab:123/x", "ab:123/", "xab:123", "b/x"]


@pytest.mark.parametrize(("text", "plainly"), ANCHORED.items())
def test_an_anchor_in_an_option_is_held_against_what_surrounds_it(text, plainly):
    """The tree has none left, which look-arounds would need a search for."""
    assert same(text, plainly)
    assert plain(Pattern.parse(text).tree)


@pytest.mark.parametrize("text", [*ANCHORED, ".*(^a|b|c$).*(^d|e$).*", "(?!.*(^|/)\\.+(/|$)).+"])
def test_patterns_with_inner_anchors_match_what_another_engine_matches(text):
    """By the engine and by the automaton alike."""
    pattern, engine = Pattern.parse(text), regress.Regex(f"^(?:{text})$", "u")
    for each in TEXTS:
        wanted = engine.find(each) is not None
        assert pattern.matches(each) is wanted, each
        assert pattern.automaton.matches(each) is wanted, each


def test_look_aheads_at_the_start_of_options_limit_the_length():
    """As one at the start of the pattern does."""
    pattern = Pattern.parse("([a-z][a-z0-9]{0,30}[$]?)|(^(?=.{2,40}$)[0-9]{1,32}[a-z].*$)")
    assert (pattern.min_length, pattern.max_length) == (1, 40)
    assert Pattern.parse("(^(?=.{2,40}$)a.*$)|b+").max_length is None


def test_options_beyond_number_are_left_as_they_are():
    """Five times four options are a thousand rows."""
    text = ".*" + "(^a|b|c|d$).*" * 5
    pattern = Pattern.parse(text)
    assert not plain(pattern.tree)
    assert pattern.matches("abcbd")
    assert not pattern.matches("ba")


def test_a_length_that_a_pattern_cannot_have_is_not_searched_for(monkeypatch):
    """Telling that of each length took seconds."""

    def searched(*args, **others):
        raise AssertionError("looked for a string")

    pattern = Pattern.parse("^(?=.{3,100}$).+@.+[.].+$")
    assert pattern.example(100) is not None
    monkeypatch.setattr(automaton_search.Search, "find", searched)
    assert pattern.example(101) is None
    assert pattern.example(2) is None


AB = ["".join(signs) for size in range(5) for signs in itertools.product("ab", repeat=size)]


@pytest.mark.parametrize(
    "text",
    [
        "a$(^|a)",
        "(.$|)($^|b)",
        "((?=a)|a)(^|)",
        "($a?)+(|^a)",
        "(a+$|b)+(b|^|)",
        "(^.+){2}",
        "(a*^a)+",
        "(^ba$|^$^.*){1,2}",
    ],
)
def test_what_may_be_empty_beside_an_anchor_keeps_its_conditions(text):
    """Nothing is consumed before a `^`, yet what is said there of the place has to hold."""
    automaton, oracle = Pattern.parse(text).automaton, re.compile(text.replace("$", "\\Z"))
    for each in AB:
        assert automaton.matches(each) is (oracle.fullmatch(each) is not None), each


ATOMS = ["^", "$"] * 4 + ["a", "b"] * 3 + [".*", "a*", "b?", "[ab]{0,2}", "."]
ATOMS += ["\\b", "\\B", "(?=a)", "(?!b)", "(?=.{2,3}$)", "(?<=a)", "(?<!b)", "(?<=^a)"]
COUNTS = ["", "", "", "?", "*", "+", "{2}", "{1,2}"]


def drawn(chance: random.Random, depth: int = 2) -> str:
    """Options of rows of atoms and groups, full of anchors."""

    def part() -> str:
        if depth == 0 or chance.random() < 0.75:
            return chance.choice(ATOMS)
        return f"({drawn(chance, depth - 1)}){chance.choice(COUNTS)}"

    rows = range(chance.choice((1, 2, 2, 3)))
    return "|".join("".join(part() for _ in range(chance.randrange(5))) for _ in rows)


@pytest.mark.parametrize("seed", range(10))
def test_random_patterns_full_of_anchors_match_what_python_matches(seed):
    """Each string of up to four signs; look-behinds of one length alone, as Python takes them."""
    chance = random.Random(seed)
    texts = [*AB, "-", "-a", "b-", "a-b"]
    for text in (drawn(chance) for _ in range(60)):
        # In Python alone `$` holds before a last line end, and `\\B` not in an empty string.
        oracle = re.compile(text.replace("$", "\\Z").replace("\\B", "(?!\\b)"))
        automaton = Pattern.parse(text).automaton
        for each in texts:
            assert automaton.matches(each) is (oracle.fullmatch(each) is not None), (text, each)
