"""The protocols that the kit speaks: one row each, and the wire of an operation."""

from __future__ import annotations

from collections.abc import Sequence

from contract_kit.contract.operation import Operation
from contract_kit.errors import UsageError
from contract_kit.text.near import did_you_mean
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.aws_json_heads import TARGET
from contract_kit.wire.aws_query import AwsQuery
from contract_kit.wire.message import Message
from contract_kit.wire.rest_json import RestJson
from contract_kit.wire.rest_xml import RestXml
from contract_kit.wire.rpc_v2_cbor import RpcV2Cbor
from contract_kit.wire.rpc_v2_cbor_heads import HEADER
from contract_kit.wire.wire import Wire, WireProtocol

PROTOCOLS: tuple[WireProtocol, ...] = (
    WireProtocol(
        name="json",
        envelope=AwsJson(),
        aliases=("aws-json", "awsJson", "awsJson1.0", "awsJson1.1", "awsJson1_0", "awsJson1_1"),
    ),
    WireProtocol(
        name="rest-json", envelope=RestJson(), aliases=("restJson1", "restJson", "rest-json-1")
    ),
    WireProtocol(name="rest-xml", envelope=RestXml(), aliases=("restXml",)),
    WireProtocol(
        name="rpc-v2-cbor",
        envelope=RpcV2Cbor(),
        aliases=("smithy-rpc-v2-cbor", "rpcv2Cbor", "rpcv2-cbor", "cbor"),
    ),
    WireProtocol(name="query", envelope=AwsQuery(), aliases=("aws-query", "awsQuery")),
    WireProtocol(name="ec2", envelope=AwsQuery(ec2=True), aliases=("ec2-query", "ec2Query")),
)
"""By preference: of several that an operation lists, the first here is spoken.

botocore resolves a service that lists both to `json` as well (`ServiceModel.resolved_protocol`).
"""

ALL = "all"
"""In place of a protocol: each that an operation lists and the kit speaks."""


def wires_of(operation: Operation) -> tuple[Wire, ...]:
    """A wire for each protocol that an operation lists and the kit speaks, the usual one first."""
    listed = {_canonical(name) for name in operation.protocols}
    return tuple(Wire(operation, row) for row in PROTOCOLS if row.name in listed)


def wire_of(operation: Operation, protocol: str | None = None) -> Wire:
    """The wire of an operation: over the protocol of that name, by default over its usual one.

    Raises UsageError for a name that nobody knows, a protocol that the operation does not list,
    and an operation that lists none that the kit speaks.
    """
    wires = wires_of(operation)
    if protocol is None:
        if wires:
            return wires[0]
        raise UsageError(
            f"{operation.id} speaks {', '.join(operation.protocols)}; "
            f"this version can send {', '.join(row.name for row in PROTOCOLS)} only"
        )
    name = protocol_name(protocol)
    for wire in wires:
        if wire.protocol.name == name:
            return wire
    known = ", ".join(wire.protocol.name for wire in wires) or "none that this version can send"
    raise UsageError(f"{operation.id} does not speak {name}; it speaks {known}")


def wire_in(wires: Sequence[Wire], message: Message) -> Wire:
    """The one of several wires that a message is of; the first where none claims it."""
    return next((wire for wire in wires if wire.claims(message)), wires[0])


def wires_named(operation: Operation, protocol: str | None) -> tuple[Wire, ...]:
    """The wires that `--protocol` asks for: `all`, one by its name, or the usual one.

    Raises UsageError as `wire_of` does.
    """
    if protocol is not None and protocol.lower() == ALL:
        return wires_of(operation) or (wire_of(operation),)
    return (wire_of(operation, protocol),)


def protocol_name(given: str) -> str:
    """The canonical name of a protocol in any of its spellings; raises UsageError."""
    name = _canonical(given)
    names = [row.name for row in PROTOCOLS]
    if name not in names:
        hint = did_you_mean(given, (*names, ALL), otherwise=f"it is one of {', '.join(names)}")
        raise UsageError(f"no protocol is called {given!r}; {hint}")
    return name


def _canonical(given: str) -> str:
    folded = given.lower()
    for row in PROTOCOLS:
        if folded in (row.name.lower(), *(alias.lower() for alias in row.aliases)):
            return row.name
    return given


ADDRESSING = frozenset((TARGET.lower(), HEADER))
"""Headers that name an operation or its protocol, in lower case."""

SHOWN_HEADERS = frozenset(name for row in PROTOCOLS for name in row.envelope.headers)
"""Headers of any wire that say something, in lower case: never a signature, never a date."""
