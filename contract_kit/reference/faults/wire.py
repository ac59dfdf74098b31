"""Targets, methods and content types that are taken although they are wrong, or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from contract_kit.contract.operation import Operation
from contract_kit.reference.faults.changes import crash
from contract_kit.reference.faults.fault import Fault, Install
from contract_kit.reference.refusal import Refusal
from contract_kit.reference.steps import Answer, Layer, Steps, addressed, header, reply_type
from contract_kit.wire.message import Message, Reply
from contract_kit.wire.table import wire_of

Match = Callable[[str, str, str], bool]
"""Whether a target, given with the right prefix and name, is taken for the operation."""

TARGETS: dict[str, Match] = {
    "ignored": lambda target, prefix, name: True,
    "missing-taken": lambda target, prefix, name: not target,
    "service-ignored": lambda target, prefix, name: target.rpartition(".")[2] == name,
    "service-optional": lambda target, prefix, name: target == name,
    "other-service-taken": lambda target, prefix, name: target.endswith(f".{name}"),
    "operation-ignored": lambda target, prefix, name: target.startswith(f"{prefix}."),
    "no-operation-taken": lambda target, prefix, name: target == f"{prefix}.",
    "longer-taken": lambda target, prefix, name: target.startswith(f"{prefix}.{name}"),
    "shorter-taken": lambda target, prefix, name: (
        target.startswith(f"{prefix}.") and name.startswith(target.rpartition(".")[2] or "?")
    ),
    "contained-taken": lambda target, prefix, name: name in target,
    "case-ignored": lambda target, prefix, name: target.lower() == f"{prefix}.{name}".lower(),
    "case-of-operation-ignored": lambda target, prefix, name: (
        target.startswith(f"{prefix}.") and target.lower() == f"{prefix}.{name}".lower()
    ),
    "case-of-service-ignored": lambda target, prefix, name: (
        target.endswith(f".{name}") and target.lower() == f"{prefix}.{name}".lower()
    ),
}

ANSWERS: dict[str, tuple[int, bytes, str]] = {
    "html-404": (404, b"<html><body>Not Found</body></html>", "text/html"),
    "empty-404": (404, b"", "text/html"),
    "html-500": (500, b"<html><body>Server Error</body></html>", "text/html"),
    "empty-200": (200, b"", "text/plain"),
    "no-members-200": (200, b"{}", "application/json"),
}


def wire_faults(operation: Operation) -> Iterator[Fault]:
    """Every leniency and failure about the head of a message."""
    for slug, match in TARGETS.items():
        yield _fault(f"target/{slug}", "target taken", _finding(operation, match))
    for slug, answer in ANSWERS.items():
        install = _unknown_answered(Reply(status=answer[0], headers=_typed(answer), body=answer[1]))
        yield _fault(f"target/unknown-{slug}", "unknown target answered wrongly", install)
    yield _fault("target/unknown-crashes", "unknown target answered wrongly", _crashing)
    dropped = _unknown_answered(Reply(failure="dropped"))
    yield _fault("target/unknown-dropped", "unknown target answered wrongly", dropped)
    yield _fault("target/missing-crashes", "missing target answered wrongly", _missing_crashes)
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        yield _fault(f"method/{method}-carried-out", "method taken", _taking((method,)))
    yield _fault("method/any-carried-out", "method taken", _taking(None))
    for slug, refuses in CONTENT_TYPES.items():
        yield _fault(f"content-type/{slug}", "content type answered wrongly", _typing(refuses))


def _typed(answer: tuple[int, bytes, str]) -> tuple[tuple[str, str], ...]:
    return (("Content-Type", answer[2]),)


def _fault(name: str, mechanism: str, install: Install) -> Fault:
    words = name.replace("/", " ").replace("-", " ")
    return Fault(name=name, mechanism=mechanism, description=f"has {words}", install=install)


def _finding(operation: Operation, match: Match) -> Install:
    """Takes a POST that asks for no operation for this one, where the target matches."""

    address = wire_of(operation).address.rpartition(".")[::2]

    def install(steps: Steps) -> Steps:
        def find(message: Message) -> Operation:
            try:
                return steps.find(message)
            except Refusal:
                target = addressed(message)
                taken = match(target, *address)
                if message.method == "POST" and taken:
                    return operation
                raise

        return replace(steps, find=find)

    return install


def _taking(methods: tuple[str, ...] | None) -> Install:
    """Reads these methods, or all of them, as POST."""

    def install(steps: Steps) -> Steps:
        def find(message: Message) -> Operation:
            if methods is None or message.method in methods:
                message = replace(message, method="POST")
            return steps.find(message)

        return replace(steps, find=find)

    return install


def _unknown_answered(reply: Reply) -> Install:
    def install(steps: Steps) -> Steps:
        def layer(answer: Answer, message: Message) -> Reply:
            try:
                steps.find(message)
            except Refusal:
                return reply if message.method == "POST" else answer(message)
            return answer(message)

        layers: tuple[Layer, ...] = (*steps.layers, layer)
        return replace(steps, layers=layers)

    return install


def _crashing(steps: Steps) -> Steps:
    def find(message: Message) -> Operation:
        try:
            return steps.find(message)
        except Refusal:
            raise crash() from None

    return replace(steps, find=find)


def _missing_crashes(steps: Steps) -> Steps:
    def find(message: Message) -> Operation:
        if not addressed(message):
            raise crash()
        return steps.find(message)

    return replace(steps, find=find)


Refuses = Callable[[str], Refusal | None]
"""The answer to a content type that is not accepted."""


def _unsupported() -> Refusal:
    return Refusal("UnsupportedMediaType", "send JSON", status=415)


def _parameters(given: str) -> Refusal | None:
    return _unsupported() if ";" in given else None


def _exactly(given: str) -> Refusal | None:
    """Refuses any type that is not written as the documentation writes it."""
    return None if given == reply_type() else _unsupported()


CONTENT_TYPES: dict[str, Refuses] = {
    "parameters-refused": _parameters,
    "only-exact-taken": _exactly,
    "parameters-crash": lambda given: crash() if ";" in given else None,
    "missing-crashes": lambda given: None if given else crash(),
    "other-crashes": lambda given: None if given.lower().startswith(reply_type()) else crash(),
    "other-version-crashes": lambda given: crash() if given.endswith("1.1") else None,
    "text-crashes": lambda given: crash() if given == "text/plain" else None,
    "upper-case-crashes": lambda given: crash() if given and given == given.upper() else None,
    "refused-as-serialization": lambda given: (
        Refusal("SerializationException", "send JSON") if ";" in given else None
    ),
}


def _typing(refuses: Refuses) -> Install:
    def install(steps: Steps) -> Steps:
        def find(message: Message) -> Operation:
            refusal = refuses(header(message, "content-type"))
            if refusal is not None:
                raise refusal
            return steps.find(message)

        return replace(steps, find=find)

    return install
