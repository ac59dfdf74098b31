"""`contract_check`: requests of property tests, answered as documented."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import pytest

from contract_kit.contract.operation import Operation
from contract_kit.fuzz.campaign.checker import Checker
from contract_kit.pytest_plugin.campaigns import campaigns_of
from contract_kit.pytest_plugin.failures import fail_in_one_line
from contract_kit.pytest_plugin.fixture_values import FixtureValues
from contract_kit.pytest_plugin.targets import target_for


class CheckFixture:
    """Checkers of one module's tests by operation; closes the targets that it made."""

    def __init__(self, request: pytest.FixtureRequest, given: object) -> None:
        self._campaigns = campaigns_of(request.config)
        self._given = given
        self._fixtures = FixtureValues.of(request)
        self._checkers: dict[str, Checker] = {}
        self._targets: list[Any] = []

    def __enter__(self) -> CheckFixture:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for target in self._targets:
            target.close()

    def check(self, operation: Operation | str, sample: Any) -> None:
        """Fails where the target does not answer the sample as documented, and says how.

        operation: or its id. sample: a draw of `valid(operation)` or `violating(operation)`, or
        any request. A sample that proves nothing does not count as an example.
        """
        __tracebackhide__ = True
        checker = fail_in_one_line("", self._checker, operation)
        judgement = fail_in_one_line("", checker.check, sample)
        if judgement.outcome == "masked":
            _tells_nothing(judgement.reason)

    def _checker(self, operation: Operation | str) -> Checker:
        id = operation if isinstance(operation, str) else operation.id
        if id not in self._checkers:
            found = self._campaigns.operation(id)
            arguments = self._fixtures.arguments(found, self._campaigns.operations)
            self._fixtures.reset_for(found)
            target = target_for(self._given, found)
            if target is not self._given:
                self._targets.append(target)
            self._checkers[id] = Checker(
                found,
                target,
                wire=self._campaigns.wire(id),
                profile=self._campaigns.profile,
                numbers=self._campaigns.numbers,
                **self._campaigns.sending,
                **arguments,
            )
        return self._checkers[id]


def _tells_nothing(reason: str) -> None:
    """Lets Hypothesis draw another example; skips a test that is none of a property."""
    from hypothesis import currently_in_test_context, reject

    if currently_in_test_context():
        reject()
    pytest.skip(f"masked: {reason}")
