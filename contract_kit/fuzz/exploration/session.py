"""The exchanges of one search with a target: each request once, and not too many."""

from __future__ import annotations

import time

from contract_kit.cases.case import Case
from contract_kit.contract.shape import Json
from contract_kit.fuzz.exploration.context import ExplorationContext
from contract_kit.fuzz.exploration.search import SearchEnded
from contract_kit.fuzz.sending.exchange import Exchanged
from contract_kit.verdict.faults import is_held_to
from contract_kit.verdict.judge import Judgement
from contract_kit.wire.message import Message

SHRINKING = 100
"""Requests that go into making one finding small; Hypothesis by itself goes on for minutes."""

SHRINKING_IN_ALL, SHRINKING_AT_LEAST = 1_000, 20
"""The same for all findings of a run, and what is left for each one after that."""

LOST_TIME = 20
"""Requests that one counts for which gets no answer in time."""


class Budget:
    """The budget that a run has left. deadline: in `time.monotonic`'s time; None for no end."""

    def __init__(self, deadline: float | None) -> None:
        self._deadline = deadline
        self._shrinking = SHRINKING_IN_ALL

    @property
    def is_late(self) -> bool:
        """Whether the time is up."""
        return self._deadline is not None and time.monotonic() > self._deadline

    def for_shrinking(self) -> int:
        """Requests for the next finding."""
        share = min(SHRINKING, max(SHRINKING_AT_LEAST, self._shrinking))
        self._shrinking = max(0, self._shrinking - share)
        return share


class Session:
    """One search. Each request is sent once, so that shrinking is bounded by what is new."""

    def __init__(self, context: ExplorationContext, budget: Budget) -> None:
        self._context = context
        self._budget = budget
        self._seen: dict[Message, Exchanged] = {}
        self._left: int | None = None
        self._ended = False
        self._survived: set[int] = set()

    def judged(self, case: Case) -> tuple[Judgement, Exchanged]:
        """Sends a case and judges the answer; raises SearchEnded."""
        seen = self._send(case, case.message or self._context.exchange.encode(case.request))
        return self._context.judge.of(case, seen.answer), seen

    def takes(self, request: Json, case: Case) -> bool:
        """Whether the target carries out a request that belongs to a case; raises SearchEnded."""
        seen = self._send(case, self._context.exchange.encode(request))
        return seen.answer.kind == "result"

    def failed(self, case: Case, seen: Exchanged) -> bool:
        """From here on the search is for smaller draws, and each new request counts.

        Whether the target lives. One that answers nothing any more ends the search: no other
        request is to blame for that.
        """
        if self._left is None:
            self._left = self._budget.for_shrinking()
        if seen.reply.failure and not self._ended and id(seen) not in self._survived:
            self._ended = not self._context.liveness.lives(case)
            self._survived.add(id(seen))
        return not self._ended

    def refresh(self) -> None:
        """Gives room for a few more requests, whatever the search has used up, time included."""
        self._left, self._budget = SHRINKING, Budget(None)

    def _send(self, case: Case, message: Message) -> Exchanged:
        known = self._seen.get(message)
        if known is not None:
            return known
        if self._ended or self._budget.is_late or (self._left is not None and self._left <= 0):
            raise SearchEnded
        seen = self._context.replies.look_at(case, self._context.exchange.send(message))
        self._seen[message] = seen
        if self._left is not None:
            self._left -= LOST_TIME if seen.reply.failure == "timeout" else 1
        self._look_at_reply(case, message, seen)
        return seen

    def _look_at_reply(self, case: Case, message: Message, seen: Exchanged) -> None:
        """Reports faults of a reply that do not depend on its case, if they recur."""
        for id, text in seen.answer.faults:
            if is_held_to(case, id) and not self._context.findings.knows(id):
                again = self._context.exchange.send(message)
                if any(other == id for other, _ in again.answer.faults):
                    self._context.runner.add_fault(case, id, text, seen)


class Trial:
    """One search: what it says, and how many examples it had before one failed."""

    def __init__(self, context: ExplorationContext, budget: Budget) -> None:
        self.session = Session(context, budget)
        self.examples = 0
        self.has_failed = False
        self._context = context

    def counts(self) -> bool:
        """Counts an example; what is drawn to make a finding small is none."""
        if not self.has_failed:
            self.examples += 1
            self._context.count_example()
        return not self.has_failed
