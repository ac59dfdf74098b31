"""Patterns that no string is known to satisfy."""

from __future__ import annotations

import pytest
from hypothesis import given

from contract_kit import operation
from contract_kit.contract.document import read_operation
from contract_kit.errors import UnknownText
from contract_kit.strategies import valid
from contract_kit.validate import Validator

IMPOSSIBLE = "x/^[0-9]{12}$/y"
"""As some models have it: anchors inside, which hold nowhere."""


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        ({"pattern": IMPOSSIBLE}, IMPOSSIBLE),
        ({"pattern": "[a-z]{36}", "max": 32}, "[a-z]{36}"),
        ({"pattern": "(.)\\1"}, "(.)\\1"),
    ],
)
def test_a_request_that_needs_an_unknown_string_is_one_clear_error(toy, limits, named):
    """It names the pattern and the member, and says what to do."""
    op = read_operation(*toy({"A": {"type": "string", **limits}}, required=["A"]))
    with pytest.raises(UnknownText) as caught:
        valid(op)
    assert named in str(caught.value)
    assert "A=" in str(caught.value)
    valid(op, bindings={"A": "known"})


def test_optional_members_of_unknown_strings_are_left_out(toy):
    """And whatever needs one of them."""
    members = {
        "A": {"type": "string", "pattern": IMPOSSIBLE},
        "L": {"type": "list", "member": {"shape": "A"}, "min": 1},
        "S": {"type": "structure", "members": {"A": {"shape": "A"}}, "required": ["A"]},
        "B": {"type": "boolean"},
    }
    op = read_operation(*toy(members))
    seen = set()

    @given(valid(op))
    def check(request):
        seen.update(request)

    check()
    assert seen == {"B"}


def test_a_string_that_only_an_automaton_finds_is_found():
    """Counts behind look-arounds, which are too many to be looked through one by one."""
    op = operation("fsx:ListTagsForResource")
    validator = Validator(op, wire=True)

    @given(valid(op))
    def check(request):
        assert validator.is_valid(request)
        assert request["ResourceARN"].startswith("arn:")

    check()
