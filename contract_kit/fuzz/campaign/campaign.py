"""The campaign: sends the cases of one operation to a target and collects what they show."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from contract_kit.cases.case import Case
from contract_kit.cases.case_stream import make_ahead, total_of
from contract_kit.cases.good_request import Bindings, GoodRequest
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.fuzz.campaign.attribution import Attribution, bound_locations
from contract_kit.fuzz.campaign.minimization import Smallest
from contract_kit.fuzz.exploration.context import ExplorationContext, Explore
from contract_kit.fuzz.findings import Findings
from contract_kit.fuzz.partial_outcome import Part, merged
from contract_kit.fuzz.preflight.preflight import Preflight, preflight
from contract_kit.fuzz.record import Record
from contract_kit.fuzz.sending.confirmation import Confirmation
from contract_kit.fuzz.sending.exchange import Exchange, Exchanged
from contract_kit.fuzz.sending.liveness import Liveness
from contract_kit.fuzz.sending.memo import ReplyMemo
from contract_kit.fuzz.sending.patience import STARTUP
from contract_kit.report.known_gaps import gaps_that_exist
from contract_kit.target.interface import Target
from contract_kit.verdict.faults import counting, judged
from contract_kit.verdict.judge import Judgement, Profile, judge, judge_reply
from contract_kit.verdict.outcome import Gap, Outcome
from contract_kit.verdict.without_twin import without_twin
from contract_kit.wire.message import Answer
from contract_kit.wire.table import wire_of
from contract_kit.wire.wire import Wire

LOST = 20.0
"""Seconds lost in time-outs after which a constraint that is known to hang is probed no more."""


class Campaign:
    """One run of all cases of one operation against one target.

    bindings, request: as in `boundary_cases`. only: ids of the cases to send, all if empty.
    credentials: as for `Signer`. numbers: as for `Exchange`; by default the seed decides them.
    rate: messages a second, at most. explore: what comes after the cases. startup_timeout: seconds
    in which the target may give its first answer. gaps: deviations that are known.
    wire: the one to speak, by default that of the operation's usual protocol.
    on_case: called with (cases and examples done, those in all, None until known) after each.
    Raises UsageError for an unknown case id, binding or gap.
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
        seed: int = 0,
        numbers: Iterator[int] | None = None,
        rate: float | None = None,
        startup_timeout: float = STARTUP,
        only: tuple[str, ...] = (),
        explore: Explore | None = None,
        gaps: tuple[Gap, ...] = (),
        on_case: Callable[[int, int | None], None] = lambda done, total: None,
        wire: Wire | None = None,
    ) -> None:
        self.wire = wire = wire or wire_of(operation)
        self._bindings = dict(bindings or {})
        self._base = base = GoodRequest(operation, self._bindings, request)
        given = base.requests if request is not None else ()
        self._bound = bound_locations(operation, self._bindings, given)
        self._profile: Profile = profile
        self._only, self._explore, self._on_case = only, explore, on_case
        self._wait = startup_timeout
        self._gaps = gaps_that_exist(gaps, operation, wire.constraints)
        self._exchange = Exchange(
            wire,
            target,
            region=region,
            credentials=credentials,
            numbers=itertools.count(seed * 100_000 + 1) if numbers is None else numbers,
            rate=rate,
        )
        self._replies = ReplyMemo(wire, self._exchange, self._add_fault)
        self._record = Record()
        self._liveness = Liveness(self._exchange, self._record)
        self._findings = Findings()
        self._confirmation = Confirmation(
            operation,
            self._exchange,
            self._replies,
            self._record,
            judge=self._judge,
            blame=self._blame_connection,
        )
        found = lambda: self._findings  # noqa: E731 - new ones after each part
        self._attribution = Attribution(wire, self._replies, self._bound, self._judge, found)
        self._smallest = Smallest(operation, base, self._replies, self._judge, found)
        self._start: Preflight | None = None
        self._locations = {entry.id: entry.location for entry in operation.constraints}

    @property
    def operation(self) -> Operation:
        """What is tested, with the unions in doubt that the target shows."""
        return self.wire.operation

    def run(self) -> None:
        """Sends all cases. Interrupted, `outcome` still has what was found until then.

        Raises TargetError where there is nothing to test.
        """
        make_ahead(cases := self.start())
        more = self._explore.examples if self._explore else 0
        for number, case in enumerate(cases, 1):
            self._run_case(case)
            self._on_case(number, total_of(cases, more))
            if self._record.ended:
                return
        if self._explore is not None and self._start is not None and self._start.accepted:
            self._explore(self._ground(self._start, cases, len(cases) + more))
        self.finish()

    def start(self) -> Sequence[Case]:
        """Sends the preflight; the cases to send then, none where the target crashes on it.

        Raises TargetError where there is nothing to test.
        """
        self._start = preflight(self.wire, self._base, self._exchange, startup_timeout=self._wait)
        self._liveness.compare_with(self._exchange.encode(self._start.request))
        if self._start.accepted or self._start.names_nothing:
            self._replies.remember(self._start.exchanged(self.operation))
            self._record.note_all(self._start.notes)
            self.wire = self.wire.about(self._start.operation)
            self._replies.unrepeatable = self._start.unrepeatable
            self._record.accepted = self._start.accepted_request
            return self._attribution.know(self._start.cases(self.wire, self._only, self._bindings))
        self._record_crash(self._start)
        return ()

    def send(self, case: Case) -> None:
        """Sends a case, unless the campaign has ended."""
        if not self._record.ended:
            self._run_case(case)

    def send_for(self, constraint: str, case: Case) -> None:
        """Sends a case, if need be once more, for what all replies like its own are held to."""
        if self._record.ended:
            return
        seen = self._replies.send(case)
        judgement = judge_reply(case, constraint, seen.reply, seen.answer)
        self._record.observe(replace(case, constraint=constraint), judgement, seen)
        self._add_faults(case, seen)

    def finish(self) -> None:
        """The request that was accepted first must be accepted last, if it can be repeated."""
        start = self._start
        if start is None or not start.accepted or start.unrepeatable or self._record.ended:
            return
        case = start.case(self.operation)
        seen = self._replies.send(case)
        judgement = self._judge(case, seen.answer)
        if judgement.is_finding and self._confirmation.is_spoilt(case.request):
            reason = f"accepted at the start of the run, but not at the end: {judgement.reason}"
            self._blame_connection(case, replace(judgement, reason=reason), seen)

    def _ground(self, start: Preflight, cases: Sequence[Case], total: int) -> ExplorationContext:
        def example() -> None:
            self._record.examples += 1
            self._on_case(len(cases) + self._record.examples, total)

        def send(case: Case) -> None:
            self._try(case)
            example()

        self._record.previous = None
        return ExplorationContext(
            wire=self.wire,
            bindings=self._bindings,
            cases=cases,
            base=GoodRequest(self.operation, self._bindings, start.requests, within=start.within),
            exchange=self._exchange,
            replies=self._replies,
            findings=self._findings,
            judge=self._judge,
            confirm=self._confirmation.confirm,
            weigh=self._attribution.weigh,
            flaw=self._add_shown_fault,
            smallest=self._smallest.of,
            note=self._record.note,
            lives=self._liveness.lives,
            has_ended=lambda: bool(self._record.ended),
            example=example,
            send=send,
        )

    @property
    def findings(self) -> int:
        """How many there are so far."""
        return len(self._findings)

    @property
    def ended(self) -> str:
        """Why the campaign stopped early; empty while it goes on."""
        return self._record.ended

    def outcome(self) -> Outcome:
        """What was found so far."""
        part = self._record.part(self._findings, self._exchange.sent)
        return merged(self.wire, [part], gaps=self._gaps)

    def take(self) -> Part:
        """What was found since it was taken last, which the campaign then forgets."""
        part = self._record.part(self._findings, self._exchange.sent)
        self._record.forget(self._exchange.sent)
        self._findings = Findings()
        return part

    def _record_crash(self, start: Preflight) -> None:
        case = start.case(self.operation)
        judgement = Judgement(outcome="crash", reason=start.seen.answer.text)
        self._record.observe(case, judgement, start.seen)
        self._findings.add(case, judgement, start.seen.message, start.seen.reply)
        self._record.ended = "no conforming request was answered"

    def _run_case(self, case: Case) -> None:
        if self._exchange.lost > LOST and self._findings.hangs(case):
            self._record.note(f"skipped, since the target hangs: more of {case.constraint}")
            return
        judgement, seen = self._try(case)
        self._record.observe(case, judgement, seen)

    def _try(self, case: Case) -> tuple[Judgement, Exchanged]:
        if unsaid := self._exchange.unsaid(case):
            return Judgement(outcome="not expressible", reason=unsaid.reply.detail), unsaid
        twin = self._replies.twin_of(case, self._liveness.lives)
        if twin is not None and twin.reply.failure:
            # What gets no answer now may get none for the same reason.
            return without_twin(self.operation, case, twin.answer), twin
        seen = self._replies.to(case)
        if seen.reply.failure and self._record.busy_with:
            # It was at work on something else, which is to blame.
            if not self._liveness.lives(case):
                return Judgement(outcome="untested", reason=self._record.ended), seen
            seen = self._replies.send(case)
        judgement = self._judge(case, seen.answer)
        if twin is not None and self._attribution.is_alone(case, twin, judgement):
            judgement = without_twin(self.operation, case, twin.answer, judgement, seen.answer)
            if judgement.outcome == "untested":
                # The reason is the twin's answer; nothing else of the case counts.
                return judgement, twin
        judgement, seen = self._confirmed(case, judgement, seen)
        judgement = self._attribution.weigh(case, judgement, seen)
        if judgement.is_finding:
            shown = self._smallest.of(case, judgement, seen)
            proven = twin is not None and twin.answer.kind == "result"
            self._findings.add(case, judgement, shown.message, shown.reply, twin=proven)
        self._add_faults(case, seen)
        self._record.note_all(seen.answer.notes)
        self._record.previous = case
        return judgement, seen

    def _confirmed(
        self, case: Case, judgement: Judgement, seen: Exchanged
    ) -> tuple[Judgement, Exchanged]:
        """What a case shows, sent again where that is new, once the target is well."""
        is_new = judgement.is_finding and not self._findings.has(case, judgement.outcome)
        failed = judgement.outcome == "crash" and bool(seen.reply.failure)
        if failed and not self._liveness.lives(case):
            return judgement, seen
        if is_new:
            judgement, seen = self._confirmation.confirm(case, judgement, seen)
            if judgement.outcome == "crash" and seen.reply.failure:
                self._liveness.lives(case)
        return judgement, seen

    def _judge(self, case: Case, answer: Answer) -> Judgement:
        bound = self._locations.get(case.constraint, ()) in self._bound
        usual = self._start.faults if self._start is not None else ()
        if self._replies.is_repetition(answer):
            return Judgement(outcome="masked", reason=f"refused as a repetition: {answer.name}")
        return judge(self.operation, case, answer, profile=self._profile, bound=bound, usual=usual)

    def _blame_connection(self, case: Case, blame: Judgement, seen: Exchanged) -> None:
        self._findings.add(case, blame, seen.message, seen.reply, constraint="wire.connection")

    def _add_faults(self, case: Case, seen: Exchanged) -> None:
        for id, fault in counting(case, seen.answer):
            self._add_shown_fault(case, id, fault.reason, seen)

    def _add_shown_fault(self, case: Case, id: str, text: str, seen: Exchanged) -> None:
        self._add_fault(case, id, *self._smallest.of_reply(case, id, text, seen))

    def _add_fault(self, case: Case, id: str, text: str, seen: Exchanged) -> None:
        """Records what a reply gets wrong whatever the case: content type, status, schema."""
        self._findings.add(case, judged(id, text), seen.message, seen.reply, constraint=id)
