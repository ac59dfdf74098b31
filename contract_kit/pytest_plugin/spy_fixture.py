"""The spy of the fixture `contract_spy`: wrong usage is one line, not a traceback."""

from __future__ import annotations

from contract_kit.pytest_plugin.failures import fail_in_one_line
from contract_kit.spy import Spy


class FixtureSpy(Spy):
    """A spy that fails the test where `allow` names what does not exist."""

    def allow(self, operation: str, constraint: str) -> None:
        """As a spy's own; see there."""
        __tracebackhide__ = True
        before = f"contract_spy.allow({operation!r}, {constraint!r}): "
        fail_in_one_line(before, super().allow, operation, constraint)
