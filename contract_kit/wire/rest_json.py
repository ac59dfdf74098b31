"""restJson1: JSON bodies, and errors named in a header or in the body.

Facts: Smithy specification, "AWS restJson1 protocol", and its protocol tests.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json, Location
from contract_kit.wire.errors import bare_name, is_error_name, usual_status
from contract_kit.wire.interface import Change, Codec, Description
from contract_kit.wire.json_codec import JsonCodec, strict_object
from contract_kit.wire.json_values import plain_tree
from contract_kit.wire.malformed_json import body_probes
from contract_kit.wire.message import Answer, Message, RawProbe, Reading, Reply, Unreadable
from contract_kit.wire.replies import (
    content_type_fault,
    error_answer,
    error_message,
    failed_answer,
    nameless_answer,
    result_answer,
)
from contract_kit.wire.rest_address import RestAddress
from contract_kit.wire.rest_requests import WORDS_OF_ROOT, RestRequests
from contract_kit.wire.rest_results import RestResults

ERROR_TYPE = "X-Amzn-Errortype"
TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class JsonBodies:
    """Bodies as restJson1 has them."""

    @property
    def codec(self) -> JsonCodec:
        """JSON with members by their `locationName`."""
        return JsonCodec(renames=True)

    @property
    def content_type(self) -> str:
        """Of every structure."""
        return TYPE

    def body_probes(
        self, operation: Operation, good: Message, request: Json, smallest: Json
    ) -> Iterator[RawProbe]:
        """JSON that is malformed, or odd."""
        if not operation.shapes[operation.input].payload:
            yield from body_probes(operation, good, request, smallest)


ERROR_SHAPE = f"an error has its name in {ERROR_TYPE} or the body, and a message that is a string"
REQUESTS = RestRequests(JsonBodies(), ERROR_SHAPE)
RESULTS = RestResults(JsonBodies())


@dataclass(frozen=True, slots=True)
class RestJson(RestAddress):
    """The restJson1 protocol."""

    @property
    def codec(self) -> Codec:
        """Bodies are JSON."""
        return JsonBodies().codec

    @property
    def says_everything(self) -> bool:
        """Labels, parameters and headers are mere text."""
        return False

    def codec_at(self, operation: Operation, location: Location) -> Codec:
        """That of the member's place in the message."""
        return REQUESTS.codec_at(operation, location)

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """The demands of the wire on paths, bodies and errors."""
        return REQUESTS.constraints

    @property
    def words(self) -> Mapping[str, str]:
        """The root of a request is the message itself."""
        return WORDS_OF_ROOT

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers that say something, in lower case."""
        return ("content-type", ERROR_TYPE.lower(), "retry-after")

    @property
    def changes(self) -> tuple[Change, ...]:
        """Everything worth changing is in the body."""
        return REQUESTS.changes

    def label(self, operation: Operation) -> str:
        """Smithy's name."""
        return "restJson1"

    def encode(self, operation: Operation, request: Json) -> Message:
        """The message for a request; raises NotExpressible."""
        return REQUESTS.encode(operation, request)

    def cannot_say(self, operation: Operation, request: Json) -> str:
        """Why a request has no message."""
        return REQUESTS.cannot_say(operation, request)

    def read(self, operation: Operation, message: Message) -> Reading:
        """The request in a message, or what is wrong with it."""
        return REQUESTS.read(operation, message)

    def malformed(self, operation: Operation, request: Json, smallest: Json) -> Iterator[RawProbe]:
        """Other paths and types, and malformed bodies."""
        return REQUESTS.malformed(operation, request, smallest)

    def with_number(self, message: Message, number: int) -> Message:
        """Any part of a message may hold marks."""
        return REQUESTS.with_number(message, number)

    def result_reply(self, operation: Operation, result: Json) -> Reply:
        """Success with the result's members at their places."""
        return RESULTS.write(operation, plain_tree({} if result is None else result), ())

    def error_reply(
        self, operation: Operation, name: str, text: str, *, status: int | None = None
    ) -> Reply:
        """The error's name in a header, its message in the body."""
        return Reply(
            status=status or usual_status(operation, name),
            headers=(("Content-Type", TYPE), (ERROR_TYPE, name)),
            body=json.dumps({"message": text}).encode(),
        )

    def describe(self, operation: Operation) -> Description:
        """The path of the operation without its literal query."""
        text = {"type": "string"}
        return Description(
            path=operation.http_uri.partition("?")[0].replace("+}", "}"),
            method=operation.http_method,
            headers=(),
            content_type=TYPE,
            error={"type": "object", "properties": {"message": text, "Message": text}},
        )

    def decode(self, operation: Operation, reply: Reply) -> Answer:
        """Reads a reply: failures and 5xx are broken, named errors are errors, 2xx is a result."""
        if reply.failure:
            return failed_answer(reply)
        name = bare_name(reply.header(ERROR_TYPE))
        is_success = reply.status // 100 == 2 and not (name and is_error_name(operation, name))
        if is_success:
            return self._result(operation, reply)
        body, trouble = _object(reply.body)
        name = name or bare_name((body or {}).get("__type")) or bare_name((body or {}).get("code"))
        if not name:
            lack = f"neither {ERROR_TYPE}, __type nor code holds a name"
            return nameless_answer(reply, trouble, lack)
        message, shape = error_message(name, body or {}, trouble if reply.body else "")
        return error_answer(
            operation,
            reply,
            name,
            message,
            content_type=content_type_fault(reply, TYPE),
            shape=shape,
        )

    def _result(self, operation: Operation, reply: Reply) -> Answer:
        typed = RESULTS.has_typed_body(operation) and reply.body
        others = (("response.contentType", content_type_fault(reply, TYPE) if typed else ""),)
        try:
            result = RESULTS.read(operation, reply)
        except Unreadable as error:
            return result_answer(operation, reply, None, str(error), others)
        return result_answer(operation, reply, result, "", others)


def _object(body: bytes) -> tuple[dict[str, Json] | None, str]:
    """The JSON object in a body, or None and what is wrong with it."""
    try:
        return strict_object(body), ""
    except Unreadable as error:
        return None, str(error)
