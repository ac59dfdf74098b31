"""Smithy's protocol tests of awsJson, as botocore's source distribution carries them."""

from __future__ import annotations

import base64
import json
import os
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

from contract_kit.contract.document import read_operation
from contract_kit.derive.schema import documents_of
from contract_kit.derive.service_model import ServiceModel

ARCHIVE = "CONTRACT_KIT_BOTOCORE_SDIST"
"""Names the environment variable with the path of the archive."""

FILES = ("json", "json_1_0", "json_1_0-query-compatible")
COUNT = 168

_SLASH = "the URL asked is the URL given: a path without a slash at its end gets none"
_PLAIN = "compression is the client's choice, and the kit sends each body as it shows it"
_NULL = "a null that a case holds is sent: a conforming request holds none"

DEPARTURES = {
    "input-json-AwsJson11HostWithPath": _SLASH,
    "input-json_1_0-AwsJson10HostWithPath": _SLASH,
    "input-json-AwsJson11StructuresDontSerializeNullValues": _NULL,
    "input-json-SDKAppliedContentEncoding_awsJson1_1": _PLAIN,
    "input-json-SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_1": _PLAIN,
    "input-json_1_0-SDKAppliedContentEncoding_awsJson1_0": _PLAIN,
    "input-json_1_0-SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_0": _PLAIN,
}
"""Tests that the kit does not follow, each with the reason."""


@dataclass(frozen=True)
class Official:
    """One test: what is given, and what is to be written or read."""

    id: str
    side: str
    model: dict = field(repr=False)
    given: dict = field(repr=False)
    endpoint: str = field(repr=False, default="https://example.com")

    @property
    def operation(self):
        """The operation that the test is about, derived from the test's own model."""
        metadata = {"endpointPrefix": "example", **self.model["metadata"]}
        body = {**self.model, "metadata": metadata}
        model = ServiceModel(
            service="suite", api_version=metadata.get("apiVersion", "1"), digest="", body=body
        )
        entry = self.given["given"]
        return read_operation(*documents_of(f"suite:{entry['name']}", model, entry))


def archive():
    """The path of the archive, None where there is none."""
    path = os.environ.get(ARCHIVE, "")
    return Path(path) if path and Path(path).is_file() else None


def officials(files=FILES):
    """Every test of the suite in those files; empty without the archive."""
    path = archive()
    if path is None:
        return []
    found = []
    with tarfile.open(path) as packed:
        top = packed.next().name.partition("/")[0]
        for side in ("input", "output"):
            for name in files:
                file = packed.extractfile(f"{top}/tests/unit/protocols/{side}/{name}.json")
                for suite in json.load(file):
                    endpoint = suite.get("clientEndpoint") or "https://example.com"
                    found += [
                        Official(f"{side}-{name}-{case['id']}", side, suite, case, endpoint)
                        for case in suite["cases"]
                    ]
    return found


def canonical(operation, name, value):
    """A value as the suite writes it, in the kit's form: it has blobs as plain text."""
    shape = operation.shapes[name]
    if shape.type == "blob" and isinstance(value, str):
        return base64.b64encode(value.encode()).decode()
    if isinstance(value, list) and shape.type == "list":
        return [canonical(operation, shape.item, item) for item in value]
    if isinstance(value, dict) and shape.type == "map":
        return {key: canonical(operation, shape.item, item) for key, item in value.items()}
    if isinstance(value, dict) and shape.is_structure:
        return {
            key: canonical(operation, shape.member(key).shape, item) for key, item in value.items()
        }
    return value
