"""JSON as awsJson writes it: any value goes as it is, in UTF-8."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass
from typing import Any

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, Shape
from contract_kit.wire import timestamps
from contract_kit.wire.interface import Mutation
from contract_kit.wire.json_mutations import MUTATIONS
from contract_kit.wire.json_names import inward, outward
from contract_kit.wire.message import Expectation, Reading, Unreadable

MOST_VALUES = 3_000_000
"""Commas and brackets of a body that is read: each may be a value, which takes memory. No body of
4 MiB has more."""


@dataclass(frozen=True, slots=True)
class JsonCodec:
    """Values as JSON text; times as their `timestampFormat` says, by default as numbers.

    renames: members go by their `locationName`, as in restJson1.
    """

    renames: bool = False

    @property
    def mutations(self) -> tuple[Mutation, ...]:
        """Changes that make a body nearly JSON."""
        return MUTATIONS

    def write(self, operation: Operation, shape: str, value: Json) -> bytes:
        """A value as JSON; lone surrogates are written as escapes, NaN as `NaN`."""
        if not shape:
            return json_body(value)
        written = timestamps.written(operation, shape, value)
        return json_body(outward(operation.shapes, shape, written) if self.renames else written)

    def read(self, operation: Operation, shape: str, body: bytes) -> Json:
        """The object in a body as RFC 8259 defines JSON; raises Unreadable."""
        is_document = bool(shape) and operation.shapes[shape].type == "document"
        value = strict_value(body) if is_document else strict_object(body)
        return self._canonical(operation, shape, value) if shape else value

    def _canonical(self, operation: Operation, shape: str, value: Json) -> Json:
        named = inward(operation.shapes, shape, value) if self.renames else value
        return timestamps.read(operation, shape, named)

    def sort_out(self, operation: Operation, shape: str, body: bytes) -> Reading:
        """The value in a body, or what is wrong with it; an empty one is read as `{}`."""
        if not body:
            # Real services call it malformed, so that no answer is wrong where nothing is missing.
            return Reading(request={}, expects="any", reason="the body is empty")
        try:
            value, repeats = _parsed(body.decode())
        except UnicodeDecodeError as error:
            return Reading(constraint="wire.encoding", expects="any", reason=str(error))
        except json.JSONDecodeError as error:
            expects: Expectation = "any" if body.startswith(codecs.BOM_UTF8) else "reject"
            reason = f"the body is not JSON: {error}"
            return Reading(constraint="wire.syntax", expects=expects, reason=reason)
        except (ValueError, RecursionError) as error:
            # Numbers and depths beyond what a parser may take.
            return Reading(constraint="wire.limits", expects="any", reason=str(error))
        if repeats:
            # No source says what that means.
            value = self._canonical(operation, shape, value)
            reason = "an object has a member twice"
            return Reading(request=value, constraint="wire.limits", expects="any", reason=reason)
        if value is None:
            reason = "the body is null, not an object"
            return Reading(
                constraint="request.type", expects="reject", family="type", reason=reason
            )
        try:
            strict_object(body)
        except Unreadable as error:
            reason = str(error)
        else:
            reason = ""
        return Reading(request=self._canonical(operation, shape, value), reason=reason)

    def can_say(self, shape: Shape, value: Json) -> bool:
        """JSON says all that a request can hold, and more."""
        return True

    def text(self, body: bytes) -> str:
        """The body itself; escapes stand for what is not UTF-8."""
        return body.decode("utf-8", "backslashreplace")

    def with_number(self, body: bytes, number: int) -> bytes:
        """A body holds marks as a value holds them."""
        return body.replace(b"{seq12}", b"%012d" % number).replace(b"{seq}", b"%d" % number)


def json_body(value: Json) -> bytes:
    """A value as JSON in UTF-8; escapes only where a string has no UTF-8 form."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def strict_object(body: bytes) -> dict[str, Json]:
    """The JSON object in a body; raises Unreadable."""
    value = strict_value(body)
    if isinstance(value, dict):
        return value
    raise Unreadable(f"the body is a JSON {type(value).__name__}, not an object")


def strict_value(body: bytes) -> Json:
    """The JSON value in a body; raises Unreadable."""
    if sum(map(body.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise Unreadable("the body holds more values than are read")
    try:
        # Decoded here, since json itself would take UTF-16 and UTF-32 as well.
        return json.loads(body.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            f"the body is not JSON: {error}" if body else "the body is empty"
        ) from None


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


def _parsed(text: str) -> tuple[Json, bool]:
    """The value of a JSON text, and whether an object in it has a member twice."""
    repeats = False

    def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeats
        found = dict(pairs)
        repeats = repeats or len(found) < len(pairs)
        return found

    return json.loads(text, object_pairs_hook=object_of), repeats
