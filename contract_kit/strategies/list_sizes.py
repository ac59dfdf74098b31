"""Lists and maps of exact sizes, also of sizes that are too large to draw item by item."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from contract_kit.cases.typical import varied
from contract_kit.contract.shape import Json, Shape
from contract_kit.strategies.plan import Values, mapped
from contract_kit.strategies.scalars import ends
from contract_kit.strategies.shape_strategies import Conforming

DRAWN = 3
"""Items drawn for a list of a given size; more repeat them."""

MANY = 10_000
"""Items of the longest list, and entries of the largest map, that a request holds."""


def sized(builder: Conforming, shape: Shape) -> Values | None:
    """Conforming lists or maps that are as small, or as large, as the shape allows."""
    low, high = shape.min_length or 0, shape.max_length
    if shape.type == "map":
        high = builder.most_entries(shape)
    # One more than the fewest, since the fewest may be none: shrinking has to have a way down.
    sizes = sorted({low + 1, *ends(low, high, low + 25)})
    sizes = [size for size in sizes if size <= (MANY if high is None else min(high, MANY))]
    return of_sizes(builder, shape, sizes)


def of_sizes(builder: Conforming, shape: Shape, sizes: Sequence[int]) -> Values | None:
    """Lists or maps with conforming entries, of one of the sizes; None where no map is so large."""
    if shape.type == "list":
        return _lists(builder, shape, sizes)
    return _maps(builder, shape, sizes)


def _lists(builder: Conforming, shape: Shape, sizes: Sequence[int]) -> Values:
    assert shape.item is not None
    stem = st.lists(builder.value(shape.item), min_size=1, max_size=DRAWN)

    def repeated(drawn: tuple[int, list[Json]]) -> Json:
        size, items = drawn
        return (items * (size // len(items) + 1))[:size]

    return mapped(st.tuples(st.sampled_from(sizes), stem), repeated)


def _maps(builder: Conforming, shape: Shape, sizes: Sequence[int]) -> Values | None:
    """Maps that begin with random keys and go on with numbered ones."""
    assert shape.item is not None
    assert shape.key is not None
    keys: list[str] = list(dict.fromkeys(varied(builder.shapes, shape.key, max(sizes))))
    possible = [size for size in sizes if size <= len(keys)]
    if not possible:
        return None
    drawn = st.lists(builder.value(shape.key), max_size=DRAWN)
    stem = st.lists(builder.value(shape.item), min_size=1, max_size=DRAWN)

    def filled(parts: tuple[int, list[str], list[Json]]) -> Json:
        size, first, items = parts
        names = list(dict.fromkeys((*first, *keys)))[:size]
        return {name: items[place % len(items)] for place, name in enumerate(names)}

    return mapped(st.tuples(st.sampled_from(possible), drawn, stem), filled)
