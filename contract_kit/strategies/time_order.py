"""Keeps the timestamps of a structure in the order that their names promise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from contract_kit.cases.typical import rank
from contract_kit.contract.shape import Json, Shape

Ranks = tuple[tuple[int, str], ...]


def ranked_times(shapes: Mapping[str, Shape], shape: Shape, fixed: Iterable[str] = ()) -> Ranks:
    """The timestamps among a structure's members, each with its rank, those of low rank first.

    fixed: members that keep their values, and that the others keep clear of.
    Empty where nothing tells the order of two of them.
    """
    times = sorted(
        (rank(member.name), member.name)
        for member in shape.members
        if shapes[member.shape].type == "timestamp" and member.name not in set(fixed)
    )
    return tuple(times) if len({place for place, _ in times}) > 1 else ()


def put_in_order(value: dict[str, Json], times: Ranks) -> None:
    """Exchanges the times in a structure so that each rank lies before the next one.

    Equal times of different ranks are parted by a second.
    """
    present = [(place, name) for place, name in times if type(value.get(name)) in (int, float)]
    drawn = sorted(value[name] for _, name in present)
    last, before = None, None
    for (place, name), time in zip(present, drawn, strict=True):
        if last is not None and place != last[0]:
            before = last[1]
        moved = time if before is None or time > before else before + 1
        value[name] = moved
        last = (place, moved if last is None else max(moved, last[1]))
