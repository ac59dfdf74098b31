"""Hypothesis strategies: conforming requests, requests that break one constraint, raw messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contract_kit.strategies.conforming_requests import valid
    from contract_kit.strategies.raw_messages import messages
    from contract_kit.strategies.violating_requests import Violating, violating

__all__ = ["Violating", "messages", "valid", "violating"]


def __getattr__(name: str) -> Any:
    """Loads a public name when it is first asked for, and Hypothesis with it."""
    if name in ("Violating", "violating"):
        from contract_kit.strategies import violating_requests

        return getattr(violating_requests, name)
    if name == "valid":
        from contract_kit.strategies.conforming_requests import valid

        return valid
    if name == "messages":
        from contract_kit.strategies.raw_messages import messages

        return messages
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
