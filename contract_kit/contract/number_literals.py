"""Numbers as they are written: no fraction becomes whole because a double rounds it off."""

from __future__ import annotations

import math

EXACT_DIGITS = 15
"""Characters of a literal up to which a double that is whole was written as a whole number."""

WHOLE = 2.0**52
"""From here on every double is whole."""


def real(text: str) -> float:
    """The double of a JSON number with a fraction or an exponent, for `parse_float` of `json`.

    A number that is not an integer gives none, though the nearest double may be one: 1e-400 is
    not 0, and 5.00000000000000000001 is not 5. It gives the double next to that.
    """
    value = float(text)
    is_short = len(text) <= EXACT_DIGITS and value != 0
    if is_short or not value.is_integer() or abs(value) >= WHOLE:
        return value
    return _beside(text, value)


def _beside(text: str, value: float) -> float:
    """A whole double, or its neighbour where the literal is not as whole as that."""
    from decimal import Decimal, InvalidOperation

    try:
        exact = Decimal(text)
    except InvalidOperation:
        # An exponent beyond those of decimals: nothing but zero is whole so far below one.
        digits = text.lower().partition("e")[0]
        exact = Decimal(digits).copy_sign(Decimal(digits)) if digits.strip("-0.") else Decimal(0)
        return math.copysign(math.ulp(0.0), exact) if exact else value
    if exact == value:
        return value
    return math.nextafter(value, math.inf if exact > value else -math.inf)
