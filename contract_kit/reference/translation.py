"""Messages of any wire as messages of the one that the service is written for, and back."""

from __future__ import annotations

import functools
from dataclasses import replace

from contract_kit.reference.archives import HANDLERS
from contract_kit.reference.faults.catalog import SUBJECT
from contract_kit.reference.steps import Answer, operation_of
from contract_kit.wire.message import Message, Reply, Unreadable
from contract_kit.wire.table import wire_in, wires_of
from contract_kit.wire.wire import Wire

UNREADABLE = b"\0"
"""A body that no reader takes, in place of one that the other wire could not read."""


@functools.cache
def _wires() -> tuple[tuple[Wire, ...], ...]:
    """The wires of each operation of the service, the usual one first."""
    return tuple(wires_of(operation_of(name)) for name in HANDLERS)


def translated(answer: Answer, message: Message, only: str = "") -> Reply:
    """The reply to a message of any wire. answer: answers messages of the usual one.

    only: name of the protocol that is answered; a message of another one asks for nothing.
    """
    first = _wires()[0]
    # A message of rpc-v2-cbor must not name its operation for another protocol as well.
    spoken = wire_in((*first[1:], first[0]), message)
    if not spoken.claims(message) or spoken is first[0]:
        return answer(message if only in ("", first[0].protocol.name) else Message(path="/"))
    if only not in ("", spoken.protocol.name):
        return _back(answer(first[0].to_no_operation(first[0].encode({}))), first[0], spoken)
    for usual, *others in _wires():
        for wire in others:
            if wire.protocol == spoken.protocol and wire.addressed(message) == wire.address:
                return _back(answer(_there(usual, wire, message)), usual, wire)
    # An address that is not that of an operation is refused, or taken by a fault, like any other.
    usual, *others = wires_of(operation_of(SUBJECT))
    spoken = next(wire for wire in others if wire.protocol == spoken.protocol)
    body = _body(usual, spoken, message)
    asked = usual.addressing(usual.encode({}), spoken.addressed(message))
    return _back(answer(replace(asked, method=message.method, body=body)), usual, spoken)


def _there(usual: Wire, wire: Wire, message: Message) -> Message:
    """A message of the usual wire that says the same as one of another wire."""
    reading = wire.read(message)
    asked = usual.encode({})
    if reading.constraint == "wire.protocol":
        asked = usual.to_no_operation(asked)
    return replace(asked, method=message.method, body=_body(usual, wire, message))


def _body(usual: Wire, wire: Wire, message: Message) -> bytes:
    # A fault around a body does not concern the body.
    plain = replace(wire.encode({}), body=message.body)
    reading = wire.read(plain)
    if reading.request is None:
        return UNREADABLE
    return usual.encode(reading.request).body


def _back(reply: Reply, usual: Wire, wire: Wire) -> Reply:
    """The reply of the usual wire as one of another wire; what cannot be read stays as it is."""
    if reply.failure:
        return reply
    is_result = reply.status == usual.operation.success_status
    root = usual.operation.output if is_result and usual.operation.output else ""
    own, other = usual.result_reply({}), wire.result_reply({})
    changed = {name.lower(): value for name, value in other.headers}
    given = {name.lower(): value for name, value in own.headers}
    headers = tuple(
        (name, changed.get(name.lower(), value) if value == given.get(name.lower()) else value)
        for name, value in reply.headers
    )
    added = tuple(pair for pair in other.headers if pair[0].lower() not in given)
    reply = replace(reply, headers=(*headers, *added))
    try:
        value = usual.value_of(reply.body, root)
    except Unreadable:
        return reply
    return replace(reply, body=wire.body_of(value, root))
