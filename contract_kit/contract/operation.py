"""`Operation` and `Constraint`: the promises of one documented operation, as frozen data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from contract_kit.contract.shape import BY_NAME, Binding, Json, Location, Shape
from contract_kit.errors import UnknownConstraint
from contract_kit.text.near import did_you_mean

if TYPE_CHECKING:
    from contract_kit.contract.rules import Rule

ConstraintKind = Literal[
    "type",
    "required",
    "minLength",
    "maxLength",
    "pattern",
    "enum",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minimum",
    "maximum",
    "union",
    "wire",
    "response",
    "error",
    "rule",
]


ABOUT_MESSAGES = ("wire", "response", "error")
"""Kinds of constraints that say nothing about the values of a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """One restriction at one location.

    id: for example `Filters.Include[].StringExpression.Values[].minLength`.
    limit: the bound, pattern, value set or type name that holds, None for `required`.
    origins: the sources that state it: `page:NAME`, `model`, `protocol`, `type`.
    implied_by: the kind of the constraint at the same location that every request
        which breaks this one breaks too; None if it can be broken alone.
    disputed: the sources disagree about the limit, so that neither answer is wrong.
    rules: what documentation demands in words of the member, so that what conforms to the
        constraint may be refused all the same.
    words: what it demands, where no limit says so.
    """

    id: str
    kind: ConstraintKind
    location: Location
    limit: Json = field(hash=False, default=None)
    origins: tuple[str, ...] = ()
    implied_by: str | None = None
    disputed: bool = False
    rules: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorShape:
    """An error that the operation documents; statuses pairs each HTTP status with its origin.

    code: its other name, for clients that once spoke another protocol; empty if it has one name.
    """

    name: str
    statuses: tuple[tuple[int, str], ...]
    code: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that is right for the error."""
        return (self.name, self.code) if self.code else (self.name,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of one service.

    id: `service:Name`. protocols: wire protocols by preference, Smithy's or botocore's names.
    request, response: the JSON Schema documents; response is None where nothing is returned.
    service_errors: names of errors that other operations of the service document.
    query_compatible: whether errors carry a second name, for clients of the query protocol.
    host_prefix: the text before the host, such as `data-` or `{Member}.`; empty if there is none.
    xml_namespace: of the service's documents. input_binding: name and namespace of the root
        element of a request.
    result_wrapper: the element around a result. checksum_required: requests need one of their body.
    event_streams: of `input` and `output`, those that are streams of events.
    facts: the `x-contract` facts of the request document, of which each wire reads its own.
    has_formatted_times: whether any time in it is written as text on the wire.
    shapes: every shape that input or output refer to, by name. output: None like response.
    sources: what the documents were derived from, for reports. switched_off: constraints that
        the settings leave out, as ids or globs, each with the reason.
    examples: requests that the source publishes, which may but need not conform.
    rules: what the user's settings demand beside, each a constraint as well.
    """

    id: str
    service: str
    name: str
    api_version: str
    protocols: tuple[str, ...]
    signing_name: str
    http_method: str
    http_uri: str
    success_status: int
    errors: tuple[ErrorShape, ...]
    input: str
    output: str | None
    shapes: Mapping[str, Shape] = field(hash=False, repr=False)
    constraints: tuple[Constraint, ...] = field(repr=False)
    request: Json = field(hash=False, repr=False)
    response: Json = field(hash=False, repr=False)
    sources: Mapping[str, str] = field(hash=False, repr=False)
    facts: Mapping[str, Json] = field(hash=False, repr=False, default_factory=dict)
    disagreements: tuple[Json, ...] = field(hash=False, repr=False, default=())
    switched_off: tuple[tuple[str, str], ...] = ()
    service_errors: tuple[str, ...] = field(repr=False, default=())
    query_compatible: bool = False
    host_prefix: str = ""
    xml_namespace: str = ""
    input_binding: Binding = BY_NAME
    result_wrapper: str = ""
    checksum_required: bool = False
    event_streams: tuple[str, ...] = ()
    has_formatted_times: bool = field(repr=False, default=False)
    examples: tuple[Json, ...] = field(hash=False, repr=False, default=())
    rules: tuple[Rule, ...] = ()

    def constraint(self, id: str) -> Constraint:
        """The constraint with that id; raises UnknownConstraint.

        >>> from contract_kit import operation
        >>> operation("mailmanager:StartArchiveExport").constraint("ArchiveId.pattern").limit
        'a-[\\\\w]{1,64}'
        """
        for constraint in self.constraints:
            if constraint.id == id:
                return constraint
        raise unknown_constraint(self.id, id, (constraint.id for constraint in self.constraints))

    def rule_error(self, id: str) -> str:
        """The error that settings name for a violation of a rule; empty where they name none."""
        return next((rule.error for rule in self.rules if rule.id == id), "")

    def shape_at(self, location: Location) -> Shape:
        """The shape at a location such as `("Filters", "Include", "[]")`."""
        shape = self.shapes[self.input]
        for segment in location:
            shape = self.shapes[child(shape, segment)]
        return shape


def unknown_constraint(operation: str, id: str, known: Iterable[str]) -> UnknownConstraint:
    """The error for an id that none of the known constraints has, with the nearest one."""
    lists = f"`contract-kit cases {operation}` lists those it has"
    hint = did_you_mean(id, known, otherwise=lists)
    return UnknownConstraint(f"{operation} has no constraint {id!r}; {hint}")


def child(shape: Shape, segment: str) -> str:
    """Name of the shape one location segment below; raises KeyError where there is none."""
    if segment == "[key]":
        name = shape.key
    elif segment in ("[]", "[value]"):
        name = shape.item
    else:
        member = shape.member(segment)
        name = member.shape if member else None
    if name is None:
        raise KeyError(segment)
    return name
