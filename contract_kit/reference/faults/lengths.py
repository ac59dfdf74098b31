"""Lengths and sizes: bounds one off, and lengths measured in the wrong unit."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json, Shape, location_id
from contract_kit.reference.faults.at import values_at
from contract_kit.reference.faults.changes import broken, checking, objecting, rejudging
from contract_kit.reference.faults.enforcement import proof, request_constraints
from contract_kit.reference.faults.fault import Fault
from contract_kit.reference.steps import Violations

KINDS = ("minLength", "maxLength", "minItems", "maxItems")

Measure = Callable[[Json], int]


def length_faults(operation: Operation) -> Iterator[Fault]:
    """Every length and size constraint with other bounds and other measures."""
    for constraint in request_constraints(operation):
        if constraint.kind in KINDS:
            yield from _bounds(operation, constraint)
            yield from _measures(operation, constraint)
        if constraint.kind == "type" and constraint.location:
            shape = operation.shape_at(constraint.location)
            if shape.type == "list" and shape.max_length != 1:
                yield _equal_items(operation, constraint)
    yield from _shared(operation)


def within(constraint: Constraint, limit: int, measure: Measure = len) -> Callable[[Json], bool]:
    """Whether a value keeps the constraint with another limit, or by another measure."""
    if constraint.kind.startswith("min"):
        return lambda value: measure(value) >= limit
    return lambda value: measure(value) <= limit


def _bounds(operation: Operation, constraint: Constraint) -> Iterator[Fault]:
    limit = int(constraint.limit)
    lower = constraint.kind.startswith("min")
    lax, strict = (limit - 1, limit + 1) if lower else (limit + 1, limit - 1)
    wide = max(limit // 2, 1) if lower else limit * 2
    bounds = {"off-by-one-lax": lax, "off-by-one-strict": strict}
    if wide not in (limit, lax):
        bounds["twice-as-wide"] = wide
    for slug, other in bounds.items():
        # A least length of 0 constrains nothing, which is a fault of its own.
        if lower and other == 0:
            continue
        yield Fault(
            name=f"{constraint.id}/{slug}",
            mechanism=f"length bound {slug.replace('-', ' ')}",
            description=f"holds {constraint.id} to be {other}",
            install=rejudging(operation, constraint, within(constraint, other)),
            equivalent="" if other == strict else proof(constraint),
        )


STRING_MEASURES: dict[str, tuple[str, Measure]] = {
    "in-utf-16-units": ("UTF-16 units", lambda text: len(text) + sum(c > "\uffff" for c in text)),
    "in-utf-8-bytes": ("bytes of UTF-8", lambda text: len(text.encode())),
    "after-strip": ("characters without blanks around", lambda text: len(text.strip())),
    "in-composed-form": (
        "characters after normalisation",
        lambda text: len(unicodedata.normalize("NFC", text)),
    ),
    "in-json-escapes": ("characters of the JSON text", lambda text: len(json.dumps(text)) - 2),
}

LIST_MEASURES: dict[str, tuple[str, Measure]] = {
    "of-different-items": ("different items", lambda items: len({json.dumps(i) for i in items})),
}


def _measures(operation: Operation, constraint: Constraint) -> Iterator[Fault]:
    shape = operation.shape_at(constraint.location)
    # Pattern and enumeration leave only characters that all measures count alike.
    if shape.pattern or shape.enum:
        return
    measures = LIST_MEASURES if shape.type == "list" else STRING_MEASURES
    for slug, (words, measure) in measures.items():
        if constraint.limit == 1 and constraint.kind.startswith("min") and slug != "after-strip":
            # Any value that is not empty counts at least 1 in all of these.
            continue
        yield Fault(
            name=f"{constraint.id}/counted-{slug}",
            mechanism=f"length counted {slug.replace('-', ' ')}",
            description=f"counts {words} for {constraint.id}",
            install=rejudging(operation, constraint, within(constraint, constraint.limit, measure)),
        )


def _equal_items(operation: Operation, constraint: Constraint) -> Fault:
    return Fault(
        name=f"{location_id(constraint.location)}/equal-items-refused",
        mechanism="equal items refused",
        description="refuses lists in which two items are equal",
        install=objecting(operation, constraint, _repeats),
    )


def _repeats(value: Json) -> bool:
    return isinstance(value, list) and len({json.dumps(item) for item in value}) < len(value)


def _shared(operation: Operation) -> Iterator[Fault]:
    """Lists of one shape side by side whose items are counted together."""
    for constraint in request_constraints(operation):
        if constraint.kind != "maxItems" or len(constraint.location) < 2:
            continue
        above = operation.shape_at(constraint.location[:-1])
        names = _same_shape(above, constraint.location[-1])
        if len(names) > 1 and names[0] == constraint.location[-1]:
            yield Fault(
                name=f"{constraint.id}/shared-with-{'-and-'.join(names[1:])}",
                mechanism="sizes of sibling lists counted together",
                description=f"holds {constraint.id} against the items of {' and '.join(names)}",
                install=checking(operation, _counting(constraint, names)),
            )


def _same_shape(above: Shape, name: str) -> tuple[str, ...]:
    own = above.member(name)
    return tuple(
        member.name for member in above.members if own is not None and member.shape == own.shape
    )


def _counting(
    constraint: Constraint, names: tuple[str, ...]
) -> Callable[[Json, Violations], Violations]:
    def change(request: Json, found: Violations) -> Violations:
        lists = [
            value
            for name in names
            for _, value in values_at(request, (*constraint.location[:-1], name))
            if isinstance(value, list)
        ]
        if sum(map(len, lists)) <= constraint.limit:
            return found
        return found or broken(constraint, request, lambda value: True)

    return change
