"""A constraint in words: its limit, and who documents it."""

from __future__ import annotations

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.validate.location_tree import tail

_PROTOCOL_FACTS = {
    "request.type": "the body is one JSON object",
    "wire.syntax": "the body is JSON as RFC 8259 defines it, in any spelling of the same value",
    "wire.encoding": "a body that is not UTF-8 is answered, in time and without a server fault",
    "wire.target": "X-Amz-Target names the operation exactly",
    "wire.method": "the operation is carried out for POST alone",
    "wire.contentType": "parameters of the content type are allowed",
    "wire.limits": "unusual sizes, depths and numbers are answered without a server fault",
    "wire.connection": "each request is answered on its own, whatever was sent before it",
    "response.status": "success has the documented status",
    "response.contentType": "the reply's content type is the protocol's",
    "response.schema": "the reply conforms to the documented output",
    "error.contentType": "an error's content type is the protocol's",
    "error.status": "an error has the documented status, or 400",
    "error.shape": "an error is an object with __type and a message that is a string",
    "error.leak": "a reply shows no stack trace",
}


def fact(constraint: Constraint) -> str:
    """What is documented, in one line."""
    if constraint.id in _PROTOCOL_FACTS:
        return _PROTOCOL_FACTS[constraint.id]
    if constraint.kind == "response":
        kind = constraint.id.rpartition(".")[2]
        return {
            "present": "documented as part of the reply",
            "unique": "documented as a unique identifier: no two requests get the same",
        }[kind]
    return f"must {tail(constraint.kind, constraint.limit)}"


def origin_texts(operation: Operation, constraint: Constraint) -> tuple[str, ...]:
    """The sources of a constraint, spelt out."""
    return tuple(_origin(operation, origin) for origin in constraint.origins)


def _origin(operation: Operation, origin: str) -> str:
    if origin in operation.sources:
        # The hash that follows tells nothing to a reader.
        return f"{origin}: {operation.sources[origin].partition(' sha256:')[0]}"
    return {
        "protocol": "protocol: " + ", ".join(operation.protocols),
        "type": "the member's type",
        "settings": "settings: [tool.contract-kit.rules]",
    }.get(origin, origin)
