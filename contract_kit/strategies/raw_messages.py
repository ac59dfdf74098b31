"""Raw messages: bodies that are nearly JSON, wrongly encoded, or odd in other ways."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_kit.cases.good_request import Bindings
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.strategies.conforming_requests import valid
from contract_kit.strategies.plan import mapped
from contract_kit.wire.interface import protocol_of
from contract_kit.wire.message import Message

Mutation = Callable[[bytes, int, bytes], bytes]
"""(body, any number that tells a place, a few bytes) → another body."""

MUTATIONS = 3
"""Changes made to one body at most."""

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


def messages(operation: Operation, *, bindings: Bindings | None = None) -> SearchStrategy[Message]:
    """Messages whose bodies are those of conforming requests with a few things wrong.

    Nothing is promised about the answer but that there is a well-formed one: some bodies are still
    right.

    bindings: as for `valid`. Raises UsageError for an operation whose protocol cannot be sent, and
    for a binding that names no location.
    """
    protocol = protocol_of(operation)
    change = st.tuples(
        st.sampled_from(CHANGES), st.integers(0, 2**16 - 1), st.binary(min_size=1, max_size=8)
    )

    def message(drawn: tuple[Json, list[tuple[Mutation, int, bytes]]]) -> Message:
        request, changes = drawn
        good = protocol.encode(operation, request)
        body = functools.reduce(lambda body, made: made[0](body, *made[1:]), changes, good.body)
        return replace(good, body=body)

    changes = st.lists(change, min_size=1, max_size=MUTATIONS)
    return mapped(st.tuples(valid(operation, bindings=bindings), changes), message)


def truncated(body: bytes, place: int, few: bytes) -> bytes:
    """The beginning only."""
    return body[: _at(body, place)]


def dropped(body: bytes, place: int, few: bytes) -> bytes:
    """Without a few bytes somewhere."""
    at = _at(body, place)
    return body[:at] + body[at + len(few) :]


def inserted(body: bytes, place: int, few: bytes) -> bytes:
    """With bytes that belong nowhere, so that the text may no longer be UTF-8."""
    at = _at(body, place)
    return body[:at] + few + body[at:]


def overwritten(body: bytes, place: int, few: bytes) -> bytes:
    """With other bytes in place of some."""
    at = _at(body, place)
    return body[:at] + few + body[at + len(few) :]


def doubled(body: bytes, place: int, few: bytes) -> bytes:
    """With a part of it twice in a row."""
    at = _at(body, place)
    end = at + few[0] + 1
    return body[:end] + body[at:]


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


CHANGES: tuple[Mutation, ...] = (
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


def _at(body: bytes, place: int) -> int:
    """A place in the body, its end excluded."""
    return place % len(body) if body else 0


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
