"""Probes around an awsJson body: targets and content types."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contract_kit.wire.head_probes import NO_OPERATION, NO_SERVICE
from contract_kit.wire.message import Expectation, Message, RawProbe

TARGET = "X-Amz-Target"


def targets(prefix: str, name: str, good: Message) -> Iterator[RawProbe]:
    """`X-Amz-Target` headers that name no operation of the service."""
    right = f"{prefix}.{name}"
    values = {
        "missing": None,
        "empty": "",
        "unknown-operation": f"{prefix}.{NO_OPERATION}",
        "longer": f"{prefix}.{name}X",
        "shorter": f"{prefix}.{_cut(name)}",
        "lower-case": f"{prefix}.{name.lower()}",
        "lower-case-service": f"{prefix.lower()}.{name}",
        "all-lower-case": f"{prefix}.{name}".lower(),
        "all-upper-case": f"{prefix}.{name}".upper(),
        "upper-case": f"{prefix}.{name.upper()}",
        "trailing-dot": f"{prefix}.{name}.",
        "unknown-service": f"{NO_SERVICE}.{name}",
        "no-service": name,
        "no-operation": f"{prefix}.",
    }
    # Some services are called in lower case by themselves.
    wrong = {value: slug for slug, value in reversed(values.items()) if value != right}
    for value, slug in reversed(wrong.items()):
        yield RawProbe(
            slug=slug,
            constraint="wire.target",
            message=good.with_header(TARGET, value),
            expects="reject",
            family="target",
        )


def _cut(name: str) -> str:
    """The name of an operation without half of its last word.

    Without a letter or a word it may be another operation: of one thing, of an older version.
    """
    last = re.split(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", name)[-1]
    return name[: -((len(last) + 1) // 2)]


def content_types(own: str) -> dict[str, tuple[str | None, Expectation]]:
    """Content types: parameters are allowed, about wrong ones nothing is promised."""
    return {
        "charset": (f"{own}; charset=utf-8", "accept"),
        "charset-without-blank": (f"{own};charset=UTF-8", "accept"),
        "upper-case": (own.upper(), "survive"),
        "other-version": (own[:-1] + {"0": "1", "1": "0"}[own[-1]], "survive"),
        "json": ("application/json", "survive"),
        "text": ("text/plain", "survive"),
        "missing": (None, "survive"),
    }
