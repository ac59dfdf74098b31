"""The portable form: what it looks like, and who accepts it."""

from __future__ import annotations

import re

import jsonschema_rs
import pytest
import regress

from contract_kit.pattern.compiled import Pattern

# (original, its portable keywords)
FORMS = [
    (r"^a-[\w]{1,64}$", {"pattern": "^a-[0-9A-Z_a-z]{1,64}$"}),
    (r"[x-z]{1,2048}", {"pattern": "^[x-z]*$", "minLength": 1, "maxLength": 2048}),
    (r"[\s\S]{0,9}", {"pattern": "^[\\s\\S]*$", "maxLength": 9}),
    (r"(a+)", {"pattern": "^a+$"}),
    (r"(?:ab|c)+", {"pattern": "^(?:ab|c)+$"}),
    (r"ab|c", {"pattern": "^(?:ab|c)$"}),
    (r"ab?", {"pattern": "^ab?$"}),
    (r"(ab){2}c{3,}", {"pattern": "^(?:ab){2}c{3,}$"}),
    (r".", {"pattern": "^[^\\n\\r\\u0085\\u2028\\u2029]$"}),
    (r"[\]\[^&|~\\-]", {"pattern": "^[&\\-\\[-\\^|~]$"}),
    (r"\.\*\u0001/", {"pattern": "^\\.\\*\\u0001/$"}),
    (r"[\x{1F600}-\x{1F64F}]", {"pattern": "^[😀-🙏]$"}),
    (r"[\p{L}_]", {"pattern": "^[\\p{L}_]$"}),
    (r"[^\p{L}_]", {"pattern": "^[^\\p{L}_]$"}),
    (r"\p{L}+", {"pattern": "^\\p{L}+$"}),
    (r"[\P{C}\n]", {"pattern": "^[\\P{C}\\n]$"}),
    (r"[a&&b]", {"pattern": "^[^\\s\\S]$"}),
    (
        r"(?!aws:)\d+",
        {"pattern": "^[0-9]+$", "allOf": [{"not": {"pattern": "^aws:"}}]},
    ),
    (
        r"(?=a)[ab]c(?<!bc)",
        {"pattern": "^[ab]c$", "allOf": [{"pattern": "^a"}, {"not": {"pattern": "bc$"}}]},
    ),
    (
        r"x:(?!aws|$)\d*",
        {"pattern": "^x:[0-9]*$", "allOf": [{"not": {"pattern": "^x:(?:aws|$)"}}]},
    ),
    (
        r"(?=[\s\S]*b[\s\S]*)[abc]*",
        {"pattern": "^[a-c]*$", "allOf": [{"pattern": "^[\\s\\S]*b"}]},
    ),
    (
        r"(?!b)[ab]c|d",
        {
            "anyOf": [
                {"pattern": "^[ab]c$", "allOf": [{"not": {"pattern": "^b"}}]},
                {"pattern": "^d$"},
            ]
        },
    ),
    (r"[0-9a-f]{8}\b-[0-9a-f]{4}\b", {"pattern": "^[0-9a-f]{8}-[0-9a-f]{4}$"}),
    (r"\S+(?![\s\S]).*", {"pattern": "^[^\\t-\\r ]+$"}),
    (r".*(^a$).*", {"pattern": "^a$"}),
    (r"b*(?:^a|c)", {"pattern": "^(?:a|b*c)$"}),
]

NOT_PORTABLE = [r"a+(?!b)[bc]", r"([a-z]|-(?!-))+", r"a*\b.*", r"a+(?=b)b", r"(?=a\b)a?.?"]


@pytest.mark.parametrize(("text", "form"), FORMS, ids=[form[0] for form in FORMS])
def test_the_portable_form_is_whole_string_and_minimal(text: str, form: object) -> None:
    """Shorthands spelt out, needless groups gone, outer repeats as lengths, look-arounds aside."""
    assert Pattern.parse(text).portable == form


@pytest.mark.parametrize("text", NOT_PORTABLE)
def test_a_look_around_in_the_middle_is_not_portable(text: str) -> None:
    """One left in would make a linear-time engine refuse the whole schema."""
    assert Pattern.parse(text).portable is None


@pytest.mark.parametrize("text", [form[0] for form in FORMS])
def test_three_engines_accept_each_pattern_of_the_portable_form(text: str) -> None:
    """jsonschema-rs, an ECMA engine in unicode mode, and Python unless a property is named."""
    form = Pattern.parse(text).portable
    jsonschema_rs.validator_for(form, pattern_options=jsonschema_rs.RegexOptions())
    jsonschema_rs.validator_for(form)
    patterns = list(_patterns(form))
    assert patterns
    for pattern in patterns:
        regress.Regex(pattern, "u")
        if "\\p" not in pattern.lower():
            re.compile(pattern)
        assert not re.search("[\ud800-\udfff]", pattern)


def _patterns(form: object) -> list[str]:
    if isinstance(form, list):
        return [pattern for member in form for pattern in _patterns(member)]
    assert isinstance(form, dict)
    own = [form["pattern"]] if "pattern" in form else []
    inner = [form[key] for key in ("allOf", "anyOf", "not") if key in form]
    return own + [pattern for member in inner for pattern in _patterns(member)]


def test_counts_too_large_for_the_engine_are_left_to_the_automaton() -> None:
    """A class in a long counted row inside a larger pattern: no portable form, still decided."""
    pattern = Pattern.parse(r"x([\p{L}a]{1,3000}y){1,900}")
    assert pattern.portable is None
    assert pattern.matches("xayay")
    assert not pattern.matches("xaya")


def test_a_property_and_its_complement_are_any_character() -> None:
    """Whichever way of writing is read first, all are written in one way."""
    everything = Pattern.parse(r"[\P{M}\p{M}]{0,7}")
    assert everything.portable == {"pattern": r"^[\s\S]*$", "maxLength": 7}
    assert not everything.in_doubt("\u0301")
