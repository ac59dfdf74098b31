"""Operations → one OpenAPI 3.1 document with the schemas of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contract_kit.contract.document import DEFS, EXTENSION
from contract_kit.contract.operation import Operation
from contract_kit.contract.server_schema import taking_nulls, taking_unknown
from contract_kit.contract.shape import Json
from contract_kit.errors import UsageError
from contract_kit.wire import timestamps
from contract_kit.wire.errors import COMMON_STATUSES
from contract_kit.wire.interface import Description
from contract_kit.wire.table import wire_of

COMPONENTS = "#/components/schemas/"
ERROR = "Error"
PROTOCOL = "json"


def openapi_document(operations: Iterable[Operation]) -> Json:
    """The document of some operations; raises UsageError for one that speaks no awsJson."""
    paths: dict[str, Json] = {}
    schemas: dict[str, Json] = {}
    services: dict[str, str] = {}
    for operation in operations:
        if PROTOCOL not in operation.protocols:
            raise UsageError(
                f"{operation.id} speaks {', '.join(operation.protocols)}; "
                f"an OpenAPI document can be made of {PROTOCOL} only"
            )
        called = wire_of(operation, PROTOCOL).describe()
        paths[called.path] = {called.method.lower(): _operation(operation, called)}
        schemas[ERROR] = called.error
        schemas.update(_schemas(operation))
        services[operation.service] = operation.api_version
    return {
        "openapi": "3.1.0",
        "info": {
            "title": ", ".join(services),
            "version": ", ".join(services.values()),
            "description": "Derived by contract-kit; x-contract names the source of each fact.",
        },
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _operation(operation: Operation, called: Description) -> Json:
    return {
        "operationId": operation.id.replace(":", "."),
        "tags": [operation.service],
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "schema": {"type": "string", "enum": [value]},
            }
            for name, value in called.headers
        ],
        "requestBody": {
            "required": True,
            "content": {
                called.content_type: {"schema": {"$ref": _request_ref(operation, operation.input)}}
            },
        },
        "responses": _responses(operation, called.content_type),
        EXTENSION: {"operation": operation.id, "sources": dict(operation.sources)},
    }


def _responses(operation: Operation, type_: str) -> Json:
    if operation.output is None:
        result: Json = {"type": "object"}
    else:
        result = {"$ref": _reply_ref(operation, operation.output)}
    found = {
        str(operation.success_status): {
            "description": "The result.",
            "content": {type_: {"schema": result}},
        }
    }
    for status, names in sorted(_errors(operation).items()):
        found[str(status)] = {
            "description": f"One of the errors {', '.join(names)}.",
            "content": {type_: {"schema": {"$ref": COMPONENTS + ERROR}}},
        }
    return found


def _errors(operation: Operation) -> dict[int, list[str]]:
    """Status → names of the errors that come with it.

    The operation's own, also with the status 400 that real services give them, and those that
    are common to all.
    """
    pairs: list[tuple[int, str]] = []
    for error in operation.errors:
        statuses = [status for status, _ in error.statuses]
        client = all(status < 500 for status in statuses)
        pairs += [(status, error.name) for status in (*statuses, *([400] if client else []))]
    pairs += [(status, name) for name, statuses in COMMON_STATUSES.items() for status in statuses]
    found: dict[int, list[str]] = {}
    for status, name in dict.fromkeys(pairs):
        found.setdefault(status, []).append(name)
    return found


def _request_ref(operation: Operation, name: str) -> str:
    return f"{COMPONENTS}{operation.service}.{name}"


def _reply_ref(operation: Operation, name: str) -> str:
    # The same shape takes what is unknown in a reply, and may be described by fewer sources.
    return f"{COMPONENTS}{operation.service}.{name}.reply"


def _schemas(operation: Operation) -> Iterator[tuple[str, Json]]:
    """Every shape of an operation as a schema of the document, requests as a server reads them."""
    for name, schema in timestamps.schemas(operation.request["$defs"]).items():
        key = _request_ref(operation, name).removeprefix(COMPONENTS)
        yield (
            key,
            _moved(taking_nulls(taking_unknown(schema)), f"{COMPONENTS}{operation.service}.", ""),
        )
    for name, schema in timestamps.schemas(operation.response.get("$defs", {})).items():
        key = _reply_ref(operation, name).removeprefix(COMPONENTS)
        yield key, _moved(schema, f"{COMPONENTS}{operation.service}.", ".reply")


def _moved(value: Json, prefix: str, suffix: str) -> Json:
    """A schema whose references lead to its shapes in the document."""
    if isinstance(value, dict):
        return {
            name: f"{prefix}{item.removeprefix(DEFS)}{suffix}"
            if name == "$ref" and isinstance(item, str)
            else _moved(item, prefix, suffix)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_moved(item, prefix, suffix) for item in value]
    return value
