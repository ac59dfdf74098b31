"""Results of restJson1 and restXml: members in the status, headers and body of a reply.

Facts: Smithy specification, "HTTP binding traits".
"""

from __future__ import annotations

from dataclasses import dataclass

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, Shape
from contract_kit.wire.body_format import PAYLOAD_CODEC, BodyFormat
from contract_kit.wire.http_bindings import (
    members_at,
    read_headers,
    result_members,
    written_headers,
)
from contract_kit.wire.message import Headers, Reply


@dataclass(frozen=True, slots=True)
class RestResults:
    """Writes and reads results: members in the status, headers and body of a reply."""

    format: BodyFormat

    def write(self, operation: Operation, result: Json, headers: Headers) -> Reply:
        """The reply for a result. headers: what goes with each."""
        status = operation.success_status
        if operation.output is None:
            return Reply(status=status, headers=headers)
        root = operation.shapes[operation.output]
        value = result if isinstance(result, dict) else {}
        for member in members_at(root, "statusCode"):
            status = int(value.get(member.name, status))
        own = written_headers(operation.shapes, root, value)
        body, content_type = self._body(operation, root, value)
        if status in (204, 304) or operation.http_method == "HEAD":
            body, content_type = b"", ""
        if content_type and not any(name.lower() == "content-type" for name, _ in own):
            own = (("Content-Type", content_type), *own)
        return Reply(status=status, headers=(*own, *headers), body=body)

    def _body(self, operation: Operation, root: Shape, value: dict[str, Json]) -> tuple[bytes, str]:
        if root.payload:
            member = root.member(root.payload)
            given = value.get(root.payload)
            if member is None or given is None:
                return b"", ""
            shape = operation.shapes[member.shape]
            if shape.type in ("string", "blob"):
                type = "text/plain" if shape.type == "string" else "application/octet-stream"
                return PAYLOAD_CODEC.write(operation, shape.name, given), type
            return self.format.codec.write(operation, shape.name, given), self.format.content_type
        names = {member.name for member in result_members(root)}
        inside = {name: each for name, each in value.items() if name in names}
        return self.format.codec.write(operation, root.name, inside), self.format.content_type

    def read(self, operation: Operation, reply: Reply) -> Json:
        """The result in a reply; raises Unreadable."""
        if operation.output is None:
            return {}
        root = operation.shapes[operation.output]
        found = read_headers(operation.shapes, root, reply.headers)
        for member in members_at(root, "statusCode"):
            found[member.name] = reply.status
        if root.payload:
            payload = root.member(root.payload)
            if payload is not None and reply.body:
                found[payload.name] = self._payload(operation, payload.shape, reply.body)
        elif reply.body and (result_members(root) or not root.members):
            inside = self.format.codec.read(operation, root.name, reply.body)
            found = {**inside, **found} if isinstance(inside, dict) else inside
        return found

    def _payload(self, operation: Operation, shape: str, body: bytes) -> Json:
        if operation.shapes[shape].type in ("string", "blob"):
            return PAYLOAD_CODEC.read(operation, shape, body)
        return self.format.codec.read(operation, shape, body)

    def has_typed_body(self, operation: Operation) -> bool:
        """Whether a body that comes is one of the format."""
        if operation.output is None:
            return False
        root = operation.shapes[operation.output]
        member = root.member(root.payload) if root.payload else None
        if root.payload:
            return member is not None and operation.shapes[member.shape].is_structure
        return bool(result_members(root))
