"""`Seen` → `Call`: which constraints a call broke."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from contract_kit.contract.constraints import request_constraints
from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import ContractKitError
from contract_kit.report.facts import fact, origin_texts
from contract_kit.settings.contracts import Contracts
from contract_kit.spy.call import Broken, Call
from contract_kit.spy.canonical import Convert, converter
from contract_kit.spy.seen import Seen
from contract_kit.validate.reply import (
    ReplyValidator,
    echoed,
    fresh_identifiers,
    missing_identifiers,
)
from contract_kit.validate.validator import Validator
from contract_kit.wire.errors import (
    ERROR_CONSTRAINTS,
    bare_name,
    documented_statuses,
    status_fault,
)

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
def contract_of(contracts: Contracts, id: str) -> Contract:
    """The contract of an operation; raises ContractKitError if no source describes it."""
    operation = contracts.operation(id)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _CallReader:
    """How the calls of one operation and API version are read and checked.

    read_request, read_reply: from parameters and results to what the contract speaks of. Not by
    the client's model: each client that is created has one of its own. identifiers: members
    that every result has.
    """

    contract: Contract
    read_request: Convert
    read_reply: Convert
    identifiers: tuple[str, ...]


_readers: dict[tuple[Contracts, str, str, str], _CallReader | str] = {}
"""Contracts, service, operation and API version → how to read it, or why nobody can."""


def _reader_of(contracts: Contracts, seen: Seen) -> _CallReader | str:
    service = seen.service
    key = (contracts, service.service_name, seen.name, service.api_version)
    found = _readers.get(key)
    if found is None:
        found = _readers[key] = _new_reader(*key, seen)
    return found


def _new_reader(
    contracts: Contracts, service: str, name: str, version: str, seen: Seen
) -> _CallReader | str:
    try:
        contract = contract_of(contracts, f"{service}:{name}")
    except ContractKitError as error:
        return str(error)
    operation = contract.operation
    if operation.api_version != version:
        return (
            f"the client speaks API version {version}, the contract is of {operation.api_version}"
        )
    model = seen.service.operation_model(name)
    return _CallReader(
        contract=contract,
        read_request=converter(model.input_shape),
        read_reply=converter(model.output_shape),
        identifiers=tuple(member for member, _ in fresh_identifiers(operation, {})),
    )


def judge(contracts: Contracts, seen: Seen) -> Call:
    """Judges a call that has ended, and forgets its parameters and reply."""
    if seen.call is None:
        seen.call = _judge(contracts, seen)
        seen.params = seen.reply = None
    return seen.call


def _judge(contracts: Contracts, seen: Seen) -> Call:
    request: tuple[Broken, ...] = ()
    reply: tuple[Broken, ...] = ()
    reader = _reader_of(contracts, seen)
    if not isinstance(reader, str):
        sent = reader.read_request(seen.params)
        request = _request(reader.contract, sent)
        reply = _reply(reader, sent, seen)
    return Call(
        operation=f"{seen.service.service_name}:{seen.name}",
        file=seen.file,
        line=seen.line,
        request=request,
        reply=reply,
        status=seen.status,
        error=seen.error,
        unchecked=reader if isinstance(reader, str) else "",
    )


def _request(contract: Contract, request: Json) -> tuple[Broken, ...]:
    if contract.requests.is_valid(request):
        return ()
    found = contract.requests.violations(request)
    return tuple(_broken(contract, each.constraint, each.message) for each in found)


def _reply(reader: _CallReader, sent: Json, seen: Seen) -> tuple[Broken, ...]:
    if seen.reply is None:
        return ()
    contract = reader.contract
    if seen.error or seen.status >= 300:
        return _error(contract, seen)
    result = reader.read_reply(seen.reply)
    violations = contract.replies.violations(result)
    excused = echoed(sent, violations) if violations else ()
    found = [
        _broken(contract, REPLY + each.constraint.removeprefix("request."), each.message)
        for each in violations
        if each not in excused
    ]
    # Asked first, since nearly every result has them.
    if isinstance(result, dict) and any(result.get(name) is None for name in reader.identifiers):
        missing = missing_identifiers(contract.operation, result)
        found += [_broken(contract, id, text) for id, text in missing]
    return tuple(found)


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
