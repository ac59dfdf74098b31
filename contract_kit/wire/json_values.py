"""Python values that JSON has no form of, as awsJson writes them."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Set
from datetime import UTC, datetime
from decimal import Decimal

from contract_kit.contract.shape import Json


def plain(value: object) -> Json:
    """A date as epoch seconds, bytes as base64, a decimal as a number, a set as a list.

    A date without a zone is read as UTC. Raises TypeError for anything else.
    """
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Set):
        return list(value)
    raise TypeError(f"a {type(value).__name__} cannot be part of a result")


def plain_tree(value: object) -> Json:
    """A result of which each part is a JSON value, see `plain`; raises TypeError."""
    return json.loads(json.dumps(value, default=plain))
