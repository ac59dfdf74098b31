"""Copies parameters and replies as they are now, in a few microseconds.

The code under test may change them later, and botocore's own handlers do. The copy is interpreted
when the spying ends.
"""

from __future__ import annotations

import datetime
import decimal
import functools
from typing import Any

PLAIN = frozenset(
    {str, int, float, bool, type(None), datetime.datetime, datetime.date, decimal.Decimal}
)
"""Types whose values nobody can change."""


class Bytes:
    """Bytes of so many: their content breaks no constraint, and may be secret or large."""

    __slots__ = ("length",)

    def __init__(self, length: int) -> None:
        self.length = length


class Other:
    """A value that is left alone: a file, a stream, or of a type that no parameter has."""

    __slots__ = ()
    is_file = False


@functools.lru_cache(maxsize=256)
def _other(name: str, is_file: bool) -> type[Other]:
    # Messages show the name of a type that JSON lacks: let it be that of the value.
    return type(name, (Other,), {"__slots__": (), "is_file": is_file})


def snapshot(value: Any) -> Any:
    """A copy that nobody changes. Never raises, and reads no file and no stream."""
    try:
        return _copy(value)
    except RecursionError:
        # It holds itself, or nests so deep that botocore gives up as well.
        return _other("endless", False)()


def _copy(value: Any) -> Any:
    kind = type(value)
    # Copied as a whole, and only what holds something is looked into: no call per plain value, and
    # none for a comprehension, which would take as long again.
    if kind is dict or isinstance(value, dict):
        members = dict(value)
        for name, item in members.items():
            if type(item) not in PLAIN:
                members[name] = _copy(item)
        return members
    if kind is list or isinstance(value, (list, tuple)):
        items = list(value)
        for index, item in enumerate(items):
            if type(item) not in PLAIN:
                items[index] = _copy(item)
        return items
    if kind in PLAIN or isinstance(value, (str, int, float, datetime.datetime)):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return Bytes(len(value))
    return _other(type(value).__name__, hasattr(value, "read"))()
