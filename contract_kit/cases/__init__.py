"""Boundary cases: requests just inside and just outside each constraint, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contract_kit.cases.boundary import boundary_cases
    from contract_kit.cases.case import Case

__all__ = ["Case", "boundary_cases"]


def __getattr__(name: str) -> Any:
    """Loads a public name when it is first asked for: other rooms use parts of this one alone."""
    if name == "Case":
        from contract_kit.cases.case import Case

        return Case
    if name == "boundary_cases":
        from contract_kit.cases.boundary import boundary_cases

        return boundary_cases
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
