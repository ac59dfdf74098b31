"""How the REST protocols name an operation: by method and path."""

from __future__ import annotations

from dataclasses import dataclass, replace

from contract_kit.contract.operation import Operation
from contract_kit.wire.message import Message


@dataclass(frozen=True, slots=True)
class RestAddress:
    """The parts of an envelope that are about names."""

    def address(self, operation: Operation) -> str:
        """Method and path, as `GET /things/{Name}`."""
        return f"{operation.http_method} {operation.http_uri}"

    def addressed(self, message: Message) -> str:
        """Method and path of a message: which operation they name, its template decides."""
        return f"{message.method} {message.path}"

    def claims(self, message: Message) -> bool:
        """Any message may be one: nothing in it says so."""
        return True

    def addressing(self, message: Message, address: str) -> Message:
        """The same message to another path."""
        method, _, path = address.partition(" ")
        return replace(message, method=method, path=path)

    def readdressed(self, operation: Operation, message: Message, name: str) -> Message:
        """The same message, to a path that no operation has."""
        return replace(message, path=f"/{name}{message.path}")

    def head(self, operation: Operation, message: Message) -> str:
        """Method and path: both say something."""
        return f"{message.method} {message.path} "
