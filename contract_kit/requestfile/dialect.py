"""Dialects: how a file writes what the contract knows in one canonical form.

wire: as the service reads it; timestamps as the model states. cli: the input of AWS CLI v2. boto3:
keyword arguments of boto3 as JSON. Both take timestamps as ISO 8601 text, HTTP dates, numbers and
digits in a string, and refuse an integer that is written with a fraction, and "NaN" as a string.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import YEAR_1, YEAR_9999, Json
from contract_kit.contract.walk import compiler, containing

if TYPE_CHECKING:
    import datetime

DIALECTS: Final = ("wire", "cli", "boto3")

Convert = Callable[[Json], Json]

ISO = (
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[Tt ]([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?)?"
    r" ?([Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
COMPACT = r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})(?:([0-9]{2}))?(Z|[+-][0-9]{4})?"
HTTP = (
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-9]{1,2}) "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4}) "
    r"([0-9]{2}):([0-9]{2}):([0-9]{2}) (GMT|UTC|Z|[+-][0-9]{4})"
)
DIGITS = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


class Refused:
    """Replaces a value that the dialect does not take, so that its type is reported as wrong."""

    __slots__ = ()


REFUSED = Refused()


def timestamp(value: Json) -> Json:
    """Epoch seconds of what AWS CLI and boto3 take for a timestamp; REFUSED for the rest."""
    seconds: Json = value
    if hasattr(value, "timestamp"):
        seconds = _epoch(value)  # a date and time of YAML
    elif isinstance(value, str):
        seconds = _read(value.strip())
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        return REFUSED
    # NaN is not between anything.
    return seconds if seconds is not None and YEAR_1 <= seconds < YEAR_9999 + 1 else REFUSED


def _read(text: str) -> float | None:
    if len(text) > 64:
        return None
    if re.fullmatch(DIGITS, text):
        return float(text)
    try:
        if match := re.fullmatch(ISO, text):
            year, month, day, hour, minute, second, fraction, zone = match.groups()
            return _moment(year, month, day, hour, minute, second, zone) + float(
                f"0.{fraction or 0}"
            )
        if match := re.fullmatch(COMPACT, text):
            return _moment(*match.groups())
        if match := re.fullmatch(HTTP, text):
            day, name, year, *rest = match.groups()
            return _moment(year, _MONTHS.index(name) // 3 + 1, day, *rest)
    except (ValueError, OverflowError):
        pass  # no day of the calendar, or none that is near enough
    return None


def _moment(year: str, month: str | int, day: str, *rest: str | None) -> float:
    hour, minute, second, zone = rest
    import datetime

    moment = datetime.datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0)
    )
    return _epoch(moment) - _offset(zone)


def _offset(zone: str | None) -> int:
    """Seconds east of UTC; a time without a zone is in UTC."""
    if zone is None or zone[0] not in "+-":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
    if hours > 23 or minutes > 59:
        raise ValueError(zone)
    return (hours * 3600 + minutes * 60) * (-1 if zone[0] == "-" else 1)


def _epoch(moment: datetime.datetime) -> float:
    if moment.tzinfo is None:
        import datetime

        moment = moment.replace(tzinfo=datetime.UTC)
    return moment.timestamp()


def _base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode()


def _blob_of_bytes(value: Json) -> Json:
    return _base64(value) if isinstance(value, bytes) else value


def _cli_blob(value: Json) -> Json:
    """AWS CLI decodes base64 text, in which white space does not count."""
    return "".join(value.split()) if isinstance(value, str) else _blob_of_bytes(value)


def _boto3_blob(value: Json) -> Json:
    """boto3 sends a string as the bytes of its UTF-8 form."""
    if not isinstance(value, str):
        return _blob_of_bytes(value)
    try:
        return _base64(value.encode())
    except UnicodeEncodeError:
        return REFUSED


def _whole(value: Json) -> Json:
    return REFUSED if isinstance(value, float) else value


def _number(value: Json) -> Json:
    return REFUSED if isinstance(value, str) else value


_SCALARS: Mapping[str, Mapping[str, Convert]] = {
    "wire": {"blob": _blob_of_bytes},
    "cli": {
        "timestamp": timestamp,
        "blob": _cli_blob,
        "integer": _whole,
        "long": _whole,
        "float": _number,
        "double": _number,
    },
}
_BOTO3 = {**_SCALARS["cli"], "blob": _boto3_blob}


def converter(operation: Operation, dialect: str) -> Convert | None:
    """A function from a request of the dialect to its canonical form; None where both are one.

    It returns a new value where something changes, and takes any value: what it cannot convert
    stays, or becomes REFUSED.
    """
    scalars = _BOTO3 if dialect == "boto3" else _SCALARS[dialect]
    shapes = operation.shapes
    needed = containing(shapes, [name for name, shape in shapes.items() if shape.type in scalars])

    def make(name: str) -> Convert:
        shape = shapes[name]
        if shape.type in scalars:
            return scalars[shape.type]
        if shape.members:
            parts = {part.name: made for part in shape.members if (made := find(part.shape))}
            return lambda value: _structure(value, parts)
        item = find(shape.item or "")
        assert item is not None, name
        return lambda value: _entries(value, item)

    find = compiler(needed, make)
    convert = find(operation.input)
    if dialect != "wire" or not operation.has_formatted_times:
        return convert
    from contract_kit.wire import timestamps

    inner = convert or (lambda value: value)
    return lambda value: inner(timestamps.read(operation, operation.input, value))


def _structure(value: Json, parts: Mapping[str, Convert]) -> Json:
    if not isinstance(value, dict):
        return value
    changed = {
        name: made(value[name]) for name, made in parts.items() if value.get(name) is not None
    }
    return {**value, **changed} if changed else value


def _entries(value: Json, item: Convert) -> Json:
    if isinstance(value, list):
        return [entry if entry is None else item(entry) for entry in value]
    if isinstance(value, dict):
        return {name: entry if entry is None else item(entry) for name, entry in value.items()}
    return value
