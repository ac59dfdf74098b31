"""Values of a wrong JSON type, and those that are nearly of the right one."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from contract_kit.cases.near_values import BOOLEAN_WORDS, json_type
from contract_kit.contract.shape import INTEGER_BITS, NOT_FINITE, Shape
from contract_kit.strategies.characters import ANY_CHARACTER
from contract_kit.strategies.plan import Values, mapped
from contract_kit.strategies.scalars import number_range
from contract_kit.strategies.shape_strategies import Conforming

_TEXT = st.text(alphabet=ANY_CHARACTER, max_size=20)
_WHOLE = st.integers(-(2**31), 2**31 - 1)
_FLAT = st.one_of(st.booleans(), _WHOLE, _TEXT)

BY_JSON_TYPE: dict[str, Values] = {
    "string": _TEXT,
    "number": st.one_of(_WHOLE, st.floats(allow_nan=False, allow_infinity=False)),
    "boolean": st.booleans(),
    "list": st.lists(_FLAT, max_size=3),
    "object": st.dictionaries(st.text(alphabet=ANY_CHARACTER, max_size=8), _FLAT, max_size=3),
}


def wrong_type(builder: Conforming, shape: Shape, *, null: bool) -> Values:
    """Every value that is not of the shape's type; `null` says whether null is none of it.

    Left out is what JSON cannot hold, such as NaN.
    """
    own = json_type(shape)
    found = [values for name, values in BY_JSON_TYPE.items() if name != own]
    if own == "number":
        found[0] = _words(shape)
    found += [st.none()] if null else []
    return st.one_of([*found, *_nearly(builder, shape)])


def _words(shape: Shape) -> Values:
    """Strings in place of a number: any, digits among them."""
    values = st.one_of(_TEXT, mapped(_WHOLE, str))
    allowed = NOT_FINITE if shape.type in ("float", "double") else ()
    return mapped(values, lambda text: f"{text} " if text in allowed else text)


def _nearly(builder: Conforming, shape: Shape) -> list[Values]:
    """Values that a careless reader takes for the type."""
    value = builder.value(shape.name)
    in_list = mapped(value, lambda given: [given])
    match shape.type:
        case "structure" | "union" | "map":
            return [in_list, mapped(value, json.dumps)]
        case "list":
            found: list[Values] = [mapped(value, json.dumps)]
            if shape.item and builder.shapes[shape.item].type not in ("list", "document"):
                found.append(builder.value(shape.item))
            return found
        case "blob":
            # Outside the alphabet of base64, whatever comes before it.
            return [in_list, mapped(_TEXT, lambda text: f"{text}%")]
        case "boolean":
            words = (*BOOLEAN_WORDS, "True", "False", "")
            return [in_list, st.sampled_from(words), st.sampled_from((0, 1))]
        case type if type in INTEGER_BITS:
            return [in_list, _fractions(shape), _too_wide(INTEGER_BITS[type])]
        case "timestamp":
            dates = mapped(st.datetimes(), lambda time: f"{time.isoformat()}Z")
            return [in_list, dates]
        case _:
            return [in_list]


def _fractions(shape: Shape) -> Values:
    low, high = number_range(shape)
    assert low is not None
    assert high is not None
    # Below 2**51 a half survives in a double.
    low, high = max(int(low), -(2**51)), min(int(high), 2**51)
    return mapped(st.integers(low, max(low, high - 1)), lambda whole: whole + 0.5)


def _too_wide(bits: int) -> Values:
    top = 2 ** (bits - 1)
    return st.one_of(st.integers(top, 2**80), st.integers(-(2**80), -top - 1))
