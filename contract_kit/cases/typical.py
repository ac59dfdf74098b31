"""Typical values: what a person would write at a location, conforming by construction."""

from __future__ import annotations

import base64
import functools

from contract_kit.contract.shape import Json, Member, Shape, Shapes
from contract_kit.contract.time_order import DAY, rank
from contract_kit.pattern.compiled import understood

EPOCH = 1_700_000_000
"""A recent second: 2023-11-14T22:13:20Z."""

MISSES = 32
"""Lengths without a match, beyond the first string's own, after which longer ones are given up."""


def typical(shapes: Shapes, name: str, *, within: tuple[str, ...] = (), label: str = "") -> Json:
    """A conforming value of a shape: required members, and one optional where there are none.

    within: the shapes around it, so that recursive ones end. label: the member's name.
    """
    shape = shapes[name]
    inner = (*within, name)
    if shape.is_structure:
        return {
            member.name: typical(shapes, member.shape, within=inner, label=member.name)
            for member in usual_members(shapes, shape, inner)
        }
    if shape.type == "list":
        assert shape.item is not None
        count = max(shape.min_length or 0, 0 if shape.item in inner else 1)
        return varied(shapes, shape.item, count, within=inner)
    if shape.type == "map":
        assert shape.key is not None
        assert shape.item is not None
        count = max(shape.min_length or 0, 0 if shape.item in inner else 1)
        keys = varied(shapes, shape.key, count, within=inner)
        return {key: typical(shapes, shape.item, within=inner) for key in keys}
    return scalar(shape, label)


def typical_members(shapes: Shapes, shape: Shape, within: tuple[str, ...]) -> dict[str, Json]:
    """A typical value for each member of a structure, but those that lead back into it.

    Page tokens are left out, which only the service can make, and what makes it wait.
    """
    return {
        member.name: typical(shapes, member.shape, within=within, label=member.name)
        for member in shape.members
        if member.shape not in within and not member.page_token and not member.waits
    }


def varied(shapes: Shapes, name: str, count: int, *, within: tuple[str, ...] = ()) -> list[Json]:
    """`count` typical values, different from each other where the shape is a free string."""
    shape = shapes[name]
    first = typical(shapes, name, within=within)
    if shape.type == "union":
        return _mixed(shapes, shape, count, (*within, name))
    if shape.type != "string" or count <= 1:
        return [first] * count
    if shape.enum:
        return [shape.enum[index % len(shape.enum)] for index in range(count)]
    if shape.pattern is not None:
        return [*_numbered_by_pattern(shape.pattern, shape.max_length, first, count)]
    found = [first]
    for index in range(1, count):
        value = text_of_length(max(len(first), len(str(index))))
        found.append(value[: len(value) - len(str(index))] + str(index))
    return found


def _mixed(shapes: Shapes, shape: Shape, count: int, within: tuple[str, ...]) -> list[Json]:
    """One member of a union after the other, in turn."""
    members = _firm(shapes, shape, within)
    each = [
        {member.name: typical(shapes, member.shape, within=within, label=member.name)}
        for member in members or shape.members[:1]
    ]
    return [each[index % len(each)] for index in range(count)]


@functools.lru_cache(maxsize=1024)
def _numbered_by_pattern(text: str, most: int | None, first: str, count: int) -> tuple[str, ...]:
    """Strings of growing length, then with numbers at their end, as far as the pattern goes.

    Kept, since lists of one shape are made in the same sizes at many places.
    """
    pattern = understood(text)
    if pattern is None:
        return (first,) * count
    top = most if most is not None else len(first) + count
    found = dict.fromkeys([first])
    # The next longer string lies one turn of a loop away, as a rule: further on there is none.
    misses, patience = 0, len(first) + MISSES
    for length in range(len(first) + 1, top + 1):
        if len(found) == count or misses > patience:
            break
        value = pattern.example(length)
        misses = misses + 1 if value is None else 0
        if value is not None:
            found[value] = None
    stem = max(found, key=len)
    for index in range(count):
        if len(found) == count:
            break
        value = stem[: -len(str(index))] + str(index)
        if pattern.matches(value):
            found[value] = None
    return (*found, *[first] * count)[:count]


def usual_members(shapes: Shapes, shape: Shape, within: tuple[str, ...]) -> tuple[Member, ...]:
    """Members that a small but not empty value has: the required ones, else the first simple one.

    Some correct servers refuse structures in which every optional member is left out.
    """
    required = tuple(member for member in shape.members if member.required)
    if required:
        return required
    members = _firm(shapes, shape, within)
    simple = [member for member in members if not shapes[member.shape].members]
    return tuple((simple or members)[:1])


def _firm(shapes: Shapes, shape: Shape, within: tuple[str, ...]) -> list[Member]:
    """The members that do not lead back into their shape, and hold something where any does.

    Nothing promises that a union is accepted whose one member holds nothing.
    """
    # Of a page token nobody but the service can make one.
    free = [member for member in shape.members if not member.page_token]
    ending = [member for member in free if member.shape not in within]
    return [member for member in ending if not _holds_nothing(shapes[member.shape])] or ending


def _holds_nothing(shape: Shape) -> bool:
    return shape.type == "structure" and not shape.members


def scalar(shape: Shape, label: str = "") -> Json:
    """A typical value of a shape without members or items."""
    if shape.type == "string":
        return text(shape)
    if shape.type == "blob":
        size = max(shape.min_length or 0, min(9, shape.max_length or 9))
        return base64.b64encode(b"x" * size).decode()
    if shape.type == "timestamp":
        return EPOCH + rank(label) * DAY
    if shape.type == "boolean":
        return True
    if shape.type == "document":
        return {"key": "value"}
    return number(shape)


def number(shape: Shape) -> int | float:
    """A number within the documented range, 10 where that is allowed."""
    value: int | float = 10
    if shape.maximum is not None:
        value = min(value, shape.maximum)
    if shape.minimum is not None:
        value = max(value, shape.minimum)
    return value


def text(shape: Shape) -> str:
    """A readable string that conforms to enum, pattern and length."""
    if shape.enum:
        return shape.enum[0]
    low = shape.min_length or 0
    high = shape.max_length
    if shape.pattern is None:
        return text_of_length(max(low, 7) if high is None else min(max(low, 7), high))
    return _matching(shape.pattern, low, high)


@functools.lru_cache(maxsize=1024)
def _matching(text: str, low: int, high: int | None) -> str:
    """A string of `low` to `high` characters that a pattern matches, where any does.

    Kept, since large requests hold the same shapes at thousands of places.
    """
    pattern = understood(text)
    if pattern is None:
        return text_of_length(max(low, 1))
    found = pattern.example()
    if found is not None and low <= len(found) and (high is None or len(found) <= high):
        return found
    fitting = pattern.string_of(pattern.tree, low, high)
    return fitting if fitting is not None else found or ""


def text_of_length(length: int, alphabet: str = "example") -> str:
    """A string of exactly `length` characters."""
    return (alphabet * (length // len(alphabet) + 1))[:length]
