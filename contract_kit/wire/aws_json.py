"""awsJson 1.0 and 1.1: one JSON object to `/`, the operation named in `X-Amz-Target`.

Facts: Smithy specification "AWS JSON 1.0/1.1 protocol", and its protocol tests.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import replace

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import NotExpressible
from contract_kit.validate.reply import reply_faults
from contract_kit.wire import malformed_json, timestamps
from contract_kit.wire.error_names import class_of_name
from contract_kit.wire.errors import (
    ERROR_CONSTRAINTS,
    bare_name,
    is_error_name,
    leak,
    status_fault,
    usual_status,
)
from contract_kit.wire.json_values import plain
from contract_kit.wire.message import Answer, Message, RawProbe, Reply
from contract_kit.wire.pages import gist

DEFAULT_VERSION = "1.1"

QUERY_MODE = (("x-amzn-query-mode", "true"),)
"""Sent to services that answer clients of the query protocol with the names they know."""

MOST_VALUES = 3_000_000
"""Commas and brackets of a body that is read: each may be a value, which takes memory. No body of
4 MiB has more."""

_LABEL = re.compile(r"\{(\w+)\}")
_HOST_PART = re.compile(r"[A-Za-z0-9-]{1,63}")


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
                *(QUERY_MODE if operation.query_compatible else ()),
            ),
            body=json_body(timestamps.written(operation, operation.input, request)),
            host_prefix=_host_prefix(operation.host_prefix, request),
        )

    def request_of(self, operation: Operation, message: Message) -> Json:
        """The request in a message that is written as `encode` writes it, with any more headers."""
        given, trouble = _object(message.body)
        if given is None:
            raise NotExpressible(trouble)
        value = timestamps.read(operation, operation.input, given)
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
        text = json.dumps({} if result is None else result, default=plain)
        if operation.output is not None and operation.has_formatted_times:
            text = json.dumps(timestamps.written(operation, operation.output, json.loads(text)))
        body = text.encode()
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
        code = _query_code(operation, reply)
        name = _error_name(reply, body) or code
        if reply.status // 100 == 2 and not (name and is_error_name(operation, name)):
            return _result(operation, reply, body, trouble)
        if not name:
            return _nameless(reply, body, trouble)
        message, shape_fault = _message(name, body or {}, trouble if reply.body else "")
        faults = [
            # An error whose name stands in a header may have no body, and then no type of one.
            ("error.contentType", _content_type_fault(operation, reply) if reply.body else ""),
            ("error.status", status_fault(operation, name, reply.status)),
            ("error.shape", shape_fault),
            ("error.leak", leak(message)),
            ("wire.connection", _checksum_fault(reply)),
        ]
        return Answer(
            kind="error",
            status=reply.status,
            name=name,
            code=code,
            text=message,
            faults=tuple((id, text) for id, text in faults if text),
        )


def _host_prefix(template: str, request: Json) -> str:
    """What stands before the host; empty where a member in it is no part of a host's name."""
    given = request if isinstance(request, dict) else {}
    values = {name: given.get(name) for name in _LABEL.findall(template)}
    if not all(isinstance(value, str) and _HOST_PART.fullmatch(value) for value in values.values()):
        return ""
    return _LABEL.sub(lambda found: str(values[found[1]]), template)


def _error_name(reply: Reply, body: dict[str, Json] | None) -> str:
    """The name of an error: in its header, the body's type, or the body's `code`."""
    header = bare_name(reply.header("x-amzn-errortype"))
    return header or bare_name((body or {}).get("__type")) or bare_name((body or {}).get("code"))


def _query_code(operation: Operation, reply: Reply) -> str:
    """The name for clients of the query protocol: `Code;Sender` in a header."""
    given = reply.header("x-amzn-query-error") if operation.query_compatible else None
    return (given or "").partition(";")[0].strip()


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
    if sum(map(body.count, (b",", b"[", b"{"))) > MOST_VALUES:
        return None, "the body holds more values than are read"
    try:
        # Decoded here, since json itself would take UTF-16 and UTF-32 as well.
        value = json.loads(body.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        return None, "the body is empty" if not body else f"the body is not JSON: {error}"
    if isinstance(value, dict):
        return value, ""
    return None, f"the body is a JSON {type(value).__name__}, not an object"


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


def _result(
    operation: Operation, reply: Reply, body: dict[str, Json] | None, trouble: str
) -> Answer:
    notes: tuple[str, ...] = ()
    faults = [
        ("response.contentType", _content_type_fault(operation, reply)),
        ("wire.connection", _checksum_fault(reply)),
    ]
    if reply.status != operation.success_status:
        wanted = operation.success_status
        faults.append(("response.status", f"HTTP {reply.status}, documented is {wanted}"))
    if body is not None:
        body = timestamps.read(operation, operation.output, body) if operation.output else body
        found, notes = reply_faults(operation, body)
        faults += found
    elif operation.output is not None or reply.body:
        faults.append(("response.schema", trouble))
    return Answer(
        kind="result",
        status=reply.status,
        result=body,
        faults=tuple((id, text) for id, text in faults if text),
        notes=notes,
    )


def _nameless(reply: Reply, body: dict[str, Json] | None, trouble: str) -> Answer:
    """A reply that refuses without naming an error."""
    shown = gist(reply)
    where = f"HTTP {reply.status}"
    if reply.status // 100 == 3 and (place := reply.header("location")):
        where += f", a redirect to {place[:200]},"
    if reply.status >= 500:
        text = f"{where}: {shown}" if shown else where
    elif body is None:
        text = f"{where} is not an AWS reply: {trouble}"
    else:
        text = f"{where} names no error: neither __type nor x-amzn-errortype holds a name: {shown}"
    faults = (
        (("error.leak", leaked),) if (leaked := leak(reply.body.decode("utf-8", "replace"))) else ()
    )
    return Answer(kind="broken", status=reply.status, text=text, faults=faults)


def _message(name: str, body: dict[str, Json], trouble: str) -> tuple[str, str]:
    """An error's message, and what is wrong with its shape: the key is compared without case.

    Errors of validation have one with some text. Those of reading have none on AWS itself.
    """
    if trouble:
        return "", trouble
    type_ = body.get("__type")
    if type_ is not None and not isinstance(type_, str):
        return "", "__type is not a string"
    for key, value in body.items():
        if key.lower() != "message" or value is None:
            continue
        if not isinstance(value, str):
            return json.dumps(value)[:200], f"{key} is a {type(value).__name__}, not a string"
        if value.strip():
            return value, ""
    if class_of_name(name) == "validation":
        return "", f"{name} has no message, so clients cannot show what is wrong"
    return "", ""


def _content_type_fault(operation: Operation, reply: Reply) -> str:
    given = reply.header("content-type")
    wanted = content_type(operation)
    if given is None:
        return f"the reply has no Content-Type, should be {wanted}"
    if given.partition(";")[0].strip().lower() != wanted:
        return f"Content-Type is {given}, should be {wanted}"
    return ""


def _checksum_fault(reply: Reply) -> str:
    """What is wrong with `x-amz-crc32`, the checksum of the body; clients refuse such replies.

    Of an encoded body some clients compare the checksum of what came, others of what it decodes to.
    """
    given = reply.header("x-amz-crc32")
    if given is None or reply.header("content-encoding") or reply.cut:
        return ""
    right = zlib.crc32(reply.body)
    is_number = given.strip().isascii() and given.strip().isdigit()
    if is_number and int(given) in (right, reply.encoded_crc32):
        return ""
    return f"x-amz-crc32 is {given[:40]}, that of the body is {right}: clients refuse the reply"
