"""Requests of restJson1 and restXml: members in paths, query strings, headers and a body.

Facts: Smithy specification, "HTTP binding traits".
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json, Location, Shape
from contract_kit.errors import NotExpressible
from contract_kit.wire.body_format import PAYLOAD_CODEC, BodyFormat
from contract_kit.wire.byte_mutations import on_body
from contract_kit.wire.errors import error_constraints
from contract_kit.wire.head_probes import wire_constraints
from contract_kit.wire.host import host_prefix
from contract_kit.wire.http_bindings import (
    CODECS,
    body_members,
    bound_name,
    members_at,
    read_headers,
    read_labels,
    read_query,
    written_headers,
    written_path,
)
from contract_kit.wire.interface import Change, Codec
from contract_kit.wire.malformed_rest import malformed_requests
from contract_kit.wire.message import Message, RawProbe, Reading
from contract_kit.wire.uri_template import percent_encoded, uri_template

WORDS = {
    "syntax": "the body is well-formed, in any spelling of the same value",
    "encoding": "what is not UTF-8 is answered, in time and without a server fault",
    "target": "method and path name the operation exactly",
    "method": "the operation is carried out for its own method alone",
    "contentType": "parameters of the content type are allowed",
    "limits": "unusual sizes, depths and numbers are answered without a server fault",
    "connection": "each request is answered on its own, whatever was sent before it",
}
"""The demands of the wire, by the name of the constraint below `wire.`."""

WORDS_OF_ROOT = {"request.type": "the body is one object"}
"""The demand of the wire on the root of a request."""


@dataclass(frozen=True, slots=True)
class RestRequests:
    """Writes and reads requests. Both wires have one, for their own format of bodies."""

    format: BodyFormat
    error_shape: str

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """The demands of the wire on paths, bodies and errors."""
        return (*wire_constraints(WORDS), *error_constraints(self.error_shape))

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes that raw strategies make to bodies."""
        return tuple(on_body(mutation) for mutation in self.format.codec.mutations)

    def codec_at(self, operation: Operation, location: Location) -> Codec:
        """That of the member's place in the message."""
        root = operation.shapes[operation.input]
        member = root.member(location[0]) if location else None
        if member is None:
            return self.format.codec
        if member.binding.location:
            return CODECS[member.binding.location]
        if member.name == root.payload and not operation.shapes[member.shape].is_structure:
            is_text = operation.shapes[member.shape].type in ("string", "blob")
            return PAYLOAD_CODEC if is_text else self.format.codec
        return self.format.codec

    def encode(self, operation: Operation, request: Json) -> Message:
        """The message for a request; raises NotExpressible."""
        if not isinstance(request, dict):
            raise NotExpressible("a request is made of members, each at its place")
        root = operation.shapes[operation.input]
        path = written_path(operation, request)
        headers = list(written_headers(operation.shapes, root, request))
        body, content_type = self._body(operation, root, request)
        names = (bound_name(member).lower() for member in members_at(root, "header"))
        if content_type and "content-type" not in names:
            headers.append(("Content-Type", content_type))
        if operation.checksum_required:
            digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest())
            headers.append(("Content-MD5", digest.decode()))
        return Message(
            method=operation.http_method,
            path=path,
            headers=tuple(headers),
            body=body,
            host_prefix=host_prefix(operation.host_prefix, request),
        )

    def _body(
        self, operation: Operation, root: Shape, request: dict[str, Json]
    ) -> tuple[bytes, str]:
        """The body of a request and its content type; both empty where it has none."""
        known = {member.name for member in root.members}
        unknown = {name: each for name, each in request.items() if name not in known}
        if root.payload:
            if unknown:
                raise NotExpressible(f"the body has no place for {next(iter(unknown))}")
            return self._payload(operation, root, request.get(root.payload))
        inside = {member.name for member in body_members(root)}
        given = {name: each for name, each in request.items() if name in inside or name in unknown}
        if not given and not inside:
            return b"", ""
        if not given and root.type == "structure" and not self._sends_empty(operation):
            return b"", ""
        return self.format.codec.write(operation, operation.input, given), self.format.content_type

    def _sends_empty(self, operation: Operation) -> bool:
        return operation.http_method not in ("GET", "HEAD", "DELETE")

    def _payload(self, operation: Operation, root: Shape, value: Json) -> tuple[bytes, str]:
        member = root.member(root.payload)
        if member is None or value is None:
            return b"", ""
        shape = operation.shapes[member.shape]
        if shape.type in ("string", "blob"):
            type = "text/plain" if shape.type == "string" else "application/octet-stream"
            return PAYLOAD_CODEC.write(operation, shape.name, value), type
        return self.format.codec.write(operation, shape.name, value), self.format.content_type

    def cannot_say(self, operation: Operation, request: Json) -> str:
        """Why a request has no message: a missing label, a stream of events, an empty header."""
        if "input" in operation.event_streams:
            return "its request is a stream of events, which this version does not send"
        try:
            self.encode(operation, request)
        except NotExpressible as error:
            return str(error)
        return ""

    def read(self, operation: Operation, message: Message) -> Reading:
        """The request in a message, or what of method, path, type and body is wrong with it."""
        root = operation.shapes[operation.input]
        template = uri_template(operation.http_uri)
        path, _, query = message.path.partition("?")
        try:
            labels = template.texts(path)
            members = {
                **read_labels(operation.shapes, root, labels or {}),
                **read_query(operation.shapes, root, query, template.query),
            }
        except ValueError as error:
            return Reading(constraint="wire.encoding", expects="any", reason=str(error))
        if labels is None or not _holds(query, template.query):
            return Reading(constraint="wire.target", expects="refuse", family="target")
        if message.method != operation.http_method:
            return Reading(constraint="wire.method", expects="refuse", family="wire")
        members |= read_headers(operation.shapes, root, message.headers)
        reading = self._read_body(operation, root, message)
        if not isinstance(reading.request, dict):
            return reading
        return replace(reading, request={**members, **reading.request})

    def _read_body(self, operation: Operation, root: Shape, message: Message) -> Reading:
        if root.payload:
            return self._read_payload(operation, root, message)
        if not body_members(root):
            return Reading(request={})
        if not message.body:
            return Reading(request={})
        return self._typed(
            message, self.format.codec.sort_out(operation, operation.input, message.body)
        )

    def _read_payload(self, operation: Operation, root: Shape, message: Message) -> Reading:
        member = root.member(root.payload)
        if member is None or not message.body:
            return Reading(request={})
        shape = operation.shapes[member.shape]
        if shape.type in ("string", "blob"):
            value = PAYLOAD_CODEC.read(operation, shape.name, message.body)
            return Reading(request={member.name: value})
        reading = self.format.codec.sort_out(operation, shape.name, message.body)
        if reading.request is not None:
            reading = replace(reading, request={member.name: reading.request})
        return self._typed(message, reading)

    def _typed(self, message: Message, reading: Reading) -> Reading:
        given = (message.header("content-type") or "").partition(";")[0].strip().lower()
        if given == self.format.content_type:
            return reading
        broken = reading.constraint or "wire.contentType"
        return replace(reading, constraint=broken, expects="survive")

    def malformed(self, operation: Operation, request: Json, smallest: Json) -> Iterator[RawProbe]:
        """Other paths, methods and content types, and malformed bodies."""
        good = self.encode(operation, request)
        has_body = bool(good.body) and good.header("content-type") == self.format.content_type
        if has_body:
            yield from self.format.body_probes(operation, good, request, smallest)
        yield from malformed_requests(operation, good, self.format.content_type if has_body else "")

    def with_number(self, message: Message, number: int) -> Message:
        """The path, headers and the body may hold marks."""
        numbers = {"{seq12}": f"{number:012}", "{seq}": str(number)}
        path, headers = message.path, message.headers
        for mark, digits in numbers.items():
            path = path.replace(percent_encoded(mark), digits).replace(mark, digits)
            headers = tuple((name, text.replace(mark, digits)) for name, text in headers)
        body = self.format.codec.with_number(message.body, number)
        return replace(message, path=path, headers=headers, body=body)


def _holds(query: str, literal: str) -> bool:
    """Whether a query string has each pair of the literal one."""
    given = {pair.removesuffix("=") for pair in query.split("&")}
    return all(pair.removesuffix("=") in given for pair in filter(None, literal.split("&")))
