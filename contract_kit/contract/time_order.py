"""Which of two times in a structure comes first, as their names say.

No source documents the order of a range. Requests that are made keep it, and an inverted one is
reported in files alone.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from contract_kit.contract.shape import Json, Shape, Shapes

DAY = 86_400

PAIRS = (
    ("After", "Before"),
    ("From", "To"),
    ("From", "Until"),
    ("Since", "Until"),
    ("Start", "End"),
    ("Start", "Stop"),
    ("Begin", "End"),
    ("Earliest", "Latest"),
    ("Earlier", "Later"),
    ("Oldest", "Latest"),
    ("Lower", "Upper"),
)
"""Words that names of times hold, the earlier one first."""

BOUNDS = PAIRS[0]
"""Words that make a time the bound of a search for another one."""

_ALONE = {
    **dict.fromkeys(("Min", "Started", "Starts"), 0),
    **dict.fromkeys(("Max", "Ended", "Ends", "Stopped"), 2),
    **dict.fromkeys(("Expiration", "Expire", "Expires", "Expiry"), 2),
}
"""Words that show the rank of a time that has no counterpart."""

_RANKS = {**_ALONE, **{low: 0 for low, _ in PAIRS}, **{high: 2 for _, high in PAIRS}}

_ENDS = frozenset(("Inclusive", "Exclusive"))
"""Words that say whether a bound belongs to the range, which leaves the order as it is."""

_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")

Pair = tuple[str, str]
Ranks = tuple[tuple[int, str], ...]


def _words(name: str) -> tuple[str, ...]:
    """The words of a name, but those that leave the order as it is."""
    words = (word.capitalize() for word in _WORDS.findall(name))
    return tuple(word for word in words if word not in _ENDS)


@functools.lru_cache(maxsize=4096)
def rank(name: str) -> int:
    """The rank of a time among its siblings: 0 starts a range, 2 ends it, 1 is neither.

    >>> rank("FromTimestamp"), rank("notAfter"), rank("Created")
    (0, 2, 1)
    """
    words = _words(name)
    bounds = [word for word in words if word in BOUNDS]
    found = next((_RANKS[word] for word in bounds or words if word in _RANKS), 1)
    # A value that is valid not before and not after lies between the two.
    return 2 - found if "Not" in words else found


def time_pairs(shapes: Shapes, shape: Shape) -> Iterator[Pair]:
    """Names of times among a structure's members that differ in nothing but a pair of words."""
    times = {
        _words(member.name): member.name
        for member in shape.members
        if shapes[member.shape].type == "timestamp"
    }
    for words, name in times.items():
        for low, high in PAIRS:
            partner = tuple(high if word == low else word for word in words)
            if partner == words or partner not in times:
                continue
            if low not in BOUNDS and not set(BOUNDS).isdisjoint(words):
                continue  # bounds of two things, such as of the start and of the end
            pair = (name, times[partner])
            yield pair[::-1] if "Not" in words[: words.index(low)] else pair


def in_order(shapes: Shapes, shape: Shape, value: Json) -> bool:
    """Whether the timestamps among a structure's members are in the order of their ranks."""
    if not shape.is_structure or not isinstance(value, dict):
        return True
    times: dict[int, list[float]] = {}
    for member in shape.members:
        given = value.get(member.name)
        if shapes[member.shape].type == "timestamp" and isinstance(given, (int, float)):
            times.setdefault(rank(member.name), []).append(given)
    ordered = [times[key] for key in sorted(times)]
    return all(max(before) < min(after) for before, after in pairwise(ordered))


def ordered_around(
    shapes: Shapes, shape: Shape, value: Json, name: str, time: float
) -> dict[str, float]:
    """The other timestamps among a structure's members that must move if `name` is to be `time`."""
    moved = {}
    for member in shape.members:
        given = value.get(member.name)
        if member.name == name or shapes[member.shape].type != "timestamp" or given is None:
            continue
        step = (rank(member.name) - rank(name)) * DAY
        if (step < 0 and given >= time) or (step > 0 and given <= time):
            moved[member.name] = time + step
    return moved


def ranked_times(shapes: Shapes, shape: Shape, fixed: Iterable[str] = ()) -> Ranks:
    """The timestamps among a structure's members, each with its rank, those of low rank first.

    fixed: members that keep their values, and that the others keep clear of.
    Empty where nothing shows the order of two of them.
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
