"""The campaign: sends the cases of one operation to a target and collects what they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from contract_kit.cases.case import Case
from contract_kit.cases.case_stream import make_ahead, total_of
from contract_kit.cases.good_request import GoodRequest
from contract_kit.contract.operation import Operation
from contract_kit.fuzz.campaign.attribution import Attribution
from contract_kit.fuzz.campaign.case_runner import CaseRunner
from contract_kit.fuzz.campaign.minimization import Minimizer
from contract_kit.fuzz.events import Listener, ignore
from contract_kit.fuzz.exploration.context import ExplorationContext
from contract_kit.fuzz.judging import Judge, bound_locations
from contract_kit.fuzz.partial_outcome import Part
from contract_kit.fuzz.preflight.preflight import Preflight, preflight
from contract_kit.fuzz.record import Record
from contract_kit.fuzz.sending.confirmation import Confirmation
from contract_kit.fuzz.sending.liveness import Liveness
from contract_kit.fuzz.sending.memo import ReplyMemo
from contract_kit.fuzz.setup import Setup
from contract_kit.target.interface import Target
from contract_kit.verdict.judge import Judgement, judge_reply

LOST = 20.0
"""Seconds lost in time-outs after which a constraint that is known to hang is probed no more."""


class Campaign:
    """One run of the cases of one operation against one target that is open.

    listener: is sent each part of what `run` finds. Raises UsageError for an unknown binding.
    """

    def __init__(self, setup: Setup, target: Target, listener: Listener = ignore) -> None:
        self.setup = setup
        self.wire = setup.wire
        operation = setup.operation
        self._base = setup.base()
        self._exchange = setup.exchange(target)
        self._record = Record(listener)
        self._replies = ReplyMemo(self.wire, self._exchange, self._record)
        given = self._base.requests if setup.requests else ()
        bound = bound_locations(operation, setup.bindings, given)
        self._judge = Judge(operation, self._replies, profile=setup.profile, bound=bound)
        self._liveness = Liveness(self._exchange, self._record)
        self._confirmation = Confirmation(
            operation, self._exchange, self._replies, self._record, self._judge
        )
        self._attribution = Attribution(self.wire, self._replies, self._judge, self._record)
        self._minimizer = Minimizer(operation, self._base, self._replies, self._judge, self._record)
        self._runner = CaseRunner(
            operation,
            self._exchange,
            self._replies,
            self._record,
            self._judge,
            self._liveness,
            self._confirmation,
            self._attribution,
            self._minimizer,
        )
        self._start: Preflight | None = None

    @property
    def operation(self) -> Operation:
        """The operation under test, with the unions in doubt that the target shows."""
        return self.wire.operation

    @property
    def ended(self) -> str:
        """Why the campaign stopped early; empty while it goes on."""
        return self._record.ended

    def start(self) -> Sequence[Case]:
        """Sends the preflight; the cases to send then, none where the target crashes on it.

        Raises TargetError where there is nothing to test.
        """
        wait = self.setup.startup_timeout
        start = preflight(self.wire, self._base, self._exchange, startup_timeout=wait)
        self._start, self._judge.usual = start, start.faults
        self._liveness.compare_with(self._exchange.encode(start.request))
        if not (start.accepted or start.names_nothing):
            self._record_crash(start)
            return ()
        self._replies.remember(start.exchanged(self.operation))
        self._record.note_run(start.notes)
        self.wire = self.wire.about(start.operation)
        self._replies.unrepeatable = start.unrepeatable
        self._record.accepted = start.accepted_request
        cases = start.cases(self.wire, self.setup.cases, self.setup.bindings)
        return self._attribution.know(cases)

    def run(self) -> ExplorationContext | None:
        """Sends all cases; what an exploration goes on from, None where there is none to come.

        Raises TargetError where there is nothing to test.
        """
        make_ahead(cases := self.start())
        exploration = self.setup.exploration
        more = exploration.examples if exploration else 0
        for case in cases:
            self.send(case)
            self._record.advance(total_of(cases, more), self._exchange.sent)
            if self._record.ended:
                return None
        start = self._start
        if exploration is None or start is None or not start.accepted:
            return None
        self._record.previous = None
        return ExplorationContext(
            wire=self.wire,
            bindings=self.setup.bindings,
            cases=cases,
            total=len(cases) + more,
            base=GoodRequest(
                self.operation, self.setup.bindings, start.requests, within=start.within
            ),
            exchange=self._exchange,
            replies=self._replies,
            record=self._record,
            judge=self._judge,
            liveness=self._liveness,
            confirmation=self._confirmation,
            attribution=self._attribution,
            minimizer=self._minimizer,
            runner=self._runner,
        )

    def send(self, case: Case) -> None:
        """Sends a case, unless the campaign has ended."""
        if self._record.ended:
            return
        if self._exchange.lost > LOST and self._record.findings.hangs(case):
            self._record.note(f"skipped, since the target hangs: more of {case.constraint}")
            return
        self._record.observe(case, *self._runner.run(case))

    def send_for(self, constraint: str, case: Case) -> None:
        """Sends a case, if need be once more, for what all replies like its own are held to."""
        if self._record.ended:
            return
        seen = self._replies.send(case)
        judgement = judge_reply(case, constraint, seen.reply, seen.answer)
        self._record.observe(replace(case, constraint=constraint), judgement, seen)
        self._runner.add_faults(case, seen)

    def finish(self) -> None:
        """The request that was accepted first must be accepted last, if it can be repeated."""
        start = self._start
        if start is None or not start.accepted or start.unrepeatable or self._record.ended:
            return
        case = start.case(self.operation)
        seen = self._replies.send(case)
        judgement = self._judge.of(case, seen.answer)
        if judgement.is_finding and self._confirmation.is_spoilt(case.request):
            reason = f"accepted at the start of the run, but not at the end: {judgement.reason}"
            self._record.blame_connection(case, replace(judgement, reason=reason), seen)

    def take(self, at: int = 0) -> Part:
        """The partial outcome since the last call. at: its place in the operation."""
        return self._record.take(self._exchange.sent, at=at)

    def forget_findings(self) -> None:
        """Lets what follows be confirmed by itself, whatever was found before."""
        self._record.forget_findings()

    def _record_crash(self, start: Preflight) -> None:
        case = start.case(self.operation)
        judgement = Judgement(outcome="crash", reason=start.seen.answer.text)
        self._record.observe(case, judgement, start.seen)
        self._record.add(case, judgement, start.seen)
        self._record.ended = "no conforming request was answered"
