"""Requests that break exactly one constraint: `violating`."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contract_kit.cases.good_request import Bindings, GoodRequest, unsequenced
from contract_kit.cases.keeping_rules import breaking as breaking_rule
from contract_kit.contract.operation import Constraint, Operation, unknown_constraint
from contract_kit.contract.rules import Rule
from contract_kit.contract.shape import Json, location_id
from contract_kit.errors import ImpliedConstraint, UsageError
from contract_kit.strategies.breaking_values import breaking, refuses_null
from contract_kit.strategies.conforming_requests import bound_by, keeping_rules
from contract_kit.strategies.plan import Values
from contract_kit.strategies.shape_strategies import UNBOUND, Bound, Conforming
from contract_kit.strategies.surroundings import around
from contract_kit.validate.validator import Validator

OF_REQUESTS = frozenset(
    (
        *("type", "required", "union", "enum", "pattern", "minimum", "maximum"),
        *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
    )
)
"""Kinds of constraints that a request can break."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violating:
    """A request, and the id of the one constraint that it breaks.

    >>> Violating(request={"PageSize": 51}, constraint="PageSize.maximum").constraint
    'PageSize.maximum'
    """

    request: Json = field(hash=False)
    constraint: str


def violating(
    operation: Operation, constraint: str | None = None, *, bindings: Bindings | None = None
) -> SearchStrategy[Violating]:
    """Requests that break the named constraint, and no other, in random conforming surroundings.

    constraint: its id; None for any that can be broken alone, which the draw names.
    bindings: as for `valid`; a value bound at the constraint's location gives way.
    Raises UnknownConstraint for an id that the operation does not have, ImpliedConstraint for one
    that no request breaks alone, UsageError for one that no request can break, that the sources
    dispute or that is too large to send, and for a binding that names no location.

    >>> from contract_kit import operation
    >>> from hypothesis import find
    >>> op = operation("mailmanager:ListArchives")
    >>> find(violating(op, "PageSize.maximum"), lambda drawn: True).request
    {'PageSize': 51}
    """
    bound = bound_by(operation, bindings or {})
    breaker = Breaker(operation, bound) if bound else _breaker(operation)
    if constraint is not None:
        return breaker.named(constraint)
    ids = breaker.breakable
    if not ids:
        raise UsageError(f"{operation.id} has no constraint that a request can break alone")
    return st.sampled_from(ids).flatmap(breaker.named)


@functools.lru_cache(maxsize=64)
def _breaker(operation: Operation) -> Breaker:
    return Breaker(operation, UNBOUND)


class Breaker:
    """Builds the strategies of one operation's constraints, each when it is first asked for."""

    def __init__(self, operation: Operation, bound: Bound) -> None:
        self._operation = operation
        self._builder = Conforming(operation, bound, short=True)
        self._constraints = {constraint.id: constraint for constraint in operation.constraints}
        self._values: dict[tuple[str, str, bool], Values | None] = {}
        self._made: dict[str, SearchStrategy[Violating]] = {}

    @functools.cached_property
    def breakable(self) -> tuple[str, ...]:
        """Ids of the constraints that a request can break alone, in document order."""
        return tuple(
            id
            for id, constraint in self._constraints.items()
            if constraint.kind == "rule"
            or (
                constraint.kind in OF_REQUESTS
                and not constraint.disputed
                and constraint.implied_by is None
                and self._breaking(constraint) is not None
            )
        )

    def named(self, id: str) -> SearchStrategy[Violating]:
        """Requests that break one constraint; raises as `violating` does."""
        if id not in self._made:
            rule = next((rule for rule in self._operation.rules if rule.id == id), None)
            requests = self._breaking_rule(rule) if rule else self._breaking_alone(id)
            # As built it is shown as it is written, where a function would show its own words.
            self._made[id] = st.builds(Violating, request=requests, constraint=st.just(id))
        return self._made[id]

    def _breaking_alone(self, id: str) -> Values:
        constraint, values = self._found(id)
        drawn = around(self._builder, constraint.location, values)
        return keeping_rules(self._operation, drawn, around=constraint.location)

    def _breaking_rule(self, rule: Rule) -> Values:
        """Requests that break a rule of the user's own, each in its conforming surroundings."""
        operation, validator = self._operation, Validator(self._operation, wire=True)

        def broken(request: Json) -> Json:
            good, path = GoodRequest(operation, None, request).reach(rule.location)
            made = (each for _, each in breaking_rule(operation, rule, good, path[:-1]))
            alone = (each for each in made if _breaks(validator, each) == {rule.id})
            return next(alone, None)

        values = keeping_rules(operation, self._builder.request())
        return values.map(broken).filter(lambda request: request is not None)

    def _found(self, id: str) -> tuple[Constraint, Values]:
        constraint = self._constraints.get(id)
        if constraint is None:
            raise unknown_constraint(self._operation.id, id, self._constraints)
        if constraint.kind not in OF_REQUESTS:
            raise UsageError(f"{id} is about replies; no request breaks it")
        if constraint.disputed:
            raise UsageError(f"{id} is disputed: its sources state different limits")
        by = constraint.implied_by
        values = None if by else self._breaking(constraint)
        if values is None:
            raise self._unbreakable(constraint, by)
        return constraint, values

    def _breaking(self, constraint: Constraint) -> Values | None:
        """Values that break the constraint; the same for all locations of a shape."""
        shape = self._operation.shape_at(constraint.location)
        key = (shape.name, constraint.kind, refuses_null(self._builder, constraint))
        if key not in self._values:
            self._values[key] = breaking(self._builder, constraint)
        return self._values[key]

    def _unbreakable(self, constraint: Constraint, by: str | None) -> UsageError:
        """The error for a constraint that cannot be broken alone, or not at all."""
        place, kind = location_id(constraint.location), constraint.kind
        shape = self._operation.shape_at(constraint.location)
        if shape.pattern is not None and shape.regex is None:
            return UsageError(f"{constraint.id}: the pattern {shape.pattern!r} cannot be decided")
        if kind == "maxProperties":
            keys = self._operation.shapes[shape.key or ""]
            place, by = f"{place}[key]", "enum" if keys.enum else "pattern"
        elif by is None:
            siblings = (other for other in ("enum", "pattern") if other != kind)
            by = next((name for name in siblings if f"{place}.{name}" in self._constraints), None)
        if by is None:
            return UsageError(
                f"{constraint.id} is {constraint.limit}: too large to send in a request"
            )
        return ImpliedConstraint(
            f"{constraint.id} cannot be broken alone: any value that breaks it breaks "
            f"{place}.{by}; ask for that"
        )


def _breaks(validator: Validator, request: Json) -> set[str]:
    return {each.constraint for each in validator.violations(unsequenced(request))}
