"""The campaigns of this process: one per operation, begun by the first item that needs it."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import pytest

from contract_kit.cases.groups import Group
from contract_kit.contract.operation import Operation
from contract_kit.errors import ContractKitError
from contract_kit.fuzz.campaign.campaign import Campaign
from contract_kit.fuzz.campaign.group_runs import GroupResult, GroupRuns
from contract_kit.fuzz.defaults import REGION
from contract_kit.fuzz.partial_outcome import part_document
from contract_kit.fuzz.setup import Setup
from contract_kit.pytest_plugin.expected_failure import expected_result
from contract_kit.pytest_plugin.failures import shorten
from contract_kit.pytest_plugin.fixture_values import FixtureValues
from contract_kit.pytest_plugin.fresh_numbers import fresh_numbers
from contract_kit.pytest_plugin.records import RECORD
from contract_kit.pytest_plugin.request_options import protocol_of, request_options
from contract_kit.pytest_plugin.running_campaign import RunningCampaign, run_of
from contract_kit.pytest_plugin.targets import target_for
from contract_kit.report.known_gaps import gaps_that_exist, read_gaps
from contract_kit.report.run import ReportRun
from contract_kit.settings.contracts import contracts_in
from contract_kit.target.recipe import Recipe
from contract_kit.verdict.judge import Profile
from contract_kit.verdict.outcome import Gap, covering
from contract_kit.verdict.summary import Finding
from contract_kit.wire.table import wire_of
from contract_kit.wire.wire import Wire

RECORDED = pytest.StashKey[str]()
OPERATION = pytest.StashKey[str]()
"""Of an item: the operation that it tests."""


class Campaigns:
    """Campaigns by operation; also the plugin that gives reports their records."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._running: dict[str, RunningCampaign] = {}
        self._first: dict[str, str] = {}
        self._told: set[str] = set()
        self._numbers = fresh_numbers(config)
        self._setups = 0
        self._options = request_options(config)
        self._wires: dict[str, Wire] = {}
        self.profile = config.option.contract_profile or config.getini("contract_profile")
        if self.profile not in get_args(Profile):
            raise pytest.UsageError(
                f"contract_profile: {self.profile!r} is not one of {', '.join(get_args(Profile))}"
            )
        given, kept = config.option.contract_known_gaps, config.getini("contract_known_gaps")
        # Paths in options start at the working directory, paths in settings at their file.
        folder = config.invocation_params.dir if given else config.rootpath
        path = given or kept
        self.gaps_file = str(path)
        try:
            self.contracts = contracts_in(config.rootpath)
            self._gaps = read_gaps(folder / Path(path), self.contracts) if path else {}
        except ContractKitError as error:
            raise pytest.UsageError(str(error)) from None

    def operation(self, id: str) -> Operation:
        """The operation of that id, which from then on is one of those tested; as for `wire`."""
        return self.wire(id).operation

    def wire(self, id: str) -> Wire:
        """The wire over which the operation of that id is tested, from then on.

        Raises UsageError also for a known gap that names none of its constraints.
        """
        if id not in self._wires:
            wire = wire_of(self.contracts.operation_to_test(id), protocol_of(self._config))
            gaps_that_exist(self._gaps.get(id, ()), wire.operation, wire.constraints)
            self._wires[id] = wire
        return self._wires[id]

    @property
    def operations(self) -> tuple[Operation, ...]:
        """All operations that are tested."""
        return tuple(wire.operation for wire in self._wires.values())

    def gaps(self, id: str) -> tuple[Gap, ...]:
        """The known gaps of an operation."""
        return tuple(self._gaps.get(id, ()))

    def gap(self, operation: Operation, finding: Finding) -> Gap | None:
        """The known gap that excuses a finding, if there is one."""
        return covering(self.gaps(operation.id), finding)

    def is_news(self, text: str) -> bool:
        """Whether it was not reported yet: one constraint may have many tests."""
        known = text in self._told
        self._told.add(text)
        return not known

    def begin(
        self, item: pytest.Item, operation: Operation, given: object, fixtures: FixtureValues
    ) -> RunningCampaign:
        """The campaign of an operation against a target, begun if it was not yet.

        Where it cannot be, the first item of the operation fails with the reason, in one line;
        all others are skipped with it.
        """
        running = self._running.get(operation.id)
        if running is None or running.given is not given:
            if running is not None:
                running.close()
            running = self._start(operation, given, fixtures)
            self._running[operation.id] = running
        if running.unable:
            self._record(item, running, {"unable": running.unable})
            self.give_up(item, operation, running.unable)
        return running

    def give_up(self, item: pytest.Item, operation: Operation, reason: str) -> None:
        """Fails the first item of the operation, and skips the others."""
        if self.is_first(item, operation):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason.partition("\n")[0])

    def is_first(self, item: pytest.Item, operation: Operation) -> bool:
        """Whether no earlier item of the session tests the operation; the same in all workers."""
        if operation.id not in self._first:
            mine = (
                entry.nodeid
                for entry in item.session.items
                if entry.stash.get(OPERATION, None) == operation.id
            )
            self._first[operation.id] = next(mine, item.nodeid)
        return self._first[operation.id] == item.nodeid

    def _start(
        self, operation: Operation, given: object, fixtures: FixtureValues
    ) -> RunningCampaign:
        run = ReportRun(url="", region=REGION, profile=self.profile, seed=0)
        running = RunningCampaign(
            wire=self.wire(operation.id), given=given, target=None, steps=None, run=run
        )
        try:
            fixtures.reset_for(operation)
            self._connect(running, fixtures)
        except ContractKitError as error:
            words = " ".join(str(error).split())
            known = words.startswith(operation.id)
            running.unable = words if known else f"{operation.id}: {words}"
        return running

    def setup(self, wire: Wire, given: object, fixtures: FixtureValues) -> Setup:
        """All that a campaign is given, with numbers of its own; raises ContractKitError.

        given: the target as the fixture gives it.
        """
        self._setups += 1
        return Setup(
            wire=wire,
            target=Recipe(given=given),
            profile=self.profile,
            numbers=self._numbers.lane(self._setups - 1),
            **self._options,
            **fixtures.arguments(wire.operation, self.operations),
        )

    def _connect(self, running: RunningCampaign, fixtures: FixtureValues) -> None:
        """Makes target and campaign, and sends the preflight; raises ContractKitError."""
        running.target = target_for(running.given, running.wire.operation)
        setup = self.setup(running.wire, running.given, fixtures)
        running.run = run_of(setup, running.target)
        running.steps = GroupRuns(Campaign(setup, running.target))
        start = running.steps.begin()
        running.untold = [start]
        if start.ended:
            running.unable = running.explain(start.findings[0])

    def run(
        self, item: pytest.Item, running: RunningCampaign, group: Group
    ) -> tuple[GroupResult, str]:
        """Sends the cases of a group, and records what came of them.

        With it the reason why it has to fail, empty where it need not: a known gap that is open,
        or one that has closed. One that passes while others show the gap does not have to.
        """
        assert running.steps is not None, "a campaign that could not begin is reported by then"
        expected = expected_result(
            running.steps, group, self.gaps(running.wire.operation.id), file=self.gaps_file
        )
        step = expected.step
        about = {"constraint": group.constraint, "side": group.side, "verdict": step.verdict}
        self._record(
            item,
            running,
            {**about, "parts": expected.parts},
        )
        properties = {"operation": running.wire.operation.id, **about}
        if step.finding:
            properties["case"] = step.finding.case
        item.user_properties += [(f"contract.{name}", text) for name, text in properties.items()]
        return step, expected.failure

    def _record(self, item: pytest.Item, running: RunningCampaign, record: dict[str, Any]) -> None:
        parts = [*(running.untold or ()), *record.pop("parts", ())]
        running.untold = None
        item.stash[RECORDED] = json.dumps(
            {
                "operation": running.wire.operation.id,
                "run": asdict(running.run),
                "parts": [part_document(part) for part in parts],
                **record,
            }
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Gives a report its record, and shortens what pytest would say at length."""
        report = yield
        record = item.stash.get(RECORDED, None)
        if record is not None:
            setattr(report, RECORD, record)
            del item.stash[RECORDED]
        if OPERATION in item.stash:
            shorten(report, item)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        """Closes connections before the fixtures that hold servers are torn down.

        Some servers wait for them before they stop.
        """
        if nextitem is None:
            self.close()
        elif nextitem.path != item.path:
            for running in self._running.values():
                if running.target is not None:
                    running.target.renew()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """The same for a session that ends early."""
        self.close()

    def close(self) -> None:
        """Closes all connections."""
        for running in self._running.values():
            running.close()


NAME = "contract-campaigns"


def campaigns_of(config: pytest.Config) -> Campaigns:
    """The campaigns of a session, made when they are first asked for; raises UsageError."""
    campaigns = config.pluginmanager.get_plugin(NAME)
    if campaigns is None:
        campaigns = Campaigns(config)
        config.pluginmanager.register(campaigns, NAME)
    assert isinstance(campaigns, Campaigns), f"another plugin is called {NAME}"
    return campaigns
