"""Which constraints a request breaks, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contract_kit.validate.validator import Validator
    from contract_kit.validate.violation import Violation

__all__ = ["Validator", "Violation"]


def __getattr__(name: str) -> Any:
    """Loads a public name when it is first asked for: other rooms use parts of this one alone."""
    if name == "Validator":
        from contract_kit.validate.validator import Validator

        return Validator
    if name == "Violation":
        from contract_kit.validate.violation import Violation

        return Violation
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
