"""Structures that are unions in all but their model, as their target shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from contract_kit.cases.good_request import GoodRequest
from contract_kit.cases.typical import typical
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import KEY, Json, Shape
from contract_kit.contract.values import get, put
from contract_kit.contract.walk import Place, places
from contract_kit.fuzz.sending.exchange import Exchange

FEWEST = 3
"""Members of a structure that is looked at: of two, a refusal of both may have any reason."""

MOST = 10
"""Structures of an operation that are looked at."""

TRIED = 3
"""Second members that are tried beside the first."""


def with_inferred_unions(operation: Operation, base: GoodRequest, exchange: Exchange) -> Operation:
    """The operation with its unions in doubt: their members are probed one at a time.

    Such are structures of optional members of which the target refuses every second one alike, and
    takes another one alone.
    """
    found = {}
    for place in list(_doubtful(operation))[:MOST]:
        said = _refusal(operation, base, exchange, place)
        if said:
            why = f"the target refuses a second member of it with {said}"
            found[place.shape.name] = replace(place.shape, exclusive=why)
    return replace(operation, shapes={**operation.shapes, **found}) if found else operation


def _doubtful(operation: Operation) -> Iterator[Place]:
    """The first place of each structure that may be a union."""
    seen = {operation.input}
    for place in places(operation):
        shape = place.shape
        optional = not any(member.required for member in shape.members)
        is_candidate = shape.is_structure and not shape.takes_one and optional
        is_large = len(shape.members) >= FEWEST
        if is_candidate and is_large and shape.name not in seen and KEY not in place.location:
            yield place
        seen.add(shape.name)


def _refusal(operation: Operation, base: GoodRequest, exchange: Exchange, place: Place) -> str:
    """The error that answers every second member; empty where one is taken, or none alone."""
    request, path = base.reach(place.location)
    given = get(request, path)
    first = next(iter(given), None) if isinstance(given, dict) else None
    if first is None:
        return ""

    def said(value: Json) -> str:
        """The error that answers a request with a value there; empty for a result."""
        answer = exchange.send_request(put(request, path, value)).answer
        return "" if answer.kind == "result" else answer.name or answer.kind

    alone = {first: given[first]}
    if said(alone):
        return ""
    others = [_single(operation, place.shape, name) for name in _others(place.shape, first)]
    names = set()
    for each in others:
        names.add(said({**alone, **each}))
        if "" in names or len(names) > 1:
            return ""
    return names.pop() if any(not said(each) for each in others) else ""


def _others(shape: Shape, first: str) -> list[str]:
    return [member.name for member in shape.members if member.name != first][:TRIED]


def _single(operation: Operation, shape: Shape, name: str) -> dict[str, Json]:
    member = shape.member(name)
    assert member is not None, name
    return {name: typical(operation.shapes, member.shape, label=name)}
