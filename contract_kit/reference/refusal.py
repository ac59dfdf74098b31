"""`Refusal`: an error that the implementation answers with."""

from __future__ import annotations

from collections.abc import Iterable

from contract_kit.validate.violation import Violation

SERIALIZATION = "SerializationException"
VALIDATION = "ValidationException"
UNKNOWN_OPERATION = "UnknownOperationException"
NOT_FOUND = "ResourceNotFoundException"
INTERNAL = "InternalFailure"


class Refusal(Exception):
    """Ends the answering of a request. name: of the error. status: of the HTTP reply."""

    def __init__(self, name: str, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.name = name
        self.message = message
        self.status = status


def serialization(message: str) -> Refusal:
    """The refusal of a request that cannot be read."""
    return Refusal(SERIALIZATION, message)


def kind(violation: Violation) -> str:
    """The kind of the constraint that is broken, such as `type` or `maxLength`."""
    return violation.constraint.rpartition(".")[2]


def refusal_of(violations: Iterable[Violation]) -> Refusal:
    """The answer to a request that breaks constraints.

    A request is read whole before it is checked, so an error of type hides all others.
    """
    found = tuple(violations)
    for violation in found:
        if kind(violation) == "type":
            return serialization(violation.message)
    count = f"{len(found)} validation error{'s' if len(found) > 1 else ''} detected: "
    return Refusal(VALIDATION, count + "; ".join(violation.message for violation in found))
