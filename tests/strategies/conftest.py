"""What the tests of strategies share: seeded samples, smallest examples, many operations."""

from __future__ import annotations

import functools

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


def is_reached(strategy, condition, *, examples=3000):
    """Whether some draw meets a condition."""
    chosen = settings(
        max_examples=examples,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        derandomize=True,
    )
    try:
        find(strategy, condition, settings=chosen)
    except NoSuchExample:
        return False
    return True


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
