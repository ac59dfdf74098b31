"""Checks that the validation engine cannot make exactly, compiled to the few places they concern.

The engine takes integers of over 308 digits for 32-bit ones, measures blobs in base64
characters, and knows no pattern that has no portable form, nor that `$` in a look-around may hold
before a last line end.
"""

from __future__ import annotations

from collections.abc import Callable

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import INTEGER_BITS, Json, Shape
from contract_kit.contract.walk import compiler, containing
from contract_kit.validate.location_tree import LocationNode
from contract_kit.validate.request_walk import RequestWalk

Exact = Callable[[Json], bool]

LEAST, MOST = -(2**1024), 2**1024
"""The engine reads integers beyond these, where a double ends, as if they were small."""

NUMBERS = (*INTEGER_BITS, "float", "double", "timestamp")


def exact_check(operation: Operation, *, numbers: bool = True) -> Exact | None:
    """A check of requests that the engine found valid; None where the engine's word is final.

    numbers: look at numbers too, for requests that may hold an integer of over 308 digits.
    """
    return _Exactness(operation, numbers).check(operation.input)


class _Exactness:
    """Makes the checks of the shapes that are, or contain, something the engine cannot decide."""

    def __init__(self, operation: Operation, numbers: bool) -> None:
        self._shapes = operation.shapes
        hard = (
            name
            for name, shape in self._shapes.items()
            if (numbers if shape.type in NUMBERS else _is_hard(shape))
        )
        self.check = compiler(containing(self._shapes, hard), self._make)

    def _make(self, name: str) -> Exact:
        shape = self._shapes[name]
        if shape.type in NUMBERS:
            return _small
        if shape.members:
            return self._structure(shape)
        if shape.type in ("list", "map"):
            return self._entries(shape)
        return self._walked(shape)

    def _structure(self, shape: Shape) -> Exact:
        below = [(member.name, self.check(member.shape)) for member in shape.members]
        numbers = tuple(name for name, check in below if check is _small)
        checks = tuple((name, check) for name, check in below if check not in (None, _small))

        def structure(value: Json) -> bool:
            # Written out: a call per number, or a generator, costs as much as the engine.
            for name in numbers:
                number = value.get(name)
                if type(number) is int:
                    if not LEAST < number < MOST:
                        return False
                elif number is not None and not _small(number):
                    return False
            for name, check in checks:  # noqa: SIM110 - see above
                if name in value and not check(value[name]):
                    return False
            return True

        return structure

    def _entries(self, shape: Shape) -> Exact:
        item = self.check(shape.item or "")
        key = self.check(shape.key) if shape.key else None

        def entries(value: Json) -> bool:
            if key is not None and not all(key(name) for name in value):
                return False
            items = value.values() if isinstance(value, dict) else value
            return item is None or all(entry is None or item(entry) for entry in items)

        return entries

    def _walked(self, shape: Shape) -> Exact:
        node = LocationNode(self._shapes, shape.name, ("value",), None, {})

        def walked(value: Json) -> bool:
            walk = RequestWalk(wire=True)
            walk.check(node, value, ())
            return not walk.found

        return walked


def _small(value: Json) -> bool:
    """Whether a number that the engine took is one of JSON, and one that it can have read."""
    return isinstance(value, (float, str)) or (isinstance(value, int) and LEAST < value < MOST)


def _is_hard(shape: Shape) -> bool:
    if shape.type == "blob":
        return shape.min_length is not None or shape.max_length is not None
    pattern = shape.regex
    return pattern is not None and (pattern.portable is None or pattern.may_end_before_line_end)
