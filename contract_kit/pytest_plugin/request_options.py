"""How fast requests are sent, and how long a target may start, as options or settings say."""

from __future__ import annotations

import math
from typing import Any

import pytest


def request_options(config: pytest.Config) -> dict[str, Any]:
    """The arguments of campaigns and checkers; raises pytest.UsageError."""
    # Without a rate there is no limit.
    return {"startup_timeout": _seconds(config), "rate": _rate(config) or None}


def _seconds(config: pytest.Config) -> float:
    text = _given(config, "contract_startup_timeout")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise pytest.UsageError(f"contract_startup_timeout: {text!r} is not a number of 0 or more")
    return value


def _rate(config: pytest.Config) -> float:
    from contract_kit.fuzz.sending.patience import parse_rate

    try:
        return parse_rate(str(_given(config, "contract_rate_limit")))
    except ValueError as error:
        raise pytest.UsageError(f"contract_rate_limit: {error}") from None


def _given(config: pytest.Config, name: str) -> Any:
    """An option, or the setting of that name where it is not given."""
    option = getattr(config.option, name)
    return config.getini(name) if option is None else option


def protocol_of(config: pytest.Config) -> str | None:
    """The protocol that the session speaks, by any of its names; None for the usual one."""
    return config.option.contract_protocol or config.getini("contract_protocol") or None
