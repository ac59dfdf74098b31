"""Cases as JSON for any language."""

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Iterator, Sequence

from contract_kit.cases.boundary import boundary_cases
from contract_kit.cases.case import Case
from contract_kit.cases.case_stream import CaseStream
from contract_kit.cases.finer_cases import finer_cases
from contract_kit.cases.good_request import Bindings, GoodRequest, Within
from contract_kit.cases.huge_amounts import huge_amounts_last
from contract_kit.cases.raw_cases import raw_cases
from contract_kit.cases.select import select
from contract_kit.cases.slow_cases import slow_cases
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.wire import timestamps
from contract_kit.wire.errors import right_errors
from contract_kit.wire.message import Message
from contract_kit.wire.wire import Wire


def all_cases(
    operation: Operation,
    wire: Wire | None,
    *,
    bindings: Bindings | None = None,
    request: Json = None,
    within: Within | None = None,
) -> Sequence[Case]:
    """Every case of an operation in the order in which they are sent.

    Huge numbers and patterns made to run long come last: an implementation may never come back from
    them.

    wire: the one whose malformed messages are among them, none without it. Other arguments as for
    `boundary_cases`.
    """
    base = GoodRequest(operation, bindings, request)
    # A session of tests asks for them twice at once: to name what there is, and to send it.
    placed = sorted((within or {}).items())
    return _all_cases(operation, wire, json.dumps([dict(bindings or {}), base.requests, placed]))


@functools.lru_cache(maxsize=4)
def _all_cases(operation: Operation, wire: Wire | None, given: str) -> Sequence[Case]:
    """given: bindings, request and the locations within as JSON."""
    bindings, request, locations = json.loads(given)
    within = {tuple(location): stays for location, stays in locations}
    boundary = boundary_cases(operation, bindings=bindings, request=request, within=within)

    def quick() -> Iterator[Case]:
        yield from boundary
        if wire is not None:
            yield from raw_cases(wire, bindings=bindings, request=request)

    def each() -> Iterator[Case]:
        yield from huge_amounts_last(operation, quick())
        yield from slow_cases(operation, bindings=bindings, request=request, within=within)

    return CaseStream(each())


def cases_named(
    operation: Operation,
    wire: Wire | None,
    ids: tuple[str, ...],
    *,
    bindings: Bindings | None = None,
    request: Json = None,
    within: Within | None = None,
) -> Sequence[Case]:
    """The cases with these ids, finer ones among them; every case of `all_cases` without ids.

    Raises UsageError also for an id that there is not.
    """
    cases = all_cases(operation, wire, bindings=bindings, request=request, within=within)
    if not ids:
        return cases
    finer = finer_cases(operation, bindings=bindings, request=request, within=within, known=cases)
    return select(operation, (*cases, *finer), ids)


def case_document(operation: Operation, case: Case) -> Json:
    """One case as JSON: what to send, what to expect, and the twin that must be accepted.

    It writes times as the wire does. `message` replaces `request` for a case that no request value
    can express; its body is `bodyBase64` if it is not UTF-8.
    """
    document: Json = {
        "id": case.id,
        "operation": operation.id,
        "constraint": case.constraint,
        "side": case.side,
        "expects": case.expects,
    }
    if case.expects == "reject":
        stated = operation.rule_error(case.constraint)
        document["errors"] = [stated] if stated else list(right_errors(case.family))
    if case.open and case.expects == "any":
        document["open"] = case.open
    if case.tolerated:
        document["toleratedByAws"] = True
    document["breaks"] = list(case.breaks)
    if case.message is None:
        document["request"] = timestamps.written(operation, operation.input, case.request)
    else:
        document["message"] = _message(case.message)
    if case.twin is not None:
        document["twin"] = timestamps.written(operation, operation.input, case.twin)
    return document


def case_body(wire: Wire, case: Case) -> bytes:
    """The body of the HTTP message that a case sends over a wire."""
    message = case.message or wire.encode(case.request)
    return message.body


def render_case(document: Json, *, indent: int | None = None) -> str:
    """A case as JSON text in UTF-8; escapes only where a string has no UTF-8 form.

    It writes `NaN` and `Infinity` as they are sent, though they are not JSON.
    """
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(document, indent=indent)
    return text


def _message(message: Message) -> Json:
    found: Json = {
        "method": message.method,
        "path": message.path,
        "headers": dict(message.headers),
    }
    try:
        found["body"] = message.body.decode()
    except UnicodeDecodeError:
        found["bodyBase64"] = base64.b64encode(message.body).decode()
    return found
