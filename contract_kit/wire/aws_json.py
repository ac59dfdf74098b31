"""awsJson 1.0 and 1.1: one JSON object to `/`, the operation named in `X-Amz-Target`.

Facts: Smithy specification "AWS JSON 1.0/1.1 protocol", and its protocol tests.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json, Location
from contract_kit.wire import timestamps
from contract_kit.wire.aws_json_heads import TARGET, content_types, targets
from contract_kit.wire.byte_mutations import on_body
from contract_kit.wire.errors import ERROR_CONSTRAINTS, bare_name, is_error_name, usual_status
from contract_kit.wire.head_probes import header_probes, method_probes, wire_constraints
from contract_kit.wire.host import host_prefix
from contract_kit.wire.interface import Change, Description
from contract_kit.wire.json_codec import JsonCodec, strict_object
from contract_kit.wire.json_values import plain
from contract_kit.wire.malformed_json import body_probes
from contract_kit.wire.message import (
    Answer,
    Message,
    RawProbe,
    Reading,
    Reply,
    Unreadable,
)
from contract_kit.wire.replies import (
    checksum_fault,
    content_type_fault,
    error_answer,
    error_message,
    failed_answer,
    nameless_answer,
    query_code,
    result_answer,
)

DEFAULT_VERSION = "1.1"
ERROR_TYPE = "x-amzn-errortype"
TYPES = ("application/x-amz-json-1.0", "application/x-amz-json-1.1")
"""Content types of requests and replies, by version."""

QUERY_MODE = (("x-amzn-query-mode", "true"),)
"""Sent to services that answer clients of the query protocol with the names they know."""

CODEC = JsonCodec()

WORDS = {
    "syntax": "the body is JSON as RFC 8259 defines it, in any spelling of the same value",
    "encoding": "a body that is not UTF-8 is answered, in time and without a server fault",
    "target": f"{TARGET} names the operation exactly",
    "method": "the operation is carried out for POST alone",
    "contentType": "parameters of the content type are allowed",
    "limits": "unusual sizes, depths and numbers are answered without a server fault",
    "connection": "each request is answered on its own, whatever was sent before it",
}
"""The demands of the wire, by the name of the constraint below `wire.`."""


@dataclass(frozen=True, slots=True)
class AwsJson:
    """The awsJson protocol in the version that the operation's service declares."""

    @property
    def codec(self) -> JsonCodec:
        """Bodies are JSON."""
        return CODEC

    @property
    def says_everything(self) -> bool:
        """JSON says all that a request can hold."""
        return True

    def codec_at(self, operation: Operation, location: Location) -> JsonCodec:
        """Everything travels in the body."""
        return CODEC

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """The demands of awsJson on bodies, targets and errors."""
        return (*wire_constraints(WORDS), *ERROR_CONSTRAINTS)

    @property
    def words(self) -> Mapping[str, str]:
        """The root of a request is a JSON object."""
        return {"request.type": "the body is one JSON object"}

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers that say something, in lower case."""
        return ("content-type", ERROR_TYPE, TARGET.lower(), "retry-after")

    @property
    def changes(self) -> tuple[Change, ...]:
        """Everything worth changing is in the body."""
        return tuple(on_body(mutation) for mutation in CODEC.mutations)

    def label(self, operation: Operation) -> str:
        """`awsJson1.0` or `awsJson1.1`."""
        return f"awsJson{operation.facts.get('jsonVersion', '')}"

    def encode(self, operation: Operation, request: Json) -> Message:
        """The message for a request; lone surrogates are written as JSON escapes."""
        return Message(
            method="POST",
            path="/",
            headers=(
                ("Content-Type", content_type(operation)),
                (TARGET, self.address(operation)),
                *(QUERY_MODE if operation.query_compatible else ()),
            ),
            body=CODEC.write(operation, operation.input, request),
            host_prefix=host_prefix(operation.host_prefix, request),
        )

    def cannot_say(self, operation: Operation, request: Json) -> str:
        """JSON says all that a request can hold."""
        return ""

    def read(self, operation: Operation, message: Message) -> Reading:
        """The request in a message, or what of method, target, type and body is wrong with it."""
        if message.method != "POST":
            return Reading(constraint="wire.method", expects="refuse", family="wire")
        if message.header(TARGET) != self.address(operation):
            return Reading(constraint="wire.target", expects="reject", family="target")
        reading = CODEC.sort_out(operation, operation.input, message.body)
        given = (message.header("content-type") or "").partition(";")[0].strip()
        if given == content_type(operation):
            return reading
        # Nothing is promised of other types, but an answer.
        broken = reading.constraint or "wire.contentType"
        return replace(reading, constraint=broken, expects="survive")

    def result_reply(self, operation: Operation, result: Json) -> Reply:
        """Success with the result as JSON, None as an empty one.

        Dates, bytes and decimals are written as awsJson has them.
        """
        text = json.dumps({} if result is None else result, default=plain)
        if operation.output is not None and operation.has_formatted_times:
            text = json.dumps(timestamps.written(operation, operation.output, json.loads(text)))
        return self._reply(operation, operation.success_status, text.encode())

    def error_reply(
        self, operation: Operation, name: str, text: str, *, status: int | None = None
    ) -> Reply:
        """The error's name as `__type`, with a status that is right for it."""
        body = json.dumps({"__type": name, "message": text}).encode()
        return self._reply(operation, status or usual_status(operation, name), body)

    def _reply(self, operation: Operation, status: int, body: bytes) -> Reply:
        headers = (("Content-Type", content_type(operation)),)
        return Reply(status=status, headers=headers, body=body)

    def address(self, operation: Operation) -> str:
        """The value of `X-Amz-Target`."""
        return f"{operation.facts.get('targetPrefix', '')}.{operation.name}"

    def addressed(self, message: Message) -> str:
        """The value of `X-Amz-Target`."""
        return message.header(TARGET) or ""

    def claims(self, message: Message) -> bool:
        """Whether it names a target, or has a body of the protocol's type."""
        return message.header(TARGET) is not None or "x-amz-json" in (
            message.header("content-type") or ""
        )

    def asks(self, operation: Operation, message: Message) -> bool:
        """Whether it names the operation exactly."""
        return self.addressed(message) == self.address(operation)

    def addressing(self, message: Message, address: str) -> Message:
        """The same message with another value of `X-Amz-Target`."""
        return message.with_header(TARGET, address)

    def readdressed(self, operation: Operation, message: Message, name: str) -> Message:
        """The same message, to an operation of another name in the same service."""
        prefix = self.address(operation).rpartition(".")[0]
        return message.with_header(TARGET, f"{prefix}.{name}")

    def head(self, operation: Operation, message: Message) -> str:
        """Method, path and target, unless they name the operation in some service."""
        target = message.header(TARGET) or ""
        is_usual = target.endswith(f".{operation.name}")
        if is_usual and (message.method, message.path) == ("POST", "/"):
            return ""
        return f"{message.method} {message.path} {target} "

    def with_number(self, message: Message, number: int) -> Message:
        """Only the body holds marks."""
        return replace(message, body=CODEC.with_number(message.body, number))

    def malformed(self, operation: Operation, request: Json, smallest: Json) -> Iterator[RawProbe]:
        """Malformed bodies, targets, methods and content types."""
        good = self.encode(operation, request)
        yield from body_probes(operation, good, request, smallest)
        yield from targets(*self.address(operation).rpartition(".")[::2], good)
        yield from method_probes(good, ("GET", "PUT", "DELETE", "PATCH"))
        yield from header_probes(
            good, "Content-Type", "wire.contentType", content_types(content_type(operation))
        )

    def describe(self, operation: Operation) -> Description:
        """One path for all operations: OpenAPI allows one operation per path and method.

        Each gets a path of its own, `/#X-Amz-Target=…`: HTTP clients leave the fragment out of
        what they send, so that every request goes to `/`.
        """
        text = {"type": "string"}
        return Description(
            path=f"/#{TARGET}={self.address(operation)}",
            method="POST",
            headers=((TARGET, self.address(operation)),),
            content_type=content_type(operation),
            error={
                "type": "object",
                "properties": {"__type": text, "message": text, "Message": text},
            },
        )

    def decode(self, operation: Operation, reply: Reply) -> Answer:
        """Reads a reply: failures and 5xx are broken, named errors are errors, 2xx is a result."""
        if reply.failure:
            return failed_answer(reply)
        body, trouble = _object(reply.body)
        code = query_code(operation, reply)
        name = _error_name(reply, body) or code
        wanted = content_type(operation)
        if reply.status // 100 == 2 and not (name and is_error_name(operation, name)):
            if body is not None and operation.output is not None:
                body = timestamps.read(operation, operation.output, body)
            others = (
                ("response.contentType", content_type_fault(reply, wanted)),
                ("wire.connection", checksum_fault(reply)),
            )
            return result_answer(operation, reply, body, trouble, others)
        if not name:
            lack = f"neither __type nor {ERROR_TYPE} holds a name"
            return nameless_answer(reply, trouble, lack)
        message, shape = error_message(name, body or {}, trouble if reply.body else "")
        return error_answer(
            operation,
            reply,
            name,
            message,
            content_type=content_type_fault(reply, wanted),
            shape=shape,
            code=code,
            others=(("wire.connection", checksum_fault(reply)),),
        )


def content_type(operation: Operation) -> str:
    """`application/x-amz-json-1.0` or `-1.1`, as the service declares."""
    return f"application/x-amz-json-{operation.facts.get('jsonVersion') or DEFAULT_VERSION}"


def _object(body: bytes) -> tuple[dict[str, Json] | None, str]:
    """The JSON object in a body, or None and what is wrong with it."""
    try:
        return strict_object(body), ""
    except Unreadable as error:
        return None, str(error)


def _error_name(reply: Reply, body: dict[str, Json] | None) -> str:
    """The name of an error: in its header, the body's type, or the body's `code`."""
    header = bare_name(reply.header(ERROR_TYPE))
    return header or bare_name((body or {}).get("__type")) or bare_name((body or {}).get("code"))
