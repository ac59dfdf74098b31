"""Probes around a body: methods and content types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from contract_kit.contract.operation import Constraint
from contract_kit.wire.message import Expectation, Message, RawProbe

NO_OPERATION = "ContractKitNoSuchOperation"
NO_SERVICE = "ContractKitNoSuchService"
"""Names of what does not exist."""


def wire_constraints(words: Mapping[str, str]) -> tuple[Constraint, ...]:
    """Constraints of messages, from their names below `wire.` and what each demands in words."""
    return tuple(
        Constraint(
            id=f"wire.{name}", kind="wire", location=("wire",), origins=("protocol",), words=text
        )
        for name, text in words.items()
    )


def method_probes(good: Message, methods: tuple[str, ...]) -> Iterator[RawProbe]:
    """HTTP methods that the wire does not use for the operation."""
    for method in methods:
        yield RawProbe(
            slug=method.lower(),
            constraint="wire.method",
            message=replace(good, method=method),
            expects="refuse",
            family="wire",
        )


def header_probes(
    good: Message,
    header: str,
    constraint: str,
    values: Mapping[str, tuple[str | None, Expectation]],
) -> Iterator[RawProbe]:
    """Other values of a header, None for its absence, each by its slug."""
    for slug, (value, expects) in values.items():
        yield RawProbe(
            slug=slug,
            constraint=constraint,
            message=good.with_header(header, value),
            expects=expects,
            family="wire",
        )
