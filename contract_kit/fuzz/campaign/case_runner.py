"""Sends one case and finds out what it shows: twin, judgement, confirmation, attribution."""

from __future__ import annotations

from contract_kit.cases.case import Case
from contract_kit.contract.operation import Operation
from contract_kit.fuzz.campaign.attribution import Attribution
from contract_kit.fuzz.campaign.minimization import Minimizer
from contract_kit.fuzz.judging import Judge
from contract_kit.fuzz.record import Record
from contract_kit.fuzz.sending.confirmation import Confirmation
from contract_kit.fuzz.sending.exchange import Exchange, Exchanged
from contract_kit.fuzz.sending.liveness import Liveness
from contract_kit.fuzz.sending.memo import ReplyMemo
from contract_kit.verdict.faults import counting
from contract_kit.verdict.judge import Judgement
from contract_kit.verdict.without_twin import without_twin


class CaseRunner:
    """Sends the cases of one campaign, one at a time; what they show is added to its record."""

    def __init__(
        self,
        operation: Operation,
        exchange: Exchange,
        replies: ReplyMemo,
        record: Record,
        judge: Judge,
        liveness: Liveness,
        confirmation: Confirmation,
        attribution: Attribution,
        minimizer: Minimizer,
    ) -> None:
        self._operation = operation
        self._exchange = exchange
        self._replies = replies
        self._record = record
        self._judge = judge
        self._liveness = liveness
        self._confirmation = confirmation
        self._attribution = attribution
        self._minimizer = minimizer

    def run(self, case: Case) -> tuple[Judgement, Exchanged]:
        """Sends a case, its twin first; what it shows is added to the findings."""
        if unsaid := self._exchange.unsaid(case):
            return Judgement(outcome="not expressible", reason=unsaid.reply.detail), unsaid
        twin = self._replies.twin_of(case, self._liveness)
        if twin is not None and twin.reply.failure:
            # The case may get no answer for the same reason.
            return without_twin(self._operation, case, twin.answer), twin
        seen = self._replies.to(case)
        if seen.reply.failure and self._record.busy_with:
            # It was at work on something else, which is to blame.
            if not self._liveness.lives(case):
                return Judgement(outcome="untested", reason=self._record.ended), seen
            seen = self._replies.send(case)
        judgement = self._judge.of(case, seen.answer)
        if twin is not None and self._attribution.is_alone(case, twin, judgement):
            judgement = without_twin(self._operation, case, twin.answer, judgement, seen.answer)
            if judgement.outcome == "untested":
                # The reason is the twin's answer; nothing else of the case counts.
                return judgement, twin
        judgement, seen = self._confirmed(case, judgement, seen)
        judgement = self._attribution.attribute(case, judgement, seen)
        if judgement.is_finding:
            shown = self._minimizer.minimal(case, judgement, seen)
            proven = twin is not None and twin.answer.kind == "result"
            self._record.add(case, judgement, shown, twin=proven)
        self.add_faults(case, seen)
        for remark in seen.answer.notes:
            self._record.note(remark)
        self._record.previous = case
        return judgement, seen

    def _confirmed(
        self, case: Case, judgement: Judgement, seen: Exchanged
    ) -> tuple[Judgement, Exchanged]:
        """The judgement of a case, confirmed if it is new, once the target is well."""
        is_new = judgement.is_finding and not self._record.findings.has(case, judgement.outcome)
        failed = judgement.outcome == "crash" and bool(seen.reply.failure)
        if failed and not self._liveness.lives(case):
            return judgement, seen
        if is_new:
            judgement, seen = self._confirmation.confirm(case, judgement, seen)
            if judgement.outcome == "crash" and seen.reply.failure:
                self._liveness.lives(case)
        return judgement, seen

    def add_faults(self, case: Case, seen: Exchanged) -> None:
        """Adds what a reply gets wrong whatever its case, as far as it is held to that."""
        for id, fault in counting(case, seen.answer):
            self.add_fault(case, id, fault.reason, seen)

    def add_fault(self, case: Case, id: str, text: str, seen: Exchanged) -> None:
        """Adds one thing that a reply gets wrong, as the smallest request shows it."""
        text, shown = self._minimizer.minimal_reply(case, id, text, seen)
        self._record.add_fault(case, id, text, shown)
