"""rpc-v2-cbor: one CBOR map to a path that names service and operation.

Facts: Smithy specification "Smithy RPC v2 CBOR protocol", and its protocol tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json, Location
from contract_kit.errors import NotExpressible
from contract_kit.wire.aws_json import QUERY_MODE
from contract_kit.wire.aws_json_heads import TARGET
from contract_kit.wire.byte_mutations import on_body
from contract_kit.wire.cbor_codec import CborCodec
from contract_kit.wire.errors import ERROR_CONSTRAINTS, bare_name, is_error_name, usual_status
from contract_kit.wire.head_probes import header_probes, method_probes, wire_constraints
from contract_kit.wire.host import host_prefix
from contract_kit.wire.interface import Change, Description
from contract_kit.wire.json_values import plain_tree
from contract_kit.wire.malformed_cbor import body_probes
from contract_kit.wire.message import (
    Answer,
    Expectation,
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
from contract_kit.wire.rpc_v2_cbor_heads import (
    ACCEPTED,
    HEADER,
    NAME,
    PROTOCOLS,
    TYPE,
    TYPES,
    WORDS,
    path_of,
    paths,
    plain_path,
)

QUERY_ERROR = "x-amzn-query-error"

CODEC = CborCodec()


@dataclass(frozen=True, slots=True)
class RpcV2Cbor:
    """Smithy's RPC protocol with CBOR bodies."""

    @property
    def codec(self) -> CborCodec:
        """Bodies are CBOR."""
        return CODEC

    @property
    def says_everything(self) -> bool:
        """CBOR has no documents, and not every wrong number."""
        return False

    def codec_at(self, operation: Operation, location: Location) -> CborCodec:
        """Everything travels in the body."""
        return CODEC

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """The demands of the protocol on bodies, paths, headers and errors."""
        return (*wire_constraints(WORDS), *ERROR_CONSTRAINTS)

    @property
    def words(self) -> Mapping[str, str]:
        """The root of a request is a map."""
        return {"request.type": "the body is one CBOR map"}

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers that say something, in lower case."""
        return ("content-type", HEADER, "retry-after")

    @property
    def changes(self) -> tuple[Change, ...]:
        """Everything worth changing is in the body."""
        return tuple(on_body(mutation) for mutation in CODEC.mutations)

    def label(self, operation: Operation) -> str:
        """The value of its header."""
        return NAME

    def encode(self, operation: Operation, request: Json) -> Message:
        """The message for a request; raises NotExpressible for values that CBOR cannot hold."""
        has_body = _has_input(operation) or bool(request)
        try:
            body = CODEC.write(operation, operation.input, request) if has_body else b""
        except (ValueError, OverflowError, RecursionError) as error:
            raise NotExpressible(f"CBOR has no form of it: {error}") from None
        return Message(
            method="POST",
            path=path_of(self.address(operation)),
            headers=(
                (HEADER, NAME),
                ("Accept", TYPE),
                *((("Content-Type", TYPE),) if has_body else ()),
                *(QUERY_MODE if operation.query_compatible else ()),
            ),
            body=body,
            host_prefix=host_prefix(operation.host_prefix, request),
        )

    def cannot_say(self, operation: Operation, request: Json) -> str:
        """The codec knows all that CBOR cannot say."""
        return ""

    def read(self, operation: Operation, message: Message) -> Reading:
        """The request in a message, or what of method, path, headers and body is wrong with it."""
        if message.method != "POST":
            return Reading(constraint="wire.method", expects="refuse", family="wire")
        if self.addressed(message) != self.address(operation):
            # A server may take other spellings of a path for the same one.
            same = self.addressed(plain_path(message)) == self.address(operation)
            expects: Expectation = "survive" if same else "reject"
            return Reading(constraint="wire.target", expects=expects, family="target")
        named = message.header(HEADER) or ""
        if named != NAME or message.header(TARGET) is not None:
            is_open = named.lower() in ("", NAME) and message.header(TARGET) is None
            expects = "survive" if is_open else "refuse"
            return Reading(constraint="wire.protocol", expects=expects, family="wire")
        reading = CODEC.sort_out(operation, operation.input, message.body)
        given = (message.header("content-type") or "").partition(";")[0].strip()
        if given == TYPE or not message.body:
            return reading
        broken = reading.constraint or "wire.contentType"
        return replace(reading, constraint=broken, expects="survive")

    def result_reply(self, operation: Operation, result: Json) -> Reply:
        """Success with the result as CBOR; without a body where the operation has no output."""
        value = {} if result is None else plain_tree(result)
        if operation.output is None and not value:
            return Reply(status=operation.success_status, headers=((HEADER, NAME),))
        body = CODEC.write(operation, operation.output or "", value)
        return self._reply(operation.success_status, body)

    def error_reply(
        self, operation: Operation, name: str, text: str, *, status: int | None = None
    ) -> Reply:
        """The error's name as `__type`, and the one for clients of query where there is one."""
        body = CODEC.write(operation, "", {"__type": name, "message": text})
        reply = self._reply(status or usual_status(operation, name), body)
        code = next((each.code for each in operation.errors if each.name == name), "")
        if not (operation.query_compatible and code):
            return reply
        side = "Receiver" if reply.status >= 500 else "Sender"
        return replace(reply, headers=(*reply.headers, (QUERY_ERROR, f"{code};{side}")))

    def _reply(self, status: int, body: bytes) -> Reply:
        headers = (("Content-Type", TYPE), (HEADER, NAME))
        return Reply(status=status, headers=headers, body=body)

    def address(self, operation: Operation) -> str:
        """Service and operation, as the path has them."""
        return f"{operation.facts.get('targetPrefix', '')}.{operation.name}"

    def addressed(self, message: Message) -> str:
        """Service and operation of the last four segments of the path; what is before them, a
        server may have put there.
        """
        parts = message.path.partition("?")[0].split("/")[-4:]
        if len(parts) < 4 or (parts[0], parts[2]) != ("service", "operation"):
            return ""
        return f"{parts[1]}.{parts[3]}"

    def claims(self, message: Message) -> bool:
        """Whether it names the protocol, has a body of CBOR, or a path that names an operation."""
        is_cbor = (message.header("content-type") or "").lower().startswith(TYPE)
        return message.header(HEADER) is not None or is_cbor or bool(self.addressed(message))

    def asks(self, operation: Operation, message: Message) -> bool:
        """Whether it names the operation exactly."""
        return self.addressed(message) == self.address(operation)

    def addressing(self, message: Message, address: str) -> Message:
        """The same message with another path."""
        return replace(message, path=path_of(address))

    def readdressed(self, operation: Operation, message: Message, name: str) -> Message:
        """The same message, to an operation of another name in the same service."""
        service = self.address(operation).rpartition(".")[0]
        return replace(message, path=path_of(f"{service}.{name}"))

    def head(self, operation: Operation, message: Message) -> str:
        """Method and path, and the protocol that is named, unless they are as always."""
        named = message.header(HEADER)
        is_usual = message.method == "POST" and named == NAME and message.header(TARGET) is None
        if is_usual and self.addressed(message) == self.address(operation):
            return ""
        also = f" {TARGET}: {target}" if (target := message.header(TARGET)) is not None else ""
        return f"{message.method} {message.path} {HEADER}: {named or 'none'}{also} "

    def with_number(self, message: Message, number: int) -> Message:
        """Only the body holds marks."""
        return replace(message, body=CODEC.with_number(message.body, number))

    def malformed(self, operation: Operation, request: Json, smallest: Json) -> Iterator[RawProbe]:
        """Malformed bodies, paths, headers, methods and content types."""
        good = self.encode(operation, request)
        if good.body:
            yield from body_probes(operation, good, request, good.body)
        yield from paths(*self.address(operation).rpartition(".")[::2], good)
        yield from header_probes(good, HEADER, "wire.protocol", PROTOCOLS)
        yield from header_probes(
            good, TARGET, "wire.protocol", {"target": (self.address(operation), "refuse")}
        )
        yield from method_probes(good, ("GET", "PUT", "DELETE", "PATCH"))
        yield from header_probes(good, "Content-Type", "wire.contentType", TYPES)
        yield from header_probes(good, "Accept", "wire.contentType", ACCEPTED)

    def describe(self, operation: Operation) -> Description:
        """A path for each operation."""
        text = {"type": "string"}
        return Description(
            path=path_of(self.address(operation)),
            method="POST",
            headers=((HEADER, NAME),),
            content_type=TYPE,
            error={"type": "object", "properties": {"__type": text, "message": text}},
        )

    def decode(self, operation: Operation, reply: Reply) -> Answer:
        """Reads a reply: failures and 5xx are broken, named errors are errors, 2xx is a result."""
        if reply.failure:
            return failed_answer(reply)
        is_result = reply.status // 100 == 2
        root = operation.output if is_result and operation.output else ""
        body, trouble = _map(operation, root, reply.body)
        code = query_code(operation, reply)
        name = bare_name((body or {}).get("__type")) or code
        if is_result and not (name and is_error_name(operation, name)):
            others = (
                ("response.contentType", _type_fault(reply)),
                ("wire.connection", checksum_fault(reply)),
            )
            return result_answer(operation, reply, body, trouble, others)
        if not name:
            return nameless_answer(reply, trouble, "__type holds no name")
        message, shape = error_message(name, body or {}, trouble if reply.body else "")
        return error_answer(
            operation,
            reply,
            name,
            message,
            content_type=_type_fault(reply),
            shape=shape,
            code=code,
            others=(("wire.connection", checksum_fault(reply)),),
        )


def _has_input(operation: Operation) -> bool:
    """Whether the operation has an input shape; one without has no body."""
    return operation.input != "Input" or bool(operation.shapes[operation.input].members)


def _map(operation: Operation, root: str, body: bytes) -> tuple[dict[str, Json] | None, str]:
    """The map in a body, an empty one as an empty map; or None and what is wrong with it."""
    if not body:
        return {}, ""
    try:
        return CODEC.read(operation, root, body), ""
    except Unreadable as error:
        return None, str(error)


def _type_fault(reply: Reply) -> str:
    """The fault in content type and protocol of a reply; without a body it has no type."""
    if reply.header(HEADER) != NAME:
        given = reply.header(HEADER)
        return f"{HEADER} is {given}, should be {NAME}" if given else f"the reply has no {HEADER}"
    return content_type_fault(reply, TYPE) if reply.body else ""
