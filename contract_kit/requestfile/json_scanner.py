"""The scanner of `json`, which is written in C, called at any place of a text.

Its two entry points have no types and are not documented, but `json` itself calls them so since
Python 2.6; nothing else reads a value in the midst of a text at that speed.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from json import decoder
from typing import Any, cast

from contract_kit.contract.shape import Json

Scan = Callable[[str, int], tuple[Json, int]]
"""(text, place) → the value there and where it ends. Raises StopIteration, ValueError."""

scan_string = cast(
    "Callable[[str, int], tuple[str, int]]",
    decoder.scanstring,  # type: ignore[attr-defined] # has no types, see above
)
"""(text, place after the opening quote) → the string and where its token ends."""


def scanner(**hooks: Any) -> Scan:
    """A scanner with the hooks of `json.JSONDecoder`."""
    made: Scan = decoder.JSONDecoder(**hooks).scan_once  # type: ignore[attr-defined] # see above
    return made


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: large values take long to search, and have no cycles."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
