"""Requests of the REST protocols that are wrong, or unusual, around their bodies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from contract_kit.contract.operation import Operation
from contract_kit.wire.head_probes import NO_OPERATION, header_probes
from contract_kit.wire.message import Expectation, Message, RawProbe


def malformed_requests(
    operation: Operation, good: Message, content_type: str
) -> Iterator[RawProbe]:
    """All of them. content_type: of the body, empty where the operation has none of its own."""
    yield from _paths(operation, good)
    yield from _methods(operation, good)
    if content_type:
        yield from header_probes(
            good, "Content-Type", "wire.contentType", _content_types(content_type)
        )


def _paths(operation: Operation, good: Message) -> Iterator[RawProbe]:
    path, mark, query = good.path.partition("?")
    rest = mark + query
    paths: dict[str, tuple[str, Expectation]] = {
        "bad-escape": (f"{path}%zz{rest}", "survive"),
        "invalid-utf-8": (f"{path}%ff{rest}", "survive"),
        "trailing-slash": (f"{path}/{rest}", "survive"),
        "unknown-parameter": (f"{good.path}{'&' if mark else '?'}contractKitUnknown=1", "accept"),
        "long-parameter": (f"{good.path}{'&' if mark else '?'}contractKit={'k' * 4000}", "survive"),
    }
    if not operation.http_uri.startswith(("/{", "/?")) and operation.http_uri != "/":
        # Where a path begins with a label, every other path is that of something else.
        paths["unknown-path"] = (f"/{NO_OPERATION}{path}{rest}", "refuse")
    for slug, (changed, expects) in paths.items():
        constraint = (
            "wire.target"
            if slug in ("unknown-path", "unknown-parameter")
            else ("wire.encoding" if slug in ("bad-escape", "invalid-utf-8") else "wire.limits")
        )
        yield RawProbe(
            slug=slug,
            constraint=constraint,
            message=replace(good, path=changed),
            expects=expects,
            family="target",
        )


def _methods(operation: Operation, good: Message) -> Iterator[RawProbe]:
    """Methods that no operation of the service uses at such a path."""
    taken = operation.facts["http"].get("methods", ())
    for method in ("POST", "PUT", "PATCH"):
        if taken and method not in taken:
            yield RawProbe(
                slug=method.lower(),
                constraint="wire.method",
                message=replace(good, method=method),
                expects="refuse",
                family="wire",
            )


def _content_types(own: str) -> dict[str, tuple[str | None, Expectation]]:
    """Content types: parameters are allowed; of others servers for real services take many."""
    return {
        "charset": (f"{own}; charset=utf-8", "accept"),
        "text": ("text/plain", "survive"),
        "missing": (None, "survive"),
    }
