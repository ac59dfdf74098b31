"""Repeats what looks like a finding before anyone is blamed for it."""

from __future__ import annotations

from dataclasses import replace

from contract_kit.cases.case import Case
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.fuzz.judging import Judge
from contract_kit.fuzz.record import Record
from contract_kit.fuzz.sending.exchange import Exchange, Exchanged
from contract_kit.fuzz.sending.memo import ReplyMemo
from contract_kit.fuzz.sending.unrepeatable import unrepeatable
from contract_kit.verdict.judge import Judgement
from contract_kit.wire.errors import classify, is_collision

OFTEN = 3
"""Flaky cases in one run that are more than an accident."""

SETTLED = 1.0
"""Seconds in which a target may carry out a change that it accepted."""

BELIEVED = 5
"""Findings of one kind, each repeated, after which those like them are believed at once."""


class Confirmation:
    """Repeats the cases of one campaign.

    A case that shows that the connection, or what was sent on it before, changes an answer, is a
    finding of `wire.connection`.
    """

    def __init__(
        self,
        operation: Operation,
        exchange: Exchange,
        replies: ReplyMemo,
        record: Record,
        judge: Judge,
    ) -> None:
        self._operation = operation
        self._exchange = exchange
        self._replies = replies
        self._record = record
        self._judge = judge

    def confirm(
        self, case: Case, judgement: Judgement, seen: Exchanged
    ) -> tuple[Judgement, Exchanged]:
        """Sends twin and case once more, on a new connection, before anyone is blamed."""
        kind = (judgement.outcome, seen.answer.kind, seen.answer.name, str(seen.answer.status))
        if self._record.confirmed[kind] >= BELIEVED:
            return judgement, seen
        self._exchange.renew()
        # Only a refusal needs a twin, and one that was refused before proves nothing now.
        needs_twin = judgement.outcome != "too lax" and case.twin is not None
        has_forgotten = False
        if needs_twin and self._replies.twin_is_accepted(case):
            twin = self._replies.send_twin(case)
            # The case that crashed it may have made it forget its state, and crash it all the same.
            if twin.answer.kind == "error" and judgement.outcome != "crash":
                return self._twin_refused(case, twin), seen
            if twin.answer.kind == "broken":
                # Down or hanging: there is no one to repeat it to.
                return judgement, seen
            is_state = classify(self._operation, twin.answer.name) == "state"
            has_forgotten = is_state and seen.reply.failure == "dropped"
        repeated = self._replies.send(case)
        again = self._judge.of(case, repeated.answer)
        if again.outcome == judgement.outcome:
            self._record.confirmed[kind] += 1
            return again, repeated
        if has_forgotten:
            # It died, and what the case names went with it.
            return judgement, seen
        if judgement.outcome == "too lax" and is_collision(self._operation, repeated.answer.name):
            # The resource that it created the first time is in the way now.
            return judgement, seen
        self._blame_previous(case, judgement, seen)
        return again, repeated

    def _twin_refused(self, case: Case, twin: Exchanged) -> Judgement:
        """A request that was accepted before is refused now: by its state, or by mistake."""
        said = f"{twin.answer.name}: {twin.answer.text}"
        if self._replies.unrepeatable is not None:
            return Judgement(outcome="masked", reason=said)
        if classify(self._operation, twin.answer.name) not in ("state", "retry"):
            if self._replies.send_twin(case).answer.kind == "result":
                reason = f"a good request is refused after a bad one: {said}"
            elif not self.is_spoilt(case.twin):
                return Judgement(outcome="masked", reason=said)
            else:
                reason = f"a request that was accepted before is now refused: {said}"
            blame = Judgement(outcome="too strict", reason=reason)
            self._record.blame_connection(case, blame, twin)
        return Judgement(outcome="masked", reason=said)

    def is_spoilt(self, request: Json) -> bool:
        """Whether a request that was accepted is refused, and not just as a repetition of itself.

        Who carries out later what he accepts may have taken it twice at the start.
        """
        accepted = self._record.accepted
        if accepted not in (None, request):
            seen = self._exchange.send_request(accepted)
            if seen.answer.kind == "result":
                return False
        found = unrepeatable(self._operation, self._exchange, request, wait=SETTLED)
        if found is None:
            return self._exchange.send_request(request).answer.kind != "result"
        if found.restore is not None:
            self._replies.unrepeatable = found
        return found.restore is None

    def _blame_previous(self, case: Case, judgement: Judgement, first: Exchanged) -> None:
        """A case that is judged otherwise when repeated: did the message before it do that?"""
        previous = self._record.previous
        if previous is not None:
            self._exchange.renew()
            self._replies.send(previous)
            seen = self._replies.send(case)
            if self._judge.of(case, seen.answer).outcome == judgement.outcome:
                reason = f"answered differently after {previous.id} than alone: {judgement.reason}"
                self._record.blame_connection(case, replace(judgement, reason=reason), seen)
                return
        self._flaky(case, judgement, first)

    def _flaky(self, case: Case, judgement: Judgement, first: Exchanged) -> None:
        """Once may be an accident of the network; time and again it is the implementation."""
        self._record.flaky += 1
        self._record.note(f"flaky: {judgement.outcome} once, then not again, in {case.constraint}")
        if self._record.flaky == OFTEN:
            reason = f"{OFTEN} cases were answered differently when repeated: {judgement.reason}"
            self._record.blame_connection(case, replace(judgement, reason=reason), first)
