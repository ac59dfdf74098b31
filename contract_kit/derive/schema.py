"""Service model → the JSON Schema documents of one operation."""

from __future__ import annotations

from collections.abc import Iterator

from contract_kit.contract.document import DEFS, EXTENSION
from contract_kit.contract.shape import Json
from contract_kit.derive.examples import examples
from contract_kit.derive.http_routes import methods_at
from contract_kit.derive.known_mistakes import mark_mistakes
from contract_kit.derive.paging import PAGINATORS, paging
from contract_kit.derive.protocol_traits import unwritten_traits
from contract_kit.derive.service_model import ServiceModel, model_operation
from contract_kit.derive.shape_schema import MODEL, members_of, shape_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FRESH_VERBS = ("Create", "Start", "Run", "Submit", "Send", "Put", "Begin", "Initiate", "Request")
"""Operations whose names start so make something new; the identifier they return is its name."""


def model_documents(id: str) -> tuple[Json, Json]:
    """Request and response document of `SERVICE:OPERATION`, from the installed botocore.

    Raises UnknownOperation.
    """
    return documents_of(id, *model_operation(id))


def documents_of(id: str, model: ServiceModel, entry: Json) -> tuple[Json, Json]:
    """Request and response document of one entry of a service model, called `id`."""
    shapes = model.body["shapes"]
    header = _header(id, model, entry)
    request = {
        "$schema": DIALECT,
        "$id": f"urn:contract-kit:{model.service}:{model.api_version}:{entry['name']}:request",
        "title": f"{id} request",
        **_root(shapes, entry.get("input"), closed=True),
        **({"examples": requests} if (requests := examples(model, entry)) else {}),
        EXTENSION: header,
    }
    mark_mistakes(request, model.service, entry["name"])
    response = {
        "$schema": DIALECT,
        "$id": f"urn:contract-kit:{model.service}:{model.api_version}:{entry['name']}:response",
        "title": f"{id} response",
        **_root(shapes, entry.get("output"), closed=False),
        EXTENSION: {"operation": id, "sources": header["sources"]},
    }
    if entry.get("output"):
        _mark_identifiers(response, shapes, entry)
    return request, response


def _header(id: str, model: ServiceModel, entry: Json) -> Json:
    metadata = model.body["metadata"]
    http = entry.get("http", {})
    query_compatible = "awsQueryCompatible" in metadata
    header = {
        "operation": id,
        "apiVersion": model.api_version,
        "protocols": metadata.get("protocols") or [metadata["protocol"]],
        "signingName": metadata.get("signingName", metadata["endpointPrefix"]),
        "http": {
            "method": http.get("method", "POST"),
            "requestUri": http.get("requestUri", "/"),
            "successStatus": http.get("responseCode", 200),
            **({"methods": methods} if (methods := methods_at(model.body, entry)) else {}),
        },
        "errors": [
            _error(model.body["shapes"], error["shape"], query_compatible=query_compatible)
            for error in entry.get("errors", ())
        ],
        "sources": {"model": model.source},
    }
    header.update(unwritten_traits(model.service))
    for name in ("jsonVersion", "targetPrefix", "xmlNamespace"):
        if name in metadata:
            header[name] = metadata[name]
    header.update(_message_facts(model.body["shapes"], entry))
    if query_compatible:
        header["queryCompatible"] = True
    if prefix := entry.get("endpoint", {}).get("hostPrefix"):
        header["hostPrefix"] = prefix
    stated = {each["name"] for each in header["errors"]}
    if others := [name for name in _error_names(model) if name not in stated]:
        header["serviceErrors"] = others
    pages, source = paging(model, entry)
    if pages is not None:
        header["paging"] = pages
        header["sources"].update({PAGINATORS: source} if source else {})
    return header


def _message_facts(shapes: Json, entry: Json) -> Json:
    """Facts of an operation about its whole messages, beside those of their members."""
    given, returned = entry.get("input", {}), entry.get("output", {})
    root = {trait: given[trait] for trait in ("locationName", "xmlNamespace") if trait in given}
    checksum = entry.get("httpChecksum", {}).get("requestChecksumRequired")
    streams = [
        part
        for part, target in (("input", given), ("output", returned))
        if target and _has_event_stream(shapes, shapes[target["shape"]])
    ]
    facts = {
        "input": root,
        "resultWrapper": returned.get("resultWrapper"),
        "checksumRequired": bool(checksum or entry.get("httpChecksumRequired")),
        "eventStreams": streams,
    }
    return {name: fact for name, fact in facts.items() if fact}


def _has_event_stream(shapes: Json, shape: Json) -> bool:
    targets = (shapes[member["shape"]] for member in shape.get("members", {}).values())
    return any(target.get("eventstream") for target in targets)


def _error(shapes: Json, shape: str, *, query_compatible: bool) -> Json:
    """An error: its name on the wire, and its status. A fault of the server is a 500.

    The wire shows the error's code where the model gives one, not the name of its shape; services
    that speak another protocol for clients of query show both.
    """
    traits = shapes[shape].get("error", {})
    status = traits.get("httpStatusCode", 500 if shapes[shape].get("fault") else 400)
    origin = "model" if "httpStatusCode" in traits else "protocol"
    code = traits.get("code", shape)
    statuses = [{"status": status, "origin": origin}]
    if query_compatible and code != shape:
        return {"name": shape, "code": code, "statuses": statuses}
    return {"name": code, "statuses": statuses}


def _error_names(model: ServiceModel) -> list[str]:
    """The names of all errors of a service, by their codes."""
    shapes = model.body["shapes"]
    return sorted(
        {
            shape.get("error", {}).get("code", name)
            for name, shape in shapes.items()
            if shape.get("exception")
        }
    )


def _root(shapes: Json, target: Json, *, closed: bool) -> Json:
    if target is None and not closed:
        return {"type": "object"}
    name = target["shape"] if target else "Input"
    source = shapes if target else {name: {"type": "structure", "members": {}}}
    names = _reachable(source, name)
    return {
        "$ref": DEFS + name,
        "$defs": {entry: shape_schema(source, entry, closed=closed) for entry in names},
    }


def _reachable(shapes: Json, name: str) -> list[str]:
    """Names of all shapes below one, itself first, each once, in document order."""
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found[current] = None
            waiting.extend(reversed(list(_targets(shapes, shapes[current]))))
    return list(found)


def _targets(shapes: Json, shape: Json) -> Iterator[str]:
    if shape.get("document"):
        return
    for member in members_of(shapes, shape).values():
        yield member["shape"]
    for part in ("key", "value", "member"):
        if part in shape:
            yield shape[part]["shape"]


def _mark_identifiers(response: Json, shapes: Json, entry: Json) -> None:
    """Marks members that the documentation calls the unique identifier of what was made.

    The request must not name the same member: then the caller chose the identifier.
    """
    if not entry["name"].startswith(FRESH_VERBS):
        return
    given = shapes[entry["input"]["shape"]].get("members", {}) if "input" in entry else {}
    output = shapes[entry["output"]["shape"]]
    for name, member in output.get("members", {}).items():
        text = (
            member.get("documentation", "") + shapes[member["shape"]].get("documentation", "")
        ).lower()
        if "unique identifier" in text and name not in given and name.endswith(("Id", "ID")):
            schema = response["$defs"][entry["output"]["shape"]]["properties"][name]
            facts = schema.setdefault(EXTENSION, {})
            facts["identifier"] = True
            facts.setdefault("origins", {})["identifier"] = [MODEL]
