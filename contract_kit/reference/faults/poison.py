"""Requests that change how later ones are answered."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, location_id
from contract_kit.contract.walk import places
from contract_kit.reference.faults.at import values_at
from contract_kit.reference.faults.changes import surrounding
from contract_kit.reference.faults.crashes import internal_failure
from contract_kit.reference.faults.fault import Fault, Install
from contract_kit.reference.refusal import VALIDATION
from contract_kit.reference.steps import Answer, Layer, Steps, Violations, write_error
from contract_kit.wire.message import Message, Reply

After = Callable[[Message, Reply], bool]
"""Whether a message and its reply poison what comes next."""


def poison_faults(operation: Operation) -> Iterator[Fault]:
    """State that leaks from one request into the next."""
    for slug, after in AFTER.items():
        for outcome in ("refused", "fails"):
            yield _fault(
                f"poison/next-{outcome}-after-{slug}",
                "next request spoilt",
                surrounding(functools.partial(_spoiling, after, outcome)),
            )
    for place in places(operation):
        if place.member is not None and not place.member.required and len(place.location) < 4:
            name = location_id(place.location)
            yield _fault(
                f"poison/next-fails-after-{name}",
                "next request spoilt",
                surrounding(functools.partial(_spoiling, _given(place.location), "fails")),
            )
    for count in (5, 20, 50):
        yield _fault(
            f"poison/every-{count}th-fails",
            "fails now and then",
            surrounding(functools.partial(_counting, count)),
        )
    for count in (20, 100):
        yield _fault(
            f"poison/all-fail-after-{count}-refusals",
            "fails for good",
            surrounding(functools.partial(_exhausted, count)),
        )
    for member in operation.shapes[operation.input].members:
        if member.required:
            name = f"{member.name}.required/taken-from-the-last-request"
            yield _fault(
                name, "value of the last request used", _remembering(operation, member.name)
            )
    yield _fault("poison/checks-once", "checked until one conforms", _checking_once(operation))
    yield _fault("poison/answers-of-the-last", "answer of the last request given", _late())


def _fault(name: str, mechanism: str, install: Install) -> Fault:
    words = name.rpartition("/")[2].replace("-", " ")
    return Fault(
        name=name, mechanism=mechanism, description=f"leaks state: {words}", install=install
    )


AFTER: dict[str, After] = {
    "a-refusal": lambda message, reply: reply.status == 400,
    "an-error-of-type": lambda message, reply: b"SerializationException" in reply.body,
    "an-invalid-value": lambda message, reply: b"ValidationException" in reply.body,
    "an-unknown-target": lambda message, reply: b"UnknownOperationException" in reply.body,
    "a-large-body": lambda message, reply: len(message.body) > 20_000,
    "another-method": lambda message, reply: message.method != "POST",
    "an-empty-body": lambda message, reply: not message.body,
}


def _given(location: tuple[str, ...]) -> After:
    def after(message: Message, reply: Reply) -> bool:
        if reply.status != 200:
            return False
        return any(value for _, value in values_at(json.loads(message.body), location))

    return after


def _spoiling(after: After, outcome: str) -> Layer:
    spoilt: list[bool] = []

    def layer(answer: Answer, message: Message) -> Reply:
        reply = answer(message)
        if spoilt and reply.status == 200:
            spoilt.clear()
            return internal_failure() if outcome == "fails" else _untrue(reply)
        if after(message, reply):
            spoilt[:] = [True]
        return reply

    return layer


def _untrue(reply: Reply) -> Reply:
    """A refusal in the place of a result."""
    text = "1 validation error detected: the request is wrong"
    return replace(reply, status=400, body=write_error(VALIDATION, text).body)


def _counting(count: int) -> Layer:
    numbers = itertools.count(1)

    def layer(answer: Answer, message: Message) -> Reply:
        return answer(message) if next(numbers) % count else internal_failure()

    return layer


def _exhausted(count: int) -> Layer:
    refused: list[bool] = []

    def layer(answer: Answer, message: Message) -> Reply:
        if len(refused) >= count:
            return internal_failure()
        reply = answer(message)
        if reply.status == 400:
            refused.append(True)
        return reply

    return layer


def _remembering(operation: Operation, name: str) -> Install:
    """Fills a missing member with what the last accepted request had there."""

    def install(steps: Steps) -> Steps:
        last: list[Json] = []

        def prepare(asked: Operation, request: Json) -> Json:
            request = steps.prepare(asked, request)
            if asked.id != operation.id or not isinstance(request, dict):
                return request
            if request.get(name) is None and last:
                return {**request, name: last[0]}
            return request

        def carry_out(asked: Operation, request: Json) -> Json:
            if asked.id == operation.id:
                last[:] = [request[name]]
            return steps.carry_out(asked, request)

        return replace(steps, prepare=prepare, carry_out=carry_out)

    return install


def _checking_once(operation: Operation) -> Install:
    def install(steps: Steps) -> Steps:
        accepted: list[bool] = []

        def check(asked: Operation, request: Json) -> Violations:
            if asked.id != operation.id or (accepted and isinstance(request, dict)):
                return () if accepted else steps.check(asked, request)
            found = steps.check(asked, request)
            if not found:
                accepted.append(True)
            return found

        return replace(steps, check=check)

    return install


def _late() -> Install:
    def make() -> Layer:
        last: list[Reply] = []

        def layer(answer: Answer, message: Message) -> Reply:
            reply = answer(message)
            given = last[0] if last else reply
            last[:] = [reply]
            return given

        return layer

    return surrounding(make)
