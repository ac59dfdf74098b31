"""Tests that users write: `contract_case` for each case that the marker `contract` names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contract_kit.cases.groups import Group, narrowed
from contract_kit.contract.operation import Operation
from contract_kit.errors import ContractKitError
from contract_kit.pytest_plugin.campaigns import OPERATION, campaigns_of
from contract_kit.pytest_plugin.fixture_values import FixtureValues
from contract_kit.verdict.outcome import PROVEN

NARROWS = ("constraint", "side", "member")
SIDES = ("inside", "outside")


class ContractCase:
    """One case of one constraint; `operation`, `constraint` and `side` say which."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        if isinstance(request.param, str):
            pytest.fail(request.param, pytrace=False)
        operation, group = request.param
        self._item: pytest.Item = request.node
        self._item.stash[OPERATION] = operation.id
        self._group: Group = group
        self._fixtures = FixtureValues.of(request)
        self.operation: Operation = operation
        self.constraint = group.constraint
        self.side = group.side
        self.id = group.cases[0] if group.cases else f"{operation.name}/{group.constraint}"

    def __repr__(self) -> str:
        return f"<contract case {self.id}>"

    def check(self, target: object) -> None:
        """Sends the case and its twin; fails the test where the answer is not as documented.

        target: any value of the fixture `contract_target`. Skips a case that proves nothing.
        """
        campaigns = campaigns_of(self._item.config)
        running = campaigns.begin(self._item, self.operation, target, self._fixtures)
        step, expected = campaigns.run(self._item, running, self._group)
        if expected and step.finding is None and campaigns.is_news(expected):
            pytest.fail(expected, pytrace=False)
        shown = step.part.findings or step.findings
        gaps = {finding: campaigns.gap(self.operation, finding) for finding in shown}
        for finding, gap in gaps.items():
            if gap is None:
                pytest.fail(running.explain(finding), pytrace=False)
        for finding, gap in gaps.items():
            if gap is not None and finding.constraint == self.constraint:
                pytest.xfail(f"known gap: {gap.reason}")
        if step.verdict not in PROVEN:
            pytest.skip(f"{step.verdict}: {step.reason}")


class _BadMarkerError(ContractKitError):
    """A marker that selects nothing."""


def parametrize(metafunc: pytest.Metafunc) -> None:
    """A test per case; one that fails in one line where the marker names none.

    It does not raise: an exception here would pass through hooks of other plugins.
    """
    try:
        found = list(_found(metafunc))
    except ContractKitError as error:
        metafunc.parametrize("contract_case", [str(error)], ids=["problem"], indirect=True)
        return
    ids = [f"{operation.id}/{name}" for operation, name, _ in found]
    values = [(operation, group) for operation, _, group in found]
    metafunc.parametrize("contract_case", values, ids=ids, indirect=True)


def _found(metafunc: pytest.Metafunc) -> Iterator[tuple[Operation, str, Group]]:
    markers = [mark for mark in metafunc.definition.iter_markers("contract") if _is_ours(mark)]
    if not markers:
        raise _BadMarkerError(
            f"{metafunc.function.__name__} takes contract_case; name the operation with "
            '@pytest.mark.contract("SERVICE:OPERATION")'
        )
    for mark in markers:
        yield from _cases(metafunc.config, mark)


def _is_ours(mark: pytest.Mark) -> bool:
    """Whether a marker names operations; other projects use the word for other things."""
    return bool(mark.args) and all(isinstance(arg, str) and ":" in arg for arg in mark.args)


def _cases(config: pytest.Config, mark: pytest.Mark) -> Iterator[tuple[Operation, str, Group]]:
    unknown = [name for name in mark.kwargs if name not in NARROWS]
    if unknown:
        raise _BadMarkerError(
            f"@pytest.mark.contract has no {unknown[0]!r}; narrow it by {', '.join(NARROWS)}"
        )
    constraints, sides, members = (_texts(name, mark.kwargs.get(name, ())) for name in NARROWS)
    wrong = [side for side in sides if side not in SIDES]
    if wrong:
        raise _BadMarkerError(
            f"@pytest.mark.contract: side {wrong[0]!r} is neither {' nor '.join(SIDES)}"
        )
    for id in mark.args:
        operation = campaigns_of(config).operation(id)
        chosen = narrowed(
            campaigns_of(config).wire(id), constraints=constraints, sides=sides, members=members
        )
        if not chosen:
            raise _BadMarkerError(
                f"@pytest.mark.contract({id!r}): no case is on that side of what it names"
            )
        for group in chosen:
            for name, case in list(group.alone()) or [(group.name, group)]:
                yield operation, name, case


def _texts(name: str, value: object) -> tuple[str, ...]:
    """One text or several; None stands for none, as if it were left out."""
    if value is None:
        return ()
    texts = (value,) if isinstance(value, str) else value
    if not isinstance(texts, (tuple, list, set)) or not all(isinstance(t, str) for t in texts):
        raise _BadMarkerError(
            f"@pytest.mark.contract: {name}={value!r} is neither a string nor a list of strings"
        )
    return tuple(texts)
