"""Results of any operation, made from its contract, the request and a seed."""

from __future__ import annotations

import hashlib

from contract_kit.cases.typical import typical
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, Shape, Shapes
from contract_kit.validate.reply import reply_faults


def result_of(operation: Operation, request: Json, seed: int) -> Json:
    """A result with every documented member, but page tokens: no page follows.

    What the request gave under the same name, and of the same type, comes back. Strings that
    nothing limits, and identifiers, differ from seed to seed.

    >>> from contract_kit import operation
    >>> result_of(operation("ssm:DeleteParameter"), {"Name": "a"}, 0)
    {}
    """
    if operation.output is None:
        return {}
    given = _given(operation.shapes, operation.shapes[operation.input], request)
    result = _made(operation.shapes, operation.output, given, f"{operation.id}/{seed}", ())
    if reply_faults(operation, result)[0]:
        # A request may hold values that the result may not.
        result = _made(operation.shapes, operation.output, {}, f"{operation.id}/{seed}", ())
    statuses = (
        member.name
        for member in operation.shapes[operation.output].members
        if member.binding.location == "statusCode"
    )
    return {**result, **dict.fromkeys(statuses, operation.success_status)}


def _given(shapes: Shapes, shape: Shape, request: Json) -> dict[tuple[str, str], Json]:
    """The members of a request, and of structures right below it, by name and type."""
    found: dict[tuple[str, str], Json] = {}
    for member in shape.members:
        value = request.get(member.name) if isinstance(request, dict) else None
        if value is None:
            continue
        found[member.name.lower(), shapes[member.shape].type] = value
        if shapes[member.shape].type == "structure":
            found = {**_given(shapes, shapes[member.shape], value), **found}
    return found


def _made(
    shapes: Shapes,
    name: str,
    given: dict[tuple[str, str], Json],
    seed: str,
    within: tuple[str, ...],
) -> Json:
    shape = shapes[name]
    if not shape.is_structure:
        return _scalar_or_container(shapes, shape, given, seed, within)
    members = [
        member
        for member in shape.members
        if not member.page_token and (member.required or member.shape not in (*within, name))
    ]
    if shape.takes_one:
        members = members[:1]
    found = {}
    for member in members:
        echoed = given.get((member.name.lower(), shapes[member.shape].type))
        found[member.name] = (
            _made(shapes, member.shape, given, f"{seed}/{member.name}", (*within, name))
            if echoed is None
            else echoed
        )
    return found


def _scalar_or_container(
    shapes: Shapes,
    shape: Shape,
    given: dict[tuple[str, str], Json],
    seed: str,
    within: tuple[str, ...],
) -> Json:
    inner = (*within, shape.name)
    if shape.type == "list" and shape.item and shape.item not in inner:
        if (shape.min_length or 0) > 1:
            return typical(shapes, shape.name, within=within)
        return [_made(shapes, shape.item, given, seed, inner)]
    if shape.type == "string" and not shape.enum and shape.pattern is None:
        text = hashlib.sha256(seed.encode()).hexdigest()
        least, most = shape.min_length or 0, shape.max_length
        size = max(least, min(16, most if most is not None else 16))
        return (text * (size // len(text) + 1))[:size]
    return typical(shapes, shape.name, within=within)
