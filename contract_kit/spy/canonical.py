"""Parameters and results as boto3 has them → the canonical form of a request.

Compiled from botocore's own shapes, which know of streams and of JSON inside headers, to the
few places where the two differ: a call is judged in less time than it takes to copy it.
"""

from __future__ import annotations

import base64
import datetime
import decimal
import math
from collections.abc import Callable
from typing import Any

from botocore.model import Shape
from botocore.utils import is_json_value_header, parse_to_aware_datetime

from contract_kit.contract.shape import Json
from contract_kit.contract.walk import compiler, grown
from contract_kit.spy.snapshot import Bytes, Other

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)

Convert = Callable[[Any], Json]
"""A snapshot in canonical form. Values that do not fit their shape stay, so that they are found."""


def converter(shape: Shape | None) -> Convert:
    """How to bring values of one shape into canonical form; without a shape they stay."""
    found = _Conversions(shape).convert(shape) if shape is not None else None
    return found or (lambda value: value)


def is_stream(shape: Shape) -> bool:
    """Whether a member is a body or an event stream, which have no place in a JSON value."""
    facts = shape.serialization
    return bool(facts.get("streaming") or facts.get("eventstream"))


class _Conversions:
    def __init__(self, root: Shape) -> None:
        below = _below(root)
        needed = grown(
            below,
            lambda name, found: any(_differs(one) or one.name in found for one in below[name][1]),
        )
        self._find = compiler(needed, lambda name: self._container(below[name][0]))

    def convert(self, shape: Shape) -> Convert | None:
        """The conversion of one shape; None where both forms are the same."""
        if is_json_value_header(shape):
            return _json_text
        if shape.type_name == "blob":
            return _blob(shape.metadata.get("min", 0))
        if shape.type_name in _SCALARS:
            return _SCALARS[shape.type_name]
        return self._find(shape.name)

    def _container(self, shape: Shape) -> Convert:
        if shape.type_name == "structure":
            return self._structure(shape)
        inner = self.convert(shape.member if shape.type_name == "list" else shape.value)
        assert inner is not None, shape.name

        def items(value: Any) -> Json:
            if isinstance(value, list):
                return [inner(item) for item in value]
            if isinstance(value, dict):
                return {name: inner(item) for name, item in value.items()}
            return value

        return items

    def _structure(self, shape: Shape) -> Convert:
        members = shape.members.items()
        streams = [name for name, member in members if is_stream(member)]
        found = [(name, self.convert(member)) for name, member in members if name not in streams]
        converts = [(name, convert) for name, convert in found if convert is not None]

        def structure(value: Any) -> Json:
            if not isinstance(value, dict):
                return value
            # The snapshot is ours alone, and read once.
            for name in streams:
                value.pop(name, None)
            for name, convert in converts:
                if name in value:
                    value[name] = convert(value[name])
            return value

        return structure


def _below(root: Shape) -> dict[str, tuple[Shape, list[Shape]]]:
    """Each shape by its name, with those directly inside it."""
    below: dict[str, tuple[Shape, list[Shape]]] = {}
    waiting = [root]
    while waiting:
        shape = waiting.pop()
        if shape.name not in below:
            below[shape.name] = (shape, _inside(shape))
            waiting += below[shape.name][1]
    return below


def _inside(shape: Shape) -> list[Shape]:
    if shape.type_name == "structure" and not shape.is_document_type:
        return list(shape.members.values())
    if shape.type_name == "list":
        return [shape.member]
    return [shape.value] if shape.type_name == "map" else []


def _differs(shape: Shape) -> bool:
    return (
        shape.type_name == "blob"
        or shape.type_name in _SCALARS
        or is_stream(shape)
        or is_json_value_header(shape)
    )


def _json_text(value: Any) -> Json:
    """Such a member takes any value, which botocore writes as text."""
    return value if isinstance(value, str) else "{}"


def _blob(shortest: int) -> Convert:
    """Bytes of the same length in base64; a file is not read, and counts as short as allowed."""

    def blob(value: Any) -> Json:
        if isinstance(value, str):
            length = len(value.encode("utf-8", "surrogatepass"))
        elif isinstance(value, Bytes):
            length = value.length
        elif isinstance(value, Other) and value.is_file:
            length = shortest
        else:
            return value
        return base64.b64encode(bytes(length)).decode()

    return blob


def _timestamp(value: Any) -> Json:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    try:
        return (parse_to_aware_datetime(value) - EPOCH).total_seconds()
    except (TypeError, ValueError, AttributeError, OverflowError):
        return value


def _number(value: Any) -> Json:
    if isinstance(value, decimal.Decimal):
        value = float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


_SCALARS: dict[str, Convert] = {"timestamp": _timestamp, "float": _number, "double": _number}
