"""Checks the calls that code under test makes through botocore and boto3 against the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contract_kit.spy.call import Broken, Call
    from contract_kit.spy.watch import Spy, spying

__all__ = ["Broken", "Call", "Spy", "spying"]


def __getattr__(name: str) -> Any:
    """Loads a public name when it is first asked for: botocore costs half a second."""
    if name in ("Broken", "Call"):
        from contract_kit.spy import call

        return getattr(call, name)
    if name in ("Spy", "spying"):
        from contract_kit.spy import watch

        return getattr(watch, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
