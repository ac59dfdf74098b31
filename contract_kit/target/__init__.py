"""Targets: one verb, `send(message) -> Reply`; every failure of a target becomes data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contract_kit.target.interface import Abilities, Target
    from contract_kit.target.make import target_of
    from contract_kit.target.recipe import Recipe

__all__ = ["Abilities", "Recipe", "Target", "target_of"]


def __getattr__(name: str) -> Any:
    """Loads a public name when it is first asked for."""
    if name in ("Abilities", "Target"):
        from contract_kit.target import interface

        return getattr(interface, name)
    if name == "Recipe":
        from contract_kit.target.recipe import Recipe

        return Recipe
    if name == "target_of":
        from contract_kit.target.make import target_of

        return target_of
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
