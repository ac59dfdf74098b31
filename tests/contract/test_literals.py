"""Numbers as they are written."""

from __future__ import annotations

import json
import math

import pytest

from contract_kit.contract.number_literals import real
from contract_kit.reference.refusal import Refusal
from contract_kit.reference.strict_json import parse

FRACTIONS = [
    "1e-400",
    "-1e-400",
    "0." + "0" * 400 + "1",
    "5.00000000000000000001",
    "4.99999999999999999999",
    "1e-99999999999999999999999",
]
WHOLE = [
    "0.0",
    "-0.0",
    "0e-400",
    "0e-99999999999999999999999",
    "5.0",
    "1e2",
    "1E+2",
    "1" * 40 + ".0",
]


@pytest.mark.parametrize("text", FRACTIONS)
def test_a_fraction_is_no_integer_however_near_it_is_to_one(text):
    """The double next to the whole one stands for it, of the same sign."""
    value = real(text)
    assert not value.is_integer()
    assert math.isclose(value, float(text), abs_tol=1e-14)
    assert text.startswith("-") is (value < 0)


@pytest.mark.parametrize("text", WHOLE)
def test_a_whole_number_is_an_integer_however_it_is_written(text):
    """As JSON Schema says; zero keeps its sign."""
    assert str(real(text)) == str(float(text))
    assert real(text).is_integer()


def test_what_a_double_cannot_hold_is_not_finite():
    """And no double is changed that is far from every integer, or too large for fractions."""
    assert real("1e400") == math.inf
    assert real("0.1") == 0.1
    assert real("9007199254740993.5") == 9007199254740994.0


def test_the_strict_server_reads_fractions_as_such():
    """Or it would take what it documents to refuse."""
    assert not parse(b'{"a":1e-400}')["a"].is_integer()
    assert parse(b'{"a":5.0}') == {"a": 5.0}
    with pytest.raises(Refusal):
        parse(b'{"a":NaN}')
    assert json.loads("[1e-400]", parse_float=real) != [0.0]
