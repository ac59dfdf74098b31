"""Bodies that are wrong, or unusual, below the level of values: CBOR.

What is not well-formed (RFC 8949, appendix F) is refused; what a generic reader takes and the
protocol has no use for may get any answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.wire.cbor_bodies import (
    NOT_WELL_FORMED,
    UNDECODABLE,
    UNPROMISED,
    UNUSUAL,
    WRONG_ITEMS,
)
from contract_kit.wire.cbor_items import (
    BYTES,
    LIST,
    MAP,
    SIMPLE,
    TAG,
    TEXT,
    head,
    head_at,
    text,
)
from contract_kit.wire.message import Expectation, Family, Message, RawProbe

DEEP = 100_000
"""Levels of nesting that exhaust the stack of a recursive parser."""

KEY = text("contractKit")
"""The key of a member that no shape has."""


def body_probes(
    operation: Operation, good: Message, request: Json, smallest: bytes
) -> Iterator[RawProbe]:
    """All probes of a body. good: the encoded request, which a correct server accepts.

    smallest: the body of the good request with required members only.
    """
    body = good.body
    required = any(member.required for member in operation.shapes[operation.input].members)
    yield _probe(good, "empty", b"", "reject" if required else "any", family="required")
    yield _probe(good, "indefinite-lengths", indefinite(body), "accept")
    for slug, raw in not_well_formed(body):
        yield _probe(good, slug, raw, "reject")
    for slug, raw in other_spellings(body):
        yield _probe(good, slug, raw, "accept")
    for slug, item in UNUSUAL.items():
        yield _probe(good, f"unknown-{slug}", extended(body, bytes.fromhex(item)), "accept")
    yield from _no_maps(good)
    for slug, item in UNDECODABLE.items():
        raw = extended(body, bytes.fromhex(item))
        yield _probe(good, slug, raw, "any", constraint="wire.encoding")
    for slug, raw in beyond_limits(body):
        yield _probe(good, slug, raw, "any", constraint="wire.limits")
    thousand = b"".join(text(f"contractKit{number}") + b"\0" for number in range(1000))
    found = head_at(body, 0)
    raw = head(MAP, (found.value or 0) + 1000) + body[found.end :] + thousand
    yield _probe(good, "thousand-members", raw, "accept", constraint="wire.limits")
    yield from _member_probes(operation, good, request)


def _probe(
    good: Message,
    slug: str,
    body: bytes,
    expects: Expectation,
    *,
    constraint: str = "wire.syntax",
    family: Family = "body",
) -> RawProbe:
    return RawProbe(
        slug=slug,
        constraint=constraint,
        message=replace(good, body=body),
        expects=expects,
        family=family,
    )


def extended(body: bytes, item: bytes, key: bytes = KEY) -> bytes:
    """The map with one more member at its end."""
    found = head_at(body, 0)
    return head(MAP, (found.value or 0) + 1) + body[found.end :] + key + item


def indefinite(body: bytes) -> bytes:
    """The same value with every length left open, as streaming clients write it."""
    return _again(body, lambda major, value, inner: _open(major, value, inner))[0]


def _open(major: int, value: int, inner: bytes) -> bytes:
    if major in (LIST, MAP):
        return bytes([major << 5 | 31]) + inner + b"\xff"
    if major in (BYTES, TEXT) and value:
        return bytes([major << 5 | 31]) + head(major, value) + inner + b"\xff"
    return head(major, value) + inner


def _again(body: bytes, write: object, at: int = 0) -> tuple[bytes, int]:
    """A body written anew, item by item, and where the first item ends."""
    assert callable(write)
    found = head_at(body, at)
    value = found.value or 0
    if found.major in (BYTES, TEXT):
        end = found.end + value
        return write(found.major, value, body[found.end : end]), end
    if found.major == SIMPLE:
        return body[at : found.end], found.end
    inner, end = b"", found.end
    for _ in range({LIST: value, MAP: 2 * value, TAG: 1}.get(found.major, 0)):
        item, end = _again(body, write, end)
        inner += item
    return write(found.major, value, inner), end


def not_well_formed(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Bodies that are not a CBOR data item."""
    found = head_at(body, 0)
    if len(body) > 1:
        yield "truncated", body[:-1]
        yield "truncated-to-half", body[: len(body) // 2]
    yield "trailing-byte", body + b"\0"
    yield "trailing-item", body + b"\xa0"
    yield "trailing-break", body + b"\xff"
    yield "leading-byte", b"\0" + body
    yield "unclosed", b"\xbf" + body[found.end :]
    yield "key-without-value", b"\xbf" + body[found.end :] + KEY + b"\xff"
    yield "missing-member", head(MAP, (found.value or 0) + 1) + body[found.end :]
    for slug, item in NOT_WELL_FORMED.items():
        yield slug, extended(body, bytes.fromhex(item))
    yield "json", json.dumps({"contractKit": 1}).encode()
    yield "xml", b"<contractKit/>"
    yield "form", b"Action=ContractKit"


def other_spellings(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Bodies that hold the same value in other bytes."""
    yield "eight-byte-lengths", _again(body, lambda m, v, inner: head(m, v, width=8) + inner)[0]
    found = head_at(body, 0)
    yield "indefinite-map-alone", b"\xbf" + body[found.end :] + b"\xff"
    yield "members-reversed", head(MAP, found.value or 0) + b"".join(reversed(_pairs(body)))


def _pairs(body: bytes) -> list[bytes]:
    """Key and value of each member of the map."""
    found = head_at(body, 0)
    pairs, at = [], found.end
    for _ in range(found.value or 0):
        start = at
        for _ in range(2):
            _, at = _again(body, lambda major, value, inner: b"", at)
        pairs.append(body[start:at])
    return pairs


def _no_maps(good: Message) -> Iterator[RawProbe]:
    """Well-formed CBOR that is not a map."""
    items = {
        "body-list": b"\x80",
        "body-null": b"\xf6",
        "body-undefined": b"\xf7",
        "body-number": b"\x01",
        "body-string": b"\x61x",
        "body-bytes": b"\x41x",
        "body-time": b"\xc1\x01",
        "list-of-request": b"\x81" + good.body,
        "bytes-of-request": head(BYTES, len(good.body)) + good.body,
    }
    for slug, raw in items.items():
        yield _probe(good, slug, raw, "reject", constraint="request.type", family="type")


def beyond_limits(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Bodies beyond what a parser may take, or of which nothing is promised."""
    for slug, item in UNPROMISED.items():
        yield f"unknown-{slug}", extended(body, bytes.fromhex(item))
    for slug, key in (("integer-name", b"\x01"), ("bytes-name", b"\x41a"), ("null-name", b"\xf6")):
        yield slug, extended(body, b"\0", key)
    if pairs := _pairs(body):
        yield "member-twice", head(MAP, len(pairs) + 1) + b"".join(pairs) + pairs[0]
    yield "self-described", b"\xd9\xd9\xf7" + body
    yield "long-bignum", extended(body, b"\xc2" + head(BYTES, 5000) + b"\xff" * 5000)
    yield "deep-lists", extended(body, b"\x81" * 1000 + b"\0")
    yield "very-deep", extended(body, b"\x81" * DEEP + b"\0")
    yield "very-deep-maps", extended(body, b"\xa1\x61a" * DEEP + b"\0")
    yield "very-deep-tags", extended(body, b"\xc1" * DEEP + b"\0")
    yield "open-lists", b"\x9f" * DEEP
    yield "large-string", extended(body, head(TEXT, 1_000_000) + b"x" * 1_000_000)
    yield "prototype-name", extended(body, b"\xa0", text("__proto__"))
    yield "nul-in-name", extended(body, b"\0", text("contract\0Kit"))


def _member_probes(operation: Operation, good: Message, request: Json) -> Iterator[RawProbe]:
    """Items that no value can say in place of members, one member of each type."""
    done: set[str] = set()
    for member in operation.shapes[operation.input].members:
        shape = operation.shapes[member.shape]
        undefined = "undefined-optional" if not member.required else "undefined-required"
        if undefined not in done:
            done.add(undefined)
            raw = _with(good.body, member.name, b"\xf7")
            kind = "required" if member.required else "type"
            expects: Expectation = "reject" if member.required else "accept"
            id = f"{member.name}.{kind}"
            yield _probe(good, "item-undefined", raw, expects, constraint=id, family="required")
        if shape.enum or shape.type in done:
            continue
        done.add(shape.type)
        for slug, (item, expected) in WRONG_ITEMS.get(shape.type, {}).items():
            raw = _with(good.body, member.name, bytes.fromhex(item))
            yield _probe(
                good, f"item-{slug}", raw, expected, constraint=f"{member.name}.type", family="type"
            )


def _with(body: bytes, name: str, item: bytes) -> bytes:
    """The map with an item as one member, in its place or at the end."""
    key = text(name)
    pairs = [pair for pair in _pairs(body) if not pair.startswith(key)]
    return head(MAP, len(pairs) + 1) + b"".join(pairs) + key + item
