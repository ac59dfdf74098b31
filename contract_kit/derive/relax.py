"""Takes single constraints out of an operation: those that a user has switched off."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable

from contract_kit.contract.document import DEFS, EXTENSION, read_operation
from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json, location_id
from contract_kit.derive.shapes import LENGTH_NAMES, shape_schema
from contract_kit.errors import UsageError

_BELOW = {"[]": "items", "[key]": "propertyNames", "[value]": "additionalProperties"}
_NOT_OF_REQUESTS = ("wire", "response", "error")


def relaxed(operation: Operation, ids: Iterable[str], *, disputed: bool = False) -> Operation:
    """The operation without some constraints of its request, each at its own place alone.

    disputed: they stay, so that requests are made that keep them, but either answer to one that
    does not is right. Raises UnknownConstraint, and UsageError for one that is not about what
    requests hold.
    """
    request: Json = copy.deepcopy(operation.request)
    for id in ids:
        constraint = operation.constraint(id)
        if constraint.kind in _NOT_OF_REQUESTS or not constraint.location:
            raise UsageError(
                f"off: {operation.id}: {id!r} is not about a member of requests; "
                "leave it out, or make it a known gap"
            )
        _take(request, constraint, disputed)
    return read_operation(request, operation.response)


def _take(request: Json, constraint: Constraint, disputed: bool) -> None:
    """Removes or disputes a constraint, in copies of the definitions on the way to its place."""
    definitions = request["$defs"]
    name = request["$ref"].removeprefix(DEFS)
    holder = schema = definitions[name]
    entry: Json = {}
    for depth, segment in enumerate(constraint.location):
        holder = schema
        entry = schema[_BELOW[segment]] if segment in _BELOW else schema["properties"][segment]
        node = entry if "$ref" in entry else entry["anyOf"][0]
        name = node["$ref"].removeprefix(DEFS)
        place = re.sub(r"\W+", "_", location_id(constraint.location[: depth + 1]))
        alone = name if name.endswith(f"-at-{place}") else f"{name}-at-{place}"
        if alone not in definitions:
            definitions[alone] = copy.deepcopy(definitions[name])
        node["$ref"] = DEFS + alone
        name, schema = alone, definitions[alone]
    if disputed:
        facts = (
            entry.setdefault(EXTENSION, {}) if constraint.kind == "required" else schema[EXTENSION]
        )
        facts["disputed"] = [*facts.get("disputed", ()), constraint.kind]
    elif constraint.kind == "required":
        kept = [each for each in holder.pop("required") if each != constraint.location[-1]]
        holder.update({"required": kept} if kept else {})
    else:
        definitions[name] = _without(schema, constraint.kind)


def _without(schema: Json, kind: str) -> Json:
    """A definition that asks for everything it asked for, one kind of constraint apart."""
    facts = schema[EXTENSION]
    facts["origins"].pop(kind, None)
    if kind == "type":
        return {EXTENSION: {"type": "document"}}
    if kind == "union":
        facts["type"] = "structure"
        return {name: value for name, value in schema.items() if name != "oneOf"}
    if kind == "enum":
        return {name: value for name, value in schema.items() if name != "enum"}
    if kind == "pattern":
        facts.pop("pattern", None)
    bounds = facts.get("bounds", {})
    low, high = LENGTH_NAMES.get(facts["type"], ("minimum", "maximum"))
    suffix = "Length" if facts["type"] in LENGTH_NAMES else "imum"
    bounds.pop({low: f"min{suffix}", high: f"max{suffix}"}.get(kind, ""), None)
    if facts["type"] in ("list", "map"):
        return {name: value for name, value in schema.items() if name != kind}
    return {**_built(schema, facts, bounds, suffix), EXTENSION: facts}


def _built(schema: Json, facts: Json, bounds: Json, suffix: str) -> Json:
    """The keywords of a scalar that has the bounds, the pattern and the values that are left."""
    left = {kind: bounds[kind + suffix] for kind in ("min", "max") if kind + suffix in bounds}
    values = {"enum": schema["enum"]} if schema.get("enum") else {}
    pattern = {"pattern": facts["pattern"]} if facts.get("pattern") else {}
    shape = {"type": facts["type"], **left, **values, **pattern}
    made: Json = shape_schema({"it": shape}, "it", closed=True)
    return made
