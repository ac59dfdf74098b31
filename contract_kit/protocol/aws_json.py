"""awsJson 1.0 and 1.1: one JSON object to `/`, the operation named in `X-Amz-Target`.

Facts: Smithy specification "AWS JSON 1.0/1.1 protocol", and its protocol tests.
"""

from __future__ import annotations

import json
from dataclasses import replace

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import NotExpressible
from contract_kit.protocol import malformed_json
from contract_kit.protocol.errors import (
    ERROR_CONSTRAINTS,
    bare_name,
    is_error_name,
    leak,
    status_fault,
    usual_status,
)
from contract_kit.protocol.json_values import plain
from contract_kit.protocol.message import Answer, Message, RawProbe, Reply
from contract_kit.validate.response import reply_faults

DEFAULT_VERSION = "1.1"


class AwsJson:
    """The awsJson protocol in the version that the operation's service declares."""

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """What awsJson demands of bodies, targets and errors."""
        return (*malformed_json.CONSTRAINTS, *ERROR_CONSTRAINTS)

    def encode(self, operation: Operation, request: Json) -> Message:
        """The message for a request; lone surrogates are written as JSON escapes."""
        return Message(
            method="POST",
            path="/",
            headers=(
                ("Content-Type", content_type(operation)),
                ("X-Amz-Target", f"{operation.target_prefix}.{operation.name}"),
            ),
            body=json_body(request),
        )

    def request_of(self, operation: Operation, message: Message) -> Json:
        """The request in a message that is written as `encode` writes it, with any more headers."""
        value, trouble = _object(message.body)
        if value is None:
            raise NotExpressible(trouble)
        usual = self.encode(operation, value)
        names = {name.lower() for name, _ in usual.headers}
        kept = tuple(pair for pair in message.headers if pair[0].lower() in names)
        if replace(message, headers=kept) != usual:
            raise NotExpressible("no request is written so")
        return value

    def result_reply(self, operation: Operation, result: Json) -> Reply:
        """Success with the result as JSON, None as an empty one.

        Dates, bytes and decimals are written as awsJson has them.
        """
        body = json.dumps({} if result is None else result, default=plain).encode()
        return self._reply(operation, operation.success_status, body)

    def error_reply(self, operation: Operation, name: str, text: str) -> Reply:
        """The error's name as `__type`, with a status that is right for it."""
        body = json.dumps({"__type": name, "message": text}).encode()
        return self._reply(operation, usual_status(operation, name), body)

    def _reply(self, operation: Operation, status: int, body: bytes) -> Reply:
        headers = (("Content-Type", content_type(operation)),)
        return Reply(status=status, headers=headers, body=body)

    def malformed(
        self, operation: Operation, request: Json, smallest: Json
    ) -> tuple[RawProbe, ...]:
        """Malformed bodies, targets, methods and content types."""
        good = self.encode(operation, request)
        return malformed_json.probes(operation, good, request, smallest)

    def decode(self, operation: Operation, reply: Reply) -> Answer:
        """Reads a reply: failures and 5xx are broken, named errors are errors, 2xx is a result."""
        if reply.failure:
            return Answer(kind="broken", name=reply.failure, text=reply.detail)
        body, trouble = _object(reply.body)
        header_name = bare_name(reply.header("x-amzn-errortype"))
        name = header_name or bare_name(body.get("__type") if body else None)
        if reply.status // 100 == 2 and not (name and is_error_name(operation, name)):
            return _result(operation, reply, body, trouble)
        if not name:
            return _nameless(reply, body, trouble)
        message, shape_fault = _message(body or {}, trouble if reply.body else "")
        faults = [
            ("error.contentType", _content_type_fault(operation, reply)),
            ("error.status", status_fault(operation, name, reply.status)),
            ("error.shape", shape_fault),
            ("error.leak", leak(message)),
        ]
        return Answer(
            kind="error",
            status=reply.status,
            name=name,
            text=message,
            faults=tuple((id, text) for id, text in faults if text),
        )


def content_type(operation: Operation) -> str:
    """`application/x-amz-json-1.0` or `-1.1`, as the service declares."""
    return f"application/x-amz-json-{operation.json_version or DEFAULT_VERSION}"


def json_body(value: Json) -> bytes:
    """A value as JSON in UTF-8; escapes only where a string has no UTF-8 form."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def _object(body: bytes) -> tuple[dict[str, Json] | None, str]:
    """The JSON object in a body, or None and what is wrong with it."""
    try:
        # Decoded here, since json itself would take UTF-16 and UTF-32 as well.
        value = json.loads(body.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        return None, "the body is empty" if not body else f"the body is no JSON: {error}"
    if isinstance(value, dict):
        return value, ""
    return None, f"the body is a JSON {type(value).__name__}, not an object"


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


def _result(
    operation: Operation, reply: Reply, body: dict[str, Json] | None, trouble: str
) -> Answer:
    faults = [("response.contentType", _content_type_fault(operation, reply))]
    if reply.status != operation.success_status:
        wanted = operation.success_status
        faults.append(("response.status", f"HTTP {reply.status}, documented is {wanted}"))
    if body is not None:
        faults += reply_faults(operation, body)
    elif operation.output is not None or reply.body:
        faults.append(("response.schema", trouble))
    return Answer(
        kind="result",
        status=reply.status,
        result=body,
        faults=tuple((id, text) for id, text in faults if text),
    )


def _nameless(reply: Reply, body: dict[str, Json] | None, trouble: str) -> Answer:
    """A reply that refuses without naming an error."""
    shown = reply.body[:200].decode("utf-8", "replace")
    where = f"HTTP {reply.status}"
    if reply.status >= 500:
        text = f"{where}: {shown}"
    elif body is None:
        text = f"{where} is no AWS reply: {trouble}"
    else:
        text = f"{where} names no error: neither __type nor x-amzn-errortype holds a name: {shown}"
    faults = (
        (("error.leak", leaked),) if (leaked := leak(reply.body.decode("utf-8", "replace"))) else ()
    )
    return Answer(kind="broken", status=reply.status, text=text, faults=faults)


def _message(body: dict[str, Json], trouble: str) -> tuple[str, str]:
    """An error's message, and what is wrong with its shape: the key is compared without case."""
    if trouble:
        return "", trouble
    type_ = body.get("__type")
    if type_ is not None and not isinstance(type_, str):
        return "", "__type is no string"
    for key, value in body.items():
        if key.lower() == "message" and value is not None:
            if not isinstance(value, str):
                return json.dumps(value)[:200], f"{key} is a {type(value).__name__}, not a string"
            return value, ""
    return "", ""


def _content_type_fault(operation: Operation, reply: Reply) -> str:
    given = reply.header("content-type")
    wanted = content_type(operation)
    if given is None:
        return f"the reply has no Content-Type, should be {wanted}"
    if given.partition(";")[0].strip().lower() != wanted:
        return f"Content-Type is {given}, should be {wanted}"
    return ""
