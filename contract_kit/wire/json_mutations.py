"""Mutations of JSON bodies, so that they are nearly JSON, wrongly encoded, or odd otherwise."""

from __future__ import annotations

import re

from contract_kit.wire.byte_mutations import (
    doubled,
    dropped,
    inserted,
    overwritten,
    truncated,
)
from contract_kit.wire.interface import Mutation

DEEP = (100, 1_000, 100_000)
"""Levels of nesting: where servers stop, where interpreters do, and where stacks end."""

ODD_NUMBERS = (
    *(b"-0", b"1.0", b"1e2", b"1E+2", b"1e400", b"-1e400", b"1e-400", b"00", b"01", b"+1"),
    *(b"1.", b".5", b"0x10", b"1_000", b"NaN", b"-Infinity", b"9" * 400, b"9" * 5000),
    *(b"0." + b"3" * 5000, b"4294967296", b"18446744073709551616"),
)

ODD_VALUES = (
    *(b"null", b"True", b"undefined", b"''", b"'a'", b'"\\ud800"', b'"\\u0000"', b'"\\x41"'),
    *(b'"\n"', b"{}", b"[]", b"[null]", b'{"__type":"a"}', b"/* */1", b"<a/>"),
)

ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "utf-7", "cp037")

_NUMBER = re.compile(rb"(?<=[:\[,])-?\d[\d.eE+-]*(?=[,\]}])")
_MEMBER = re.compile(rb'"(?:[^"\\]|\\.)*":(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false)')
_VALUE = re.compile(rb'(?<=":)(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false)')


def punctuated(body: bytes, place: int, few: bytes) -> bytes:
    """With one more mark of JSON's syntax."""
    mark = b'{}[],:"\\'[few[0] % 8 : few[0] % 8 + 1]
    return inserted(body, place, mark)


def trailed(body: bytes, place: int, few: bytes) -> bytes:
    """With text behind its end."""
    return body + (few, b"}", b"\0", b"{}", body)[place % 5]


def in_other_encoding(body: bytes, place: int, few: bytes) -> bytes:
    """The same text in another encoding than UTF-8."""
    encoding = ENCODINGS[place % len(ENCODINGS)]
    return body.decode("utf-8", "replace").encode(encoding, "replace")


def with_odd_number(body: bytes, place: int, few: bytes) -> bytes:
    """With a number as hardly anyone writes it, in place of one or as an unknown member."""
    return _with(body, _NUMBER, place, ODD_NUMBERS[few[0] % len(ODD_NUMBERS)])


def with_odd_value(body: bytes, place: int, few: bytes) -> bytes:
    """With a value of another kind, or none that JSON knows."""
    return _with(body, _VALUE, place, ODD_VALUES[few[0] % len(ODD_VALUES)])


def with_deep_value(body: bytes, place: int, few: bytes) -> bytes:
    """With a value that nests deeply, and sometimes never ends."""
    levels = DEEP[few[0] % len(DEEP)]
    opening, closing = ((b"[", b"]"), (b'{"a":', b"}"))[few[-1] % 2]
    end = closing * levels if place % 4 else b""
    return _with(body, _VALUE, place, opening * levels + b"1" + end)


def with_member_twice(body: bytes, place: int, few: bytes) -> bytes:
    """With a member written twice, or an unknown one where there is none to repeat."""
    found = list(_MEMBER.finditer(body))
    if not found:
        return _with_member(body, b"1")
    match = found[place % len(found)]
    return body[: match.end()] + b"," + match.group() + body[match.end() :]


MUTATIONS: tuple[Mutation, ...] = (
    truncated,
    dropped,
    inserted,
    overwritten,
    doubled,
    punctuated,
    trailed,
    in_other_encoding,
    with_odd_number,
    with_odd_value,
    with_deep_value,
    with_member_twice,
)


def _with(body: bytes, what: re.Pattern[bytes], place: int, new: bytes) -> bytes:
    found = list(what.finditer(body))
    if not found:
        return _with_member(body, new)
    match = found[place % len(found)]
    return body[: match.start()] + new + body[match.end() :]


def _with_member(body: bytes, value: bytes) -> bytes:
    """The object with a member at its end that no one knows."""
    comma = b"," if len(body) > 2 else b""
    return body[:-1] + comma + b'"contractKit":' + value + b"}"
