"""Reading of replies that all wires share: results, named errors, and replies that are neither."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.validate.reply import reply_faults
from contract_kit.wire.error_names import class_of_name
from contract_kit.wire.errors import leak, status_fault
from contract_kit.wire.message import Answer, Reply
from contract_kit.wire.pages import gist

Fault = tuple[str, str]
"""(constraint id, explanation); an empty explanation stands for no fault."""


def result_answer(
    operation: Operation, reply: Reply, result: Json, trouble: str, others: Iterable[Fault]
) -> Answer:
    """A reply with a result. result: canonical, None where there is none that can be read.

    trouble: why there is none. others: what the wire finds wrong in it, in the order of reports.
    """
    faults = list(others)
    notes: tuple[str, ...] = ()
    if reply.status != operation.success_status and not _chooses_status(operation):
        wanted = operation.success_status
        faults.append(("response.status", f"HTTP {reply.status}, documented is {wanted}"))
    if result is not None:
        found, notes = reply_faults(operation, result)
        faults += found
    elif operation.output is not None or reply.body:
        faults.append(("response.schema", trouble))
    return Answer(
        kind="result", status=reply.status, result=result, faults=_stated(faults), notes=notes
    )


def _chooses_status(operation: Operation) -> bool:
    """Whether a result holds the status as one of its members."""
    members = operation.shapes[operation.output].members if operation.output else ()
    return any(member.binding.location == "statusCode" for member in members)


def error_answer(
    operation: Operation,
    reply: Reply,
    name: str,
    message: str,
    *,
    content_type: str,
    shape: str,
    code: str = "",
    others: Iterable[Fault] = (),
) -> Answer:
    """A reply with a named error. content_type, shape: what is wrong with each, empty if nothing.

    code: the name for clients of the query protocol.
    """
    faults = [
        # An error with its name in a header may have no body, and then no type of one.
        ("error.contentType", content_type if reply.body else ""),
        ("error.status", status_fault(operation, name, reply.status)),
        ("error.shape", shape),
        ("error.leak", leak(message)),
        *others,
    ]
    return Answer(
        kind="error",
        status=reply.status,
        name=name,
        code=code,
        text=message,
        faults=_stated(faults),
    )


def _stated(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(fault for fault in faults if fault[1])


def failed_answer(reply: Reply) -> Answer:
    """The answer for a failure in place of a reply."""
    return Answer(kind="broken", name=reply.failure, text=reply.detail)


def nameless_answer(reply: Reply, trouble: str, lack: str) -> Answer:
    """A reply that refuses without naming an error.

    trouble: why its body cannot be read, empty where it can. lack: where a name is looked for.
    """
    shown = gist(reply)
    where = f"HTTP {reply.status}"
    if reply.status // 100 == 3 and (place := reply.header("location")):
        where += f", a redirect to {place[:200]},"
    if reply.status >= 500:
        text = f"{where}: {shown}" if shown else where
    elif trouble:
        text = f"{where} is not an AWS reply: {trouble}"
    else:
        text = f"{where} names no error: {lack}: {shown}"
    leaked = leak(reply.body.decode("utf-8", "replace"))
    faults = (("error.leak", leaked),) if leaked else ()
    return Answer(kind="broken", status=reply.status, text=text, faults=faults)


def error_message(name: str, body: dict[str, Json], trouble: str) -> tuple[str, str]:
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
            return json.dumps(value, default=str)[
                :200
            ], f"{key} is a {type(value).__name__}, not a string"
        if value.strip():
            return value, ""
    if class_of_name(name) == "validation":
        return "", f"{name} has no message, so clients cannot show what is wrong"
    return "", ""


def query_code(operation: Operation, reply: Reply) -> str:
    """The name for clients of the query protocol: `Code;Sender` in a header."""
    given = reply.header("x-amzn-query-error") if operation.query_compatible else None
    return (given or "").partition(";")[0].strip()


def content_type_fault(reply: Reply, wanted: str) -> str:
    """The fault in the content type of a reply, or nothing; parameters are allowed."""
    given = reply.header("content-type")
    if given is None:
        return f"the reply has no Content-Type, should be {wanted}"
    if given.partition(";")[0].strip().lower() != wanted:
        return f"Content-Type is {given}, should be {wanted}"
    return ""


def checksum_fault(reply: Reply) -> str:
    """The fault in `x-amz-crc32`, the checksum of the body; clients refuse such replies.

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
