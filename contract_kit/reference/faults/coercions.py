"""Values of the wrong type that are converted, as servers in several languages do."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from contract_kit.cases.near_values import BOOLEAN_WORDS
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import INTEGER_BITS, Json, Shape, location_id
from contract_kit.contract.walk import Place, places
from contract_kit.reference.faults.at import changed_at
from contract_kit.reference.faults.changes import preparing
from contract_kit.reference.faults.fault import Fault

Change = Callable[[Json], Json]


def coercion_faults(operation: Operation) -> Iterator[Fault]:
    """Conversions at each location, as the type there suggests."""
    for place in places(operation):
        name = location_id(place.location)
        for slug, change in conversions(operation.shapes, place.shape).items():
            yield Fault(
                name=f"{name}.type/{slug}",
                mechanism=f"{place.shape.type} converted: {slug.replace('-', ' ')}",
                description=f"converts values for {name}: {slug.replace('-', ' ')}",
                install=preparing(operation, _converting(place, change)),
            )


def _converting(place: Place, change: Change) -> Change:
    return lambda request: changed_at(request, place.location, change)


def conversions(shapes: Mapping[str, Shape], shape: Shape) -> dict[str, Change]:
    """Conversions of servers to the type of a shape, by name."""
    if shape.type == "list":
        return lists(shape, shapes[shape.item or ""])
    found: dict[str, Change] = {"one-item-list-unpacked": unpacked}
    if shape.is_structure:
        found["json-text-parsed"] = parsed
        if shape.type == "structure" and not any(member.required for member in shape.members):
            found["empty-values-taken-for-empty"] = empty_object
    elif shape.type == "string" and not (shape.pattern or shape.enum):
        # No text of a number or a list matches the patterns and enumerations that services have.
        found |= STRINGS
    elif shape.type in INTEGER_BITS:
        found |= integers(INTEGER_BITS[shape.type])
    elif shape.type == "boolean":
        found |= BOOLEANS
    elif shape.type == "timestamp":
        found |= TIMESTAMPS
    return found


def unpacked(value: Json) -> Json:
    """The item of a list of one."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def parsed(value: Json) -> Json:
    """The value that a text holds as JSON."""
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return json.loads(value)
    return value


def empty_object(value: Json) -> Json:
    """{} for what a language may take for it."""
    return {} if value in ([], "", 0) else value


def is_number(value: Json) -> bool:
    """Whether the value is a JSON number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


STRINGS: dict[str, Change] = {
    "numbers-as-text": lambda value: str(value) if is_number(value) else value,
    "booleans-as-text": lambda value: str(value) if isinstance(value, bool) else value,
    "lists-joined": lambda value: ",".join(map(str, value)) if isinstance(value, list) else value,
    "objects-as-text": lambda value: json.dumps(value) if isinstance(value, dict) else value,
    "anything-as-text": lambda value: value if isinstance(value, str) else json.dumps(value),
}


def number_of(text: Json) -> Json:
    """The number that a text holds, in Python's reading; the text itself where it holds none."""
    if isinstance(text, str):
        with contextlib.suppress(ValueError):
            return float(text) if "." in text or "n" in text.lower() else int(text)
    return text


def integers(bits: int) -> dict[str, Change]:
    """Conversions to integers of a width."""
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1

    def wrapped(value: Json, width: int) -> Json:
        if not isinstance(value, int) or isinstance(value, bool):
            return value
        half = 2 ** (width - 1)
        return (value + half) % (2 * half) - half

    def rounded(value: Json, by: Callable[[float], int]) -> Json:
        return by(value) if isinstance(value, float) and math.isfinite(value) else value

    def fitting(value: Json, least: int, most: int) -> Json:
        beyond = is_integer(value) and not low <= value <= high
        return 0 if beyond and least <= value <= most else value

    return {
        "digits-in-text-taken": number_of,
        "empty-text-as-0": lambda value: 0 if value == "" else value,
        "words-as-0": lambda value: 0 if isinstance(value, str) else value,
        "booleans-as-numbers": lambda value: int(value) if isinstance(value, bool) else value,
        "fractions-truncated": lambda value: rounded(value, math.trunc),
        "fractions-rounded": lambda value: rounded(value, round),
        "clamped": lambda value: min(max(value, low), high) if is_number(value) else value,
        "16-bits-wrapped": lambda value: wrapped(value, 16),
        "32-bits-wrapped": lambda value: wrapped(value, 32),
        "64-bits-wrapped": lambda value: wrapped(value, 64),
        "unsigned-taken": lambda value: fitting(value, 0, 2**bits - 1),
        "64-bits-taken": lambda value: fitting(value, -(2**63), 2**63 - 1),
        "unbounded": lambda value: 0 if is_integer(value) else value,
    }


def is_integer(value: Json) -> bool:
    """Whether the value is a JSON number that was written without a point."""
    return isinstance(value, int) and not isinstance(value, bool)


WORDS = {"true": True, "false": False}


def _word(words: Mapping[str, bool], value: Json, *, fold: bool = True) -> Json:
    if not isinstance(value, str):
        return value
    return words.get(value.lower() if fold else value, value)


BOOLEANS: dict[str, Change] = {
    "true-and-false-in-text-taken": lambda value: _word(WORDS, value, fold=False),
    "words-in-any-case-taken": lambda value: _word(BOOLEAN_WORDS, value),
    "digits-in-text-taken": lambda value: (
        {"0": False, "1": True}.get(value, value) if isinstance(value, str) else value
    ),
    "0-and-1-taken": lambda value: bool(value) if is_number(value) and value in (0, 1) else value,
    "numbers-taken": lambda value: bool(value) if is_number(value) else value,
    "texts-taken": lambda value: bool(value) if isinstance(value, str) else value,
    "empty-text-as-false": lambda value: False if value == "" else value,
    "anything-taken": lambda value: value is not None and bool(value),
}


def iso_time(value: Json) -> Json:
    """Epoch seconds of a date in ISO 8601."""
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return datetime.fromisoformat(value).timestamp()
    return value


def http_time(value: Json) -> Json:
    """Epoch seconds of a date as in HTTP headers."""
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return parsedate_to_datetime(value).timestamp()
    return value


TIMESTAMPS: dict[str, Change] = {
    "iso-dates-taken": iso_time,
    "http-dates-taken": http_time,
    "any-dates-taken": lambda value: http_time(iso_time(value)),
    "digits-in-text-taken": lambda value: (
        int(value) if isinstance(value, str) and value.isdigit() else value
    ),
    "numbers-in-text-taken": lambda value: _finite(number_of(value)),
    "empty-text-as-0": lambda value: 0 if value == "" else value,
    "booleans-as-numbers": lambda value: int(value) if isinstance(value, bool) else value,
    "texts-taken": lambda value: 0 if isinstance(value, str) else value,
}


def _finite(value: Json) -> Json:
    return 0 if isinstance(value, float) and not math.isfinite(value) else value


def _listed(value: Json, *types: type) -> Json:
    return [value] if isinstance(value, types) else value


def lists(shape: Shape, item: Shape) -> dict[str, Change]:
    """Conversions to lists of such items."""
    found = dict(LISTS)
    if item.is_structure:
        found["bare-objects-wrapped"] = lambda value: _listed(value, dict)
    elif item.type == "string":
        found["bare-texts-wrapped"] = lambda value: _listed(value, str)
        found["joined-texts-split"] = _split
    if not shape.min_length:
        found |= EMPTY_LISTS
    return found


def _split(value: Json) -> Json:
    return value.split(",") if isinstance(value, str) else value


def _flattened(value: Json) -> Json:
    nested = isinstance(value, list) and len(value) == 1 and isinstance(value[0], list)
    return value[0] if nested else value


def _without_nulls(value: Json) -> Json:
    if not isinstance(value, list):
        return value
    return [item for item in value if item is not None]


LISTS: dict[str, Change] = {
    "anything-wrapped": lambda value: _listed(value, dict, str, int, float),
    "object-values-taken": lambda value: list(value.values()) if isinstance(value, dict) else value,
    "json-text-parsed": parsed,
    "null-items-dropped": _without_nulls,
    "one-item-list-unpacked": _flattened,
}

EMPTY_LISTS: dict[str, Change] = {
    "empty-text-as-empty": lambda value: [] if value == "" else value,
    "empty-object-as-empty": lambda value: [] if value == {} else value,
    "false-values-as-empty": lambda value: value if value or value is None else [],
}
