"""Mutations of CBOR bodies: of their bytes, and of the heads of their items."""

from __future__ import annotations

from contract_kit.wire.byte_mutations import (
    doubled,
    dropped,
    inserted,
    overwritten,
    truncated,
)
from contract_kit.wire.cbor_items import BYTES, TEXT, Head, heads, text
from contract_kit.wire.interface import Mutation

DEEP = (100, 1_000, 100_000)
"""Levels of nesting: where servers stop, where interpreters do, and where stacks end."""

ODD_ITEMS = tuple(
    bytes.fromhex(item)
    for item in (
        *("f6", "f7", "f4", "f5", "f0", "f820", "f818", "f8ff", "fc", "ff", "1c", "3f", "df"),
        *("00", "20", "1bffffffffffffffff", "3bffffffffffffffff", "1a80000000", "3a80000000"),
        *("f97e00", "f97c00", "f9fc00", "fb7ff8000000000000", "fa7f7fffff", "fb7fefffffffffffff"),
        *("40", "60", "5f4161ff", "7f6161ff", "7f4161ff", "7fff", "80", "9fff", "a0", "bfff", "bf"),
        *("61ff", "63eda080", "6100", "7b7fffffffffffffff", "9b7fffffffffffffff", "9affffffff"),
        *("c100", "c1f97e00", "c16161", "c074323032332d31312d31345432323a31333a32305a", "c240"),
        *("c249010000000000000000", "c349010000000000000000", "c48221196ab3", "d81c81d81d00"),
        *(
            "d82363282e2a29",
            "d9d9f7a0",
            "d8206461623a63",
            "dbffffffffffffffff00",
            "a10102",
            "a1f600",
        ),
    )
)
"""Items that no member takes, that few readers know, or that are not well-formed."""


def trailed(body: bytes, place: int, few: bytes) -> bytes:
    """With bytes behind its end."""
    return body + (few, b"\xff", b"\0", b"\xa0", body)[place % 5]


def retyped(body: bytes, place: int, few: bytes) -> bytes:
    """With an item of another major type, the rest of its head as it is."""
    return _with_head(body, place, lambda byte: byte & 31 | (few[0] % 8) << 5)


def resized(body: bytes, place: int, few: bytes) -> bytes:
    """With another length, number or width of what follows in the head of an item."""
    return _with_head(body, place, lambda byte: byte & 224 | few[0] % 32)


def with_odd_item(body: bytes, place: int, few: bytes) -> bytes:
    """With an odd item in place of a scalar, or as an unknown member."""
    return _replaced(body, place, ODD_ITEMS[few[0] % len(ODD_ITEMS)])


def with_deep_item(body: bytes, place: int, few: bytes) -> bytes:
    """With an item that nests deeply, and sometimes never ends."""
    levels = DEEP[few[0] % len(DEEP)]
    opening, end = ((b"\x81", b"\0"), (b"\x9f", b"\xff" * levels), (b"\xa1\x61a", b"\0"))[
        few[-1] % 3
    ]
    return _replaced(body, place, opening * levels + (end if place % 4 else b""))


def with_member_twice(body: bytes, place: int, few: bytes) -> bytes:
    """With all members twice, as a map of indefinite length."""
    inner = body[1:]
    return b"\xbf" + inner + inner + b"\xff"


def with_unknown_member(body: bytes, place: int, few: bytes) -> bytes:
    """With a member that no shape has, and any key."""
    key = (text("contractKit"), few[:1], b"\xf6", b"\x40", b"\x80", b"\xf7")[place % 6]
    return b"\xbf" + body[1:] + key + ODD_ITEMS[few[-1] % len(ODD_ITEMS)] + b"\xff"


MUTATIONS: tuple[Mutation, ...] = (
    truncated,
    dropped,
    inserted,
    overwritten,
    doubled,
    trailed,
    retyped,
    resized,
    with_odd_item,
    with_deep_item,
    with_member_twice,
    with_unknown_member,
)


def _with_head(body: bytes, place: int, change: object) -> bytes:
    found = list(heads(body))
    if not found or not callable(change):
        return body + b"\0"
    at = found[place % len(found)].start
    return body[:at] + bytes([change(body[at])]) + body[at + 1 :]


def _replaced(body: bytes, place: int, item: bytes) -> bytes:
    scalars = [each for each in heads(body) if each.start and _is_scalar(each)]
    if not scalars:
        return b"\xbf" + text("contractKit") + item + b"\xff"
    found = scalars[place % len(scalars)]
    return body[: found.start] + item + body[_end(found) :]


def _is_scalar(head: Head) -> bool:
    return head.major not in (4, 5, 6) and head.value is not None


def _end(head: Head) -> int:
    return head.end + (head.value or 0 if head.major in (BYTES, TEXT) else 0)
