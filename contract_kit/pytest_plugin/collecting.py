"""Items where no one wrote a test: below the file that defines `contract_target`.

Goes beyond pytest's public interface in one place, `_definitions`: its fixture manager is asked
which definitions of the fixture a node sees. Pytest 8 and 9 answer alike.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from contract_kit.cases.groups import Group, groups, single
from contract_kit.contract.operation import Operation
from contract_kit.errors import ContractKitError
from contract_kit.pytest_plugin.campaigns import OPERATION, campaigns_of
from contract_kit.pytest_plugin.fixture_values import FixtureValues
from contract_kit.pytest_plugin.plugin import HOW_TO_DEFINE
from contract_kit.pytest_plugin.plugin import __name__ as plugin_name
from contract_kit.verdict.outcome import PROVEN
from contract_kit.verdict.summary import Finding

FIXTURE = "contract_target"


EVERY_REPLY = ("response.", "error.", "wire.connection")
"""Ids of what every reply is held to, whatever the item, begin so."""

_ID = re.compile(r"::([\w-]+:\w+)(?=::|$)")


class Collecting:
    """The plugin that adds items while pytest collects. Raises UsageError for bad options."""

    def __init__(self, config: pytest.Config) -> None:
        names = config.option.contract_operation or config.getini("contract_operations")
        # The id of an item names its operation.
        names = [*names, *(name for text in config.args for name in _ID.findall(text))]
        if not names:
            raise pytest.UsageError(
                "--contract: name operations with --contract-operation SERVICE:OPERATION, "
                "or as contract_operations in the ini file"
            )
        campaigns = campaigns_of(config)
        try:
            self.operations = tuple(campaigns.operation(name) for name in dict.fromkeys(names))
            for operation in self.operations:
                groups(campaigns.wire(operation.id))
        except ContractKitError as error:
            raise pytest.UsageError(str(error)) from None
        self._defined = False
        self._plugins = config.pluginmanager
        self._conftests = _conftests(config)
        if config.args_source is not pytest.Config.ArgsSource.ARGS:
            # If tests have a folder of their own, the conftest.py above it is outside.
            config.args += [str(path) for path in self._conftests if not _covered(path, config)]

    def pytest_collect_file(
        self, file_path: Any, parent: pytest.Collector
    ) -> pytest.Collector | None:
        """A conftest.py may define the target; its fixtures are known once it is collected."""
        module = self._plugins.get_plugin(str(file_path))
        if file_path.name != "conftest.py" or module is None:
            return None
        file: ConftestModule = ConftestModule.from_parent(parent, path=file_path)
        # Not imported a second time, and its marks remain without effect, as in pytest.
        file.obj = module
        file.below = self.below
        return file

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """So may a test module, whose own tests come first."""
        report = yield
        if isinstance(collector, pytest.Module) and report.passed and not _is_conftest(collector):
            report.result.extend(self.below(collector, collector.obj))
        return report

    def below(self, node: pytest.Collector, module: object) -> Iterator[pytest.Collector]:
        """The collectors below a file: one per operation, if it defines the target."""
        definition = _definition(node, module)
        if definition is None:
            return
        self._defined = True
        problem = _problem(definition)
        if problem:
            yield Problem.from_parent(node, name=FIXTURE, text=problem)
            return
        for operation in self.operations:
            yield OperationCollector.from_parent(node, name=operation.id, operation=operation)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> None:
        """Where no one defines the target, one item says so, whatever else was selected."""
        if not self._defined and not self._conftests:
            items.append(MissingItem.from_parent(session, name=FIXTURE))

    def pytest_report_collectionfinish(self) -> str | None:
        """A line where someone defines it, but beside the arguments."""
        if self._defined or not self._conftests:
            return None
        return (
            f"contract: {self._conftests[0]}, which defines {FIXTURE}, is not among the arguments"
        )


class ConftestModule(pytest.Module):
    """A conftest.py that may define the target; a module, since fixtures of that scope need one."""

    below: Callable[[pytest.Collector, object], Iterator[pytest.Collector]]

    def collect(self) -> list[pytest.Item | pytest.Collector]:
        """The operations, if it does; no test of its own."""
        return list(self.below(self, self.obj))


class Problem(pytest.Collector):
    """A definition of the target that cannot be used."""

    def __init__(self, *, text: str, **options: Any) -> None:
        super().__init__(**options)
        self._text = text

    def collect(self) -> list[pytest.Item]:
        """One line."""
        raise self.CollectError(self._text)


class MissingItem(pytest.Item):
    """An item that says that there is no target."""

    def setup(self) -> None:
        """One line."""
        pytest.fail(HOW_TO_DEFINE, pytrace=False)

    def runtest(self) -> None:
        """Never reached."""

    def reportinfo(self) -> tuple[Any, int, str]:
        """The name alone."""
        return self.path, 0, FIXTURE


class OperationCollector(pytest.Collector):
    """One operation: an item per constraint and side, or per case."""

    def __init__(self, *, operation: Operation, **options: Any) -> None:
        super().__init__(**options)
        self.operation = operation

    def collect(self) -> Iterator[pytest.Item]:
        """The items, and one for each single case that an argument names."""
        each = self.config.option.contract_each_case
        names = set()
        wire = campaigns_of(self.config).wire(self.operation.id)
        for group in groups(wire):
            alone = list(group.alone()) if each else []
            for name, case in alone or [(group.name, group)]:
                names.add(name)
                yield self._item(name, case)
        for name in dict.fromkeys(self._named()):
            found = single(wire, name)
            if found is not None and name not in names:
                yield self._item(name, found)

    def _named(self) -> Iterator[str]:
        """The parts of arguments below the operation."""
        for argument in self.config.args:
            above, _, name = argument.rpartition("::")
            if above.endswith(f"::{self.operation.id}"):
                yield name

    def _item(self, name: str, group: Group) -> ContractItem:
        item: ContractItem = ContractItem.from_parent(
            self, name=name, callobj=_contract, operation=self.operation, group=group
        )
        return item


def _contract(contract_target: object, request: pytest.FixtureRequest) -> None:
    """Requests the fixtures of every item; the item itself does the work."""


class ContractItem(pytest.Function):
    """The cases of one constraint on one side."""

    def __init__(self, *, operation: Operation, group: Group, **options: Any) -> None:
        super().__init__(**options)
        self._operation = operation
        self._group = group
        self.stash[OPERATION] = operation.id
        # So that -k finds it by the id that reports show.
        self.extra_keyword_matches.add(group.constraint)

    def reportinfo(self) -> tuple[Any, int, str]:
        """Where the target is defined, and what is tested."""
        return self.path, 0, f"{self._operation.id} {self.name}"

    def setup(self) -> None:
        """Asks for the target, and whether it implements the operation: once for all items."""
        campaigns = campaigns_of(self.config)
        try:
            super().setup()
        except Exception as error:
            if campaigns.is_first(self, self._operation):
                raise
            pytest.skip(f"{FIXTURE}: {type(error).__name__}: {error}")
        if self.config.getoption("setuponly", False):
            # Nor does pytest run tests then; a plan does not even call fixtures.
            return
        given: dict[str, Any] = dict(self.funcargs)
        fixtures = FixtureValues.of(given["request"])
        self._running = campaigns.begin(self, self._operation, given[FIXTURE], fixtures)

    def runtest(self) -> None:
        """Sends the cases, and fails, skips or passes as their verdict says."""
        campaigns = campaigns_of(self.config)
        step, gap = campaigns.run(self, self._running, self._group)
        if gap:
            self.add_marker(
                pytest.mark.xfail(reason=gap, strict=True, raises=pytest.fail.Exception)
            )
        if step.finding is not None:
            pytest.fail(self._explained(step.finding), pytrace=False)
        if step.verdict not in PROVEN:
            pytest.skip(f"{step.verdict}: {step.reason}")

    def _explained(self, finding: Finding) -> str:
        """A finding, and how to run the case that shows it alone."""
        text = self._running.explain(finding)
        alone = self._group.showing(finding.case)
        if alone is None:
            return text
        # As it is to be written where pytest was started, which may be below its root.
        file = Path(os.path.relpath(self.path, self.config.invocation_params.dir)).as_posix()
        argument = f"{file}::{self._operation.id}::{alone[0]}"
        return f"{text}\n  {'alone':<10}  pytest {argument}"


def _conftests(config: pytest.Config) -> list[Path]:
    """The files loaded before collection that define the target, or import it."""
    modules = [plugin for plugin in config.pluginmanager.get_plugins() if hasattr(plugin, FIXTURE)]
    paths = [Path(file) for plugin in modules if (file := getattr(plugin, "__file__", None))]
    return [path for path in paths if path.name == "conftest.py"]


def _covered(path: Path, config: pytest.Config) -> bool:
    """Whether an argument names the file, or a folder around it."""
    given = [config.invocation_params.dir / arg.partition("::")[0] for arg in config.args]
    return any(path.is_relative_to(folder.resolve()) for folder in given)


def _is_conftest(node: pytest.File) -> bool:
    """Whether pytest takes a conftest.py for a test module, since an argument names it."""
    return node.path.name == "conftest.py"


def _definitions(node: pytest.Item | pytest.Collector) -> Sequence[pytest.FixtureDef[Any]]:
    """The definitions of the target that a node sees, the one that holds last."""
    manager = node.session._fixturemanager
    return manager.getfixturedefs(FIXTURE, node) or ()


def _definition(node: pytest.Collector, module: object) -> pytest.FixtureDef[Any] | None:
    """The definition that holds below a file, if it is the file's own or imported by it."""
    found = _definitions(node)
    if not found or found[-1].func.__module__ == plugin_name:
        return None
    code = getattr(found[-1].func, "__code__", None)
    own = code is not None and code.co_filename == str(node.path)
    return found[-1] if own or hasattr(module, FIXTURE) else None


def _problem(definition: pytest.FixtureDef[Any]) -> str:
    """The error in a definition, in one line; empty if there is none."""
    if definition.params is not None:
        return (
            f"{FIXTURE} has params, which cannot be tested; define a target per folder, each in "
            "its own conftest.py"
        )
    if definition.scope in ("function", "class"):
        return (
            f"{FIXTURE} has the scope {definition.scope!r}, so each item would get another "
            "target; write @pytest.fixture(scope='session')"
        )
    return ""
