"""Reads what users give on the command line: bindings, headers, request files."""

from __future__ import annotations

import json
import re
from pathlib import Path

from contract_kit.cases.given import binding, known_good
from contract_kit.cases.good_request import parse_location
from contract_kit.contract.number_literals import real
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, Shape
from contract_kit.contract.values import IN_STRINGS, has_sequence
from contract_kit.errors import SourceError, UsageError
from contract_kit.files import read_text
from contract_kit.wire.message import Headers
from contract_kit.wire.table import ADDRESSING

_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*([\x20-\x7e\t]*)")
"""A field name and value as RFC 9110 allows them, in ASCII."""

OURS = {"content-length", "content-type", "transfer-encoding", "connection", *ADDRESSING}
"""Headers that say what a request is, and how it travels."""


def parse_bindings(operation: Operation, texts: tuple[str, ...]) -> dict[str, Json]:
    """`MEMBER=VALUE` pairs; a value is JSON unless the member is a string, or a time as text.

    Raises UsageError, also for a value that does not conform.
    """
    bindings: dict[str, Json] = {}
    for text in texts:
        id, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--bind {text!r} has no '='; write MEMBER=VALUE")
        if id in bindings:
            raise UsageError(f"--bind {id} is given twice; keep one of its values")
        shape = operation.shape_at(parse_location(operation, id))
        read = value if shape.type in ("string", "blob") else _json(id, value, shape)
        bindings[id] = binding(operation, id, read, f"--bind {id}: the value")
    return bindings


def _json(id: str, value: str, shape: Shape) -> Json:
    try:
        return json.loads(value, parse_float=real)
    except ValueError:
        if has_sequence(value):
            raise UsageError(f"--bind {id}={value}: {IN_STRINGS}") from None
        if shape.type == "timestamp":
            return value
        raise UsageError(f"--bind {id}={value}: {value!r} is not JSON, which {id} needs") from None


def parse_headers(texts: tuple[str, ...]) -> Headers:
    """`NAME: VALUE` pairs; raises UsageError."""
    headers = []
    for text in texts:
        match = _HEADER.fullmatch(text.strip())
        if match is None:
            # The text after the name may be a secret.
            shown = re.sub(r"([:=]\s*)\S.*", r"\1…", text, flags=re.DOTALL)
            raise UsageError(f"--header {shown!r} is not a header; write NAME:VALUE in plain ASCII")
        if match[1].lower() in OURS:
            raise UsageError(f"--header {match[1]}: the kit sets it for each request; leave it out")
        headers.append((match[1], match[2].strip()))
    return tuple(headers)


def read_requests(operation: Operation, paths: tuple[Path, ...]) -> tuple[Json, ...]:
    """Known-good requests from JSON files.

    Raises SourceError for a file that cannot be read, UsageError for a request that does not
    conform.
    """
    return tuple(_read_request(operation, path) for path in paths)


def _read_request(operation: Operation, path: Path) -> Json:
    remedy = "give a request as a JSON object"
    text = read_text(path, remedy)
    try:
        request = json.loads(text, parse_float=real)
    except json.JSONDecodeError as error:
        place = f"{error.lineno}:{error.colno}"
        raise SourceError(f"{path}: invalid JSON at {place}; {remedy}") from None
    except ValueError:
        raise SourceError(f"{path}: a number has thousands of digits; {remedy}") from None
    except RecursionError:
        raise SourceError(f"{path}: nests too deeply; {remedy}") from None
    return known_good(operation, request, f"{path}:")
