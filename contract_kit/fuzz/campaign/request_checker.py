"""Checks requests of any origin: is each answered as documented?"""

from __future__ import annotations

from typing import Any, NamedTuple

from contract_kit.cases.case import Case, family_of
from contract_kit.cases.good_request import unsequenced
from contract_kit.cases.open_questions import open_places
from contract_kit.contract.operation import Constraint
from contract_kit.contract.shape import Json
from contract_kit.errors import TargetError
from contract_kit.fuzz.preflight.preflight import Preflight, preflight
from contract_kit.fuzz.record import Record
from contract_kit.fuzz.setup import Setup
from contract_kit.target.interface import Target
from contract_kit.validate.validator import Validator
from contract_kit.verdict.faults import counting, without_echoes
from contract_kit.verdict.judge import Judgement, judge
from contract_kit.verdict.summary import Finding
from contract_kit.wire.errors import is_not_found
from contract_kit.wire.message import Expectation

SLUG = "drawn"
"""The slug of a case whose request no boundary case made."""


class Checked(NamedTuple):
    """The outcome of one request. finding: a deviation from the documentation, if any."""

    judgement: Judgement
    finding: Finding | None


class RequestChecker:
    """Checks requests of one operation against one target that is open.

    The first check sends the preflight: a target that refuses everything keeps no promise.
    """

    def __init__(self, setup: Setup, target: Target) -> None:
        self._setup = setup
        self._operation = setup.operation
        self._base, self._exchange = setup.base(), setup.exchange(target)
        self._validator = Validator(setup.operation, wire=True)
        self._constraints: dict[str, Constraint] = {
            entry.id: entry for entry in setup.wire.constraints
        }
        self._start: Preflight | None = None

    def check(self, sample: Any) -> Checked:
        """Judges the target's answer to a request.

        sample: a request, whose violations the validator finds, or a `Violating`, which names its
            own. The judgement is `masked` if the answer proves nothing.
        Raises TargetError where the target does not implement the operation.
        """
        if self._start is None:
            self._start = preflight(
                self._setup.wire,
                self._base,
                self._exchange,
                startup_timeout=self._setup.startup_timeout,
            )
        if not self._start.accepted:
            answer = self._start.seen.answer
            raise TargetError(
                f"{self._operation.id}: the target crashes on a conforming request: "
                f"{answer.text or answer.name}"
            )
        case = self._case(sample)
        seen = self._exchange.send_request(case.request)
        # There is no twin: what the surroundings name need not be there.
        unknown = is_not_found(seen.answer.name)
        judgement = judge(
            self._operation, case, seen.answer, profile=self._setup.profile, bound=unknown
        )
        record = Record()
        if judgement.is_finding:
            record.add(case, judgement, seen)
        answer = without_echoes(self._setup.wire, seen.message, seen.answer)
        for id, fault in counting(case, answer):
            record.add(case, fault, seen, constraint=id)
        return Checked(judgement, next(iter(record.findings.all()), None))

    def _case(self, sample: Any) -> Case:
        named = getattr(sample, "constraint", None)
        request = sample if named is None else sample.request
        violations = self._validator.violations(unsequenced(request))
        breaks = tuple(dict.fromkeys(violation.constraint for violation in violations))
        constraint = named or (breaks[0] if breaks else "request.type")
        undecided = any(self._constraints[id].disputed for id in breaks)
        return Case(
            id=f"{self._operation.name}/{constraint}/{SLUG}",
            constraint=constraint,
            side="outside" if breaks else "inside",
            expects="any" if undecided else "reject" if breaks else self._expects(request),
            family=family_of(self._constraints[constraint].kind),
            request=request,
            breaks=breaks,
        )

    def _expects(self, request: Json) -> Expectation:
        """The answer that a conforming request expects: for some, no source promises any."""
        shapes = self._operation.shapes
        root = shapes[self._operation.input]
        return "any" if any(True for _ in open_places(shapes, root, request)) else "accept"
