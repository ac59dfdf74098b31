"""Patterns of users: what Python takes is taken, and none runs long."""

from __future__ import annotations

import re
import time

import pytest

from contract_kit.errors import UsageError
from contract_kit.requestfile.placeholders import searcher
from contract_kit.requestfile.settings import read_settings

PATTERNS = [
    *(r"\$\{\w+\}", r"\${\w+}", r"(?i)todo", r"<[A-Z_]+>", r"(?P<name>a)b", r"^\s*$", r"a{2}"),
    *(r"(?<=x)y", r"y(?!x)", r"\{\{.*?\}\}", r"\bfoo\b", r"\Aab\Z", r"[{}]", r"[]{]", r"a{2,}b"),
]
TEXTS = [
    *("", "a", "ab", "aab", "aaab", "xy", "yx", "y", "${A}", "x ${Some_1} y", "TODO", "<A_B>"),
    *("{{ x }}", "{", "}", "]", "foo", "a foo b", "food", "xab", "aba", "  ", "todo: a"),
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_finds_what_python_finds(pattern):
    """In texts of one line."""
    search = searcher(pattern)
    assert search is not None
    for text in TEXTS:
        assert search(text) is bool(re.search(pattern, text)), text


@pytest.mark.parametrize(
    "pattern", [r"^(a+)+$", r"^(a|a)*$", r"^(a|aa)+$", r"^(\w+\s?)*$", r"(.*)*=b", r"^(a+)+(?!b)c$"]
)
def test_no_pattern_runs_long(pattern):
    """Python's own search would not come back from these."""
    search = searcher(pattern)
    assert search is not None
    start = time.process_time()
    assert not search("a" * 5_000 + "!")
    assert time.process_time() - start < 30


def test_half_a_character_is_no_match():
    """A string that no text can hold."""
    search = searcher("x")
    assert search is not None
    assert not search("x\ud800")


@pytest.mark.parametrize("pattern", [r"(a)\1", r"(?:a{1000}){1000}\1"])
def test_a_pattern_that_may_run_long_is_one_line(tmp_path, pattern):
    """It says what to leave out."""
    (tmp_path / ".contract-kit.toml").write_text(f"placeholders = ['(x)?{pattern}']")
    with pytest.raises(
        UsageError, match="may take very long to match; write it without back-references"
    ):
        read_settings(tmp_path)
