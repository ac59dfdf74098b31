"""Strategies for single characters, out of the sets that patterns are made of."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_kit.pattern import charset
from contract_kit.pattern.charset import Ranges

NUL: Ranges = ((0, 0),)
"""No source says what becomes of it, so that no string drawn holds it."""

_FEW = 512
_GAPS = 5_000
# A set of more ranges comes from Unicode properties; what is unassigned in one version of Unicode
# may be a letter to an engine that knows a later one.
_PROPERTY = 24
_CATEGORIES = (
    *("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe"),
    *("Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Co"),
)

ANY_CHARACTER = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
"""Every Unicode scalar value but NUL. Asking for a codec instead takes Hypothesis a second."""


def sendable(ranges: Ranges) -> Ranges:
    """The characters of a set whose meaning is beyond doubt; all of it if there are none."""
    kept = charset.minus(ranges, NUL)
    if len(ranges) > _PROPERTY:
        kept = charset.minus(kept, _category("Cn"))
    return kept or ranges


@cache
def character(ranges: Ranges) -> SearchStrategy[str]:
    """One character of the set. Hypothesis knows its members, so that texts of it are fast."""
    kept = sendable(ranges)
    low, high = kept[0][0], kept[-1][1]
    if charset.size(kept) <= _FEW:
        return st.characters(categories=(), include_characters=_text(kept))
    gaps = charset.minus(charset.scalars(low, high), kept)
    if charset.size(gaps) <= _GAPS:
        return st.characters(
            exclude_categories=["Cs"],
            min_codepoint=low,
            max_codepoint=high,
            exclude_characters=_text(gaps),
        )
    whole = [name for name in _CATEGORIES if not charset.minus(_category(name), kept)]
    others = charset.minus(kept, charset.union(*map(_category, whole)))
    # Hypothesis types the names of categories one by one.
    return st.characters(categories=whole, include_characters=_text(others))  # type: ignore[arg-type]


def _category(name: str) -> Ranges:
    found = charset.named(name)
    assert found is not None, name
    return found[0]


def _text(ranges: Ranges) -> str:
    return "".join(chr(code) for low, high in ranges for code in range(low, high + 1))
