"""Replies that do not arrive whole, and connections that are left in disorder."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

from contract_kit.contract.operation import Operation
from contract_kit.reference.faults.changes import surrounding
from contract_kit.reference.faults.crashes import DROPPED, HANGS
from contract_kit.reference.faults.fault import Fault, Install
from contract_kit.reference.refusal import SERIALIZATION, UNKNOWN_OPERATION, VALIDATION
from contract_kit.reference.steps import Answer, Layer
from contract_kit.wire.message import Message, Reply

Breaks = Callable[[Reply], Reply]

BREAKS: dict[str, Breaks] = {
    "dropped": lambda reply: DROPPED,
    "hangs": lambda reply: HANGS,
    "cut-short": lambda reply: replace(
        with_headers(reply, ("Content-Length", str(len(reply.body))), ("Connection", "close")),
        body=reply.body[: len(reply.body) // 2],
    ),
    "length-too-large": lambda reply: with_headers(
        reply, ("Content-Length", str(len(reply.body) + 10))
    ),
    "length-too-small": lambda reply: with_headers(
        reply, ("Content-Length", str(len(reply.body) - 10))
    ),
    "length-no-number": lambda reply: with_headers(reply, ("Content-Length", "many")),
    "not-chunked": lambda reply: with_headers(
        reply, ("Content-Length", "0"), ("Transfer-Encoding", "chunked")
    ),
    "not-compressed": lambda reply: with_headers(reply, ("Content-Encoding", "gzip")),
    "not-http": lambda reply: Reply(failure="not-http", body=b"OK\n"),
    "status-line-broken": lambda reply: Reply(failure="not-http", body=b"HTTP/1.1 OK\r\n\r\n"),
}
"""Ways in which a reply does not arrive whole."""


def with_headers(reply: Reply, *headers: tuple[str, str]) -> Reply:
    """The reply with more headers."""
    return replace(reply, headers=(*reply.headers, *headers))


def connection_faults(operation: Operation) -> Iterator[Fault]:
    """Replies that break off, over refused or over accepted requests."""
    for slug, breaks in BREAKS.items():
        for over, name in OVER.items():
            yield _fault(
                f"connection/{over}-{slug}",
                f"reply {slug.replace('-', ' ')}",
                surrounding(functools.partial(_breaking, name, breaks)),
            )
    yield _fault(
        "connection/refused-body-unread",
        "body of a refused request left unread",
        lambda steps: replace(steps, drains=False),
    )


OVER: dict[str, str] = {
    "validation": VALIDATION,
    "serialization": SERIALIZATION,
    "unknown-operation": UNKNOWN_OPERATION,
    "every-tenth-result": "",
}
"""Which replies break: those with an error of that name, or some of those without."""


def _fault(name: str, mechanism: str, install: Install) -> Fault:
    words = name.rpartition("/")[2].replace("-", " ")
    return Fault(
        name=name, mechanism=mechanism, description=f"breaks off: {words}", install=install
    )


def _breaking(name: str, breaks: Breaks) -> Layer:
    count = itertools.count(1)

    def layer(answer: Answer, message: Message) -> Reply:
        reply = answer(message)
        if name:
            chosen = name.encode() in reply.body
        else:
            chosen = reply.status == 200 and next(count) % 10 == 0
        return breaks(reply) if chosen else reply

    return layer
