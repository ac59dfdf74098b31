"""Probes for structures, unions, lists and maps."""

from __future__ import annotations

import json
from collections.abc import Iterator

from contract_kit.cases.near_values import UNKNOWN
from contract_kit.cases.probe import Probe, either, inside, outside, wrong_type
from contract_kit.cases.scalar_probes import wrong_json_types
from contract_kit.cases.typical import typical, varied
from contract_kit.contract.shape import TYPE_NAME, Json, Member, Shape, Shapes
from contract_kit.contract.values import ABSENT

ABSENT_MEMBER = "absent"
NULL_AS_ABSENT = "null"
"""Slugs of the probes that a member may be left out, and null: the twin of the latter is the
request without the member."""

MAX_ITEMS = 20_000
"""Items of the longest list that a case holds."""


def structure_probes(shape: Shape, value: Json) -> Iterator[Probe]:
    """Unknown members, emptiness and wrong types of a structure. value: a conforming one."""
    yield inside("type", "unknown-member", {**value, UNKNOWN: {"a": [1, None]}})
    if not any(member.required for member in shape.members):
        yield inside("type", "empty", {})
    yield from wrong_object_types(shape, value)


def wrong_object_types(shape: Shape, value: Json) -> Iterator[Probe]:
    """Replacements for an object: itself in a list, as JSON text, or its only member."""
    yield wrong_type("in-a-list", [value])
    yield wrong_type("json-text", json.dumps(value))
    only = next(iter(value.values())) if len(value) == 1 else None
    if isinstance(only, str):
        yield wrong_type("bare-member", only).only_once()
    yield from wrong_json_types(shape, but=("string",))


def union_probes(shapes: Shapes, shape: Shape, value: Json) -> Iterator[Probe]:
    """Exactly one member that is not null; unknown members do not count."""
    yield outside("union", "no-member", {}, "union")
    # Null is a document like any other.
    documents = [member for member in shape.members if shapes[member.shape].type == "document"]
    nulls = {member.name: None for member in shape.members if member not in documents}
    for first in list(nulls)[:1]:
        yield outside("union", "only-null", {first: None}, "union")
    yield outside("union", "only-unknown", {UNKNOWN: {}}, "union")
    present = next(iter(value))
    sibling = next((member for member in shape.members if member.name != present), None)
    if sibling is not None:
        other = typical(shapes, sibling.shape, label=sibling.name)
        yield outside("union", "two-members", {**value, sibling.name: other}, "union")
        if nulls:
            yield outside("union", "all-null", nulls, "union")
            yield inside("union", "other-null", {**nulls, **value})
    yield inside("union", "type-name", {TYPE_NAME: shape.name, **value})
    yield either("union", "unknown-beside", {**value, UNKNOWN: {}}).only_once()
    yield from wrong_object_types(shape, value)


def list_probes(shapes: Shapes, shape: Shape, value: Json) -> Iterator[Probe]:
    """Sizes on both sides of each limit, equal items, and values that are not lists."""
    assert shape.item is not None
    low, high = shape.min_length or 0, shape.max_length
    item = value[0] if value else typical(shapes, shape.item)

    given = value or [item]

    def items(count: int) -> list[Json]:
        return [*given, *varied(shapes, shape.item or "", count)[len(given) :]][:count]

    if low:
        yield inside("minItems", "fewest", items(low))
        yield outside("minItems", "one-too-few", items(low - 1))
    elif high != 0:
        yield inside("type", "no-items", [])
    if high is not None and high < MAX_ITEMS:
        yield inside("maxItems", "most", items(high))
        yield outside("maxItems", "one-too-many", items(high + 1))
        yield outside("maxItems", "twice-too-many", items(2 * high + 2)).only_once()
        if items(2)[0] != items(2)[1]:
            yield outside("maxItems", "equal-too-many", [item] * (high + 1))
    elif high is None:
        yield inside("type", "many-items", items(max(low, 25)))
    equal = max(low, 2)
    if high is None or equal <= high:
        yield inside("type", "equal-items", [item] * equal)
    if not isinstance(item, list):
        yield wrong_type("bare-item", item)
    yield wrong_type("object-of-items", {"0": item})
    yield wrong_type("json-text", json.dumps(value))
    # A check by truth value, or a language without empty lists of its own, takes it for one.
    yield wrong_type("empty-string", "")
    yield wrong_type("object", {})
    yield from wrong_json_types(shape, but=("string", "object"))


def map_probes(shapes: Shapes, shape: Shape, value: Json) -> Iterator[Probe]:
    """Sizes on both sides of each limit, and values that are not maps."""
    assert shape.item is not None
    assert shape.key is not None
    low, high = shape.min_length or 0, shape.max_length
    entry = next(iter(value.values()), None) or typical(shapes, shape.item)

    def entries(count: int) -> dict[str, Json]:
        keys = dict.fromkeys((*value, *varied(shapes, shape.key or "", count)))
        return {key: value.get(key, entry) for key in list(keys)[:count]}

    def sized(probe: Probe, count: int) -> Iterator[Probe]:
        # An enumeration of keys may have too few values for the size.
        if len(probe.value) == count:
            yield probe

    if low:
        yield from sized(inside("minProperties", "fewest", entries(low)), low)
        yield from sized(outside("minProperties", "one-too-few", entries(low - 1)), low - 1)
    else:
        yield inside("type", "no-entries", {})
    if high is not None and high < MAX_ITEMS:
        yield from sized(inside("maxProperties", "most", entries(high)), high)
        yield from sized(outside("maxProperties", "one-too-many", entries(high + 1)), high + 1)
    yield wrong_type("list-of-pairs", [{"key": "a", "value": entry}])
    yield from wrong_json_types(shape)


def presence_probes(shapes: Shapes, member: Member) -> Iterator[Probe]:
    """A member left out and a member that is null: the same thing to a server."""
    if member.required:
        yield outside("required", ABSENT_MEMBER, ABSENT, "required")
        if shapes[member.shape].type == "document":
            # A document like any other, unless a server reads null as absence.
            yield either("required", "null", None)
        else:
            yield outside("required", "null", None, "required")
    elif shapes[member.shape].type != "document":
        yield inside("type", ABSENT_MEMBER, ABSENT)
        yield inside("type", NULL_AS_ABSENT, None)
