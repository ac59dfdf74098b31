"""The values of the set-up fixtures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from contract_kit.cases.given import bindings_for, requests_for
from contract_kit.contract.operation import Operation
from contract_kit.errors import TargetError, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class FixtureValues:
    """The values of the fixtures, as they document them."""

    bindings: Mapping[str, Any]
    request: Mapping[str, Any]
    reset: Callable[[str], object] | None
    credentials: tuple[str, ...]

    @classmethod
    def of(cls, request: pytest.FixtureRequest) -> FixtureValues:
        """The values of the fixtures that a test sees: overridden ones come first."""
        names = ("bindings", "request", "reset", "credentials")
        return cls(**{name: request.getfixturevalue(f"contract_{name}") for name in names})

    def arguments(self, operation: Operation, others: Iterable[Operation] = ()) -> dict[str, Any]:
        """The arguments for campaigns and checkers; raises UsageError."""
        return {
            "bindings": bindings_for(operation, self.bindings, others=others),
            "requests": requests_for(operation, self.request),
            "credentials": _credentials(self.credentials),
        }

    def reset_for(self, operation: Operation) -> None:
        """Calls what resets the target, if there is such a thing; raises TargetError."""
        if self.reset is None:
            return
        try:
            self.reset(operation.id)
        except Exception as error:
            raise TargetError(f"contract_reset raised {type(error).__name__}: {error}") from error


def _credentials(given: object) -> tuple[str, ...]:
    texts = given if isinstance(given, (tuple, list)) else None
    if texts is None or len(texts) not in (0, 2, 3) or not all(isinstance(t, str) for t in texts):
        raise UsageError(
            "contract_credentials: give a key id and a secret, and a session token if there is one"
        )
    return tuple(texts)
