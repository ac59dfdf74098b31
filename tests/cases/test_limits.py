"""Limits of shapes that stand where others do not: at the end of a type, in full lists, by enums."""

from __future__ import annotations

import pytest

from contract_kit.cases import boundary_cases
from contract_kit.contract.document import read_operation


@pytest.mark.parametrize(
    ("shape", "beyond"),
    [
        ({"type": "integer", "min": 0, "max": 2**31 - 1}, 2**31),
        ({"type": "integer", "min": -(2**31), "max": 0}, -(2**31) - 1),
        ({"type": "long", "max": 2**63 - 1}, 2**63),
    ],
)
def test_beyond_a_range_that_ends_with_its_type_a_number_is_of_a_wrong_type(toy, shape, beyond):
    """A server that cannot read it answers as for any value of a wrong type."""
    op = read_operation(*toy({"A": shape}))
    found = [case for case in boundary_cases(op) if case.request.get("A") == beyond]
    assert {case.constraint for case in found} == {"A.type"}
    assert {case.family for case in found} == {"type"}
