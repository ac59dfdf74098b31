"""Lists every constraint of an operation, walking its shapes from the input structure down."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from contract_kit.contract.operation import Constraint, ConstraintKind
from contract_kit.contract.shape import (
    INTEGER_BITS,
    KEY,
    LENGTHS,
    Json,
    Location,
    Member,
    Shape,
    Shapes,
    location_id,
)
from contract_kit.contract.walk import places_below


def request_constraints(shapes: Shapes, input_name: str) -> tuple[Constraint, ...]:
    """All constraints of a request, in document order; recursive shapes down to their re-entry."""
    here = Constraint(
        id="request.type",
        kind="type",
        location=(),
        limit="structure",
        origins=("protocol",),
    )
    below = (
        own_constraints(place.shape, place.location, place.member)
        for place in places_below(shapes, input_name)
    )
    return (here, *chain.from_iterable(below))


def response_constraints(shapes: Shapes, output_name: str | None) -> tuple[Constraint, ...]:
    """Constraints of a reply: its schema, and that each fresh identifier is there and new."""
    found = [_reply("response.status"), _reply("response.contentType"), _reply("response.schema")]
    if output_name is not None:
        for member in shapes[output_name].members:
            if member.identifier:
                origins = dict(member.origins).get("identifier", ("model",))
                location = ("response", member.name)
                # A model alone does not say that a member is always there; a page lists what is.
                documented = any(origin.startswith("page:") for origin in origins)
                for kind in ("present", "unique") if documented else ("unique",):
                    found.append(_reply(f"{location_id(location)}.{kind}", origins, location))
    return tuple(found)


def _reply(
    id: str, origins: tuple[str, ...] = ("protocol",), location: Location = ("response",)
) -> Constraint:
    return Constraint(id=id, kind="response", location=location, origins=origins)


def own_constraints(
    shape: Shape, location: Location, member: Member | None
) -> Iterator[Constraint]:
    """The constraints at one location, without those of what lies below it."""
    origins = dict(shape.origins)
    own = dict(member.origins) if member else {}
    disputed = {*shape.disputed, *(member.disputed if member else ())}
    name = location_id(location)

    def constraint(kind: ConstraintKind, limit: Json, implied_by: str | None = None) -> Constraint:
        sources = (*origins.get(kind, ()), *own.get(kind, ()))
        return Constraint(
            id=f"{name}.{kind}",
            kind=kind,
            location=location,
            limit=limit,
            origins=tuple(dict.fromkeys(sources)) or ("type",),
            implied_by=implied_by,
            disputed=kind in disputed,
            # Whether a member must be there is no matter of the values that it takes.
            rules=member.rules if member and kind != "required" else (),
        )

    if member is not None and member.required:
        yield constraint("required", None)
    # A map key has no type of its own on the wire: JSON writes every key as a string.
    if shape.type != "document" and location[-1] != KEY:
        yield constraint("type", type_name(shape))
    for kind, limit in _limits(shape):
        yield constraint(kind, limit, _implied(shape, kind))


def _limits(shape: Shape) -> Iterator[tuple[ConstraintKind, Json]]:
    """The limits of the shape within its type."""
    if shape.type == "union":
        yield "union", [entry.name for entry in shape.members]
    if shape.type in LENGTHS:
        low, high = LENGTHS[shape.type]
        if shape.min_length:
            yield low, shape.min_length
        if shape.max_length is not None:
            yield high, shape.max_length
    if shape.pattern is not None:
        yield "pattern", shape.pattern
    if shape.enum:
        yield "enum", list(shape.enum)
    # A documented bound may only repeat the width of the integer type.
    least, greatest = _width(shape)
    if shape.minimum not in (None, least):
        yield "minimum", shape.minimum
    if shape.maximum not in (None, greatest):
        yield "maximum", shape.maximum


def type_name(shape: Shape) -> str:
    """The shape's type in the words of a report, with the width of integers."""
    bits = INTEGER_BITS.get(shape.type)
    return f"{shape.type} of {bits} bits" if bits else shape.type


def _implied(shape: Shape, kind: ConstraintKind) -> str | None:
    """Which sibling constraint every string that breaks this limit breaks as well."""
    if kind not in ("minLength", "maxLength", "pattern"):
        return None
    if shape.enum:
        return "enum"
    pattern = shape.regex
    if kind == "pattern" or pattern is None:
        return None
    if kind == "minLength":
        return "pattern" if pattern.min_length >= (shape.min_length or 0) else None
    longest = pattern.max_length
    return "pattern" if longest is not None and longest <= (shape.max_length or 0) else None


def _width(shape: Shape) -> tuple[int | None, int | None]:
    """The least and the greatest value of an integer type; None for other types."""
    bits = INTEGER_BITS.get(shape.type)
    return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if bits else (None, None)
