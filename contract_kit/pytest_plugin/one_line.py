"""Errors of the kit in a test: one line, not a traceback."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import pytest

from contract_kit.errors import ContractKitError

Given = ParamSpec("Given")
Returned = TypeVar("Returned")


def or_fail(
    before: str, action: Callable[Given, Returned], *args: Given.args, **kwargs: Given.kwargs
) -> Returned:
    """What an action returns; where it raises an error of the kit, the test fails with its text.

    before: what the line begins with.
    """
    __tracebackhide__ = True
    try:
        return action(*args, **kwargs)
    except ContractKitError as error:
        line = before + " ".join(str(error).split())
    # Failed within `except`, it would be shown below the error that it stands for.
    pytest.fail(line, pytrace=False)
