"""Shapes of a service model, as the JSON Schemas in `schemas/` describe them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from contract_kit.pattern.compiled import Pattern

Json: TypeAlias = Any
"""A JSON value: None, bool, int, float, str, list of Json, or dict of str to Json."""

Path: TypeAlias = tuple[str | int, ...]
"""A place in one request: member names, map keys and list indices counted from 0."""

Location: TypeAlias = tuple[str, ...]
"""A place in every request of an operation: member names, `[]`, `[key]` and `[value]`."""

ShapeType = Literal[
    "structure",
    "union",
    "list",
    "map",
    "string",
    "integer",
    "long",
    "float",
    "double",
    "boolean",
    "timestamp",
    "blob",
    "document",
]

ITEM, KEY, VALUE = "[]", "[key]", "[value]"

TYPE_NAME = "__type"
"""A member that names the type of what it is in, on any wire; readers pass it over."""

YEAR_1, YEAR_9999 = -62_135_596_800, 253_402_300_799
"""First and last second of the years that calendars of most languages hold, in epoch seconds."""

NOT_FINITE = ("NaN", "Infinity", "-Infinity")
"""How JSON values write floats that are not finite (Smithy, JSON protocols)."""

LengthKind = Literal[
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"
]
LENGTHS: dict[str, tuple[LengthKind, LengthKind]] = {
    "string": ("minLength", "maxLength"),
    "blob": ("minLength", "maxLength"),
    "list": ("minItems", "maxItems"),
    "map": ("minProperties", "maxProperties"),
}
"""Type of a shape → the keywords that limit its length."""

NUMERIC_TIMES = ("", "unixTimestamp")
"""Formats of times that are numbers, wherever the protocol writes no others."""

INTEGER_BITS = {"integer": 32, "long": 64}
"""Signed width of the integral types (Smithy specification, simple types)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Where a member travels and under which names, for wires that do not take it by its own.

    location: `uri`, `querystring`, `header`, `headers` (all of one prefix), `statusCode`, or empty
        for the body. name: the name there, the prefix of `headers`; empty where it is the member's.
    query_name: its key in a form of ec2. flattened: items are beside the other members, without
        an element or key of their own. json_value: a value as JSON in a text.
    xml_namespace, xml_prefix: of its element.
    """

    location: str = ""
    name: str = ""
    query_name: str = ""
    host_label: bool = False
    flattened: bool = False
    json_value: bool = False
    xml_attribute: bool = False
    xml_namespace: str = ""
    xml_prefix: str = ""


BY_NAME = Binding()
"""The binding of a member that travels in the body, by its own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of a structure or union.

    shape: name of the member's shape in `Operation.shapes`.
    timestamp_format: how a time is written on the wire, where it is not as its shape says.
    binding: where it travels, and under which names.
    page_token: it carries a token that the service made, to go on where a page ended.
    rules: what documentation demands of it in words: whether a value that conforms is accepted
        depends on other members, on what exists, or on what no trait states.
    waits: documentation says that the answer may take as many seconds as its value.
    origins: facts of this member alone, each with the sources that state it.
    """

    name: str
    shape: str
    required: bool = False
    idempotency_token: bool = False
    identifier: bool = False
    timestamp_format: str = ""
    binding: Binding = BY_NAME
    page_token: bool = False
    rules: tuple[str, ...] = ()
    waits: bool = False
    origins: tuple[tuple[str, tuple[str, ...]], ...] = ()
    disputed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One shape. Bounds are inclusive; None means that no source states one.

    min_length, max_length: Unicode scalar values of a string, bytes of a blob,
        items of a list, entries of a map.
    minimum, maximum: documented range of a number, not the width of its type.
    pattern: the regular expression as the source writes it, for the whole string.
    timestamp_format: how a time is written on the wire (`iso8601`, `rfc822`, `unixTimestamp`);
        empty where the protocol decides.
    xml_name: of an element that no member names; empty where it is the shape's own.
    payload: the member that is the whole body; empty where members share the body.
    item_name, key_name: names of a list's items, or of a map's values and keys, in XML and forms;
        empty where the wire's own are right.
    exclusive: why a structure may be a union in all but its model, as a sentence; empty if not.
    may_be_empty: a source states that its least length is 0.
    """

    name: str
    type: ShapeType
    members: tuple[Member, ...] = ()
    item: str | None = None
    key: str | None = None
    sparse: bool = False
    enum: tuple[str, ...] = ()
    min_length: int | None = None
    max_length: int | None = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    pattern: str | None = None
    sensitive: bool = False
    timestamp_format: str = ""
    xml_name: str = ""
    payload: str = ""
    item_name: str = ""
    key_name: str = ""
    exclusive: str = ""
    may_be_empty: bool = False
    origins: tuple[tuple[str, tuple[str, ...]], ...] = ()
    disputed: tuple[str, ...] = ()

    @property
    def regex(self) -> Pattern | None:
        """The parsed pattern; None where there is none, or none that can be decided."""
        if self.pattern is None:
            return None
        # Loaded late, since reading a contract without patterns needs none of it.
        from contract_kit.pattern.compiled import understood

        return understood(self.pattern)

    def fits(self, length: int) -> bool:
        """Whether a length keeps the limits, in the units of `min_length`."""
        return (self.min_length or 0) <= length and (
            self.max_length is None or length <= self.max_length
        )

    @property
    def takes_one(self) -> bool:
        """Whether it holds one of its members: a union, or what may be one in all but its model."""
        return self.type == "union" or bool(self.exclusive)

    @property
    def is_structure(self) -> bool:
        """Whether the shape has named members: a structure or a union."""
        return self.type in ("structure", "union")

    def member(self, name: str) -> Member | None:
        """The member of that exact name, or None."""
        return next((member for member in self.members if member.name == name), None)


Shapes: TypeAlias = Mapping[str, Shape]
"""The shapes of an operation by their names."""


def location_id(location: Location) -> str:
    """`("Filters", "Include", "[]", "Values")` as `Filters.Include[].Values`."""
    return ".".join(location).replace(".[", "[")
