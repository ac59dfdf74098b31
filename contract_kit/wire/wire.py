"""`Wire`: one operation as it is spoken to over one protocol."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from contract_kit.contract.operation import Constraint, Operation, child
from contract_kit.contract.shape import KEY, Json, Location, location_id
from contract_kit.errors import NotExpressible
from contract_kit.wire.head_probes import NO_OPERATION
from contract_kit.wire.interface import Change, Codec, Description, Envelope
from contract_kit.wire.message import Answer, Message, RawProbe, Reading, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class WireProtocol:
    """A row of the table of protocols.

    name: as users type it and reports show it. aliases: other spellings that are understood, those
    of models among them.
    """

    name: str
    envelope: Envelope
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wire:
    """One operation over one protocol: made once, by `wire_of`, and handed on. Pickles.

    >>> from contract_kit import operation
    >>> from contract_kit.wire.table import wire_of
    >>> wire = wire_of(operation("mailmanager:StartArchiveExport"), "json")
    >>> wire.label, wire.encode({"ArchiveId": "a-1"}).body
    ('awsJson1.0', b'{"ArchiveId":"a-1"}')
    """

    operation: Operation
    protocol: WireProtocol

    def __repr__(self) -> str:
        return f"<{self.operation.id} over {self.label}>"

    @property
    def _envelope(self) -> Envelope:
        return self.protocol.envelope

    @property
    def _codec(self) -> Codec:
        return self.protocol.envelope.codec

    @property
    def label(self) -> str:
        """Its name in reports, such as `awsJson1.0`."""
        return self._envelope.label(self.operation)

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """Those of the operation, in the words of this wire, and those of the wire itself."""
        words = self._envelope.words
        own = (
            replace(entry, words=words[entry.id]) if entry.id in words else entry
            for entry in self.operation.constraints
        )
        return (*own, *self._envelope.constraints)

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes that raw strategies make to conforming messages."""
        return self._envelope.changes

    def about(self, operation: Operation) -> Wire:
        """The same wire for another reading of the operation."""
        return replace(self, operation=operation)

    def encode(self, request: Json) -> Message:
        """The message that carries a canonical request; raises NotExpressible."""
        if reason := self.cannot_say(request):
            raise NotExpressible(reason)
        return self._envelope.encode(self.operation, request)

    def can_say(self, location: Location, value: Json) -> bool:
        """Whether a value keeps its meaning at a location such as `("Filters", "Include")`."""
        shape = self.operation.shape_at(location)
        return next(self._unsayable(shape.name, value, location), None) is None

    def cannot_say(self, request: Json) -> str:
        """Why a request is not expressible on this wire; empty where it is.

        Known before anything is sent: its verdict is `not expressible`.
        """
        if self._envelope.says_everything:
            return ""
        place = next(self._unsayable(self.operation.input, request, ()), None)
        if place is not None:
            return f"{self.label} has no way to say it at {location_id(place) or 'the request'}"
        return self._envelope.cannot_say(self.operation, request)

    def _unsayable(self, name: str, value: Json, at: Location) -> Iterator[Location]:
        """The locations of a value at which the codec cannot say what is there."""
        shape = self.operation.shapes[name]
        if not self._envelope.codec_at(self.operation, at).can_say(shape, value):
            yield at
        elif isinstance(value, list) and shape.type == "list" and shape.item:
            for item in value:
                yield from self._unsayable(shape.item, item, (*at, "[]"))
        elif isinstance(value, dict) and shape.type == "map" and shape.item and shape.key:
            for key, item in value.items():
                yield from self._unsayable(shape.key, key, (*at, KEY))
                yield from self._unsayable(shape.item, item, (*at, "[value]"))
        elif isinstance(value, dict) and shape.is_structure:
            for member in shape.members:
                if member.name in value:
                    inner = child(shape, member.name)
                    yield from self._unsayable(inner, value[member.name], (*at, member.name))

    def read(self, message: Message) -> Reading:
        """A message to the operation as a correct server reads it. Never raises."""
        return self._envelope.read(self.operation, message)

    def request_of(self, message: Message) -> Json:
        """The request in a message that `encode` writes so, signed or not, whatever its headers.

        Raises NotExpressible for a message that `encode` makes of no request.
        """
        reading = self.read(message)
        if reading.request is None or reading.reason:
            raise NotExpressible(reading.reason or "no request is written so")
        usual = self.encode(reading.request)
        names = {name.lower() for name, _ in usual.headers}
        kept = tuple(pair for pair in message.headers if pair[0].lower() in names)
        if replace(message, headers=kept) != usual:
            raise NotExpressible("no request is written so")
        return reading.request

    def decode(self, reply: Reply) -> Answer:
        """The decoded reply. Never raises: any reply becomes data."""
        return self._envelope.decode(self.operation, reply)

    def result_reply(self, result: Json) -> Reply:
        """The reply that carries a result; raises TypeError or ValueError where none can."""
        return self._envelope.result_reply(self.operation, result)

    def error_reply(self, name: str, text: str, *, status: int | None = None) -> Reply:
        """The reply that carries a named error, by default with a status that is right for it."""
        return self._envelope.error_reply(self.operation, name, text, status=status)

    @property
    def address(self) -> str:
        """The name of the operation in a message, as `Service.Operation`."""
        return self._envelope.address(self.operation)

    def addressed(self, message: Message) -> str:
        """The name in a message, in the form of `address`; empty if it has none."""
        return self._envelope.addressed(message)

    def claims(self, message: Message) -> bool:
        """Whether a message is of this wire, whatever it asks for."""
        return self._envelope.claims(message)

    def asks(self, message: Message) -> bool:
        """Whether a message asks for this operation, be it readable or not."""
        return self._envelope.asks(self.operation, message)

    def addressing(self, message: Message, address: str) -> Message:
        """The same message with another address, in the form of `address`."""
        return self._envelope.addressing(message, address)

    def body_of(self, value: Json, shape: str = "") -> bytes:
        """A value as a body; shape: the name of its shape, empty for one that none describes."""
        return self._codec.write(self.operation, shape, value)

    def value_of(self, body: bytes, shape: str = "") -> Json:
        """The value of a body, see `body_of`; raises Unreadable."""
        return self._codec.read(self.operation, shape, body)

    def to_no_operation(self, message: Message) -> Message:
        """The same message, to an operation that does not exist."""
        return self._envelope.readdressed(self.operation, message, NO_OPERATION)

    def with_number(self, message: Message, number: int) -> Message:
        """A raw message with its marks `{seq}` and `{seq12}` filled in."""
        return self._envelope.with_number(message, number)

    def malformed(self, request: Json, smallest: Json) -> Iterator[RawProbe]:
        """Messages that are wrong below the level of values, made from good requests.

        smallest: the one with required members only, for what longer values would spoil.
        """
        return self._envelope.malformed(self.operation, request, smallest)

    def describe(self) -> Description:
        """How the operation is called, for OpenAPI documents."""
        return self._envelope.describe(self.operation)

    def head(self, message: Message) -> str:
        """The unusual parts of a message with a blank behind them, or nothing."""
        return self._envelope.head(self.operation, message)

    def text(self, body: bytes) -> str:
        """A body, or the beginning of one, in readable form, for reports."""
        return self._codec.text(body)
