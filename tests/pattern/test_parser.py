"""Reading the dialect: what parses, what is refused, what is equal."""

from __future__ import annotations

import subprocess
import sys

import pytest

from contract_kit.errors import UnsupportedPattern
from contract_kit.pattern.compiled import Pattern, same

# Hand-checked against java.util.regex: (pattern, strings that match, strings that do not).
CASES = [
    (r"a-[\w]{1,64}", ["a-b", "a-" + "_" * 64], ["a-", "a-b\n", "a-é", "A-b", "a-" + "_" * 65]),
    (r"\d+", ["0"], ["٣", "", "1\n"]),
    (r"\s", list(" \t\n\x0b\f\r"), ["\x85", "\u00a0", "\x1c"]),
    (r"\h\v", ["\u00a0\x85", "\t\n"], ["\n\t", "a"]),
    (r".", ["a", "😀", "\t", "\x0b"], ["\n", "\r", "\x85", "\u2028", "\u2029", ""]),
    (r"(?s).", ["\n", "\u2028"], ["", "ab"]),
    (r"(?i)aws|x", ["AWS", "aWs", "X"], ["aw", "AW", "ws"]),
    (r"(?i:a)b", ["Ab", "ab"], ["aB"]),
    (r"((?i)a)b", ["Ab"], ["AB"]),
    (r"a{", ["a{"], ["a"]),
    (r"a{,2}", ["a{,2}"], ["aa"]),
    (r"x}]", ["x}]"], ["x"]),
    (r"[a-]", ["a", "-"], ["b"]),
    (r"[a-z-9]", ["-", "9"], [":"]),
    (r"[\w-.]", ["-", "."], ["/"]),
    (r"[+--]", list("+,-"), ["."]),
    (r"[]a]", ["]", "a"], ["b"]),
    (r"[^]a]", ["b"], ["]", "a"]),
    (r"[a-c&&[b-d]]", ["b", "c"], ["a", "d"]),
    (r"[^a-c&&[b-d]]", ["a", "d"], ["b", "c"]),
    (r"[a[^b-z]]", ["a", "A"], ["b"]),
    (r"[\p{Print}&&[^|:/]]+", ["a b", "~"], ["a|", "\n"]),
    (r"\p{L}\p{Nd}\P{L}", ["é٣!"], ["1٣!", "é٣a"]),
    (r"\pL[\p{IsLu}\P{L}]", ["aA", "a1"], ["ab"]),
    (r"\p{ASCII}\p{Alnum}\p{Punct}\p{XDigit}", ["~9!f"], ["é9!f", "~é!f", "~9!g"]),
    (r"\p{IsAlphabetic}\p{IsWhite_Space}", ["a\u2028", "Ⅷ ", "ͅ "], ["1 ", "a!"]),
    (r"[\p{LD}]", ["é", "٣"], ["-"]),
    (r"\x41\u0042\x{43}\x{1F600}\t\0101\cA", ["ABC😀\tA\x01"], ["ABC"]),
    (r"[\uD83D\uDE00-\uD83D\uDE02]", ["😀", "😁"], ["😃", "\ud83d"]),
    (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF]", ["a", "😀"], ["\t", "\udc00"]),
    (r"\Qa.b\E+", ["a.b", "a.bb"], ["axb"]),
    (r"\Aab\z|c\Z", ["ab", "c"], ["c\n", "abc"]),
    (r"(?<year>\d{4})", ["2024"], ["x"]),
    (r"\bab\b", ["ab"], ["a b"]),
    (r".*\bab\b.*", ["ab", "x ab.", "-ab"], ["xab", "abx"]),
    (r"a\Bb", ["ab"], ["a b"]),
    (r"[a-]\b[b.]", ["a.", "-b"], ["ab", "-."]),
    (r"[ab]*+", ["abba", ""], ["c"]),
    (r"[0-9A-F]{2}+-", ["A0-"], ["A-"]),
    (r"$|^ ", ["", " "], ["  "]),
    (r".*(^a$).*", ["a"], ["ba", "ab"]),
    (r"(?!aws:).{1,8}", ["aw:", "x"], ["aws:", "aws:x", ""]),
    (r"(?=.{3,5}$)a*b*", ["aab", "bbb", "aaaaa"], ["ab", "aaaaaa"]),
    (r"(?! )[a ]*(?<! )", ["a a", ""], [" a", "a "]),
    (r"(?:(?!\$\{[a-z]+:)[\P{C}])*", ["${x", "a"], ["${x:", "a${b:c"]),
    (r"[a-z]([a-z]|-(?!-))*(?<!-x)", ["a-b", "ab-"], ["a--b", "a-x"]),
]

REFUSED = [
    r"(a)\1",
    r"(?<n>a)\k<n>",
    r"\p{IsLatin}",
    r"\p{InGreek}",
    r"\p{Nonsense}",
    r"[ab]*+b",
    r"(ab)*+",
    r"a{2}{3}",
    r"a**",
    r"*a",
    r"(a",
    r"a)",
    r"[a",
    r"[z-a]",
    r"a{3,2}",
    r"(?x)a",
    r"(?>a)",
    r"\y",
    r"\u12",
    r"\x{110000}",
    r"\x1",
    r"\09",
    "a\\",
    r"(?<=a(?=b))c",
    "(" * 200 + ")" * 200,
]

SAME = [
    (r"^a-[\w]{1,64}$", r"a-\w{1,64}"),
    (r"^(?:a)$", r"(a)"),
    (r"a^b|c$d|e", r"e"),
    (r"a(?:^b|c)", r"ac"),
    (r"^$|^arn:.+$", r"$|^arn:.+"),
    (r"^a|b$", r"[ab]"),
    (r"[A-Za-z0-9_]+", r"^\w\w*?$"),
    (r"a||b", r"(a|b)?"),
    (r"\A\x61\z", r"a"),
    (r"\S([\s\S]*\S)?(?![\s\S])", r"\S([\s\S]*\S)?"),
]

DIFFERENT = [
    ("a+", "a*"),
    ("ab", "ba"),
    ("[a-z]", "[a-y]"),
    ("a{1,2}", "a{1,3}"),
    ("(?=a)", "(?!a)"),
]


@pytest.mark.parametrize(("text", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_pattern_means_what_java_makes_of_it(text: str, good: list[str], bad: list[str]) -> None:
    """Both ways of matching agree with what Java's `matches()` was worked out to say by hand."""
    pattern = Pattern.parse(text)
    for string in good:
        assert pattern.matches(string), string
        assert pattern.automaton.matches(string), string
    for string in bad:
        assert not pattern.matches(string), string


@pytest.mark.parametrize("text", REFUSED, ids=[text[:12] for text in REFUSED])
def test_what_cannot_be_decided_is_refused_in_one_line(text: str) -> None:
    """The error shows the pattern; no other exception gets out."""
    with pytest.raises(UnsupportedPattern) as caught:
        Pattern.parse(text)
    message = str(caught.value)
    assert "\n" not in message
    assert repr(text) in message


@pytest.mark.parametrize(("left", "right"), SAME)
def test_two_ways_of_writing_one_pattern_are_the_same(left: str, right: str) -> None:
    """Outer anchors, groups, laziness and shorthands make no difference."""
    assert same(left, right)


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_patterns_of_different_meaning_are_not_the_same(left: str, right: str) -> None:
    """Equality is not handed out freely."""
    assert not same(left, right)


def test_parsing_twice_gives_one_object() -> None:
    """Compiled engines are shared by all who use the same text."""
    assert Pattern.parse("a+") is Pattern.parse("a+")


def test_importing_the_room_loads_neither_hypothesis_nor_botocore() -> None:
    """Validating files has to start fast: nothing heavy, no category table either."""
    code = (
        "import sys, contract_kit.pattern.compiled, contract_kit.pattern.charset as c;"
        "assert not {'hypothesis', 'botocore', 'pytest', 'jsonschema'} & set(sys.modules);"
        "assert c._categories.cache_info().currsize == 0"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
