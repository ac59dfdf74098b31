"""Errors whose name, status, shape or text is wrong, for one class of refusals or for all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import TYPE_NAME, Json
from contract_kit.reference.faults.changes import answering_errors
from contract_kit.reference.faults.fault import Fault
from contract_kit.reference.faults.replies import CONTENT_TYPES, with_content_type, with_status
from contract_kit.reference.refusal import (
    INTERNAL,
    NOT_FOUND,
    SERIALIZATION,
    UNKNOWN_OPERATION,
    VALIDATION,
    Refusal,
)
from contract_kit.wire.message import Reply

CLASSES: dict[str, tuple[str, ...]] = {
    "every-error": (SERIALIZATION, VALIDATION, UNKNOWN_OPERATION),
    "serialization": (SERIALIZATION,),
    "validation": (VALIDATION,),
    "unknown-operation": (UNKNOWN_OPERATION,),
}
"""Which refusals a fault is about, by the names that a correct implementation gives them."""

NAMES: dict[str, int] = {
    SERIALIZATION: 400,
    VALIDATION: 400,
    UNKNOWN_OPERATION: 400,
    INTERNAL: 500,
    NOT_FOUND: 404,
    "AccessDeniedException": 403,
    "ServiceQuotaExceededException": 402,
    "ConflictException": 409,
    "InvalidParameterException": 400,
    "InvalidRequestException": 400,
    "BadRequest": 400,
    "MalformedInputError": 400,
}
"""Names that may be untrue, with the status that goes with them."""

RIGHT: dict[str, tuple[str, ...]] = {
    "every-error": (),
    # A value of the wrong type is not valid either.
    "serialization": (SERIALIZATION, VALIDATION),
    "validation": (VALIDATION,),
    "unknown-operation": (UNKNOWN_OPERATION,),
}
"""Names that are right for a class of refusals."""

Change = Callable[[Refusal, Reply], Reply]


def error_faults(operation: Operation) -> Iterator[Fault]:
    """Every wrong way to say no, for each class of refusals."""
    for group in CLASSES:
        for name, status in NAMES.items():
            if name not in RIGHT[group]:
                yield _fault(group, f"named-{name}", "name is wrong", _named(name, status))
        for status in (200, 403, 404, 422, 500, 503):
            # Some services answer 404 where they know no such operation.
            if (group, status) != ("unknown-operation", 404):
                yield _fault(group, f"status-{status}", "status is wrong", _status(status))
        messages = MESSAGES if VALIDATION in CLASSES[group] else {}
        for slug, body in (BODIES | messages).items():
            yield _fault(group, slug, "shape is wrong", _body(body))
        for slug, content_type in CONTENT_TYPES.items():
            yield _fault(group, slug, "content type is wrong", _typed(content_type))
        for slug, trace in TRACES.items():
            yield _fault(group, f"shows-{slug}-trace", "stack trace shown", _tracing(trace))


def _fault(group: str, slug: str, mechanism: str, change: Change) -> Fault:
    names = CLASSES[group]

    def chosen(refusal: Refusal, reply: Reply) -> Reply:
        return change(refusal, reply) if refusal.name in names else reply

    return Fault(
        name=f"{group}/{slug}",
        mechanism=f"error: {mechanism}",
        description=f"answers {' and '.join(names)} wrongly: {slug.replace('-', ' ')}",
        install=answering_errors(chosen),
    )


def _named(name: str, status: int) -> Change:
    def change(refusal: Refusal, reply: Reply) -> Reply:
        body = {TYPE_NAME: name, "message": refusal.message}
        return replace(reply, status=status, body=json.dumps(body).encode())

    return change


def _status(status: int) -> Change:
    return lambda refusal, reply: with_status(status)(reply)


def _typed(content_type: str | None) -> Change:
    return lambda refusal, reply: with_content_type(content_type)(reply)


def _body(make: Callable[[Refusal], Json]) -> Change:
    def change(refusal: Refusal, reply: Reply) -> Reply:
        value = make(refusal)
        if isinstance(value, bytes):
            return replace(reply, body=value)
        return replace(reply, body=json.dumps(value).encode())

    return change


def _tracing(trace: str) -> Change:
    return _body(
        lambda refusal: {TYPE_NAME: refusal.name, "message": f"{refusal.message}\n{trace}"}
    )


BODIES: dict[str, Callable[[Refusal], Json]] = {
    "no-type": lambda refusal: {"message": refusal.message},
    "no-members": lambda refusal: {},
    "name-in-Code": lambda refusal: {"Code": refusal.name, "Message": refusal.message},
    "name-in-error": lambda refusal: {"error": refusal.name, "detail": refusal.message},
    "name-in-message": lambda refusal: {"message": f"{refusal.name}: {refusal.message}"},
    "type-is-null": lambda refusal: {TYPE_NAME: None, "message": refusal.message},
    "type-is-empty": lambda refusal: {TYPE_NAME: "", "message": refusal.message},
    "type-is-a-number": lambda refusal: {TYPE_NAME: refusal.status, "message": refusal.message},
    "type-is-an-object": lambda refusal: {TYPE_NAME: {"name": refusal.name}, "message": "refused"},
    "type-in-other-case": lambda refusal: {
        TYPE_NAME.title(): refusal.name,
        "message": refusal.message,
    },
    "message-is-a-number": lambda refusal: {TYPE_NAME: refusal.name, "message": 400},
    "message-is-a-list": lambda refusal: {TYPE_NAME: refusal.name, "message": [refusal.message]},
    "message-is-an-object": lambda refusal: {TYPE_NAME: refusal.name, "message": {"en": "refused"}},
    "message-is-a-boolean": lambda refusal: {TYPE_NAME: refusal.name, "message": False},
    "in-a-member": lambda refusal: {"Error": {TYPE_NAME: refusal.name, "message": refusal.message}},
    "in-a-list": lambda refusal: [{TYPE_NAME: refusal.name, "message": refusal.message}],
    "as-a-text": lambda refusal: refusal.message,
    "empty": lambda refusal: b"",
    "null": lambda refusal: None,
    "html": lambda refusal: b"<html><body><h1>Bad Request</h1></body></html>",
    "plain-text": lambda refusal: b"Bad Request",
    "xml": lambda refusal: (
        f"<ErrorResponse><Error><Code>{refusal.name}</Code></Error></ErrorResponse>".encode()
    ),
    "truncated": lambda refusal: json.dumps({TYPE_NAME: refusal.name, "message": ""}).encode()[:-1],
    "single-quotes": lambda refusal: repr({TYPE_NAME: refusal.name}).encode(),
    "problem-details": lambda refusal: {"type": "about:blank", "title": "Bad Request"},
}
"""Bodies that carry no error of the protocol, or one that clients cannot read."""

MESSAGES: dict[str, Callable[[Refusal], Json]] = {
    "no-message": lambda refusal: {TYPE_NAME: refusal.name},
    "message-is-null": lambda refusal: {TYPE_NAME: refusal.name, "message": None},
}
"""Bodies that only errors of validation may not have: AWS gives the others no message."""

TRACES: dict[str, str] = {
    "python": 'Traceback (most recent call last):\n  File "/srv/app.py", line 12, in handle',
    "java": "java.lang.NullPointerException\n\tat com.example.Handler.handle(Handler.java:12)",
    "javascript": "TypeError: x is undefined\n    at handle (/srv/app.js:12:5)",
    "go": "panic: runtime error\n\ngoroutine 12 [running]:\nmain.handle()",
    "ruby": "undefined method (NoMethodError)\nhandler.rb:12:in `handle'",
}
"""Stack traces as the run-times of several languages print them."""
