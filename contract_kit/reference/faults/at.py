"""Reaches the values at a location of a request, wherever the request has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from contract_kit.contract.shape import ITEM, KEY, VALUE, Json, Location, Path


def values_at(request: Json, location: Location, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Each present value at the location, nulls included, with its path."""
    if not location:
        yield path, request
        return
    head, rest = location[0], location[1:]
    for segment, value in _below(request, head):
        yield from values_at(value, rest, (*path, segment))


def _below(value: Json, segment: str) -> Iterator[tuple[str | int, Json]]:
    if segment == ITEM and isinstance(value, list):
        yield from enumerate(value)
    elif segment == VALUE and isinstance(value, dict):
        yield from value.items()
    elif segment == KEY and isinstance(value, dict):
        yield from ((name, name) for name in value)
    elif isinstance(value, dict) and segment in value:
        yield segment, value[segment]


def changed_at(request: Json, location: Location, change: Callable[[Json], Json]) -> Json:
    """A copy of the request in which every value at the location is changed."""
    if not location:
        return change(request)
    head, rest = location[0], location[1:]
    if head == ITEM and isinstance(request, list):
        return [changed_at(item, rest, change) for item in request]
    if head == VALUE and isinstance(request, dict):
        return {name: changed_at(item, rest, change) for name, item in request.items()}
    if isinstance(request, dict) and head in request:
        return {**request, head: changed_at(request[head], rest, change)}
    return request


def everything(request: Json) -> Iterator[Json]:
    """Every value in a request, itself first, however deep it nests."""
    waiting = [request]
    while waiting:
        value = waiting.pop()
        yield value
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
