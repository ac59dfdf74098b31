"""Cases over all services that botocore describes, beside a second opinion on each request.

A sample of operations is tried here, the same each time; with CONTRACT_KIT_ALL_OPERATIONS=1 2,500 of
them, some of every service. A number in place of the 1 says how many.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import botocore.loaders
import pytest

from contract_kit import Operation, operation
from contract_kit.cases import Case, boundary_cases
from contract_kit.cases.good_request import unsequenced
from contract_kit.derive.service_model import load_model

GIVEN = int(os.environ.get("CONTRACT_KIT_ALL_OPERATIONS", "0"))
WANTED = 2_500 if GIVEN == 1 else GIVEN or 60
SEED = 9

MOST = 400
"""Cases of one operation that get the second opinion; it takes a hundred times as long as the first."""


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


def mistakes(op: Operation, cases: list[Case], oracle) -> list[str]:
    """What the second opinion has against what cases expect, and against their twins."""
    found = []
    for case in cases:
        if case.expects == "any":
            continue
        broken = oracle.broken_on_the_wire(unsequenced(case.request))
        if case.expects == "accept" and broken:
            found.append(f"{case.id} is to be accepted, and breaks {broken}")
        if case.expects == "reject" and not broken:
            found.append(f"{case.id} is to be rejected, and conforms")
        if case.expects == "reject" and not case.breaks:
            found.append(f"{case.id} is to be rejected, and the validator finds nothing")
        if case.twin is not None and oracle.broken_on_the_wire(unsequenced(case.twin)):
            found.append(f"{case.id} has a twin that does not conform")
    return found


@pytest.mark.parametrize(("service", "count"), sample().items())
def test_what_cases_expect_is_what_a_second_opinion_says(service, count, oracle_of) -> None:
    """Of every case of each operation, or of so many at random."""
    found = Counter()
    for id in drawn_operations(service, count):
        op = operation(id)
        cases = list(boundary_cases(op))
        if len(cases) > MOST:
            cases = random.Random(f"{SEED}{id}").sample(cases, MOST)
        found.update(f"{id}: {line}" for line in mistakes(op, cases, oracle_of(op)))
    assert not found
