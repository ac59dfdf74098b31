"""What the tests of strategies share: seeded samples, smallest examples, many operations."""

from __future__ import annotations

import functools
from random import Random

import pytest
from hypothesis import Phase, find, given, seed, settings
from hypothesis.errors import NoSuchExample

from contract_kit import operation
from contract_kit.contract.document import read_operation

EXPORT = operation("mailmanager:StartArchiveExport")

ELSEWHERE = (
    "dynamodb:PutItem",
    "dynamodb:CreateTable",
    "kinesis:PutRecords",
    "kms:Encrypt",
    "lambda:CreateFunction",
    "logs:PutLogEvents",
    "secretsmanager:CreateSecret",
    "ssm:PutParameter",
)
"""Operations of other services: shapes that contain themselves, maps, blobs, documents' likes."""


def sample(strategy, count, *, start=1):
    """So many draws, the same in each run."""
    drawn = []

    @seed(start)
    @settings(max_examples=count, phases=[Phase.generate], database=None, deadline=None)
    @given(strategy)
    def draw(value):
        drawn.append(value)

    draw()
    return drawn


def smallest(strategy, condition, *, examples=1000):
    """What a draw that meets the condition shrinks to."""
    chosen = settings(
        max_examples=examples,
        phases=[Phase.generate, Phase.shrink],
        database=None,
        deadline=None,
        derandomize=True,
    )
    return find(strategy, condition, settings=chosen)


def is_reached(strategy, condition, *, examples=2000, seeds=5):
    """Whether some draw meets a condition, with one of a few seeds."""
    chosen = settings(max_examples=examples, phases=[Phase.generate], database=None, deadline=None)
    for number in range(seeds):
        try:
            find(strategy, condition, settings=chosen, random=Random(number))
        except NoSuchExample:
            continue
        return True
    return False


class Kit:
    """What the tests of this folder draw with."""

    EXPORT, ELSEWHERE = EXPORT, ELSEWHERE
    sample, smallest = map(staticmethod, (sample, smallest))
    is_reached = staticmethod(is_reached)
    operation = staticmethod(functools.cache(operation))


@pytest.fixture(scope="session")
def kit():
    """Samples and smallest examples."""
    return Kit


@pytest.fixture
def made(toy):
    """`made(members, …)`: a small operation with these members, as `toy` takes them."""
    return lambda *args, **others: read_operation(*toy(*args, **others))
