"""The spy of the fixture `contract_spy`: what it is asked wrongly is one line, not a traceback."""

from __future__ import annotations

import pytest

from contract_kit.errors import ContractKitError
from contract_kit.spy import Spy


class ToldSpy(Spy):
    """A spy that fails the test where `allow` names what does not exist."""

    def allow(self, operation: str, constraint: str) -> None:
        """As a spy's own; see there."""
        __tracebackhide__ = True
        line = ""
        try:
            super().allow(operation, constraint)
        except ContractKitError as error:
            line = " ".join(str(error).split())
        # Failed within `except`, it would be shown below the error that it stands for.
        if line:
            pytest.fail(f"contract_spy.allow({operation!r}, {constraint!r}): {line}", pytrace=False)
