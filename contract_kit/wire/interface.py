"""The interface of a wire protocol, and which one an operation is spoken to with."""

from __future__ import annotations

from typing import Protocol

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import UsageError
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.message import Answer, Message, RawProbe, Reply


class WireProtocol(Protocol):
    """One wire protocol. Implementations hold no state."""

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """What the protocol itself demands of messages and errors."""

    def encode(self, operation: Operation, request: Json) -> Message:
        """The message that carries a canonical request; raises NotExpressible."""

    def decode(self, operation: Operation, reply: Reply) -> Answer:
        """What a reply says. Never raises: whatever came becomes data."""

    def request_of(self, operation: Operation, message: Message) -> Json:
        """The canonical request that a message carries, signed or not, whatever its other headers.

        Raises NotExpressible for a message that `encode` makes of no request.
        """

    def result_reply(self, operation: Operation, result: Json) -> Reply:
        """The reply that carries a result; raises TypeError or ValueError where none can."""

    def error_reply(self, operation: Operation, name: str, text: str) -> Reply:
        """The reply that carries a named error."""

    def malformed(
        self, operation: Operation, request: Json, smallest: Json
    ) -> tuple[RawProbe, ...]:
        """Messages that are wrong below the level of values, made from good requests.

        smallest: the one with required members only, for what longer values would spoil.
        """


PROTOCOLS: dict[str, WireProtocol] = {"json": AwsJson()}
"""By botocore's names; `json` is awsJson 1.0 and 1.1."""


def is_spoken(operation: Operation) -> bool:
    """Whether the kit speaks any protocol of the operation; else its requests are mere values."""
    return any(name in PROTOCOLS for name in operation.protocols)


def protocol_of(operation: Operation) -> WireProtocol:
    """The first protocol of the operation that the kit speaks; raises UsageError."""
    for name in operation.protocols:
        if name in PROTOCOLS:
            return PROTOCOLS[name]
    raise UsageError(
        f"{operation.id} speaks {', '.join(operation.protocols)}; "
        f"this version can send {', '.join(PROTOCOLS)} only"
    )
