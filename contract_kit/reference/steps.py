"""The steps of answering a request, each a function that a fault can put another in place of."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass

import contract_kit
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import TYPE_NAME, Json
from contract_kit.reference import strict_json
from contract_kit.reference.archives import HANDLERS, SERVICE, Archives, known
from contract_kit.reference.refusal import UNKNOWN_OPERATION, Refusal, refusal_of
from contract_kit.validate.validator import Validator
from contract_kit.validate.violation import Violation
from contract_kit.wire.aws_json import content_type
from contract_kit.wire.message import Headers, Message, Reply
from contract_kit.wire.table import wire_of

Answer = Callable[[Message], Reply]
Layer = Callable[[Answer, Message], Reply]
Violations = tuple[Violation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """How a request is answered.

    find: the operation that a message asks for; raises Refusal.
    parse: its body as a value; raises Refusal.
    prepare: the value as it is checked, the same in a correct implementation.
    check: which constraints it breaks. refuse: the error for broken constraints.
    carry_out: the operation's result; raises Refusal.
    write_error, write_result: the replies.
    layers: wrappers of all of this, the first one innermost; each may answer itself.
    drains: whether the body of a refused request is read off its connection.
    """

    find: Callable[[Message], Operation]
    parse: Callable[[bytes], Json]
    prepare: Callable[[Operation, Json], Json]
    check: Callable[[Operation, Json], Violations]
    refuse: Callable[[Violations], Refusal]
    carry_out: Callable[[Operation, Json], Json]
    write_error: Callable[[Refusal], Reply]
    write_result: Callable[[Json], Reply]
    layers: tuple[Layer, ...] = ()
    drains: bool = True


def correct_steps() -> Steps:
    """The steps of a correct implementation that starts with no archive and no export."""
    archives = Archives()
    numbers = itertools.count(1)

    def carry_out(operation: Operation, request: Json) -> Json:
        understood = known(operation.shapes, operation.input, request)
        # Only a fault lets a body through that is not an object.
        members = understood if isinstance(understood, dict) else {}
        return HANDLERS[operation.name](archives, members)

    def write(status: int, value: Json) -> Reply:
        return Reply(status=status, headers=headers(next(numbers)), body=json.dumps(value).encode())

    return Steps(
        find=find,
        parse=strict_json.parse,
        prepare=lambda operation, request: request,
        check=check,
        refuse=refusal_of,
        carry_out=carry_out,
        write_error=lambda refusal: write(
            refusal.status, {TYPE_NAME: refusal.name, "message": refusal.message}
        ),
        write_result=lambda result: write(200, result),
    )


def run(steps: Steps, message: Message) -> Reply:
    """Answers one message, without the layers."""
    try:
        operation = steps.find(message)
        request = steps.prepare(operation, steps.parse(message.body))
        violations = steps.check(operation, request)
        if violations:
            raise steps.refuse(violations)
        result = steps.carry_out(operation, request)
    except Refusal as refusal:
        return steps.write_error(refusal)
    return steps.write_result(result)


def layered(steps: Steps) -> Answer:
    """Answers messages through all layers."""
    answer: Answer = functools.partial(run, steps)
    for layer in steps.layers:
        answer = functools.partial(layer, answer)
    return answer


def find(message: Message) -> Operation:
    """The operation that a POST names; raises Refusal."""
    name = addressed(message).rpartition(".")[2]
    if message.method != "POST" or name not in HANDLERS:
        raise unknown_operation()
    wire = wire_of(operation_of(name))
    if wire.addressed(message) != wire.address:
        raise unknown_operation()
    return wire.operation


def write_error(name: str, text: str, *, status: int = 400) -> Reply:
    """The reply with an error of that name."""
    wire = wire_of(operation_of(next(iter(HANDLERS))))
    return wire.error_reply(name, text, status=status)


def unknown_operation() -> Refusal:
    """The refusal of a message that asks for no operation of the service."""
    return Refusal(UNKNOWN_OPERATION, "the service has no such operation")


@functools.cache
def operation_of(name: str) -> Operation:
    """An operation of the service by its name."""
    return contract_kit.operation(f"{SERVICE}:{name}")


@functools.cache
def _validator(name: str) -> Validator:
    return Validator(operation_of(name), wire=True)


def check(operation: Operation, request: Json) -> Violations:
    """Every constraint that a request breaks."""
    validator = _validator(operation.name)
    return () if validator.is_valid(request) else validator.violations(request)


@functools.cache
def reply_type() -> str:
    """The content type of replies, which is that of requests."""
    return content_type(operation_of(next(iter(HANDLERS))))


def headers(number: int) -> Headers:
    """The headers of the reply of that number."""
    request_id = f"00000000-0000-4000-8000-{number:012d}"
    return (("Content-Type", reply_type()), ("x-amzn-RequestId", request_id))


def addressed(message: Message) -> str:
    """Service and operation that a message names, with a dot between them; empty for none."""
    return wire_of(operation_of(next(iter(HANDLERS)))).addressed(message)


def header(message: Message, name: str) -> str:
    """The first header of that name (lower case), or an empty string."""
    return next((value for key, value in message.headers if key.lower() == name), "")
