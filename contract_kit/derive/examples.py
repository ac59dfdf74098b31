"""The requests that botocore publishes as examples, in canonical form."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from contract_kit.contract.shape import Json
from contract_kit.derive.service_model import ServiceModel, load_beside
from contract_kit.derive.shape_schema import members_of

MOST = 3
"""Examples of an operation that are kept."""


def examples(model: ServiceModel, entry: Json) -> list[Json]:
    """Example requests of an operation, different ones, without members that it does not have."""
    body, _ = load_beside(model, "examples-1")
    found: list[Json] = []
    for example in body.get("examples", {}).get(entry["name"], ()) if "input" in entry else ():
        request = _canonical(model.body["shapes"], entry["input"]["shape"], example.get("input"))
        if request and request not in found:
            found.append(request)
    return found[:MOST]


def _canonical(shapes: Json, name: str, value: Json) -> Json:
    """A value as the kit writes it: times as numbers, blobs in base64."""
    shape = shapes[name]
    if shape["type"] == "structure" and isinstance(value, dict) and not shape.get("document"):
        members = members_of(shapes, shape)
        return {
            label: _canonical(shapes, members[label]["shape"], item)
            for label, item in value.items()
            if label in members
        }
    if shape["type"] == "list" and isinstance(value, list):
        return [_canonical(shapes, shape["member"]["shape"], item) for item in value]
    if shape["type"] == "map" and isinstance(value, dict):
        item = shape["value"]["shape"]
        return {key: _canonical(shapes, item, entry) for key, entry in value.items()}
    if shape["type"] == "blob" and isinstance(value, str):
        return base64.b64encode(value.encode()).decode()
    if shape["type"] == "timestamp" and isinstance(value, str):
        return _time(value)
    return value


def _time(text: str) -> Json:
    """Epoch seconds; the text itself if it is not a time in a known form."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
