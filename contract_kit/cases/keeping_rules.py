"""Makes requests that keep the rules of the user's own, and requests that break one of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from contract_kit.cases.alternative import other
from contract_kit.cases.typical import typical
from contract_kit.contract.operation import Operation
from contract_kit.contract.rules import Rule, structures
from contract_kit.contract.shape import Json, Location, Path
from contract_kit.contract.values import ABSENT, get, put

ROUNDS = 4
"""Times that the rules are gone through: what one of them adds may concern another."""

Make = Callable[[Location], Json]
"""Makes a value for a location that has none."""


def settled(
    operation: Operation,
    request: Json,
    *,
    around: Location = (),
    bound: frozenset[Location] = frozenset(),
    make: Make | None = None,
) -> Json:
    """The request with members added, left out and changed until it keeps the rules.

    around: a location that is reached, which stays. bound: locations that stay before others do.
    Where rules contradict each other, it may break some after all.
    """
    for _ in range(ROUNDS if operation.rules else 0):
        before = request
        for rule in operation.rules:
            for path, _structure in list(structures(request, rule.parent)):
                request = _kept(operation, rule, request, path, around, bound, make)
        if request == before:
            break
    return request


def _kept(
    operation: Operation,
    rule: Rule,
    request: Json,
    path: Path,
    around: Location,
    bound: frozenset[Location],
    make: Make | None,
) -> Json:
    """The request with one structure of it, at a path, as a rule demands."""
    structure = get(request, path)
    if not rule.is_broken(structure):
        return request
    if rule.kind == "values":
        return put(request, (*path, rule.members[0]), json.loads(rule.values[0]))
    if rule.kind == "needs":
        for name in rule.members:
            if structure.get(name) is None:
                value = value_at(operation, (*rule.parent, name), make)
                request = put(request, (*path, name), value)
        return request
    given = [name for name in rule.members if structure.get(name) is not None]

    def rank(name: str) -> tuple[bool, bool]:
        here = (*rule.parent, name)
        return around[: len(here)] != here, not any(each[: len(here)] == here for each in bound)

    for name in sorted(given, key=rank)[1:]:
        request = put(request, (*path, name), ABSENT)
    return request


def value_at(operation: Operation, location: Location, make: Make | None = None) -> Json:
    """A value for a location that has none."""
    if make is not None:
        return make(location)
    shape = operation.shape_at(location)
    return typical(operation.shapes, shape.name, label=location[-1])


def breaking(
    operation: Operation, rule: Rule, request: Json, path: Path, make: Make | None = None
) -> Iterator[tuple[str, Json]]:
    """Requests that break a rule, each with a slug.

    request: one that keeps it, and has its first member. path: to the structure with that.
    """
    first, others = rule.members[0], rule.members[1:]
    if rule.kind == "values":
        value = get(request, (*path, first))
        shape = operation.shape_at(rule.location)
        usual = typical(operation.shapes, shape.name, label=first)
        tried = [other(operation.shapes, shape.name, value), usual, *shape.enum]
        known = [json.loads(text) for text in rule.values]
        for number, changed in enumerate([each for each in tried if each not in known][:3], 1):
            yield f"other-value-{number}", put(request, (*path, first), changed)
    for name in others:
        if rule.kind == "needs":
            yield f"without-{name}", put(request, (*path, name), ABSENT)
        else:
            value = value_at(operation, (*rule.parent, name), make)
            yield f"with-{name}", put(request, (*path, name), value)
