"""Fuzzing: every documented constraint of an operation, as a target keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contract_kit.fuzz.partial_outcome import Part
    from contract_kit.fuzz.run_campaign import fuzz, run
    from contract_kit.fuzz.setup import Setup

__all__ = ["Part", "Setup", "fuzz", "run"]


def __getattr__(name: str) -> Any:
    """Loads a public name when it is first asked for."""
    if name in ("fuzz", "run"):
        from contract_kit.fuzz import run_campaign

        return getattr(run_campaign, name)
    if name == "Part":
        from contract_kit.fuzz.partial_outcome import Part

        return Part
    if name == "Setup":
        from contract_kit.fuzz.setup import Setup

        return Setup
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
