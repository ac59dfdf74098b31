"""CBOR data items as bytes (RFC 8949): their heads, and bodies of any kind in readable form."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass

UNSIGNED, NEGATIVE, BYTES, TEXT, LIST, MAP, TAG, SIMPLE = range(8)
"""Major types."""

BREAK = b"\xff"
DEEPEST = 60
"""Levels of nesting that are shown."""

_SIMPLE = {20: "false", 21: "true", 22: "null", 23: "undefined"}
_FLOATS = {25: ">e", 26: ">f", 27: ">d"}
_CLOSING = {LIST: "]", MAP: "}"}


class NotWellFormed(ValueError):
    """Bytes that are not a CBOR data item."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one item. value: its argument, None for an indefinite length or a break."""

    major: int
    info: int
    value: int | None
    start: int
    end: int


def head_at(body: bytes, at: int) -> Head:
    """The head that begins at an index; raises NotWellFormed."""
    if at >= len(body):
        raise NotWellFormed("the body ends where an item is due")
    major, info = body[at] >> 5, body[at] & 31
    if info < 24:
        return Head(major, info, info, at, at + 1)
    if info < 28:
        end = at + 1 + 2 ** (info - 24)
        if end > len(body):
            raise NotWellFormed("the body ends within the head of an item")
        return Head(major, info, int.from_bytes(body[at + 1 : end]), at, end)
    if info == 31 and major in (BYTES, TEXT, LIST, MAP, SIMPLE):
        return Head(major, info, None, at, at + 1)
    raise NotWellFormed(f"additional information {info} is reserved")


def heads(body: bytes) -> Iterator[Head]:
    """Every head of a body in order, up to the first that is not well-formed."""
    at = 0
    while at < len(body):
        try:
            head = head_at(body, at)
        except NotWellFormed:
            return
        yield head
        is_string = head.major in (BYTES, TEXT) and head.value is not None
        at = head.end + (head.value or 0 if is_string else 0)


def head(major: int, value: int, *, width: int | None = None) -> bytes:
    """The bytes of a head. width: bytes of its argument (1, 2, 4, 8), by default the fewest.

    >>> head(TEXT, 3).hex(), head(TEXT, 3, width=2).hex()
    ('63', '790003')
    """
    if width is None and value < 24:
        return bytes([major << 5 | value])
    if width is None:
        width = next(size for size in (1, 2, 4, 8) if value < 256**size)
    info = 24 + (1, 2, 4, 8).index(width)
    return bytes([major << 5 | info]) + value.to_bytes(width)


def text(value: str) -> bytes:
    """A text string; lone surrogates as the three bytes that UTF-8 does not allow."""
    raw = value.encode("utf-8", "surrogatepass")
    return head(TEXT, len(raw)) + raw


def with_number(body: bytes, number: int) -> bytes:
    """A body with the marks `{seq}` and `{seq12}` in its text strings filled in."""
    made, at = b"", 0
    for each in heads(body):
        if each.major != TEXT or not each.value:
            continue
        end = each.end + each.value
        raw = body[each.end : end]
        filled = raw.replace(b"{seq12}", b"%012d" % number).replace(b"{seq}", b"%d" % number)
        if filled != raw and len(raw) == each.value:
            made += body[at : each.start] + head(TEXT, len(filled)) + filled
            at = end
    return made + body[at:]


def diagnostic(body: bytes) -> str:
    """A body in diagnostic notation (RFC 8949, section 8); what cannot be read, in hexadecimal.

    >>> diagnostic(bytes.fromhex("a16161c1fb3ff8000000000000"))
    '{"a": 1(1.5)}'
    """
    shown: list[str] = []
    at = 0
    while at < len(body):
        try:
            item, at = _item(body, at, 0)
        except (NotWellFormed, struct.error) as error:
            shown.append(f"h'{body[at:].hex()}' ({error})")
            break
        shown.append(item)
    return ", ".join(shown)


def _item(body: bytes, at: int, depth: int) -> tuple[str, int]:
    found = head_at(body, at)
    if depth > DEEPEST:
        raise NotWellFormed(f"nests deeper than {DEEPEST} levels")
    match found.major:
        case 0:
            return str(found.value), found.end
        case 1:
            return str(-1 - (found.value or 0)), found.end
        case 2 | 3:
            return _string(body, found)
        case 4 | 5:
            return _container(body, found, depth)
        case 6:
            inner, end = _item(body, found.end, depth + 1)
            return f"{found.value}({inner})", end
    return _simple(body, found), found.end


def _string(body: bytes, found: Head) -> tuple[str, int]:
    if found.value is None:
        chunks, at = [], found.end
        while body[at : at + 1] != BREAK:
            chunk = head_at(body, at)
            if chunk.major != found.major or chunk.value is None:
                raise NotWellFormed("a chunk of a string is of another type")
            shown, at = _string(body, chunk)
            chunks.append(shown)
        return f"(_ {', '.join(chunks)})", at + 1
    end = found.end + found.value
    if end > len(body):
        raise NotWellFormed("the body ends within a string")
    raw = body[found.end : end]
    if found.major == BYTES:
        return f"h'{raw.hex()}'", end
    return json.dumps(raw.decode("utf-8", "backslashreplace"), ensure_ascii=False), end


def _container(body: bytes, found: Head, depth: int) -> tuple[str, int]:
    size = 2 if found.major == MAP else 1
    shown: list[str] = []
    at, left = found.end, None if found.value is None else found.value * size
    while left != 0 and (left is not None or body[at : at + 1] != BREAK):
        item, at = _item(body, at, depth + 1)
        shown.append(item)
        left = None if left is None else left - 1
    if size == 2:
        pairs = zip(shown[::2], [*shown[1::2], "…"], strict=False)
        shown = [f"{key}: {value}" for key, value in pairs]
    mark = "_ " if found.value is None else ""
    opening = "{" if size == 2 else "["
    closed = f"{opening}{mark}{', '.join(shown)}{_CLOSING[found.major]}"
    return closed, at + (found.value is None)


def _simple(body: bytes, found: Head) -> str:
    if found.value is None:
        raise NotWellFormed("a break where an item is due")
    if found.info in _FLOATS:
        number = struct.unpack(_FLOATS[found.info], body[found.start + 1 : found.end])[0]
        if math.isnan(number):
            return "NaN"
        return str(number) if math.isfinite(number) else f"{'-' * (number < 0)}Infinity"
    if found.info == 24 and found.value < 32:
        raise NotWellFormed("a simple value below 32 in two bytes")
    return _SIMPLE.get(found.value, f"simple({found.value})")
