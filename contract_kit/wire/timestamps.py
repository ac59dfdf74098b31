"""Times on the wire: epoch seconds inside the kit, whatever format a model states outside.

Formats are named as botocore names them: `unixTimestamp`, `iso8601`, `rfc822`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from contract_kit.contract.document import EXTENSION
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import NUMERIC_TIMES, Json, Location, Member, Shape, Shapes
from contract_kit.contract.walk import mapped

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)")

TEXT_FORMATS = {"iso8601": "date-time", "rfc822": "http-date"}
"""Formats of times that are text, and their names in JSON Schema and OpenAPI."""

Convert = Callable[[str, Json], Json]
"""The format of a time and its value in one form → the value in the other."""


def written(operation: Operation, root: str, value: Json) -> Json:
    """A canonical value as the wire has it. Values that are not times stay as they are.

    root: name of the value's shape, the operation's input or output.
    """
    if not operation.has_formatted_times:
        return value
    return _convert(operation.shapes, operation.shapes[root], "", value, write_time)


def read(operation: Operation, root: str, value: Json) -> Json:
    """A value of the wire in canonical form.

    A number where text is due becomes text, so that it is found to be none of the right type.
    """
    if not operation.has_formatted_times:
        return value
    return _convert(operation.shapes, operation.shapes[root], "", value, read_time)


def given(operation: Operation, location: Location, value: Json) -> Json:
    """A value that a user gives for a location, in canonical form; () for a whole request.

    It may write times as the wire does, or as epoch seconds.

    >>> from contract_kit import operation
    >>> events = operation("opensearchmemory:ListEvents")
    >>> given(events, ("eventTimestampAfter",), "2026-05-17T12:30:15Z")
    1779021015
    """
    if not operation.has_formatted_times:
        return value
    member = operation.shape_at(location[:-1]).member(location[-1]) if location else None
    format = member.timestamp_format if member else ""
    return _convert(operation.shapes, operation.shape_at(location), format, value, _take)


def schemas(definitions: Mapping[str, Json]) -> dict[str, Json]:
    """JSON Schemas of shapes by name, with times as the wire has them instead of numbers."""
    return {name: _schema(schema) for name, schema in definitions.items()}


def _schema(schema: Json) -> Json:
    changed = _time_schema(schema) if schema[EXTENSION]["type"] == "timestamp" else schema
    if "properties" not in changed:
        return changed
    members = changed["properties"].items()
    return {**changed, "properties": {name: _time_schema(member) for name, member in members}}


def _time_schema(schema: Json) -> Json:
    """The schema of a time, or of a member that states how its time is written."""
    stated = schema.get(EXTENSION, {}).get("timestampFormat", "")
    if not stated:
        return schema
    kept = {name: part for name, part in schema.items() if name not in ("$ref", "type")}
    if stated in NUMERIC_TIMES:
        return {"type": "number", **kept}
    return {"type": "string", "format": TEXT_FORMATS[stated], **kept}


def _take(format: str, value: Json) -> Json:
    return read_time(format, value) if isinstance(value, str) else value


def write_time(format: str, value: Json) -> Json:
    """Epoch seconds as text in a format; any other value stays as it is, and so wrong.

    >>> write_time("rfc822", 0)
    'Thu, 01 Jan 1970 00:00:00 GMT'
    """
    if isinstance(value, str):
        # Wrong inside the kit, so it has to be wrong outside: text that would be right is a number.
        return read_time(format, value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    try:
        time = EPOCH + timedelta(seconds=value)
    except (OverflowError, ValueError):
        # No calendar has it: what is sent is wrong in its type as well.
        return value
    if format == "rfc822":
        return format_datetime(time.replace(microsecond=0), usegmt=True)
    text = time.replace(tzinfo=None).isoformat(timespec="microseconds")
    return text.rstrip("0").rstrip(".") + "Z"


def read_time(format: str, value: Json) -> Json:
    """Epoch seconds of a text in a format; any other text stays as it is.

    >>> read_time("iso8601", "1970-01-01T00:01:00Z")
    60
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value}, a number"
    if not isinstance(value, str):
        return value
    try:
        if format == "rfc822":
            time = parsedate_to_datetime(value)
        elif _ISO.fullmatch(value):
            time = datetime.fromisoformat(value)
        else:
            return value
        seconds = (time - EPOCH).total_seconds()
    except (ValueError, TypeError, IndexError):
        return value
    return int(seconds) if seconds.is_integer() else seconds


def _convert(shapes: Shapes, shape: Shape, format: str, value: Json, convert: Convert) -> Json:
    if shape.type == "timestamp":
        stated = format or shape.timestamp_format
        return value if stated in NUMERIC_TIMES else convert(stated, value)

    def below(each: Json, name: str, member: Member | None) -> Json:
        return _convert(
            shapes, shapes[name], member.timestamp_format if member else "", each, convert
        )

    return mapped(shape, value, below)
