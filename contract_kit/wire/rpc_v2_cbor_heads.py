"""The path and the headers of rpc-v2-cbor, and probes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from contract_kit.wire.head_probes import NO_OPERATION, NO_SERVICE
from contract_kit.wire.message import Expectation, Message, RawProbe

TYPE = "application/cbor"
HEADER = "smithy-protocol"
NAME = "rpc-v2-cbor"

WORDS = {
    "syntax": "the body is one well-formed CBOR item, in any spelling of the same value",
    "encoding": "a text string that is not UTF-8 is answered, in time and without a server fault",
    "target": "the end of the path names service and operation exactly",
    "protocol": f"{HEADER} is {NAME}, and nothing names the operation for another protocol",
    "method": "the operation is carried out for POST alone",
    "contentType": "other content types are answered, in time and without a server fault",
    "limits": "unusual sizes, depths, tags and keys are answered without a server fault",
    "connection": "each request is answered on its own, whatever was sent before it",
}
"""The demands of the wire, by the name of the constraint below `wire.`."""


def path_of(address: str) -> str:
    service, _, name = address.rpartition(".")
    return f"/service/{service}/operation/{name}"


def plain_path(message: Message) -> Message:
    """The message with its path decoded, without dots and empty segments."""
    segments: list[str] = []
    for segment in unquote(message.path.partition("?")[0]).split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    return replace(message, path="/" + "/".join(segments))


def paths(service: str, name: str, good: Message) -> Iterator[RawProbe]:
    """Paths that name no operation of the service, and some that may."""
    right = good.path
    wrong = {
        "missing": "/",
        "unknown-operation": path_of(f"{service}.{NO_OPERATION}"),
        "longer": f"{right}X",
        "shorter": right[:-1],
        "lower-case": path_of(f"{service}.{name.lower()}"),
        "upper-case": path_of(f"{service}.{name.upper()}"),
        "lower-case-service": path_of(f"{service.lower()}.{name}"),
        "unknown-service": path_of(f"{NO_SERVICE}.{name}"),
        "no-operation": path_of(f"{service}."),
        "no-service": f"/operation/{name}",
        "operation-alone": f"/{name}",
        "other-words": f"/services/{service}/operations/{name}",
        "longer-path": f"{right}/{NO_OPERATION}",
    }
    unpromised = {
        "prefixed": f"/v1{right}",
        "trailing-slash": f"{right}/",
        "empty-segment": right.replace("/operation", "//operation"),
        "query": f"{right}?contractKit=1",
        "percent-encoded": f"{right[:-1]}%{ord(right[-1]):02X}",
        "dot-segments": right.replace("/operation", "/../" + service + "/operation"),
    }
    known: set[str] = {right}
    for paths, expects in ((wrong, "reject"), (unpromised, "survive")):
        for slug, path in paths.items():
            if path in known:
                continue
            known.add(path)
            yield RawProbe(
                slug=slug,
                constraint="wire.target",
                message=replace(good, path=path),
                expects="reject" if expects == "reject" else "survive",
                family="target",
            )


PROTOCOLS: dict[str, tuple[str | None, Expectation]] = {
    "other": ("rpc-v2-json", "refuse"),
    "other-version": ("rpc-v3-cbor", "refuse"),
    "empty": ("", "survive"),
    "upper-case": (NAME.upper(), "survive"),
    "missing": (None, "survive"),
}

TYPES: dict[str, tuple[str | None, Expectation]] = {
    "charset": (f"{TYPE}; charset=utf-8", "survive"),
    "upper-case": (TYPE.upper(), "survive"),
    "json": ("application/json", "survive"),
    "text": ("text/plain", "survive"),
    "missing": (None, "survive"),
}

ACCEPTED: dict[str, tuple[str | None, Expectation]] = {
    "accepts-nothing": (None, "survive"),
    "accepts-json": ("application/json", "survive"),
    "accepts-all": ("*/*", "accept"),
}
