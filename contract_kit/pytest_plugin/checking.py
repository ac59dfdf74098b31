"""`contract_check`: requests of property tests, answered as documented."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import pytest

from contract_kit.contract.operation import Operation
from contract_kit.fuzz.check import Checker
from contract_kit.pytest_plugin.one_line import or_fail
from contract_kit.pytest_plugin.runs import runs_of
from contract_kit.pytest_plugin.set_up import SetUp
from contract_kit.pytest_plugin.targets import target_for


class Checking:
    """Checkers of one module's tests by operation; closes the targets that it made."""

    def __init__(self, request: pytest.FixtureRequest, given: object) -> None:
        self._runs = runs_of(request.config)
        self._given = given
        self._set_up = SetUp.of(request)
        self._checkers: dict[str, Checker] = {}
        self._targets: list[Any] = []

    def __enter__(self) -> Checking:
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
        any request. A sample of which nothing can be told does not count as an example.
        """
        __tracebackhide__ = True
        checker = or_fail("", self._checker, operation)
        judgement = or_fail("", checker.check, sample)
        if judgement.outcome == "masked":
            _tells_nothing(judgement.reason)

    def _checker(self, operation: Operation | str) -> Checker:
        id = operation if isinstance(operation, str) else operation.id
        if id not in self._checkers:
            found = self._runs.operation(id)
            arguments = self._set_up.arguments(found, self._runs.operations)
            self._set_up.reset_for(found)
            target = target_for(self._given, found)
            if target is not self._given:
                self._targets.append(target)
            self._checkers[id] = Checker(
                found,
                target,
                profile=self._runs.profile,
                numbers=self._runs.numbers,
                **self._runs.sending,
                **arguments,
            )
        return self._checkers[id]


def _tells_nothing(reason: str) -> None:
    """Lets Hypothesis draw another example; skips a test that is none of a property."""
    from hypothesis import currently_in_test_context, reject

    if currently_in_test_context():
        reject()
    pytest.skip(f"masked: {reason}")
