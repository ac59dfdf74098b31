"""Hooks for schemathesis: `SCHEMATHESIS_HOOKS=contract_kit.schemathesis_hooks schemathesis run …`.

Importing this module registers, for documents of `contract-kit openapi`: serializers and
deserializers of awsJson; signatures with dummy credentials; the check `contract`, which judges
AWS results and errors by their names and names the constraint. Where schemathesis expects REST and
AWS services differ, such as a 405 for other methods, the services do not fail.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from contract_kit.contract.operation import Operation
from contract_kit.report.facts import fact, origin_texts
from contract_kit.settings.contracts import contracts_in
from contract_kit.verdict.unpaired import ShownConstraint, Unpaired
from contract_kit.wire.aws_json import TYPES
from contract_kit.wire.message import Message, Reply, header_items
from contract_kit.wire.sigv4 import Signer
from contract_kit.wire.table import wire_of

try:
    import schemathesis
    from requests.auth import AuthBase
    from schemathesis.core.failures import Failure, FailureGroup, Severity
except ImportError as error:
    raise ImportError(
        f"contract_kit.schemathesis_hooks needs schemathesis 4 ({error}); "
        "install the extra: pip install '.[schemathesis]' in a checkout of contract-kit"
    ) from None

if TYPE_CHECKING:
    from requests import PreparedRequest

REGION = "us-east-1"
OTHER_METHOD = "ST204"
"""Schemathesis's code for another method that is answered with anything but 405."""


@functools.cache
def _operation(id: str) -> Operation:
    """The operation of that id, as the settings in the working directory have it."""
    return contracts_in(Path.cwd()).operation(id)


class ContractFailure(Failure):
    """One constraint that does not hold, reported once per operation."""

    code = "ST901"
    checks = ("contract",)
    kind_title = "Contract broken"

    __slots__ = ("_constraint",)

    def __init__(self, *, label: str, shown: ShownConstraint, documented: str) -> None:
        named = shown.constraint
        also = ""
        if shown.also and shown.outcome == "too lax":
            also = f"; the request breaks {', '.join(shown.also)} as well"
        elif shown.also:
            named = f"one of {', '.join((shown.constraint, *shown.also))}"
        super().__init__(
            operation=label,
            title=f"{shown.outcome}: {named}",
            message=f"{shown.reason}{also}\ndocumented: {documented}",
            severity=Severity.CRITICAL if shown.outcome == "crash" else Severity.HIGH,
        )
        self._constraint = self.title

    @property
    def _unique_key(self) -> str:
        """Schemathesis keeps failures apart by it, and shrinks each to the smallest request."""
        return self._constraint


class Signature(AuthBase):
    """Signs what is sent, body included, unless the user gave an Authorization of their own."""

    def __init__(self, id: str) -> None:
        self._operation = _operation(id)

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """The request with its signature."""
        if "Authorization" not in request.headers:
            # The host alone: the message has the path.
            scheme, host, *_ = urlsplit(str(request.url))
            signer = Signer(self._operation, f"{scheme}://{host}", REGION)
            signed = signer.sign(_message(request))
            request.headers.update(dict(signed.headers))
        return request


def serialize(context: schemathesis.SerializationContext, value: Any) -> bytes:
    """A body as JSON; bytes that schemathesis made malformed go as they are."""
    if isinstance(value, bytes):
        return value
    return json.dumps(value, default=str).encode()


def deserialize(context: schemathesis.DeserializationContext, response: Any) -> Any:
    """A reply's JSON, so that schemathesis checks it against the schema."""
    return json.loads(response.content)


schemathesis.serializer(*TYPES)(serialize)
schemathesis.deserializer(*TYPES)(deserialize)


@schemathesis.hook
def before_call(
    context: schemathesis.HookContext, case: schemathesis.Case[Any], kwargs: dict[str, Any]
) -> None:
    """Signs requests that go over HTTP."""
    id = _id_of(case)
    if id is not None and case.operation.app is None:
        kwargs.setdefault("auth", Signature(id))


@schemathesis.hook
def filter_failure(
    context: schemathesis.HookContext, failure: Failure, case: schemathesis.Case[Any], response: Any
) -> bool:
    """Drops what is right in awsJson: the check `contract` judges other methods itself."""
    return not (failure.code == OTHER_METHOD and _id_of(case) is not None)


@schemathesis.check
def contract(
    context: schemathesis.CheckContext,
    response: schemathesis.Response,
    case: schemathesis.Case[Any],
) -> bool | None:
    """Judges a reply as `contract-kit fuzz` does; True, which skips it, in other documents."""
    id = _id_of(case)
    if id is None:
        return True
    reply = Reply(
        status=response.status_code,
        headers=tuple(
            (name, value) for name, values in response.headers.items() for value in values
        ),
        body=response.content,
    )
    found = _judge_of(id).findings(_message(response.request), reply)
    failures = [_failure(id, case.operation.label, shown) for shown in found]
    if failures:
        raise FailureGroup(failures)
    return None


def _id_of(case: schemathesis.Case[Any]) -> str | None:
    """The operation that a case is of; None in a document that the kit did not make."""
    facts = case.operation.definition.raw.get("x-contract")
    return facts["operation"] if isinstance(facts, dict) else None


@functools.lru_cache(maxsize=256)
def _judge_of(id: str) -> Unpaired:
    return Unpaired(wire_of(_operation(id)))


def _failure(id: str, label: str, shown: ShownConstraint) -> ContractFailure:
    wire = wire_of(_operation(id))
    known = next(each for each in wire.constraints if each.id == shown.constraint)
    origins = origin_texts(wire.operation, known, spoken=wire.label)
    documented = f"{fact(known)} [{'; '.join(origins)}]"
    return ContractFailure(label=label, shown=shown, documented=documented)


def _message(request: PreparedRequest) -> Message:
    """The message that was sent."""
    body = request.body or b""
    return Message(
        method=str(request.method),
        path=request.path_url,
        headers=header_items((name, str(value)) for name, value in request.headers.items()),
        body=body if isinstance(body, bytes) else str(body).encode(),
    )
