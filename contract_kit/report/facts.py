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


def origin_texts(
    operation: Operation, constraint: Constraint, *, spoken: str = ""
) -> tuple[str, ...]:
    """The sources of a constraint, spelt out.

    spoken: the protocol that messages are of, such as `awsJson1.0`; of none, any of the operation.
    """
    protocol = spoken or " or ".join(operation.protocols)
    return tuple(_origin(operation, origin, protocol) for origin in constraint.origins)


def _origin(operation: Operation, origin: str, protocol: str) -> str:
    if origin in operation.sources:
        # The hash that follows means nothing to a reader.
        return f"{origin}: {operation.sources[origin].partition(' sha256:')[0]}"
    return {
        "protocol": f"protocol: {protocol}",
        "type": "the member's type",
        "settings": "settings: [tool.contract-kit.rules]",
    }.get(origin, origin)
