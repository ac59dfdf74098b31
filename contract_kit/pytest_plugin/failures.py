"""Failures in one line for pytest: errors of the kit, and findings of its items."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import pytest

from contract_kit.errors import ContractKitError

Given = ParamSpec("Given")
Returned = TypeVar("Returned")


def fail_in_one_line(
    before: str, action: Callable[Given, Returned], *args: Given.args, **kwargs: Given.kwargs
) -> Returned:
    """Returns an action's result; if it raises an error of the kit, the test fails with its text.

    before: the start of the line.
    """
    __tracebackhide__ = True
    try:
        return action(*args, **kwargs)
    except ContractKitError as error:
        line = before + " ".join(str(error).split())
    # Failed within `except`, it would be shown below the error that it stands for.
    pytest.fail(line, pytrace=False)


def shorten(report: pytest.TestReport, item: pytest.Item) -> None:
    """A skip names the item, not a line in this package; a failure in the short summary by
    its first line, since pytest would print all of it a second time where the variable CI is set.
    """
    if report.skipped and isinstance(report.longrepr, tuple):
        path, line, _ = item.location
        report.longrepr = (path, (line or 0) + 1, report.longrepr[2])
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        crash.message = crash.message.partition("\n")[0]
