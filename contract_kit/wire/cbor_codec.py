"""CBOR as rpc-v2-cbor writes it: times under tag 1, blobs as byte strings, no documents.

Facts: RFC 8949; Smithy specification "Smithy RPC v2 CBOR protocol".
"""

from __future__ import annotations

import base64
import binascii
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cbor2

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, Shape
from contract_kit.wire.cbor_items import diagnostic, text, with_number
from contract_kit.wire.cbor_mutations import MUTATIONS
from contract_kit.wire.interface import Mutation
from contract_kit.wire.message import Reading, Unreadable

DEEPEST = 64
"""Levels of nesting that are read, inclusive; as for JSON."""

LONGEST = 4096
"""Bits of an integer that is read as one: more than any type holds, fewer than JSON can say."""

EPOCH = 1
"""The tag of a time in seconds since 1970."""

OTHER_TAGS = (0, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000)
"""Tags that cbor2 reads by itself, and that no value of the protocol has; 2 and 3 are integers."""

SELF_DESCRIBED = 55799

_FLOATS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


@dataclass(frozen=True, slots=True)
class _Tagged:
    """An item under a tag."""

    tag: int
    item: Any

    def __hash__(self) -> int:
        return hash(self.tag)


@dataclass(frozen=True, slots=True)
class _Raw:
    """Bytes that are written as they are."""

    content: bytes


@dataclass(frozen=True, slots=True)
class CborCodec:
    """Values as CBOR of definite lengths."""

    @property
    def mutations(self) -> tuple[Mutation, ...]:
        """Changes that make a body nearly right."""
        return MUTATIONS

    def write(self, operation: Operation, shape: str, value: Json) -> bytes:
        """A value as CBOR, however wrong; lone surrogates as bytes that are not UTF-8.

        shape: empty for a value that no shape describes, such as an error.
        """
        made = _written(operation.shapes, operation.shapes.get(shape), value)
        return cbor2.dumps(made, default=_write_raw)

    def read(self, operation: Operation, shape: str, body: bytes) -> Json:
        """The map in a body; raises Unreadable. shape: as for `write`."""
        try:
            value = _decoded(body)
        except (UnicodeDecodeError, _UnpromisedError) as error:
            raise Unreadable(f"the body is not CBOR: {error}") from None
        if not isinstance(value, Mapping):
            raise Unreadable(f"the body is {_kind(value)}, not a map")
        return _canonical(operation.shapes, operation.shapes.get(shape), value)

    def sort_out(self, operation: Operation, shape: str, body: bytes) -> Reading:
        """The value in a body, or what is wrong with it; an empty one is read as an empty map."""
        if not body:
            return Reading(request={}, expects="any", reason="the body is empty")
        try:
            value = _decoded(body)
        except UnicodeDecodeError as error:
            return Reading(constraint="wire.encoding", expects="any", reason=str(error))
        except _UnpromisedError as error:
            request = None
            if error.value is not None:
                root = operation.shapes[shape]
                request = _canonical(operation.shapes, root, error.value)
            return Reading(
                request=request, constraint="wire.limits", expects="any", reason=str(error)
            )
        except Unreadable as error:
            return Reading(constraint="wire.syntax", expects="reject", reason=str(error))
        if not isinstance(value, Mapping):
            reason = f"the body is {_kind(value)}, not a map"
            return Reading(
                constraint="request.type", expects="reject", family="type", reason=reason
            )
        root = operation.shapes[shape]
        return Reading(request=_canonical(operation.shapes, root, value))

    def can_say(self, shape: Shape, value: Json) -> bool:
        """There are no documents; and what is not finite is a float like any other."""
        if shape.type == "document":
            return False
        is_number = shape.type in ("float", "double", "timestamp")
        return not (is_number and isinstance(value, float) and not math.isfinite(value))

    def text(self, body: bytes) -> str:
        """The body in diagnostic notation."""
        return diagnostic(body)

    def with_number(self, body: bytes, number: int) -> bytes:
        """Text strings hold marks, and their lengths change with them."""
        return with_number(body, number)


def _write_raw(encoder: cbor2.CBOREncoder, value: object) -> None:
    assert isinstance(value, _Raw), value
    encoder.write(value.content)


def _string(value: str) -> str | _Raw:
    return _Raw(text(value)) if any("\ud800" <= char <= "\udfff" for char in value) else value


def _written(shapes: Mapping[str, Shape], shape: Shape | None, value: Json) -> Any:
    """A canonical value as cbor2 writes it; shape: None below what no shape describes."""
    if isinstance(value, str):
        if shape is not None and shape.type == "blob":
            return _blob(value)
        if shape is not None and shape.type in ("float", "double") and value in _FLOATS:
            return _FLOATS[value]
        return _string(value)
    if isinstance(value, list):
        item = shapes[shape.item] if shape and shape.type == "list" and shape.item else None
        return [_written(shapes, item, each) for each in value]
    if isinstance(value, dict):
        return {
            _string(name): _written(shapes, _below(shapes, shape, name), each)
            for name, each in value.items()
        }
    is_time = shape is not None and shape.type == "timestamp"
    if is_time and isinstance(value, (int, float)) and not isinstance(value, bool):
        return cbor2.CBORTag(EPOCH, value)
    return value


def _below(shapes: Mapping[str, Shape], shape: Shape | None, name: str) -> Shape | None:
    """The shape of an object's entry by its name, None if it is unknown."""
    if shape is not None and shape.type == "map" and shape.item:
        return shapes[shape.item]
    member = shape.member(name) if shape is not None and shape.is_structure else None
    return shapes[member.shape] if member else None


def _blob(value: str) -> bytes | str | _Raw:
    """Bytes; text that is not base64 stays text, which is wrong for a blob."""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return _string(value)


class _UnpromisedError(Exception):
    """A body of which no source says what it means. value: what a lenient reader makes of it."""

    def __init__(self, text: str, value: Any = None) -> None:
        super().__init__(text)
        self.value = value


def _decoded(body: bytes) -> Any:
    """The one item of a body; raises Unreadable, UnicodeDecodeError or _UnpromisedError."""
    try:
        return _loaded(body, twice=False)
    except cbor2.CBORDecodeError as error:
        if isinstance(error.__cause__, UnicodeDecodeError):
            raise error.__cause__ from None
        if "nesting depth" in str(error):
            raise _UnpromisedError(str(error)) from None
        try:
            value = _loaded(body, twice=True)
        except (cbor2.CBORDecodeError, Unreadable):
            raise Unreadable(f"the body is not CBOR: {error}") from None
        raise _UnpromisedError("a map has a key twice", value) from None
    except (RecursionError, MemoryError, OverflowError) as error:
        raise _UnpromisedError(str(error)) from None


def _loaded(body: bytes, *, twice: bool) -> Any:
    stream = io.BytesIO(body)
    decoder = cbor2.CBORDecoder(
        stream,
        semantic_decoders=_TAGS,
        tag_hook=lambda tag, immutable: _Tagged(tag.tag, tag.value),
        allow_duplicate_keys=twice,
        max_depth=DEEPEST,
    )
    value = decoder.decode()
    if stream.tell() != len(body):
        raise Unreadable(f"{len(body) - stream.tell()} bytes follow the value of the body")
    if isinstance(value, _Tagged) and value.tag == SELF_DESCRIBED:
        return value.item
    return value


def _tagged(number: int) -> Any:
    return lambda item, immutable: _Tagged(number, item)


_TAGS = {number: _tagged(number) for number in (EPOCH, *OTHER_TAGS, SELF_DESCRIBED)}


def _kind(value: Any) -> str:
    if value is None or value is cbor2.undefined:
        return "null"
    if isinstance(value, _Tagged):
        return f"an item under tag {value.tag}"
    return f"a {type(value).__name__}"


def _canonical(shapes: Mapping[str, Shape], shape: Shape | None, value: Any) -> Json:
    """A decoded value in canonical form. A value that is wrong in CBOR is wrong in it as well."""
    if value is None or value is cbor2.undefined:
        return None
    type_ = shape.type if shape else ""
    if isinstance(value, Mapping):
        return {
            key if isinstance(key, str) else _wrong(key): _canonical(
                shapes, _below(shapes, shape, key) if isinstance(key, str) else None, item
            )
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        item_shape = shapes[shape.item] if shape and type_ == "list" and shape.item else None
        return [_canonical(shapes, item_shape, item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode() if type_ == "blob" else _unfit(type_, value)
    if isinstance(value, str):
        is_none = type_ == "blob" or (type_ in ("float", "double") and value in _FLOATS)
        return f"{value}, a text string" if is_none else value
    if isinstance(value, _Tagged):
        return _time(value) if type_ == "timestamp" else _unfit(type_, value)
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return _number(type_, value)
    return _unfit(type_, value)


def _wrong(value: Any) -> str:
    """In words, what no value of the protocol is."""
    return f"{_kind(value)} of CBOR"


def _unfit(type_: str, value: Any) -> Json:
    """A value of a wrong type in CBOR, in a form of a wrong type for the shape as well."""
    words = _wrong(value)
    return words if type_ in ("list", "map", "structure", "union") else [words]


def _time(value: _Tagged) -> Json:
    number = isinstance(value.item, (int, float)) and not isinstance(value.item, bool)
    if value.tag != EPOCH or not number or not math.isfinite(value.item):
        return f"{value.item}, under tag {value.tag}"
    seconds = value.item
    return int(seconds) if isinstance(seconds, float) and seconds.is_integer() else seconds


def _number(type_: str, value: float) -> Json:
    if type_ == "timestamp":
        return f"{value}, without tag {EPOCH}"
    if isinstance(value, int) and value.bit_length() > LONGEST:
        return _unfit(type_, value)
    if isinstance(value, int) or math.isfinite(value):
        return value
    if type_ in ("float", "double"):
        return next(name for name, each in _FLOATS.items() if repr(each) == repr(value))
    return _unfit(type_, value)
