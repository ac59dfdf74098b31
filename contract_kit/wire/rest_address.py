"""How the REST protocols name an operation: by method and path."""

from __future__ import annotations

from dataclasses import dataclass, replace

from contract_kit.contract.operation import Operation
from contract_kit.wire.aws_json_heads import TARGET
from contract_kit.wire.form_values import FORM
from contract_kit.wire.message import Message
from contract_kit.wire.rpc_v2_cbor_heads import HEADER
from contract_kit.wire.rpc_v2_cbor_heads import TYPE as CBOR
from contract_kit.wire.uri_template import uri_template

OTHER_TYPES = (FORM, "application/x-amz-json", CBOR)
OTHER_SIGNS = (TARGET, HEADER)
"""Content types and headers that name an operation for another wire."""


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
        """Any message that shows no sign of another wire."""
        type = (message.header("content-type") or "").lower()
        signs = (message.header(name) for name in OTHER_SIGNS)
        return not type.startswith(OTHER_TYPES) and all(sign is None for sign in signs)

    def asks(self, operation: Operation, message: Message) -> bool:
        """Whether its method and path are those of the operation."""
        path = message.path.partition("?")[0]
        pattern = uri_template(operation.http_uri).pattern
        return message.method == operation.http_method and bool(pattern.fullmatch(path))

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
