"""What tests share: the Hypothesis profile, small operations, a second opinion on requests."""

from __future__ import annotations

import functools
import gc
import os
import signal
import socket
import sys
from collections.abc import Iterator

import jsonschema
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from contract_kit import Operation
from contract_kit.derive.schema import model_documents
from contract_kit.derive.service_model import ServiceModel
from contract_kit.validate.jsonschema import ContractValidator

collect_ignore = ["examples"]
"""Projects of others: tests run them, each in a process of its own."""

settings.register_profile("contract-kit", derandomize=True, database=None, deadline=None)
settings.load_profile("contract-kit")

# Tests start hundreds of processes: compiled anew for each, the kit takes a second more in each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Begun in the background of a shell: what tests start and interrupt would ignore that as well.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish(session):
    """What was loaded to collect thousands of tests stays: nobody needs to look for garbage there.

    Before, Hypothesis makes its table of characters, while there is least beside what that takes.
    """
    st.characters(categories=["Lu"]).validate()
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def untraced():
    """The environment of a process that coverage does not trace.

    An interrupt that meets the tracer may be lost, and the process with it.
    """
    return {name: text for name, text in os.environ.items() if not name.startswith("COVERAGE")}


INNER = {"items": "[]", "additionalProperties": "[value]", "propertyNames": "[key]"}


class Oracle:
    """Which constraints a request breaks, by the committed document and `jsonschema` alone.

    The operation gives the names of constraints, and nothing else.
    """

    def __init__(self, operation: Operation) -> None:
        self._ids = {constraint.id for constraint in operation.constraints}
        self._document = operation.request
        self._validator = ContractValidator(operation.request)

    def broken(self, request) -> set[str]:
        """Ids of the constraints that the request breaks, read as a file."""
        by_place: dict[object, set[str]] = {}
        for error in self._leaves(self._validator.iter_errors(request)):
            path = list(error.absolute_schema_path)
            key = error.instance if "propertyNames" in path else None
            unknown = error.validator == "additionalProperties"
            place = repr((*error.absolute_path, key, unknown))
            by_place.setdefault(place, set()).update(self._name(error, path))
        # What has the wrong type is judged no further; a pattern that forbids what lengths forbid
        # is no constraint of its own.
        return {
            id
            for found in by_place.values()
            for id in ({one for one in found if one.endswith((".type", ".required"))} or found)
            if not (id.endswith(".pattern") and len(found) > 1 and id not in self._ids)
        }

    def broken_on_the_wire(self, request) -> set[str]:
        """The same, read as a server does: without unknown members and without nulls."""
        return self.broken(self._normalised(self._document, request))

    def _leaves(self, errors) -> Iterator[jsonschema.ValidationError]:
        for error in errors:
            nullable = error.validator == "anyOf" and {"type": "null"} in error.validator_value
            if nullable:
                branch = [inner for inner in error.context if inner.relative_schema_path[0] == 0]
                yield from self._leaves(branch)
            else:
                yield error

    def _name(self, error, path) -> Iterator[str]:
        location = self._location(path)
        if error.validator == "required":
            for name in error.validator_value:
                if name not in error.instance:
                    yield f"{location}.{name}.required".lstrip(".")
            return
        kind, facts = error.validator, error.schema.get("x-contract", {})
        if kind in ("minLength", "maxLength", "not"):
            kind = kind if kind in facts.get("bounds", {}) and kind in error.schema else "pattern"
        if kind in ("minimum", "maximum") and kind not in facts.get("bounds", {}):
            kind = "type"
        if kind == "anyOf" and error.schema.get("type") == "string":
            kind = "pattern"
        if kind in ("additionalProperties", "anyOf"):
            kind = "type"
        if error.schema.get("contentEncoding") and kind == "pattern":
            kind = "type"
        if kind == "type" and error.instance is None and f"{location}.required" in self._ids:
            kind = "required"
        kind = {"oneOf": "union"}.get(kind, kind)
        # A key has no type of its own: the map has one.
        location = location.removesuffix("[key]") if kind == "type" else location
        yield f"{location or 'request'}.{kind}"

    def _location(self, path) -> str:
        steps, found = iter(path[:-1]), []
        for step in steps:
            if step == "properties":
                found.append(f".{next(steps)}")
            elif step in INNER:
                found.append(INNER[step])
        return "".join(found).lstrip(".")

    def _is_document(self, member) -> bool:
        shape = self._document["$defs"][member["$ref"].rpartition("/")[2]]
        return shape["x-contract"]["type"] == "document"

    def _normalised(self, schema, value):
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return self._normalised(self._document["$defs"][name], value)
        if "anyOf" in schema:
            return value if value is None else self._normalised(schema["anyOf"][0], value)
        if "properties" in schema and isinstance(value, dict):
            return {
                name: self._normalised(member, value[name])
                for name, member in schema["properties"].items()
                if value.get(name) is not None or (name in value and self._is_document(member))
            }
        if "items" in schema and isinstance(value, list):
            return [self._normalised(schema["items"], item) for item in value]
        if "propertyNames" in schema and isinstance(value, dict):
            inner = schema["additionalProperties"]
            return {key: self._normalised(inner, item) for key, item in value.items()}
        return value


@pytest.fixture
def toy(monkeypatch):
    """Documents of an operation `toy:DoThing`, from member name → shape in botocore's format."""

    def documents(members, *, required=(), others=(), output=None, errors=()):
        def structure(given, required=()):
            references = {name: {"shape": name} for name in given}
            return {"type": "structure", "members": references, "required": list(required)}

        entry = {"name": "DoThing", "input": {"shape": "Input"}, "errors": list(errors)}
        shapes = {"Input": structure(members, required), **members, **dict(others)}
        if output is not None:
            entry["output"] = {"shape": "Output"}
            shapes |= {"Output": structure(output), **output}
        metadata = {"protocol": "json", "endpointPrefix": "toy", "apiVersion": "2020-01-01"}
        body = {"metadata": metadata, "operations": {"DoThing": entry}, "shapes": shapes}
        made = ServiceModel(service="toy", api_version="2020-01-01", digest="0" * 64, body=body)
        monkeypatch.setattr("contract_kit.derive.service_model.load_model", lambda service: made)
        return model_documents("toy:DoThing")

    return documents


@pytest.fixture
def closed_port():
    """A port at which nothing listens; it is held, so that nobody else can."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture(scope="session")
def oracle_of():
    """The second opinion on one operation."""
    return functools.lru_cache(Oracle)
