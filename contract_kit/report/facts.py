"""A constraint in words: its limit, and who documents it."""

from __future__ import annotations

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.validate.location_tree import tail

_FACTS = {
    "request.type": "the request is one object",
    "response.status": "success has the documented status",
    "response.contentType": "the reply's content type is the protocol's",
    "response.schema": "the reply conforms to the documented output",
}
"""Facts of every wire that does not put them into words of its own."""


def fact(constraint: Constraint) -> str:
    """The documented fact, in one line."""
    if words := constraint.words or _FACTS.get(constraint.id):
        return words
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
        # The hash that follows means nothing to a reader.
        return f"{origin}: {operation.sources[origin].partition(' sha256:')[0]}"
    return {
        "protocol": "protocol: " + ", ".join(operation.protocols),
        "type": "the member's type",
        "settings": "settings: [tool.contract-kit.rules]",
    }.get(origin, origin)
