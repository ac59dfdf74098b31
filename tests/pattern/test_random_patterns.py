"""Random small patterns: Python's `re` and `regress` as independent oracles."""

from __future__ import annotations

import re

import regress
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from contract_kit.pattern.compiled import Pattern

PROMISE = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=250,
    suppress_health_check=[HealthCheck.too_slow],
)

# (text in Java's dialect, the same for Python with re.ASCII); translated by hand.
ATOMS = [
    ("a", "a"),
    ("b", "b"),
    ("\\-", "-"),
    ("\\.", "\\."),
    ("\\u00e9", "é"),
    (".", "[^\\n\\r\\x85\\u2028\\u2029]"),
    ("\\w", "\\w"),
    ("\\D", "\\D"),
    ("\\s", "\\s"),
    ("[ab]", "[ab]"),
    ("[^a]", "[^a]"),
    ("[a-c\\d]", "[a-c\\d]"),
    ("[]-]", "[\\]\\-]"),
    ("[[ab][1-]]", "[ab1\\-]"),
    ("[\\w&&[^b]]", "[a0-9A-Zc-z_]"),
    ("\\p{Lower}", "[a-z]"),
    ("\\x{61}", "a"),
    ("(?i:B)", "[bB]"),
]
PLACES = [("^", "\\A"), ("$", "\\Z"), ("\\b", "\\b"), ("\\B", "(?:(?!\\b))")]
COUNTS = ["", "", "?", "*", "+", "{2}", "{1,2}", "{0,3}", "{2,}", "*?", "{1,2}?"]
TEXTS = st.text(alphabet="aabB1-._ \né\u0301\u2028😀", max_size=7)

Pair = tuple[str, str]


def _row(parts: list[Pair]) -> Pair:
    return "".join(java for java, _ in parts), "".join(python for _, python in parts)


def _repeated(pair: Pair, count: str, group: str) -> Pair:
    return f"{group}{pair[0]}){count}", f"(?:{pair[1]}){count}"


def _choice(options: list[Pair]) -> Pair:
    java = "|".join(option[0] for option in options)
    return f"(?:{java})", f"(?:{'|'.join(option[1] for option in options)})"


def _extended(inner: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    groups = st.sampled_from(["(", "(?:"])
    return st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(_row),
        st.lists(inner, min_size=2, max_size=3).map(_choice),
        st.builds(_repeated, inner, st.sampled_from(COUNTS), groups),
        inner.map(lambda pair: (f"(?={pair[0]})", f"(?={pair[1]})")),
        inner.map(lambda pair: (f"(?!{pair[0]})", f"(?!{pair[1]})")),
    )


SIMPLE = st.sampled_from(ATOMS)
BEHINDS = st.builds(
    lambda pair, mark: (f"({mark}{pair[0]})", f"({mark}{pair[1]})"),
    SIMPLE,
    st.sampled_from(["?<=", "?<!"]),
)
PATTERNS = st.recursive(
    st.one_of(SIMPLE, SIMPLE, SIMPLE, st.sampled_from(PLACES), BEHINDS), _extended, max_leaves=8
)


@PROMISE
@given(PATTERNS, st.lists(TEXTS, min_size=1, max_size=8))
def test_a_random_pattern_matches_what_python_matches(pair: Pair, texts: list[str]) -> None:
    """Whole string, ASCII shorthands, true end: the translation and the kit agree on any text."""
    pattern = Pattern.parse(pair[0])
    oracle = re.compile(pair[1], re.ASCII)
    for text in texts:
        expected = oracle.fullmatch(text) is not None
        assert pattern.matches(text) == expected, (pair, text)
        assert pattern.automaton.matches(text) == expected, (pair, text)


@PROMISE
@given(PATTERNS)
def test_probes_of_a_random_pattern_are_on_the_side_they_claim(pair: Pair) -> None:
    """Python agrees that inside probes and examples match, and that outside probes do not."""
    pattern = Pattern.parse(pair[0])
    oracle = re.compile(pair[1], re.ASCII)
    for probe in pattern.inside(max_length=40):
        assert oracle.fullmatch(probe.text), (pair, probe)
    for probe in pattern.outside(max_length=40):
        assert not oracle.fullmatch(probe.text), (pair, probe)
    example = pattern.example()
    assert example is None or oracle.fullmatch(example), (pair, example)


@PROMISE
@given(PATTERNS, st.integers(0, 9))
def test_an_example_has_the_asked_length_whenever_there_is_one(pair: Pair, length: int) -> None:
    """A string of the length that Python matches proves that the kit has to find one too."""
    pattern = Pattern.parse(pair[0])
    oracle = re.compile(pair[1], re.ASCII)
    example = pattern.example(length)
    if example is not None:
        assert len(example) == length
        assert oracle.fullmatch(example), (pair, example)
        assert pattern.min_length <= length
        assert pattern.max_length is None or length <= pattern.max_length
    else:
        for char in "ab1-. é\n":
            assert not oracle.fullmatch(char * length), (pair, char * length)


@PROMISE
@given(PATTERNS, st.lists(TEXTS, min_size=1, max_size=8))
def test_the_portable_form_says_the_same_to_an_ecma_engine(pair: Pair, texts: list[str]) -> None:
    """`regress` in unicode mode reads the portable keywords as the kit reads the original."""
    pattern = Pattern.parse(pair[0])
    assume(pattern.portable is not None)
    for text in texts:
        assert ecma(pattern.portable, text) == pattern.automaton.matches(text), (pair, text)


def ecma(schema: object, text: str) -> bool:
    """The JSON Schema keywords a portable form may use, judged with an ECMA-262 engine."""
    assert isinstance(schema, dict)
    assert schema.keys() <= {"pattern", "minLength", "maxLength", "allOf", "anyOf", "not"}
    fits = schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text))
    found = "pattern" not in schema or regress.Regex(schema["pattern"], "u").find(text) is not None
    every = all(ecma(member, text) for member in schema.get("allOf", []))
    some = "anyOf" not in schema or any(ecma(member, text) for member in schema["anyOf"])
    return fits and found and every and some and not ("not" in schema and ecma(schema["not"], text))
