"""Parts of conforming requests that no source promises to accept.

Nor that it is refused: any well-formed answer to it will do, whether it was written down as a
boundary case or drawn at random.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import (
    INTEGER_BITS,
    ITEM,
    YEAR_1,
    YEAR_9999,
    Json,
    Member,
    Path,
    Shape,
    Shapes,
)
from contract_kit.contract.time_order import DAY, in_order
from contract_kit.contract.values import get
from contract_kit.contract.walk import entries

_ODD = re.compile("[\0\ud800-\udfff]")
ORDER = "order"
"""Ends the place of times in the wrong order, after the place of their structure."""

RULE = "rule"
"""Ends the place of a value of which documentation demands something in words."""

_SINGLE = 3.4e38
"""The largest number of 32 bits."""


def has_odd_character(text: str) -> bool:
    """Whether a string holds NUL or a lone surrogate, of which no source says what they do."""
    return _ODD.search(text) is not None


def raises_question(operation: Operation, request: Json, twin: Json) -> bool:
    """Whether a conforming request holds something open that its accepted twin does not hold."""
    shapes, root = operation.shapes, operation.shapes[operation.input]
    found = set(open_places(shapes, root, request, beside=twin))
    return bool(found) and raises_more(found, open_places(shapes, root, twin))


def raises_more(found: Iterable[Path], settled: Iterable[Path]) -> bool:
    """Whether places are open that are not settled, whichever items of a list they are in."""
    known = {_without_indices(path) for path in settled}
    return any(_without_indices(path) not in known for path in found)


def _without_indices(path: Path) -> Path:
    return tuple(ITEM if isinstance(segment, int) else segment for segment in path)


def open_places(
    shapes: Shapes, shape: Shape, value: Json, path: Path = (), *, beside: Json = None
) -> Iterator[Path]:
    """The places of a conforming value about which nothing is promised.

    NUL and lone surrogates; times that are equal or in the wrong order, and those outside years
    that every calendar holds; a union's structure in which every member is left out, or its flag
    that is false; numbers that are negative or zero where no range is stated, whole numbers with a
    fraction of zero, and those that are not finite. Page tokens, and the lack of an idempotency
    token; values on which documentation makes a demand in words; possible unions, with no member or
    several. Strings that engines of different make or age would not match against a pattern in the
    same way.

    beside: a value that this one was made of; what they share, by identity, is passed over.
    """
    if shape.type == "document":
        if _odd_inside(value):
            yield path
    elif isinstance(value, str):
        if has_odd_character(value) or shape.type in ("float", "double") or _in_doubt(shape, value):
            yield path
    elif isinstance(value, (list, dict)):
        if shape.is_structure and isinstance(value, dict):
            yield from _of_structure(shapes, shape, value, path, beside)
        yield from _below(shapes, shape, value, path, beside)
    elif _is_open_number(shape, value):
        yield path


def _below(shapes: Shapes, shape: Shape, value: Json, path: Path, beside: Json) -> Iterator[Path]:
    for segment, _, member, name, given in entries(shape, value):
        other = get(beside, (segment,))
        if given is None or given is other:
            continue
        below, here = shapes[name], (*path, segment)
        if member is not None:
            yield from _of_member(shapes, shape, member, below, given, here)
        elif isinstance(segment, str) and has_odd_character(segment):
            yield here
        yield from open_places(shapes, below, given, here, beside=other)


def _of_structure(
    shapes: Shapes, shape: Shape, value: Json, path: Path, beside: Json
) -> Iterator[Path]:
    if not in_order(shapes, shape, value):
        yield (*path, ORDER)
    if shape.exclusive and sum(item is not None for item in value.values()) != 1:
        # An unknown member counts as well, for a server that looks for the one member.
        yield path
    for member in shape.members:
        lacks_token = member.idempotency_token and value.get(member.name) is None
        if lacks_token and (not beside or get(beside, (member.name,)) is not None):
            yield (*path, member.name)


def _of_member(
    shapes: Shapes, shape: Shape, member: Member, below: Shape, given: Json, here: Path
) -> Iterator[Path]:
    """Whether a member of a shape is open, whatever it holds. below: its own shape."""
    if member.page_token:
        yield here
    elif member.rules:
        yield (*here, *_ruled(shapes, below, given))
    if shape.takes_one and (_is_empty(below, given) or given is False):
        # It conforms; some correct servers refuse it all the same, since it names nothing.
        yield here


def _in_doubt(shape: Shape, text: str) -> bool:
    """Whether it depends on the engine if a string matches the pattern of its shape."""
    if shape.pattern is None or (text.isascii() and "\n" not in text and "\r" not in text):
        return False
    return shape.regex is None or shape.regex.in_doubt(text)


def _ruled(shapes: Shapes, shape: Shape, value: Json) -> Path:
    """The subject of a rule: that there is a structure, or the value of anything else."""
    inner = shapes[shape.item] if shape.item else shape
    return (RULE,) if inner.is_structure else (RULE, json.dumps(value))


def _is_empty(shape: Shape, value: Json) -> bool:
    """Whether every member of a structure is left out."""
    return (
        shape.type == "structure"
        and isinstance(value, dict)
        and all(value.get(member.name) is None for member in shape.members)
    )


def _is_open_number(shape: Shape, value: Json) -> bool:
    if type(value) not in (int, float):
        return False
    if shape.type == "timestamp":
        return not YEAR_1 + DAY <= value <= YEAR_9999
    if shape.type in INTEGER_BITS:
        # No source documents that a negative amount is refused, nor that it is taken.
        return isinstance(value, float) or (value <= 0 and shape.minimum is None)
    return shape.type == "float" and abs(value) > _SINGLE


def _odd_inside(value: Json) -> bool:
    if isinstance(value, str):
        return has_odd_character(value)
    if isinstance(value, dict):
        return any(map(_odd_inside, (*value, *value.values())))
    return isinstance(value, list) and any(map(_odd_inside, value))
