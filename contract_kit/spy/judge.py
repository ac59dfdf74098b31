"""`Seen` → `Call`: which constraints a call broke."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from contract_kit import operation as find_operation
from contract_kit.contract.constraints import request_constraints
from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import ContractKitError
from contract_kit.protocol.errors import (
    ERROR_CONSTRAINTS,
    bare_name,
    documented_statuses,
    status_fault,
)
from contract_kit.report.facts import fact, origin_texts
from contract_kit.spy.call import Broken, Call
from contract_kit.spy.canonical import Convert, converter
from contract_kit.spy.seen import Seen
from contract_kit.validate.response import ReplyValidator, missing_identifiers
from contract_kit.validate.validator import Validator

REPLY = "response."
"""Begins the id of a constraint of a reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """An operation, its validators, and its constraints by id, those of the reply included."""

    operation: Operation
    requests: Validator
    replies: ReplyValidator
    constraints: Mapping[str, Constraint]


@functools.lru_cache(maxsize=256)
def contract_of(id: str) -> Contract:
    """What an operation promises; raises ContractKitError where nobody knows it."""
    operation = find_operation(id)
    constraints = {each.id: each for each in (*operation.constraints, *ERROR_CONSTRAINTS)}
    if operation.output is not None:
        for each in request_constraints(operation.shapes, operation.output):
            constraints[REPLY + each.id.removeprefix("request.")] = each
    return Contract(
        operation=operation,
        requests=Validator(operation),
        replies=ReplyValidator(operation),
        constraints=constraints,
    )


_converters: dict[tuple[str, str], tuple[Convert, Convert]] = {}
"""Operation id and API version → how to read its parameters and its results.

Not by the client's model: each client that is created has one of its own.
"""


def _converters_of(id: str, seen: Seen) -> tuple[Convert, Convert]:
    key = (id, seen.service.api_version)
    if key not in _converters:
        model = seen.service.operation_model(seen.name)
        _converters[key] = converter(model.input_shape), converter(model.output_shape)
    return _converters[key]


def judge(seen: Seen) -> Call:
    """What a call that has ended broke; what was sent and received is forgotten with it."""
    if seen.call is None:
        seen.call = _judge(f"{seen.service.service_name}:{seen.name}", seen)
        seen.params = seen.reply = None
    return seen.call


def _judge(id: str, seen: Seen) -> Call:
    request: tuple[Broken, ...] = ()
    reply: tuple[Broken, ...] = ()
    unchecked = ""
    try:
        contract = contract_of(id)
        known, used = contract.operation.api_version, seen.service.api_version
        if known == used:
            read_request, read_reply = _converters_of(id, seen)
            request = _request(contract, read_request(seen.params))
            reply = _reply(contract, seen, read_reply)
        else:
            unchecked = f"the client speaks API version {used}, the contract is of {known}"
    except ContractKitError as error:
        unchecked = str(error)
    return Call(
        operation=id,
        file=seen.file,
        line=seen.line,
        request=request,
        reply=reply,
        status=seen.status,
        error=seen.error,
        unchecked=unchecked,
    )


def _request(contract: Contract, request: Json) -> tuple[Broken, ...]:
    if contract.requests.is_valid(request):
        return ()
    found = contract.requests.violations(request)
    return tuple(_broken(contract, each.constraint, each.message) for each in found)


def _reply(contract: Contract, seen: Seen, read: Convert) -> tuple[Broken, ...]:
    if seen.reply is None:
        return ()
    if seen.error or seen.status >= 300:
        return _error(contract, seen)
    result = read(seen.reply)
    found = [
        _broken(contract, REPLY + each.constraint.removeprefix("request."), each.message)
        for each in contract.replies.violations(result)
    ]
    missing = missing_identifiers(contract.operation, result)
    return (*found, *(_broken(contract, id, text) for id, text in missing))


def _error(contract: Contract, seen: Seen) -> tuple[Broken, ...]:
    """A documented error with a status that is not its own."""
    name = bare_name(seen.error)
    if not documented_statuses(contract.operation, name):
        return ()
    text = status_fault(contract.operation, name, seen.status)
    return (_broken(contract, "error.status", text),) if text else ()


def _broken(contract: Contract, id: str, message: str) -> Broken:
    constraint = contract.constraints[id]
    origins = "; ".join(origin_texts(contract.operation, constraint))
    return Broken(constraint=id, message=message, documented=f"{fact(constraint)} [{origins}]")
