"""Values that a user gives for several operations at once, by operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from contract_kit.cases.good_request import GoodRequest, parse_location, unsequenced
from contract_kit.contract.catalog import split_id
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import KEY, Json
from contract_kit.contract.values import IN_STRINGS, get, has_sequence
from contract_kit.errors import UsageError
from contract_kit.validate.validator import Validator
from contract_kit.validate.violation import Violation
from contract_kit.wire import timestamps


def bindings_for(
    operation: Operation, given: Mapping[str, Any], *, others: Iterable[Operation] = ()
) -> dict[str, Json]:
    """The bindings that concern one operation.

    given: location id → value, for each operation that has the location; or operation id → such
        bindings, of which each location must exist.
    others: the other operations that bindings are given for.
    Raises UsageError, also for a location that none of the operations has, and for a value that
    does not conform.
    """
    found: dict[str, Json] = {}
    _check_mapping("bindings", given, "{MEMBER: VALUE}")
    for id, value in given.items():
        if ":" not in id:
            if _has(operation, id) or not any(_has(other, id) for other in others):
                parse_location(operation, id)
                found[id] = value
        elif not isinstance(value, Mapping):
            raise UsageError(
                f"bindings of {id}: {value!r} is not a mapping; write {{{id!r}: {{MEMBER: VALUE}}}}"
            )
        elif id == operation.id:
            for inner in value:
                parse_location(operation, inner)
            found.update(value)
    return {
        id: binding(operation, id, value, f"the value given for {id}")
        for id, value in found.items()
    }


def requests_for(operation: Operation, given: Mapping[str, Any]) -> tuple[Json, ...]:
    """The known-good requests of one operation; raises UsageError.

    given: operation id → request, or a list of requests.
    """
    _check_mapping("requests", given, "{OPERATION: REQUEST}")
    for id in given:
        split_id(id)
    request = given.get(operation.id, ())
    found = request if isinstance(request, (list, tuple)) else (request,)
    source = f"{operation.id}: the request given"
    return tuple(known_good(operation, each, source) for each in found)


def known_good(operation: Operation, request: Json, source: str) -> Json:
    """The request in canonical form; raises UsageError, naming the source, if it does not conform.

    Otherwise no case would prove anything. It may write times as the wire does.
    """
    request = timestamps.given(operation, (), request)
    violations = Validator(operation, wire=True).violations(unsequenced(request))
    if violations:
        first = violations[0]
        remedy = _about_sequence(request, first)
        raise UsageError(
            f"{source} breaks {first.constraint}: {first.message}; "
            f"{remedy or 'cases need a conforming request to start from'}"
        )
    return request


def binding(operation: Operation, id: str, value: Json, source: str) -> Json:
    """A value for a location in canonical form; it may write times as the wire does.

    Raises UsageError, naming the source, where it breaks a constraint of its location: every
    request that holds it would break it.
    """
    location = parse_location(operation, id)
    if KEY in location:
        return value
    value = timestamps.given(operation, location, value)
    request, _ = GoodRequest(operation, {id: value}).reach(location)
    inside = {
        entry.id for entry in operation.constraints if entry.location[: len(location)] == location
    }
    for violation in Validator(operation, wire=True).violations(unsequenced(request)):
        if violation.constraint in inside:
            raise UsageError(
                f"{source} breaks {violation.constraint}: {violation.message}; "
                f"{_about_sequence(request, violation) or 'give a value that conforms'}"
            )
    return value


def _about_sequence(request: Json, violation: Violation) -> str:
    """The remedy for `{seq}` in place of another type than a string; empty if it is a string."""
    is_type = violation.constraint.endswith(".type")
    return IN_STRINGS if is_type and has_sequence(get(request, violation.path)) else ""


def _check_mapping(what: str, given: object, form: str) -> None:
    if not isinstance(given, Mapping):
        raise UsageError(f"{what}: {given!r} is not a mapping; give {form}")


def _has(operation: Operation, id: str) -> bool:
    try:
        parse_location(operation, id)
    except UsageError:
        return False
    return True
