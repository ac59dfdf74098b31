"""Takes single constraints out of an operation: those that a user has switched off."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

from contract_kit.contract.document import DEFS, EXTENSION, read_operation
from contract_kit.contract.id_globs import glob_of, is_glob
from contract_kit.contract.operation import ABOUT_MESSAGES, Constraint, Operation
from contract_kit.contract.shape import ITEM, KEY, VALUE, Json, Location
from contract_kit.derive.shape_schema import shape_schema
from contract_kit.errors import UsageError

_BELOW = {ITEM: "items", KEY: "propertyNames", VALUE: "additionalProperties"}


def relaxed(operation: Operation, ids: Iterable[str], *, disputed: bool = False) -> Operation:
    """The operation without some constraints of its request, each at its own place alone.

    All depths of a shape that contains itself have the same definition. Where a type is switched
    off, any JSON value is allowed.

    ids: or globs. disputed: they stay, so that requests are made that keep them, but
    either answer to one that does not is right. Raises UnknownConstraint, and UsageError for one
    that is not about what requests hold.
    """
    found = {entry.id: entry for id in ids for entry in _named(operation, id)}
    document = _Document(_renamed(operation.request, {}))
    # The type last: nothing is left to remove where any value is allowed.
    for constraint in sorted(found.values(), key=lambda entry: entry.kind == "type"):
        if disputed:
            document.dispute(constraint)
        else:
            document.drop(constraint)
    return read_operation(document.request, operation.response)


def _named(operation: Operation, id: str) -> list[Constraint]:
    """The constraints of requests that an id or glob names."""
    wanted = glob_of(id)
    named = [entry for entry in operation.constraints if wanted.fullmatch(entry.id)]
    if not named and not is_glob(id):
        operation.constraint(id)
    named = [entry for entry in named if entry.kind not in ABOUT_MESSAGES and entry.location]
    if not named:
        raise UsageError(
            f"{operation.id}: {id!r} is not about a member of requests; "
            "remove it, or make it a known gap"
        )
    return named


class _Document:
    """A request document that is changed. Definitions are copied before, once for each location."""

    def __init__(self, request: Json) -> None:
        self.request = request
        self._copies: set[str] = set()

    def drop(self, constraint: Constraint) -> None:
        """Takes one constraint away."""
        body = self._body(constraint.location)
        facts = body[EXTENSION]
        kind = constraint.kind
        if kind == "required":
            holder = self._body(constraint.location[:-1])
            holder["required"].remove(constraint.location[-1])
            if not holder["required"]:
                del holder["required"]
        elif kind == "type":
            body.clear()
            body[EXTENSION] = {"type": "document"}
        elif kind == "union":
            del body["oneOf"]
            facts["type"] = "structure"
        elif facts["type"] in ("list", "map"):
            del body[kind]
            del facts["bounds"][_fact_name(kind)]
        else:
            _drop_from_scalar(body, kind)

    def dispute(self, constraint: Constraint) -> None:
        """Notes that nobody is held to a constraint."""
        *above, segment = constraint.location
        if segment in _BELOW:
            facts = self._body(constraint.location)[EXTENSION]
        else:
            # A member has notes of its own, so that its shape may stay what it is.
            member = self._body(tuple(above))["properties"][segment]
            facts = member.setdefault(EXTENSION, {})
        facts.setdefault("disputed", []).append(constraint.kind)

    def _body(self, location: Location) -> Json:
        """The definition at a location, which no other location has.

        Of a shape that contains itself all depths have the same one.
        """
        holder = self._reference(location)
        name = holder["$ref"].removeprefix(DEFS)
        if name not in self._copies:
            name = self._copied(name)
            holder["$ref"] = DEFS + name
        return self.request["$defs"][name]

    def _reference(self, location: Location) -> Json:
        """The schema that refers to the definition at a location."""
        if not location:
            return self.request
        above, segment = self._body(location[:-1]), location[-1]
        place = above[_BELOW[segment]] if segment in _BELOW else above["properties"][segment]
        # In a sparse list, null is an alternative to the shape.
        return place if "$ref" in place else place["anyOf"][0]

    def _copied(self, name: str) -> str:
        """The name of a copy of a definition, with those that it contains and that contain it."""
        definitions = self.request["$defs"]
        circle = [name, *self._circle(name)]
        number = next(
            number
            for number in itertools.count(1)
            if not any(f"{old}-{number}" in definitions for old in circle)
        )
        names = {DEFS + old: f"{DEFS}{old}-{number}" for old in circle}
        for old in circle:
            new = f"{old}-{number}"
            definitions[new] = _renamed(definitions[old], names)
            self._copies.add(new)
        return f"{name}-{number}"

    def _circle(self, name: str) -> list[str]:
        """The other definitions that a definition refers to, and that refer to it in turn."""
        below = self._below(name)
        return [other for other in below if other != name and name in self._below(other)]

    def _below(self, name: str) -> list[str]:
        """All definitions that one refers to, itself among them where it contains itself."""
        found: dict[str, None] = {}
        left = [name]
        while left:
            for other in _references(self.request["$defs"][left.pop()]):
                if other not in found:
                    found[other] = None
                    left.append(other)
        return list(found)


def _is_reference(key: str, value: Json) -> bool:
    """Whether an entry of a schema is one; a member may be called the same."""
    return key == "$ref" and isinstance(value, str)


def _references(value: Json) -> Iterator[str]:
    """The names of the definitions that a schema refers to."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if _is_reference(key, inner):
                yield inner.removeprefix(DEFS)
            elif key != EXTENSION:
                yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _renamed(value: Json, names: Mapping[str, str]) -> Json:
    """A copy of a schema whose references have other names."""
    if isinstance(value, dict):
        return {
            key: names.get(inner, inner) if _is_reference(key, inner) else _renamed(inner, names)
            for key, inner in value.items()
        }
    return [_renamed(inner, names) for inner in value] if isinstance(value, list) else value


def _fact_name(kind: str) -> str:
    """The name of a bound among the facts: lengths of all types share one."""
    return f"{kind[:3]}Length" if kind[3:] in ("Length", "Items", "Properties") else kind


def _drop_from_scalar(body: Json, kind: str) -> None:
    """Writes the definition of a string, number or blob anew from the facts that are left."""
    facts = body[EXTENSION]
    bounds = {name: bound for name, bound in facts.get("bounds", {}).items() if name != kind}
    shape: Json = {"type": facts["type"], **{name[:3]: bound for name, bound in bounds.items()}}
    if kind != "pattern" and "pattern" in facts:
        shape["pattern"] = facts["pattern"]
    if kind != "enum" and "enum" in body:
        shape["enum"] = body["enum"]
    made = shape_schema({"": shape}, "", closed=True)
    del made[EXTENSION]
    for keyword in ("minLength", "maxLength", "minimum", "maximum", "pattern", "enum", "type"):
        body.pop(keyword, None)
    for keyword in ("allOf", "anyOf", "not"):
        body.pop(keyword, None)
    facts.pop("bounds", None)
    if bounds:
        facts["bounds"] = bounds
    if kind == "pattern":
        del facts["pattern"]
    body.update(made)
