"""`contract_check`: requests of property tests, answered as documented."""

from __future__ import annotations

from dataclasses import replace
from types import TracebackType
from typing import Any

import pytest

from contract_kit.contract.operation import Operation
from contract_kit.fuzz.campaign.request_checker import RequestChecker
from contract_kit.fuzz.setup import Setup
from contract_kit.pytest_plugin.campaigns import campaigns_of
from contract_kit.pytest_plugin.failures import fail_in_one_line
from contract_kit.pytest_plugin.fixture_values import FixtureValues
from contract_kit.pytest_plugin.running_campaign import run_of
from contract_kit.pytest_plugin.targets import target_for
from contract_kit.report.curl import LONGEST_ARGUMENT
from contract_kit.report.explain import explanation
from contract_kit.target.interface import Target
from contract_kit.verdict.judge import Judgement
from contract_kit.verdict.summary import Finding


class CheckFixture:
    """Checkers of one module's tests by operation; closes the targets that it made."""

    def __init__(self, request: pytest.FixtureRequest, given: object) -> None:
        self._campaigns = campaigns_of(request.config)
        self._given = given
        self._fixtures = FixtureValues.of(request)
        self._checkers: dict[str, ExplainingChecker] = {}
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

    def _checker(self, operation: Operation | str) -> ExplainingChecker:
        id = operation if isinstance(operation, str) else operation.id
        if id not in self._checkers:
            found = self._campaigns.operation(id)
            setup = self._campaigns.setup(self._campaigns.wire(id), self._given, self._fixtures)
            self._fixtures.reset_for(found)
            target = target_for(self._given, found)
            if target is not self._given:
                self._targets.append(target)
            self._checkers[id] = ExplainingChecker(setup, target)
        return self._checkers[id]


class BrokenConstraint(AssertionError):
    """A request was not answered as documented; the message says it as the command line does."""


class ExplainingChecker:
    """Checks the requests of one operation, and explains what is not as documented."""

    def __init__(self, setup: Setup, target: Target) -> None:
        self._checker = RequestChecker(setup, target)
        self._wire = setup.wire
        self._run = run_of(setup, target)

    def check(self, sample: Any) -> Judgement:
        """Judges the answer to a request; raises BrokenConstraint.

        As `RequestChecker.check` for all else.
        """
        __tracebackhide__ = True
        judgement, finding = self._checker.check(sample)
        if finding is not None:
            raise BrokenConstraint(self._explained(finding))
        return judgement

    def _explained(self, finding: Finding) -> str:
        known = {entry.id: entry for entry in self._wire.constraints}
        # No command makes the body of a request that was drawn.
        is_short = len(finding.message.body) <= LONGEST_ARGUMENT
        run = replace(self._run, by_url=self._run.by_url and is_short)
        return explanation(finding, known[finding.constraint], self._wire, run)


def _tells_nothing(reason: str) -> None:
    """Lets Hypothesis draw another example; skips a test that is none of a property."""
    from hypothesis import currently_in_test_context, reject

    if currently_in_test_context():
        reject()
    pytest.skip(f"masked: {reason}")
