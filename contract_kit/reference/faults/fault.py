"""`Fault`: one way in which an implementation breaks its contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from contract_kit.contract.operation import Operation
from contract_kit.reference.steps import Steps

Install = Callable[[Steps], Steps]
"""The steps with a fault in them. Called once for each server, so that state is its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One seeded fault.

    name: `where/what`, unique. mechanism: the general way in which it is made.
    description: the behaviour of the implementation, without its subject.
    equivalent: why no request shows the fault; empty where one does.
    """

    name: str
    mechanism: str
    description: str
    install: Install = field(repr=False, compare=False)
    equivalent: str = ""


Seeds = Callable[[Operation], Iterator[Fault]]
"""The faults that one mechanism, or a family of them, makes of an operation."""
