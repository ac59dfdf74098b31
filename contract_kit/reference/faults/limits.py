"""Values of the right type that are refused all the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import INTEGER_BITS, Json, Shape, location_id
from contract_kit.contract.walk import places
from contract_kit.reference.faults.changes import objecting
from contract_kit.reference.faults.coercions import is_integer, is_number
from contract_kit.reference.faults.fault import Fault

Judge = Callable[[Json], bool]


def limit_faults(operation: Operation) -> Iterator[Fault]:
    """Undocumented limits at each location, as the type there suggests."""
    for place in places(operation):
        name = location_id(place.location)
        for slug, refuses in limits(place.shape).items():
            yield Fault(
                name=f"{name}.type/{slug}",
                mechanism=f"{place.shape.type} refused: {slug.replace('-', ' ')}",
                description=f"refuses what conforms at {name}: {slug.replace('-', ' ')}",
                install=objecting(operation, operation.constraint(f"{name}.type"), refuses),
            )


def limits(shape: Shape) -> Mapping[str, Judge]:
    """Values of the right type that some servers refuse all the same."""
    if shape.type == "timestamp":
        return TIMESTAMP_LIMITS
    if shape.type in INTEGER_BITS:
        return INTEGER_LIMITS
    if shape.type == "boolean":
        return BOOLEAN_LIMITS
    if shape.type == "string" and not (shape.pattern or shape.enum):
        return STRING_LIMITS
    return {}


TIMESTAMP_LIMITS: dict[str, Judge] = {
    "fractions-refused": lambda value: isinstance(value, float) and not value.is_integer(),
    "milliseconds-refused": lambda value: isinstance(value, float) and value * 10 % 1 != 0,
    "points-refused": lambda value: isinstance(value, float),
    "whole-numbers-refused": is_integer,
    "0-refused": lambda value: is_number(value) and value == 0,
    "negative-refused": lambda value: is_number(value) and value < 0,
    "beyond-31-bits-refused": lambda value: is_number(value) and value >= 2**31,
    "beyond-32-bits-refused": lambda value: is_number(value) and value >= 2**32,
    "after-year-2100-refused": lambda value: is_number(value) and value > 4_102_444_800,
}

INTEGER_LIMITS: dict[str, Judge] = {
    "beyond-16-bits-refused": lambda value: is_integer(value) and value >= 2**15,
    "beyond-17-bits-refused": lambda value: is_integer(value) and value >= 2**16,
    "beyond-30-bits-refused": lambda value: is_integer(value) and value >= 2**30,
    "greatest-refused": lambda value: is_integer(value) and value >= 2**31 - 1,
    "above-1000-refused": lambda value: is_integer(value) and value > 1000,
}

BOOLEAN_LIMITS: dict[str, Judge] = {
    "true-refused": lambda value: value is True,
    "false-refused": lambda value: value is False,
}


def _texts(refuses: Callable[[str], bool]) -> Judge:
    return lambda value: isinstance(value, str) and refuses(value)


STRING_LIMITS: dict[str, Judge] = {
    "beyond-ascii-refused": _texts(lambda text: not text.isascii()),
    "beyond-latin-1-refused": _texts(lambda text: any(char > "\xff" for char in text)),
    "beyond-16-bits-refused": _texts(lambda text: any(char > "\uffff" for char in text)),
    "not-printable-refused": _texts(lambda text: not text.isprintable()),
    "controls-refused": _texts(lambda text: any(unicodedata.category(c) == "Cc" for c in text)),
    "tabs-and-lines-refused": _texts(lambda text: any(char in "\t\r\n" for char in text)),
    "blank-refused": _texts(lambda text: not text.strip()),
    "blank-edges-refused": _texts(lambda text: text != text.strip()),
    "markup-refused": _texts(lambda text: "<" in text),
    "quotes-refused": _texts(lambda text: "'" in text or '"' in text),
    "shell-signs-refused": _texts(lambda text: "`" in text or "$" in text or "\\" in text),
    "percent-refused": _texts(lambda text: "%" in text),
    "right-to-left-refused": _texts(lambda text: any(char in "\u202e\u05d0" for char in text)),
    "not-composed-refused": _texts(lambda text: not unicodedata.is_normalized("NFC", text)),
}
