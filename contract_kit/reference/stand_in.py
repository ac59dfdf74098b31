"""`StandIn`: a strict implementation of any operations, from their contracts alone."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

import contract_kit
from contract_kit.contract.operation import Operation
from contract_kit.errors import NotExpressible, UsageError
from contract_kit.reference.refusal import INTERNAL, kind
from contract_kit.reference.results import result_of
from contract_kit.settings.contracts import operation_names
from contract_kit.validate.validator import Validator
from contract_kit.validate.violation import Violation
from contract_kit.wire.error_names import ErrorClass, class_of_name
from contract_kit.wire.message import Message, Reading, Reply
from contract_kit.wire.table import wire_of
from contract_kit.wire.wire import Wire

_GENERAL = re.compile(r"Validation|Parameter|Argument|Request|Input|Serialization|Operation|Action")
"""In names of errors that are about any member, and not about one kind of thing."""

USUAL = {
    "validation": "ValidationException",
    "serialization": "SerializationException",
    "unknown-operation": "UnknownOperationException",
}
"""Names of errors, where an operation documents none of their class."""


class StandIn:
    """Validates each request as documented, and answers results that conform. It keeps nothing.

    ids: `SERVICE:OPERATION`, or `SERVICE` for all of its operations. protocol: the wire that all
    of them are spoken to with, by default each one's usual one. seed: of what it makes up.
    Raises UnknownOperation, and UsageError for a protocol that none of them speaks.

    >>> from contract_kit.wire.table import wire_of
    >>> stand_in = StandIn(["sqs:CreateQueue"])
    >>> wire = wire_of(contract_kit.operation("sqs:CreateQueue"))
    >>> wire.decode(stand_in.answer(wire.encode({"QueueName": "a"}))).kind
    'result'
    """

    drains = True

    def __init__(self, ids: Iterable[str], protocol: str | None = None, seed: int = 0) -> None:
        operations = [each for id in ids for each in operations_of(id)]
        wires = _spoken(operations, protocol)
        self._wires = sorted(wires, key=_specificity)
        self._seed = seed

    def answer(self, message: Message) -> Reply:
        """The reply to a message. Never raises: what goes wrong inside is an InternalFailure."""
        wire, reading = self._found(message)
        try:
            return self._answer(wire, reading)
        except Exception as error:
            text = f"an unexpected {type(error).__name__}"
            return wire.error_reply(INTERNAL, text, status=500)

    def _found(self, message: Message) -> tuple[Wire, Reading]:
        """The wire of the operation that a message asks for, and its reading there.

        What asks for none is refused in the form of the wire that it is most likely of.
        """
        likely = None
        for wire in self._wires:
            if not wire.claims(message):
                continue
            reading = wire.read(message)
            if reading.constraint not in ("wire.target", "wire.method") and wire.asks(message):
                return wire, reading
            likely = likely or wire
        return likely or self._wires[0], Reading(constraint="wire.target", expects="reject")

    def _answer(self, wire: Wire, reading: Reading) -> Reply:
        operation = wire.operation
        if reading.constraint in ("wire.target", "wire.method", "wire.protocol"):
            return _refused(wire, "unknown-operation", "the service has no such operation")
        if reading.request is None or reading.expects == "reject":
            return _refused(wire, "serialization", reading.reason or "the request cannot be read")
        request = reading.request
        violations = _validator(operation).violations(request)
        if violations:
            is_type = any(kind(each) == "type" for each in violations)
            return _refused(wire, "serialization" if is_type else "validation", _words(violations))
        try:
            return wire.result_reply(result_of(operation, request, self._seed))
        except NotExpressible:
            # A value of one form may have no other, such as a control character in XML.
            return wire.result_reply(result_of(operation, {}, self._seed))


def operations_of(id: str) -> list[Operation]:
    """The operation of an id, or all of a service; raises UnknownOperation."""
    if ":" in id:
        return [contract_kit.operation(id)]
    return [contract_kit.operation(f"{id}:{name}") for name in operation_names(id)]


def _spoken(operations: list[Operation], protocol: str | None) -> list[Wire]:
    found = []
    for operation in operations:
        try:
            found.append(wire_of(operation, protocol))
        except UsageError:
            if len(operations) == 1:
                raise
    if not found:
        raise UsageError(f"none of the operations speaks {protocol}; leave --protocol out")
    return found


def _specificity(wire: Wire) -> tuple[int, int, int]:
    """Paths with more literal text come first: others would take their requests."""
    uri = wire.operation.http_uri
    path, _, query = uri.partition("?")
    return (-len(query), path.count("+}"), path.count("{"))


@functools.lru_cache(maxsize=256)
def _validator(operation: Operation) -> Validator:
    return Validator(operation, wire=True)


def _words(violations: tuple[Violation, ...]) -> str:
    count = f"{len(violations)} validation error{'s' if len(violations) > 1 else ''} detected: "
    return count + "; ".join(violation.message for violation in violations)


def _refused(wire: Wire, kind: ErrorClass, text: str) -> Reply:
    """An error of a class, by a general name that the operation documents for it, if any."""
    documented = [
        error.name
        for error in wire.operation.errors
        if class_of_name(error.name) == kind
        and _GENERAL.search(error.name)
        and all(status < 500 for status, _ in error.statuses)
    ]
    name = USUAL[kind] if USUAL[kind] in documented else next(iter(documented), USUAL[kind])
    return wire.error_reply(name, text)
