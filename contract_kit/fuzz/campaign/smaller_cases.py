"""Cases that are one step smaller than a case and probe the same: fewer members, items, letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from contract_kit.cases.case import Case
from contract_kit.cases.typical import scalar
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, Location, Path
from contract_kit.contract.values import ABSENT, get, put
from contract_kit.contract.walk import PlacedValue, walked

READABLE = 16
"""Characters of a probed string up to which it stays as it is."""

_NOTHING = object()

_SCALARS: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("string", "blob"), str),
    **dict.fromkeys(("integer", "long", "float", "double"), (int, float)),
}
"""Shortest values of the shapes that may be shortened; times keep their order instead."""

Keeps = Callable[[Path], bool]
"""Whether the value at a path stays as it is, since the user gave it."""


def smaller(operation: Operation, case: Case, location: Location, keeps: Keeps) -> Iterator[Case]:
    """The case with less of what it holds beside what it probes, then with less of that, too.

    location: what it probes; () where nothing of the request is special. Each step is first taken
    everywhere at once. Differences between request and twin stay.
    """
    members = list(_removable(operation, case, location, keeps))
    if len(members) > 1:
        yield _without(case, members)
    for path in members:
        yield _without(case, [path])
    yield from _with_fewer_items(operation, case, location)
    shorter = list(_shorter_values(operation, case, keeps))
    if len(shorter) > 1:
        yield _with(case, shorter)
    for change in shorter:
        yield _with(case, [change])
    yield from _with_shorter_probe(operation, case, location)


def _with(case: Case, changes: list[tuple[Path, Json]]) -> Case:
    request, twin = case.request, case.twin
    for path, value in changes:
        request = put(request, path, value)
        twin = None if twin is None else put(twin, path, value)
    return replace(case, request=request, twin=twin)


def _without(case: Case, paths: list[Path]) -> Case:
    return _with(case, [(path, ABSENT) for path in paths])


def _is_shared(placed: PlacedValue, case: Case) -> bool:
    """Whether request and twin have the same there."""
    return case.twin is None or get(case.twin, placed.path, _NOTHING) == placed.value


def _is_around(placed: PlacedValue, location: Location) -> bool:
    """Whether a value is at a location, or contains it."""
    return bool(location) and location[: len(placed.location)] == placed.location


def _placed(operation: Operation, request: Json) -> Iterator[PlacedValue]:
    return walked(operation.shapes, operation.input, request)


def _removable(
    operation: Operation, case: Case, location: Location, keeps: Keeps
) -> Iterator[Path]:
    """Optional members that request and twin share, beside what is probed; the outermost only."""
    done: list[Path] = []
    for placed in _placed(operation, case.request):
        path, member = placed.path, placed.member
        if placed.parent is None or placed.parent.type == "union":
            continue
        inside = any(path[: len(outer)] == outer for outer in done)
        stays = inside or keeps(path) or _is_around(placed, location)
        if member is not None and not member.required and not stays and _is_shared(placed, case):
            done.append(path)
            yield path


def _with_fewer_items(operation: Operation, case: Case, location: Location) -> Iterator[Case]:
    """The case with shorter lists: those around what it probes keep the item that is wrong."""
    for placed in _placed(operation, case.request):
        path, items = placed.path, placed.value
        if placed.shape.type != "list" or not isinstance(items, list):
            continue
        others = items if case.twin is None else get(case.twin, path)
        if not isinstance(others, list) or len(items) != len(others):
            continue
        wrong = [at for at, item in enumerate(items) if item != others[at]]
        if len(wrong) > 1 or (_is_around(placed, location) and not wrong):
            continue
        least = placed.shape.min_length or 0
        for count in sorted({max(1, least), max(2, least)}):
            if count < len(items):
                kept = [*range(count - 1), max(count - 1, *wrong)] if wrong else range(count)
                request = put(case.request, path, [items[at] for at in kept])
                twin = case.twin and put(case.twin, path, [others[at] for at in kept])
                yield replace(case, request=request, twin=twin)


def _shorter_values(operation: Operation, case: Case, keeps: Keeps) -> Iterator[tuple[Path, Json]]:
    """Usual values in place of longer ones that request and twin share."""
    for placed in _placed(operation, case.request):
        shape, value = placed.shape, placed.value
        if shape.type not in _SCALARS or shape.enum or not isinstance(value, _SCALARS[shape.type]):
            continue
        usual = scalar(shape)
        is_longer = len(str(usual)) < len(str(value)) and "{seq" not in str(value)
        if is_longer and not keeps(placed.path) and _is_shared(placed, case):
            yield placed.path, usual


def _with_shorter_probe(operation: Operation, case: Case, location: Location) -> Iterator[Case]:
    """The case with less of the string that breaks its constraint: the shortest first."""
    for placed in _placed(operation, case.request):
        value = placed.value
        if placed.location != location or not isinstance(value, str) or "{seq" in value:
            continue
        if case.side == "inside" or _is_shared(placed, case):
            continue
        length = 1
        while len(value) > READABLE and length * 2 < len(value):
            for short in (value[:length], value[:length] + value[-length:], value[-length:]):
                yield replace(case, request=put(case.request, placed.path, short))
            length *= 2
