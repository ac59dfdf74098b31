"""`$` in a look-around before a last line end: what Java takes there is no violation."""

from __future__ import annotations

import pytest

from contract_kit.cases import boundary_cases
from contract_kit.contract.document import read_operation
from contract_kit.pattern.compiled import Pattern
from contract_kit.validate.validator import Validator

SHORT = r"(?=[a-z]{0,5}$)[^A-Z]+"
TAKEN = ["abc\n", "abc\r\n", "abc\r", "abc\u0085", "abc\u2028", "abc"]
REFUSED = ["abc\n\n", "abc d", "abcdef\n", "abc\v", "\n\n", ""]


@pytest.mark.parametrize("wire", [False, True])
@pytest.mark.parametrize("small", [False, True])
def test_what_java_takes_before_a_last_line_end_is_no_violation(toy, wire, small):
    """By the engine's word and by the walk's, at the root and in a list."""
    text = {"type": "string", "pattern": SHORT}
    members = {"A": text, "L": {"type": "list", "member": {"shape": "Text"}}}
    op = read_operation(*toy(members, others={"Text": text}))
    validator = Validator(op, wire=wire)
    # Beside a document that the engine was loaded for.
    assert validator.is_valid({})
    for text in TAKEN:
        for request in ({"A": text}, {"L": ["abc", text]}):
            assert validator.violations(request, small=small) == (), request
            assert validator.is_valid(request), request
    for text in REFUSED:
        for request in ({"A": text}, {"L": ["abc", text]}):
            assert validator.violations(request, small=small), request
            assert not validator.is_valid(request), request


def test_what_only_others_take_is_no_violation_either():
    """A negative look-ahead that Java refuses such a text for."""
    pattern = Pattern.parse(r"(?!abc$)[^A-Z]+")
    assert pattern.accepts("abc\n")
    assert not pattern.accepts("abc")
    assert pattern.in_doubt("abc\n")


def test_a_dollar_that_ends_the_pattern_itself_is_its_end():
    """Services match whole strings: there is nothing left for a line end."""
    assert not Pattern.parse("^[a-z]+$").accepts("abc\n")
    assert not Pattern.parse("^(?=[a-z])[a-z]+$").accepts("abc\n")


def test_no_case_says_that_a_text_in_doubt_is_refused_or_taken(toy):
    """Such probes are open."""
    op = read_operation(*toy({"A": {"type": "string", "pattern": SHORT, "max": 6}}))
    pattern = Pattern.parse(SHORT)
    cases = [case for case in boundary_cases(op) if isinstance(case.request.get("A"), str)]
    doubtful = [case for case in cases if pattern.in_doubt(case.request["A"])]
    assert all(case.expects == "any" for case in doubtful)
    assert {"accept", "reject"} <= {case.expects for case in cases}
