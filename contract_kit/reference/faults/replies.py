"""Replies to accepted requests that are not what the documentation says."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import TYPE_NAME, Json, Member
from contract_kit.reference.faults.changes import surrounding
from contract_kit.reference.faults.fault import Fault, Install
from contract_kit.reference.steps import Answer, Layer, addressed
from contract_kit.wire.aws_json import TYPES
from contract_kit.wire.message import Message, Reply
from contract_kit.wire.table import wire_of

Rewrite = Callable[[Reply], Reply]

Turn = Callable[[int], bool]
"""Whether the fault shows in the reply of that number, counted from 1."""

SOMETIMES: dict[str, Turn] = {
    "": lambda number: True,
    "-every-third": lambda number: number % 3 == 0,
    "-after-the-tenth": lambda number: number > 10,
}


def reply_faults(operation: Operation) -> Iterator[Fault]:
    """Replies with a wrong identifier, body, type or status."""
    output = operation.shapes[operation.output] if operation.output else None
    for member in output.members if output else ():
        if member.identifier:
            yield from _identifier_faults(operation, member)
    for slug, change in BODIES.items():
        yield _fault(operation, slug, "reply body is wrong", _body(change))
    for slug, value in CONTENT_TYPES.items():
        yield _fault(operation, slug, "content type is wrong", with_content_type(value))
    yield _fault(operation, "checksum-of-another-body", "checksum is wrong", _with_wrong_checksum)
    for status in (201, 202, 204, 206, 302, 400, 500):
        yield _fault(operation, f"status-{status}", "status is wrong", with_status(status))


def _fault(
    operation: Operation, slug: str, mechanism: str, change: Rewrite, turn: Turn = lambda n: True
) -> Fault:
    return Fault(
        name=f"reply/{slug}",
        mechanism=f"reply: {mechanism}",
        description=f"answers accepted requests wrongly: {slug.replace('-', ' ')}",
        install=rewriting(operation, change, turn),
    )


def rewriting(operation: Operation, change: Rewrite, turn: Turn) -> Install:
    """Changes replies to requests of the operation that were carried out."""

    def make() -> Layer:
        count = itertools.count(1)

        def layer(answer: Answer, message: Message) -> Reply:
            reply = answer(message)
            return change(reply) if is_result(operation, message, reply, count, turn) else reply

        return layer

    return surrounding(make)


def is_result(
    operation: Operation, message: Message, reply: Reply, count: Iterator[int], turn: Turn
) -> bool:
    """Whether a reply says that the operation was carried out, at a turn of the fault's."""
    if reply.status != operation.success_status or not asks_for(operation, message):
        return False
    return turn(next(count))


def asks_for(operation: Operation, message: Message) -> bool:
    """Whether the message's target names the operation."""
    return addressed(message) == wire_of(operation).address


def _identifier_faults(operation: Operation, member: Member) -> Iterator[Fault]:
    longest = operation.shapes[member.shape].max_length or 64
    values: dict[str, Json] = {
        "null": None,
        "number": 7,
        "empty": "",
        "too-long": "x" * (longest + 1),
        "list": ["export"],
        "object": {"Id": "export"},
        "boolean": True,
        "always-the-same": "export-000000000001",
    }
    for often, turn in SOMETIMES.items():
        for slug, value in values.items():
            name = f"{member.name}-{slug}{often}"
            change = _body(_with(member.name, value))
            yield _fault(operation, name, f"identifier {slug}", change, turn)
        name = f"{member.name}-missing{often}"
        yield _fault(operation, name, "identifier missing", _body(_without(member.name)), turn)
    other = member.name[:1].swapcase() + member.name[1:]
    for slug, label in (("in-other-case", other), ("under-a-general-name", "Id")):
        change = _body(_renamed(member.name, label))
        yield _fault(operation, f"{member.name}-{slug}", "identifier misnamed", change)
    yield Fault(
        name=f"reply/{member.name}-repeated-every-third",
        mechanism="reply: identifier repeated",
        description=f"gives every third accepted request the {member.name} of the one before",
        install=surrounding(lambda: _repeating(operation)),
    )
    yield Fault(
        name=f"reply/{member.name}-from-ten",
        mechanism="reply: identifier repeated",
        description=f"has ten values for {member.name} that come round again",
        install=surrounding(lambda: _cycling(operation, member.name, 10)),
    )


def _with(name: str, value: Json) -> Callable[[Json], Json]:
    return lambda body: {**body, name: value}


def _renamed(name: str, label: str) -> Callable[[Json], Json]:
    return lambda body: {label: body[name]}


def _without(name: str) -> Callable[[Json], Json]:
    return lambda body: {key: value for key, value in body.items() if key != name}


def _repeating(operation: Operation) -> Layer:
    count = itertools.count(1)
    last: list[Reply] = []

    def layer(answer: Answer, message: Message) -> Reply:
        reply = answer(message)
        if reply.status != operation.success_status or not asks_for(operation, message):
            return reply
        if next(count) % 3 == 0 and last:
            return last[0]
        last[:] = [reply]
        return reply

    return layer


def _cycling(operation: Operation, name: str, size: int) -> Layer:
    count = itertools.count(1)

    def layer(answer: Answer, message: Message) -> Reply:
        reply = answer(message)
        if reply.status != operation.success_status or not asks_for(operation, message):
            return reply
        return _body(lambda body: {**body, name: f"export-{next(count) % size}"})(reply)

    return layer


def _body(change: Callable[[Json], Json]) -> Rewrite:
    """Changes the value in the body; text and bytes are written as they are."""

    def rewrite(reply: Reply) -> Reply:
        value = change(json.loads(reply.body))
        if isinstance(value, bytes):
            return replace(reply, body=value)
        return replace(reply, body=json.dumps(value).encode())

    return rewrite


def _text(value: Json) -> bytes:
    return json.dumps(value).encode()


BODIES: dict[str, Callable[[Json], Json]] = {
    "in-a-list": lambda body: [body],
    "in-a-member": lambda body: {"Result": body},
    "as-a-json-text": lambda body: json.dumps(body),
    "null": lambda body: None,
    "no-members": lambda body: {},
    "empty": lambda body: b"",
    "truncated": lambda body: _text(body)[:-1],
    "trailing-comma": lambda body: _text(body)[:-1] + b",}",
    "trailing-text": lambda body: _text(body) + b"OK",
    "two-objects": lambda body: _text(body) * 2,
    "single-quotes": lambda body: repr(body).encode(),
    "not-a-number": lambda body: _text({**body, "Progress": float("nan")}),
    "infinite": lambda body: _text({**body, "Progress": float("inf")}),
    "latin-1": lambda body: json.dumps({**body, "N": "é"}, ensure_ascii=False).encode("latin-1"),
    "utf-16": lambda body: json.dumps(body).encode("utf-16"),
    "xml": lambda body: b"<Response/>",
    "html": lambda body: b"<html><body>OK</body></html>",
    "plain-text": lambda body: b"OK",
    "form": lambda body: b"ExportId=export",
    "an-error": lambda body: {TYPE_NAME: "InternalFailure", "message": "failed"},
}

CONTENT_TYPES: dict[str, str | None] = {
    "content-type-missing": None,
    "content-type-html": "text/html; charset=utf-8",
    "content-type-text": "text/plain",
    "content-type-xml": "application/xml",
    "content-type-json": "application/json",
    "content-type-other-version": TYPES[1],
    "content-type-bytes": "application/octet-stream",
}
"""Content types that are not the protocol's."""


def _with_wrong_checksum(reply: Reply) -> Reply:
    return replace(reply, headers=(*reply.headers, ("x-amz-crc32", "1")))


def with_content_type(value: str | None) -> Rewrite:
    """Sets the content type of a reply, or leaves it out."""

    def rewrite(reply: Reply) -> Reply:
        kept = tuple(pair for pair in reply.headers if pair[0].lower() != "content-type")
        added = () if value is None else (("Content-Type", value),)
        return replace(reply, headers=(*kept, *added))

    return rewrite


def with_status(status: int) -> Rewrite:
    """Sets the status of a reply."""
    return lambda reply: replace(reply, status=status)
