"""The facts that a page states about one member, by the kinds of constraints they become."""

from __future__ import annotations

from collections.abc import Iterator

from contract_kit.contract.document import EXTENSION
from contract_kit.contract.shape import Json
from contract_kit.derive.page import PageFacts, PageMember

PAGE_TYPES = {
    "String": "string",
    "Integer": "integer",
    "Long": "long",
    "Float": "float",
    "Double": "double",
    "Boolean": "boolean",
    "Timestamp": "timestamp",
    "Base64-encoded binary data object": "blob",
    "JSON value": "document",
}

KINDS = {
    "string": ("minLength", "maxLength", "enum", "pattern"),
    "blob": ("minLength", "maxLength"),
}
"""Kinds of constraints that a type can have; all others are numbers, which have a range."""


def page_type(member: PageMember) -> str | None:
    """The shape type that a page names, None where it names none that is known."""
    if not member.type:
        return None
    if member.is_array:
        return "list"
    if " map" in member.type:
        return "map"
    if member.target is not None:
        return "structure"
    return PAGE_TYPES.get(member.type)


def own_facts(member: PageMember, type: str) -> Json:
    """The facts that a page states of a member's own value, by constraint kind."""
    if type == "list":
        found = {"minItems": member.min_items, "maxItems": member.max_items}
    elif type == "map":
        found = {"minProperties": member.min_entries, "maxProperties": member.max_entries}
    else:
        return _plain_facts(member, type)
    return {kind: value for kind, value in found.items() if value is not None}


def _plain_facts(facts: PageFacts, type: str) -> Json:
    stated = {
        "minLength": facts.min_length,
        "maxLength": facts.max_length,
        "minimum": facts.minimum,
        "maximum": facts.maximum,
        "enum": list(facts.values) or None,
        "pattern": facts.pattern,
    }
    # `Valid Values` of a number are texts: as an enumeration they would forbid every number.
    kinds = KINDS.get(type, ("minimum", "maximum"))
    return {kind: stated[kind] for kind in kinds if stated[kind] is not None}


def scalar_facts(facts: PageFacts, shape: Json) -> Json:
    """The facts that a page states of items, keys or values, by constraint kind."""
    type = shape[EXTENSION]["type"]
    # Facts of items that are arrays themselves have no place in the layout of a page.
    return {} if type in ("list", "map") else _plain_facts(facts, type)


def inner_facts(member: PageMember) -> Iterator[tuple[str, PageFacts]]:
    """The JSON Schema keyword of what lies inside a member, with the facts stated of it."""
    if member.is_array:
        yield "items", member
    yield "propertyNames", member.key
    yield "additionalProperties", member.value
