"""Assertions for tests of one's own: is this request answered as documented?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from contract_kit.cases.case import Case, family_of
from contract_kit.cases.good_request import Bindings, GoodRequest, unsequenced
from contract_kit.cases.open_questions import open_places
from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import TargetError
from contract_kit.fuzz.findings import Findings
from contract_kit.fuzz.preflight.preflight import Preflight, preflight
from contract_kit.fuzz.sending.exchange import Exchange
from contract_kit.fuzz.sending.patience import STARTUP
from contract_kit.report.curl import LONGEST_ARGUMENT
from contract_kit.report.explain import explanation
from contract_kit.report.run import ReportRun, program
from contract_kit.target.interface import Target
from contract_kit.validate.validator import Validator
from contract_kit.verdict.faults import counting, without_echoes
from contract_kit.verdict.judge import Judgement, Profile, judge
from contract_kit.verdict.summary import Finding
from contract_kit.wire.errors import is_not_found
from contract_kit.wire.message import Expectation
from contract_kit.wire.table import wire_of
from contract_kit.wire.wire import Wire

SLUG = "drawn"
"""Stands in ids of cases for a request that no boundary case made."""


class BrokenConstraint(AssertionError):
    """A request was not answered as documented; the message says it as the command line does."""


class Checker:
    """Checks requests of one operation against one target, of any origin.

    Arguments as for `Campaign`. The first check sends the preflight: a target that refuses
    everything keeps no promise.
    """

    def __init__(
        self,
        operation: Operation,
        target: Target,
        *,
        bindings: Bindings | None = None,
        request: Json = None,
        profile: Profile = "strict",
        region: str = "us-east-1",
        credentials: tuple[str, ...] = (),
        numbers: Iterator[int] | None = None,
        rate: float | None = None,
        startup_timeout: float = STARTUP,
        wire: Wire | None = None,
    ) -> None:
        self._operation = operation
        self._wire = wire = wire or wire_of(operation)
        self._base = GoodRequest(operation, bindings, request)
        self._profile: Profile = profile
        self._exchange = Exchange(
            wire,
            target,
            region=region,
            credentials=credentials,
            numbers=numbers,
            rate=rate,
        )
        self._startup_timeout = startup_timeout
        self._validator = Validator(operation, wire=True)
        self._run = ReportRun(
            url=target.url,
            region=region,
            profile=profile,
            seed=0,
            headers=target.abilities.header_names,
            by_url=target.abilities.reached_by_url,
            program=program(),
            credentials=len(credentials),
        )
        self._constraints: dict[str, Constraint] = {entry.id: entry for entry in wire.constraints}
        self._start: Preflight | None = None

    def check(self, sample: Any) -> Judgement:
        """What the target's answer to a request shows; raises BrokenConstraint for a deviation.

        sample: a request, of which the validator tells what it breaks, or a `Violating`, which
            says it itself. The judgement is `kept`, or `masked` where nothing can be told.
        Raises TargetError where the target does not implement the operation.
        """
        __tracebackhide__ = True
        if self._start is None:
            self._start = preflight(
                self._wire,
                self._base,
                self._exchange,
                startup_timeout=self._startup_timeout,
            )
        if not self._start.accepted:
            seen = self._start.seen
            raise TargetError(
                f"{self._operation.id}: the target crashes on a conforming request: "
                f"{seen.answer.text or seen.answer.name}"
            )
        case = self._case(sample)
        seen = self._exchange.send_request(case.request)
        # There is no twin: what the surroundings name need not be there.
        unknown = is_not_found(seen.answer.name)
        judgement = judge(self._operation, case, seen.answer, profile=self._profile, bound=unknown)
        findings = Findings()
        if judgement.is_finding:
            findings.add(case, judgement, seen.message, seen.reply)
        answer = without_echoes(self._wire, seen.message, seen.answer)
        for id, fault in counting(case, answer):
            findings.add(case, fault, seen.message, seen.reply, constraint=id)
        for finding in findings.all()[:1]:
            raise BrokenConstraint(self._explained(finding))
        return judgement

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
        """What a conforming request expects: about some, no source promises anything."""
        shapes = self._operation.shapes
        root = shapes[self._operation.input]
        return "any" if any(True for _ in open_places(shapes, root, request)) else "accept"

    def _explained(self, finding: Finding) -> str:
        constraint = self._constraints[finding.constraint]
        # No command makes the body of a request that was drawn.
        is_short = len(finding.message.body) <= LONGEST_ARGUMENT
        run = replace(self._run, by_url=self._run.by_url and is_short)
        return explanation(finding, constraint, self._wire, run)
