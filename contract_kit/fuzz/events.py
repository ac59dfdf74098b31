"""Events that a campaign reports on its way, to one listener."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from contract_kit.fuzz.partial_outcome import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """A case, or an example of an exploration, is done.

    done: how many cases and examples are. total: how many there are in all; None until known.
    part: what was found since the event before.
    """

    done: int
    total: int | None
    part: Part


Event: TypeAlias = Tested
Listener: TypeAlias = Callable[[Event], None]


def ignore(event: Event) -> None:
    """Listens to nothing."""
