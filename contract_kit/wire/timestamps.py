"""Times on the wire: epoch seconds inside the kit, whatever format a model states outside.

Formats are named as botocore names them: `unixTimestamp`, `iso8601`, `rfc822`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import NUMERIC_TIMES, Json, Shape

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)")

Convert = Callable[[str, Json], Json]
"""The format of a time and its value in one form → the value in the other."""


def written(operation: Operation, root: str, value: Json) -> Json:
    """A canonical value as the wire has it. What is no time at its place stays as it is.

    root: name of the value's shape, the operation's input or output.
    """
    if not operation.has_formatted_times:
        return value
    return _convert(operation.shapes, operation.shapes[root], "", value, _write)


def read(operation: Operation, root: str, value: Json) -> Json:
    """A value of the wire in canonical form.

    A number where text is due becomes text, so that it is found to be none of the right type.
    """
    if not operation.has_formatted_times:
        return value
    return _convert(operation.shapes, operation.shapes[root], "", value, _read)


def _write(format: str, value: Json) -> Json:
    if isinstance(value, str):
        # Wrong inside the kit, so it has to be wrong outside: text that would be right is a number.
        return _read(format, value)
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


def _read(format: str, value: Json) -> Json:
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


def _convert(
    shapes: Mapping[str, Shape], shape: Shape, format: str, value: Json, convert: Convert
) -> Json:
    if shape.type == "timestamp":
        stated = format or shape.timestamp_format
        return value if stated in NUMERIC_TIMES else convert(stated, value)
    if isinstance(value, list) and shape.type == "list" and shape.item:
        return [_convert(shapes, shapes[shape.item], "", item, convert) for item in value]
    if not isinstance(value, dict):
        return value
    if shape.type == "map" and shape.item:
        item = shapes[shape.item]
        return {name: _convert(shapes, item, "", each, convert) for name, each in value.items()}
    members = {member.name: member for member in shape.members}
    return {
        name: _convert(
            shapes, shapes[members[name].shape], members[name].timestamp_format, each, convert
        )
        if name in members
        else each
        for name, each in value.items()
    }
