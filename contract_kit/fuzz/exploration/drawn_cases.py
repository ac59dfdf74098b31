"""Makes cases of draws: what each expects, and the twin that proves it."""

from __future__ import annotations

import hashlib

from contract_kit.cases.case import Case, Side, family_of
from contract_kit.cases.good_request import unsequenced
from contract_kit.cases.near_values import is_tolerated
from contract_kit.cases.open_questions import raises_question
from contract_kit.cases.select import EXPLORED
from contract_kit.cases.typical import typical
from contract_kit.contract.shape import KEY, Json, Location, Path, Shape
from contract_kit.contract.values import put, rename
from contract_kit.fuzz.exploration.context import ExplorationContext
from contract_kit.strategies.violating_requests import Violating
from contract_kit.validate.validator import Validator
from contract_kit.validate.violation import Violation
from contract_kit.wire.message import Expectation, Family, Message

LARGE = 1_000_000
"""Bytes of a body beyond which a service may refuse to read on."""

_SIZES = {"string": "maxLength", "list": "maxItems", "map": "maxProperties"}


class DrawnCases:
    """Makes the cases of one operation."""

    def __init__(self, context: ExplorationContext) -> None:
        self._context = context
        self._operation = context.operation
        self._shapes = context.operation.shapes
        self._validator = Validator(context.operation, wire=True)
        self._wire = [entry.id for entry in context.constraints if entry.id.startswith("wire.")]

    def conforming(self, request: Json) -> Case | None:
        """The case of a request that conforms; None where it does not after all."""
        request = self._context.base.with_token(request)
        if self._violations(request) or self._context.wire.cannot_say(request):
            return None
        return self.inside("request.type", request, self._context.accepted)

    def inside(self, constraint: str, request: Json, twin: Json) -> Case:
        """The case of a conforming request that differs from a twin in what may be refused."""
        message = self._context.exchange.encode(request)
        is_open = len(message.body) > LARGE or raises_question(self._operation, request, twin)
        expects: Expectation = "any" if is_open else "accept"
        return self._case(constraint, "inside", expects, "value", message, request, twin)

    def violating(self, drawn: Violating) -> Case | None:
        """The case of a request that breaks one constraint; None where that is not so.

        Its twin is the same request with the usual value put back.
        """
        constraint = self._operation.constraint(drawn.constraint)
        request = self._context.base.with_token(drawn.request, but=constraint.location)
        violations = self._violations(request)
        if {violation.constraint for violation in violations} != {constraint.id}:
            return None
        if self._context.wire.cannot_say(request):
            return None
        twin = self._mended(request, constraint.location, violations[0].path)
        if self._violations(twin):
            twin = self._context.accepted
        message = self._context.exchange.encode(request)
        family = family_of(constraint.kind)
        shape = self._operation.shape_at(constraint.location)
        tolerated = constraint.kind == "type" and is_tolerated(shape, violations[0].value)
        return self._case(
            constraint.id, "outside", "reject", family, message, request, twin, tolerated
        )

    def raw(self, message: Message) -> Case:
        """The case of a message whose body is nearly that of a request."""
        constraint = self._subject_of(message)
        return self._case(
            constraint, "inside", "survive", "body", message, None, self._context.accepted
        )

    def _violations(self, request: Json) -> tuple[Violation, ...]:
        return self._validator.violations(unsequenced(request))

    def _mended(self, request: Json, location: Location, path: Path) -> Json:
        """The request with a usual value in place of the wrong one."""
        if not path:
            return self._context.accepted
        shape = self._operation.shape_at(location)
        usual = typical(self._shapes, shape.name, label=location[-1])
        mended = rename(request, path, usual) if location[-1] == KEY else put(request, path, usual)
        return self._context.base.bound(mended)

    def _subject_of(self, message: Message) -> str:
        """The constraint that a raw message is about: its encoding, its syntax, or its limits."""
        wanted = self._context.wire.read(message).constraint
        return wanted if wanted in self._wire else "request.type"

    def _case(
        self,
        constraint: str,
        side: Side,
        expects: Expectation,
        family: Family,
        message: Message,
        request: Json,
        twin: Json,
        tolerated: bool = False,
    ) -> Case:
        digest = hashlib.sha256(message.body).hexdigest()[:8]
        return Case(
            id=f"{self._operation.name}/{constraint}/{EXPLORED}{digest}",
            constraint=constraint,
            side=side,
            expects=expects,
            family=family,
            request=request,
            message=message if request is None else None,
            twin=twin,
            breaks=(constraint,) if side == "outside" else (),
            tolerated=tolerated,
        )


def accused(shape: Shape, value: Json) -> str:
    """The kind of the constraint that a refused conforming value is a matter of.

    A lower limit never is: smallest requests are at it by themselves.
    """
    if shape.enum:
        return "enum"
    if shape.pattern is not None:
        return "pattern"
    if type(value) in (int, float):
        return "maximum" if value == shape.maximum else "type"
    if shape.type in _SIZES and value and len(value) == shape.max_length:
        return _SIZES[shape.type]
    return "union" if shape.type == "union" else "type"
