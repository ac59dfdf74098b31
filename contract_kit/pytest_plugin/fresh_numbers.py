"""The numbers that replace `{seq}`: fresh in each request of a session, in every worker."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest

STRIDE = 1000
"""From one number of a worker to its next, so that as many workers never meet. pytest-xdist gives
one that replaces a worker that died a name of its own, so that there may be more than at a time."""


def fresh_numbers(config: pytest.Config) -> Iterator[int]:
    """Numbers from 1 on that no other worker of the session takes; all of them without workers."""
    worker = getattr(config, "workerinput", None)
    if worker is None:
        return itertools.count(1)
    digits = re.search(r"\d+$", worker["workerid"])
    return itertools.count(1 + int(digits[0] if digits else 0) % STRIDE, STRIDE)
