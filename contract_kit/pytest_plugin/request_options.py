"""How fast requests are sent, and how long a target may start, as options or settings say."""

from __future__ import annotations

import math
from typing import Any

import pytest

NAMES = {"startup_timeout": "startup_timeout", "rate_limit": "rate"}
"""Options without their prefix, and what campaigns and checkers call them."""


def request_options(config: pytest.Config) -> dict[str, Any]:
    """The arguments of campaigns and checkers; raises pytest.UsageError."""
    found = {argument: _seconds(config, name) for name, argument in NAMES.items()}
    # Without a rate there is no limit.
    return {**found, "rate": found["rate"] or None}


def _seconds(config: pytest.Config, name: str) -> float:
    given = getattr(config.option, f"contract_{name}")
    text = config.getini(f"contract_{name}") if given is None else given
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise pytest.UsageError(f"contract_{name}: {text!r} is not a number of 0 or more")
    return value
