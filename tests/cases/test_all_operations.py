"""Cases over all services that botocore describes, beside a second opinion on each request.

A sample of operations is tried here, the same each time; with CONTRACT_KIT_ALL_OPERATIONS=1 2,500 of
them, some of every service. A number in place of the 1 says how many.
"""

from __future__ import annotations

import functools
import itertools
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import botocore.loaders
import pytest
import regress

from contract_kit import Operation, operation
from contract_kit.cases import Case, boundary_cases
from contract_kit.cases.good_request import unsequenced
from contract_kit.derive.service_model import load_model

GIVEN = int(os.environ.get("CONTRACT_KIT_ALL_OPERATIONS", "0"))
WANTED = 2_500 if GIVEN == 1 else GIVEN or 60
SEED = 9

MADE, MOST = 20_000, 400
"""Cases of one operation that are made, from the first on, and those of them that get the second
opinion: it takes a hundred times as long as the first."""

LARGE, FEWER = 2_000, 20
"""Constraints of operations such as those of quicksight, whose requests take seconds each to judge, and
by what fewer of their cases are made and judged."""


PATIENCE = 1.0
"""Seconds of computing in which the second opinion has to say whether a pattern matches."""

MATCHES = f"""
import json, regress, signal, sys
for line in sys.stdin:
    pattern, flags, text = json.loads(line)
    signal.setitimer(signal.ITIMER_VIRTUAL, {PATIENCE})
    try:
        answer = regress.Regex(pattern, flags).find(text) is not None
    except regress.RegressError:
        answer = "error"
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    print(json.dumps(answer), flush=True)
"""
"""Ends itself where one takes longer: `regress` backtracks, and nothing else interrupts it."""


class Undecided(Exception):
    """The second opinion would take too long."""


class Patterns:
    """`regress` in a process of its own, which is started again where it ends itself."""

    def __init__(self) -> None:
        self._matches = functools.lru_cache(100_000)(self._asked)
        self._start()

    def find(self, pattern: str, flags: str, text: str) -> object:
        """As `regress` has it: None where nothing matches. Raises Undecided, or RegressError."""
        answer = self._matches(pattern, flags, text)
        if answer is None:
            raise Undecided
        if answer == "error":
            raise regress.RegressError(pattern)
        return answer or None

    def close(self) -> None:
        """Ends the process."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", MATCHES],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _asked(self, *question: str) -> bool | str | None:
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if line:
            return json.loads(line)
        self.close()
        self._start()
        return None


@pytest.fixture(scope="module")
def patterns():
    """One process for all operations."""
    made = Patterns()
    yield made
    made.close()


@pytest.fixture
def second_opinion(monkeypatch, oracle_of, patterns):
    """`second_opinion(operation)`, whose patterns are matched in a process of their own."""
    bounded = SimpleNamespace(
        RegressError=regress.RegressError,
        Regex=lambda pattern, flags: SimpleNamespace(
            find=functools.partial(patterns.find, pattern, flags)
        ),
    )
    monkeypatch.setattr("contract_kit.validate.jsonschema.regress", bounded)
    return oracle_of


def services() -> list[str]:
    """The services of the installed botocore, whatever the user keeps."""
    builtin = botocore.loaders.Loader.BUILTIN_DATA_PATH
    loader = botocore.loaders.Loader([builtin], include_default_search_paths=False)
    return loader.list_available_services("service-2")


def sample() -> dict[str, int]:
    """Service → how many of its operations are tried, each service as often as the others."""
    drawn = random.Random(SEED)
    names = services()
    drawn.shuffle(names)
    return {name: -(-(WANTED - index) // len(names)) for index, name in enumerate(names[:WANTED])}


def drawn_operations(service: str, count: int) -> list[str]:
    """So many operations of a service, or all of them."""
    names = list(load_model(service).operation_names)
    random.Random(f"{SEED}{service}").shuffle(names)
    return [f"{service}:{name}" for name in names[:count]]


def mistakes(op: Operation, case: Case, oracle) -> Iterator[str]:
    """What the second opinion has against what a case expects, and against its twin."""
    broken = oracle.broken_on_the_wire(unsequenced(case.request))
    if case.expects == "accept" and broken:
        yield f"{case.id} is to be accepted, and breaks {broken}"
    if case.expects == "reject" and not broken:
        yield f"{case.id} is to be rejected, and conforms"
    if case.expects == "reject" and not case.breaks:
        yield f"{case.id} is to be rejected, and the validator finds nothing"
    if case.twin is not None and oracle.broken_on_the_wire(unsequenced(case.twin)):
        yield f"{case.id} has a twin that does not conform"


@pytest.mark.parametrize(("service", "count"), sample().items())
def test_what_cases_expect_is_what_a_second_opinion_says(service, count, second_opinion) -> None:
    """Of every case of each operation, or of so many at random. It decides all but a few."""
    found, decided, undecided = [], 0, []
    for id in drawn_operations(service, count):
        op = operation(id)
        fewer = FEWER if len(op.constraints) > LARGE else 1
        made = itertools.islice(boundary_cases(op), MADE // fewer)
        cases = [case for case in made if case.expects != "any"]
        if len(cases) > MOST // fewer:
            cases = random.Random(f"{SEED}{id}").sample(cases, MOST // fewer)
        oracle = second_opinion(op)
        for case in cases:
            try:
                found += mistakes(op, case, oracle)
                decided += 1
            except Undecided:
                undecided.append(case.id)
    assert not found
    assert len(undecided) <= decided / 50, undecided
