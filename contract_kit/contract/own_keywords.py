"""The keywords of one definition in a contract of one's own, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping

from contract_kit.contract.document import DEFS, EXTENSION
from contract_kit.contract.own_limits import (
    BOUNDS,
    Wrong,
    read_bounds,
    read_enum,
    read_pattern,
    shown,
)
from contract_kit.contract.shape import Json

_OBJECT = {"type", "properties", "required", "additionalProperties"}
_NUMBER = {"type", "minimum", "maximum"}

KEYWORDS: dict[str, tuple[str, set[str]]] = {
    "structure": ("object", _OBJECT),
    "union": ("object", {*_OBJECT, "oneOf"}),
    "list": ("array", {"type", "items", "minItems", "maxItems"}),
    "map": (
        "object",
        {"type", "propertyNames", "additionalProperties", "minProperties", "maxProperties"},
    ),
    "string": (
        "string",
        {"type", "minLength", "maxLength", "pattern", "enum", "allOf", "anyOf", "not"},
    ),
    "integer": ("integer", _NUMBER),
    "long": ("integer", _NUMBER),
    "float": ("number", {*_NUMBER, "anyOf"}),
    "double": ("number", {*_NUMBER, "anyOf"}),
    "boolean": ("boolean", {"type"}),
    "timestamp": ("number", {"type"}),
    "blob": ("string", {"type", "contentEncoding", "pattern", "minLength", "maxLength"}),
    "document": ("", set()),
}
"""Type under `x-contract` → `type` of JSON Schema, and the keywords that are read beside it."""

NOTES = {
    *("title", "description", "$comment", "default", "examples"),
    *("deprecated", "readOnly", "writeOnly"),
}
"""Keywords that forbid nothing."""

_FLAGS = ("sparse", "sensitive", "idempotencyToken", "identifier", "mayBeEmpty", "waits")


def type_of(name: str, body: Json) -> str:
    """The type of a definition. Raises Wrong."""
    place = f"$defs.{name}"
    facts = body.get(EXTENSION) if isinstance(body, dict) else None
    if not isinstance(facts, dict):
        raise Wrong(place, f"has no object {EXTENSION} that says its type; add one")
    type = facts.get("type")
    if not isinstance(type, str) or type not in KEYWORDS:
        raise Wrong(place, f"{shown(type)} is not a type; write one of {', '.join(KEYWORDS)}")
    return type


def target(reference: Json, types: Mapping[str, str], place: str) -> str:
    """The name of the definition that a `$ref` names. Raises Wrong."""
    if isinstance(reference, str) and reference.startswith(DEFS):
        name = reference.removeprefix(DEFS)
        if name in types:
            return name
    raise Wrong(place, f"{shown(reference)} does not name a definition; write {DEFS}NAME")


def read_keywords(name: str, body: Json, types: Mapping[str, str], *, closed: bool) -> Json:
    """A definition with everything that the kit reads under `x-contract`. Raises Wrong.

    types: of all definitions. closed: a structure takes no members that are not documented.
    """
    place, type = f"$defs.{name}", types[name]
    wanted, known = KEYWORDS[type]
    for keyword in body.keys() - known - NOTES - {EXTENSION}:
        raise Wrong(place, f"{keyword!r} has no effect on type {type}; remove it")
    _check_facts(place, body[EXTENSION])
    if (
        wanted
        and body.get("type", wanted if wanted == "number" and "anyOf" in body else None) != wanted
    ):
        said = shown(body.get("type"))
        raise Wrong(place, f"type is {said}, but {type} needs {wanted!r}; write that")
    made = {**body, EXTENSION: {**body[EXTENSION]}}
    if type in ("structure", "union"):
        _read_members(place, made, types, closed=closed)
    elif type in ("list", "map"):
        _read_entries(place, made, types)
    if type in BOUNDS:
        read_bounds(place, made, type)
    if type == "string":
        read_enum(place, made)
        read_pattern(place, made, body[EXTENSION].get("bounds", {}))
    return made


def _check_facts(place: str, facts: Json) -> None:
    """Facts that nothing else looks at have the types that are relied upon."""
    for flag in _FLAGS:
        if not isinstance(facts.get(flag, False), bool):
            raise Wrong(place, f"{flag} is {shown(facts[flag])}; write true or false")
    origins, disputed = facts.get("origins", {}), facts.get("disputed", [])
    lists = [*origins.values(), disputed] if isinstance(origins, dict) else [None]
    if not all(
        isinstance(each, list) and all(isinstance(one, str) for one in each) for each in lists
    ):
        raise Wrong(place, "origins and disputed hold lists of strings; write names of sources")
    if not isinstance(facts.get("bounds", {}), dict):
        raise Wrong(place, "bounds is not an object; remove it, since the keywords count")


def _read_members(place: str, body: Json, types: Mapping[str, str], *, closed: bool) -> None:
    properties, required = body.get("properties", {}), body.get("required", [])
    if not isinstance(properties, dict):
        raise Wrong(place, "properties is not an object; write members, each with its $ref")
    for name, schema in properties.items():
        _read_member(place, name, schema, types)
    if not isinstance(required, list) or not all(isinstance(each, str) for each in required):
        raise Wrong(place, f"required is {shown(required)}; write a list of names of members")
    for name in required:
        if name not in properties:
            raise Wrong(
                place, f"{name!r} is required but not a member; add it, or remove it from required"
            )
    _close(place, body, closed=closed)
    if body[EXTENSION]["type"] == "union":
        one = [{"required": [name]} for name in properties]
        given = body.setdefault("oneOf", one)
        known = isinstance(given, list) and all(each in given for each in one)
        if not known or len(given) != len(one):
            raise Wrong(place, "oneOf does not name each member once; remove it")


def _close(place: str, body: Json, *, closed: bool) -> None:
    """Requests take no members that are not documented; replies may get some."""
    if closed:
        others = body.setdefault("additionalProperties", False)
        if others is not False:
            raise Wrong(place, f"additionalProperties is {shown(others)}; write false")
    elif body.pop("additionalProperties", True) is not True:
        raise Wrong(place, "additionalProperties forbids new members of a reply; remove it")


def _read_member(place: str, name: str, schema: Json, types: Mapping[str, str]) -> None:
    if not isinstance(schema, dict) or schema.keys() - NOTES - {"$ref", EXTENSION}:
        raise Wrong(place, f"the member {name!r} is not a $ref alone; move the rest to $defs")
    target(schema.get("$ref"), types, f"{place}.properties.{name}")
    facts = schema.get(EXTENSION, {})
    if not isinstance(facts, dict):
        raise Wrong(place, f"{EXTENSION} of the member {name!r} is not an object; write one")
    _check_facts(f"{place}.properties.{name}", facts)


def _read_entries(place: str, body: Json, types: Mapping[str, str]) -> None:
    """Items of a list, or keys and values of a map."""
    facts, is_map = body[EXTENSION], body[EXTENSION]["type"] == "map"
    keyword = "additionalProperties" if is_map else "items"
    entry = body.get(keyword)
    nullable = isinstance(entry, dict) and isinstance(entry.get("anyOf"), list)
    if nullable:
        first, *rest = entry["anyOf"] or [None]
        if entry.keys() != {"anyOf"} or rest != [{"type": "null"}]:
            raise Wrong(
                place, f"{keyword} is neither a $ref nor a $ref or null; write one of these"
            )
        entry = first
    if not isinstance(entry, dict) or entry.keys() - NOTES != {"$ref"}:
        raise Wrong(place, f"{keyword} is {shown(entry)}; write a $ref")
    target(entry["$ref"], types, f"{place}.{keyword}")
    if nullable:
        facts.setdefault("sparse", True)
    if facts.get("sparse", False) is not nullable:
        raise Wrong(place, f"sparse and {keyword} disagree about null; change one of them")
    if is_map:
        key = body.get("propertyNames")
        if not isinstance(key, dict) or key.keys() - NOTES != {"$ref"}:
            raise Wrong(place, f"propertyNames is {shown(key)}; write a $ref to a string")
        if types[target(key["$ref"], types, f"{place}.propertyNames")] != "string":
            raise Wrong(place, "propertyNames does not name a string; write a $ref that does")
