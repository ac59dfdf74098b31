"""Facts about values that many requests share, so that each is examined once."""

from __future__ import annotations

from contract_kit.contract.shape import Json

MOST = 100_000
"""Values that are remembered at once."""


class Known:
    """Objects and lists of which something holds, each as a value of a shape.

    Identity distinguishes them: requests that are made of one another share all that does not
    differ, and none of it may be changed afterwards.
    """

    def __init__(self) -> None:
        self._held: dict[tuple[str, int], Json] = {}

    def has(self, shape: str, value: Json) -> bool:
        """Whether it is known of this very value."""
        return (shape, id(value)) in self._held

    def add(self, shape: str, value: Json) -> None:
        """Remembers a value, which lives as long as it is remembered."""
        if len(self._held) >= MOST:
            self._held.clear()
        self._held[(shape, id(value))] = value
