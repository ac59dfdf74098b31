"""The parts of a wire: a codec (value ⇄ bytes) and an envelope (message ⇄ operation)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json, Location, Shape
from contract_kit.wire.message import Answer, Headers, Message, RawProbe, Reading, Reply

Mutation = Callable[[bytes, int, bytes], bytes]
"""(body, any number that picks a position, one to eight bytes) → another body."""

Change = Callable[[Message, int, bytes], Message]
"""A `Mutation` of a whole message: of its body, its path, or its headers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """How an operation is called, for documents that describe HTTP APIs.

    headers: with a fixed value each, all required. error: the JSON Schema of an error's body.
    """

    path: str
    method: str
    headers: Headers
    content_type: str
    error: Json = field(hash=False)


class Codec(Protocol):
    """How values are written in one format. Implementations hold no state.

    `shape` is the name of the value's shape in `operation.shapes`, empty for what none describes,
    such as an error; values are canonical.
    """

    def write(self, operation: Operation, shape: str, value: Json) -> bytes:
        """A value of any shape, however wrong; raises NotExpressible for one it cannot say."""

    def read(self, operation: Operation, shape: str, body: bytes) -> Json:
        """The canonical value in a body, read strictly; raises Unreadable.

        What has the wrong type in the format has the wrong type in its canonical form as well.
        """

    def sort_out(self, operation: Operation, shape: str, body: bytes) -> Reading:
        """The body of a request as a correct server reads it, or what is wrong with it."""

    def can_say(self, shape: Shape, value: Json) -> bool:
        """Whether a value keeps its meaning at a position of that shape; its parts aside.

        A format of mere text says that 5 and `"5"` are the same, and has no null.
        """

    def text(self, body: bytes) -> str:
        """A body, or the beginning of one, in readable form, for reports."""

    def with_number(self, body: bytes, number: int) -> bytes:
        """A body, malformed or not, with its marks `{seq}` and `{seq12}` filled in."""

    @property
    def mutations(self) -> tuple[Mutation, ...]:
        """Changes that make a body nearly right, for raw strategies."""


class Envelope(Protocol):
    """How operations, members and errors travel in HTTP. Implementations hold no state."""

    @property
    def codec(self) -> Codec:
        """The format of bodies."""

    @property
    def says_everything(self) -> bool:
        """Whether any request can be said, so that nothing need be looked at."""

    def codec_at(self, operation: Operation, location: Location) -> Codec:
        """The codec of what travels at a location: of a label, a header, or a part of the body."""

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """The demands of the wire itself on messages and errors, each with its words."""

    @property
    def words(self) -> Mapping[str, str]:
        """Constraints of every operation → what this wire makes of them, such as `request.type`."""

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers of messages and replies that say something, in lower case; reports show them."""

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes that raw strategies make to conforming messages."""

    def label(self, operation: Operation) -> str:
        """Its name in reports, such as `awsJson1.0`."""

    def encode(self, operation: Operation, request: Json) -> Message:
        """The message that carries a canonical request; raises NotExpressible."""

    def cannot_say(self, operation: Operation, request: Json) -> str:
        """Why a request is not expressible, apart from what the codec cannot say; else empty."""

    def read(self, operation: Operation, message: Message) -> Reading:
        """A message as a correct server reads it. Never raises."""

    def decode(self, operation: Operation, reply: Reply) -> Answer:
        """The decoded reply. Never raises: any reply becomes data."""

    def result_reply(self, operation: Operation, result: Json) -> Reply:
        """The reply that carries a result; raises TypeError or ValueError where none can."""

    def error_reply(
        self, operation: Operation, name: str, text: str, *, status: int | None = None
    ) -> Reply:
        """The reply that carries a named error, by default with a status that is right for it."""

    def address(self, operation: Operation) -> str:
        """The name of the operation in a message, as `Service.Operation`."""

    def addressed(self, message: Message) -> str:
        """The name in a message, in the form of `address`; empty if it has none."""

    def claims(self, message: Message) -> bool:
        """Whether a message is of this wire, whatever it asks for."""

    def asks(self, operation: Operation, message: Message) -> bool:
        """Whether a message asks for the operation, be it readable or not."""

    def addressing(self, message: Message, address: str) -> Message:
        """The same message with another address, in the form of `address`."""

    def readdressed(self, operation: Operation, message: Message, name: str) -> Message:
        """The same message, to an operation of another name in the same service."""

    def head(self, operation: Operation, message: Message) -> str:
        """The unusual parts of a message with a blank behind them, or nothing."""

    def with_number(self, message: Message, number: int) -> Message:
        """A raw message with its marks `{seq}` and `{seq12}` filled in."""

    def malformed(self, operation: Operation, request: Json, smallest: Json) -> Iterator[RawProbe]:
        """Messages that are wrong below the level of values, made from good requests.

        smallest: the one with required members only, for what longer values would spoil.
        """

    def describe(self, operation: Operation) -> Description:
        """How the operation is called, for OpenAPI documents."""
