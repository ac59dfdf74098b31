"""Reads the JSON Schema documents of an operation into an `Operation`.

The documents are plain JSON Schema 2020-12; `x-contract` has the facts that it cannot express.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from contract_kit.contract.constraints import request_constraints, response_constraints
from contract_kit.contract.operation import ErrorShape, Operation
from contract_kit.contract.shape import BY_NAME, NUMERIC_TIMES, Binding, Json, Member, Shape
from contract_kit.errors import SourceError
from contract_kit.pattern.compiled import understood

EXTENSION = "x-contract"
DEFS = "#/$defs/"

_WIRE_FACTS = frozenset(
    (
        "location",
        "locationName",
        "queryName",
        "hostLabel",
        "flattened",
        "jsonvalue",
        "xmlAttribute",
        "xmlNamespace",
    )
)

_MAY_TAKE_ALL = re.compile(r"\(\?[a-z]*s|\\[SWDPp]|10[Ff]{4}")
"""Part of every pattern that takes any characters: parsing all of them would take too long."""


def read_operation(request: Json, response: Json) -> Operation:
    """Builds the operation that a request and a response document describe.

    Raises SourceError where a document lacks the `x-contract` facts.
    """
    try:
        if not isinstance(request, dict) or not isinstance(response, dict):
            raise TypeError("it is not an object")
        return _operation(request, response)
    except (KeyError, TypeError, AttributeError) as error:
        lack = f"it has no {error.args[0]!r}" if isinstance(error, KeyError) else str(error)
        raise SourceError(
            f"not a request schema of contract-kit: {lack}; "
            "generate it again with `contract-kit derive`"
        ) from None


def _operation(request: dict[str, Json], response: dict[str, Json]) -> Operation:
    facts = request[EXTENSION]
    input_name = request["$ref"].removeprefix(DEFS)
    output_ref = response.get("$ref")
    output_name = output_ref.removeprefix(DEFS) if output_ref else None
    shapes = {name: _shape(name, body) for name, body in response.get("$defs", {}).items()}
    # A shape in both documents is the same but for members the reply alone may lack,
    # so the request's reading wins.
    shapes.update({name: _shape(name, body) for name, body in request["$defs"].items()})
    paging = facts.get("paging", {})
    for name, tokens in ((input_name, "inputTokens"), (output_name, "outputTokens")):
        if name is not None:
            shapes[name] = _paged(shapes[name], paging.get(tokens, ()))
    return Operation(
        id=facts["operation"],
        service=facts["operation"].partition(":")[0],
        name=facts["operation"].partition(":")[2],
        api_version=facts["apiVersion"],
        protocols=tuple(facts["protocols"]),
        facts=facts,
        signing_name=facts["signingName"],
        http_method=facts["http"]["method"],
        http_uri=facts["http"]["requestUri"],
        success_status=facts["http"]["successStatus"],
        errors=tuple(_error(error) for error in facts["errors"]),
        service_errors=tuple(facts.get("serviceErrors", ())),
        query_compatible=facts.get("queryCompatible", False),
        host_prefix=facts.get("hostPrefix", ""),
        xml_namespace=_namespace(facts)[0],
        input_binding=_binding(facts.get("input", {})),
        result_wrapper=facts.get("resultWrapper", ""),
        checksum_required=facts.get("checksumRequired", False),
        event_streams=tuple(facts.get("eventStreams", ())),
        has_formatted_times=any(_has_formatted_times(shape) for shape in shapes.values()),
        input=input_name,
        output=output_name,
        shapes=shapes,
        constraints=(
            *request_constraints(shapes, input_name),
            *response_constraints(shapes, output_name),
        ),
        request=request,
        response=response,
        sources=facts["sources"],
        disagreements=tuple(facts.get("disagreements", ())),
        examples=tuple(request.get("examples", ())),
    )


def _has_formatted_times(shape: Shape) -> bool:
    formats = (shape.timestamp_format, *(member.timestamp_format for member in shape.members))
    return any(format not in NUMERIC_TIMES for format in formats)


def _paged(shape: Shape, tokens: Sequence[str]) -> Shape:
    """The input or output with its page tokens marked."""
    members = (replace(each, page_token=each.name in tokens) for each in shape.members)
    return replace(shape, members=tuple(members))


def _error(error: Json) -> ErrorShape:
    return ErrorShape(
        name=error["name"],
        code=error.get("code", ""),
        statuses=tuple((entry["status"], entry["origin"]) for entry in error["statuses"]),
    )


def _origins(facts: Json) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((fact, tuple(sources)) for fact, sources in facts.get("origins", {}).items())


def _shape(name: str, body: Json) -> Shape:
    facts = body[EXTENSION]
    bounds = facts.get("bounds", {})
    items = body.get("items", body.get("additionalProperties"))
    return Shape(
        name=name,
        type=facts["type"],
        members=_members(body),
        item=_target(items) if facts["type"] in ("list", "map") else None,
        key=_target(body["propertyNames"]) if facts["type"] == "map" else None,
        sparse=facts.get("sparse", False),
        enum=tuple(body.get("enum", ())),
        min_length=bounds.get("minLength"),
        max_length=bounds.get("maxLength"),
        minimum=bounds.get("minimum"),
        maximum=bounds.get("maximum"),
        pattern=_pattern(facts.get("pattern"), bounds),
        sensitive=facts.get("sensitive", False),
        timestamp_format=facts.get("timestampFormat", ""),
        xml_name=facts.get("xmlName", ""),
        payload=facts.get("payload", ""),
        item_name=facts.get("itemName", ""),
        key_name=facts.get("keyName", ""),
        exclusive=facts.get("exclusive", ""),
        may_be_empty=facts.get("mayBeEmpty", False),
        origins=_origins(facts),
        disputed=tuple(facts.get("disputed", ())),
    )


def _pattern(text: str | None, bounds: Json) -> str | None:
    """The pattern of a shape, unless it forbids nothing but what the length limits forbid.

    No request can break one such as `[\\s\\S]*`, nor break `(?s).+` alone beside a least length.
    """
    if not text:
        return None
    if not _MAY_TAKE_ALL.search(text):
        return text
    pattern = understood(text)
    if pattern is None or pattern.free_lengths is None:
        return text
    least, most = pattern.free_lengths
    longest = bounds.get("maxLength")
    beyond = most is not None and (longest is None or longest > most)
    return text if beyond or bounds.get("minLength", 0) < least else None


def _members(body: Json) -> tuple[Member, ...]:
    required = body.get("required", ())
    members = []
    for name, schema in body.get("properties", {}).items():
        facts = schema.get(EXTENSION, {})
        members.append(
            Member(
                name=name,
                shape=_target(schema),
                required=name in required,
                idempotency_token=facts.get("idempotencyToken", False),
                identifier=facts.get("identifier", False),
                timestamp_format=facts.get("timestampFormat", ""),
                binding=_binding(facts),
                rules=tuple(facts.get("rules", ())),
                waits=facts.get("waits", False),
                origins=_origins(facts),
                disputed=tuple(facts.get("disputed", ())),
            )
        )
    return tuple(members)


def _binding(facts: Json) -> Binding:
    if _WIRE_FACTS.isdisjoint(facts):
        return BY_NAME
    namespace, prefix = _namespace(facts)
    return Binding(
        location=facts.get("location", ""),
        name=facts.get("locationName", ""),
        query_name=facts.get("queryName", ""),
        host_label=facts.get("hostLabel", False),
        flattened=facts.get("flattened", False),
        json_value=facts.get("jsonvalue", False),
        xml_attribute=facts.get("xmlAttribute", False),
        xml_namespace=namespace,
        xml_prefix=prefix,
    )


def _namespace(facts: Json) -> tuple[str, str]:
    """URI and prefix of an XML namespace; the model gives the service's as its URI alone."""
    given = facts.get("xmlNamespace", "")
    return (given, "") if isinstance(given, str) else (given["uri"], given.get("prefix", ""))


def _target(schema: Json) -> str:
    """Name of the shape that a `$ref`, or the first branch of a nullable one, points at."""
    reference = schema.get("$ref") or schema["anyOf"][0]["$ref"]
    name: str = reference.removeprefix(DEFS)
    return name
