"""The numbers that replace `{seq}`: fresh in each request of a session, in every worker."""

from __future__ import annotations

import re

import pytest

from contract_kit.fuzz.numbers import Numbers


def fresh_numbers(config: pytest.Config) -> Numbers:
    """Numbers that no other worker of the session takes.

    pytest-xdist gives one that replaces a worker that died a name of its own.
    """
    worker = getattr(config, "workerinput", None)
    if worker is None:
        return Numbers()
    digits = re.search(r"\d+$", worker["workerid"])
    return Numbers().lane(int(digits[0]) if digits else 0)
