"""`ExplorationContext`: what a campaign hands to its exploration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contract_kit.cases.case import Case
from contract_kit.cases.good_request import Bindings, GoodRequest
from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json
from contract_kit.fuzz.campaign.attribution import Attribution
from contract_kit.fuzz.campaign.case_runner import CaseRunner
from contract_kit.fuzz.campaign.minimization import Minimizer
from contract_kit.fuzz.findings import Findings
from contract_kit.fuzz.judging import Judge
from contract_kit.fuzz.record import Record
from contract_kit.fuzz.sending.confirmation import Confirmation
from contract_kit.fuzz.sending.exchange import Exchange
from contract_kit.fuzz.sending.liveness import Liveness
from contract_kit.fuzz.sending.memo import ReplyMemo
from contract_kit.wire.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplorationContext:
    """An operation of a target that carries out a request, and the parts of its campaign.

    bindings: as the user gave them. cases: all that were sent. total: cases and examples, at most.
    base: makes requests out of the accepted one. runner: tries a case as the campaign does.
    """

    wire: Wire
    bindings: Bindings
    cases: Sequence[Case]
    total: int
    base: GoodRequest
    exchange: Exchange
    replies: ReplyMemo
    record: Record
    judge: Judge
    liveness: Liveness
    confirmation: Confirmation
    attribution: Attribution
    minimizer: Minimizer
    runner: CaseRunner

    @property
    def operation(self) -> Operation:
        """The operation under test."""
        return self.wire.operation

    @property
    def findings(self) -> Findings:
        """Those of the campaign so far."""
        return self.record.findings

    def count_example(self) -> None:
        """Reports that an example is done."""
        self.record.advance(self.total, self.exchange.sent, examples=1)

    @property
    def accepted(self) -> Json:
        """The request that the target carries out."""
        return self.base.request

    @property
    def given(self) -> bool:
        """Whether requests have to be like that one: the user gave it, or no usual one is taken."""
        return bool(self.accepted != GoodRequest(self.operation, self.bindings).request)

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """All that have a verdict."""
        return self.wire.constraints

    def endless_patterns(self) -> set[str | None]:
        """Patterns that the target never comes back from, where no time-out interrupts it."""
        if self.exchange.is_interruptible:
            return set()
        crashed = {each.constraint for each in self.findings.all() if each.verdict == "crash"}
        return {
            self.operation.shape_at(entry.location).pattern
            for entry in self.operation.constraints
            if entry.kind == "pattern" and entry.id in crashed
        }
