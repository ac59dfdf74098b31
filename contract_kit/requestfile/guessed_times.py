"""Times that botocore reads by guessing: nobody documents them, but clients send them."""

from __future__ import annotations

from contract_kit.contract.shape import Json

LONGEST = 64
"""Characters of a text that is looked at; guessing takes long where there are many."""


def is_guessed(value: Json) -> bool:
    """Whether botocore's reader of times takes a text, which it does with dateutil."""
    if not isinstance(value, str) or len(value) > LONGEST:
        return False
    try:
        # Comes with botocore; only a text that is not a documented time pays for it.
        from dateutil.parser import parse
    except ImportError:
        return False
    try:
        return bool(1 <= parse(value).year <= 9999)
    except (ValueError, OverflowError, TypeError):
        return False
