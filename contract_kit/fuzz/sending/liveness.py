"""Whether a target answers: when a run starts, after a request that it did not answer, in time."""

from __future__ import annotations

import time
from typing import Literal

from contract_kit.cases.case import Case
from contract_kit.contract.shape import Json
from contract_kit.fuzz.record import Record
from contract_kit.fuzz.sending.exchange import PAUSES, Exchange, Exchanged
from contract_kit.wire.message import Message

STARTING = ("unreachable", "dropped", "timeout")
"""Failures of a target that may not have started yet, or of a proxy before it."""

UNAVAILABLE = 503
"""Status of gateways before servers that have not started."""

AGAIN = 0.2
"""Seconds between two tries at a target that has not started."""

RECOVERY = 15.0
"""Seconds in which a target may finish what it computes for a request that was given up."""

USUAL, AT_LEAST = 20.0, 0.5
"""How many times as long as at its quickest an answer may take, and the seconds it always may."""

Recovery = Literal["well", "slow", "gone"]


def first_answer(exchange: Exchange, request: Json, control: Message, wait: float) -> Exchanged:
    """The exchange of the first request, once the target answers anything at all.

    control: another message, which shows by any answer that the target has started; what the
    request gets after that is its own. wait: seconds. One that is not available may be starting
    behind a gateway, unless it runs in this process; one that is asked too often has started.
    """
    deadline = time.monotonic() + wait
    seen = exchange.send_request(request)
    # A process that we started is there; its first answer may be slow all the same.
    waits = STARTING if exchange.may_be_starting else ("timeout",)
    while seen.reply.failure in waits and time.monotonic() < deadline:
        if seen.reply.failure != "timeout":
            exchange.rest(AGAIN)
        exchange.renew()
        if not exchange.send(control).reply.failure:
            seen = exchange.send_request(request)
            break
    while exchange.is_interruptible and seen.reply.status == UNAVAILABLE:
        if time.monotonic() >= deadline or not exchange.asks_for_patience(seen.reply, seen.answer):
            break
        exchange.rest(AGAIN)
        seen = exchange.send_request(request)
    return seen


class Liveness:
    """Asks a target of one campaign whether it lives, by the same control request.

    record: of the campaign, which ends where the target does not.
    """

    def __init__(self, exchange: Exchange, record: Record) -> None:
        self._exchange = exchange
        self._record = record
        self._control = Message()
        self._quickest = 0.0

    def compare_with(self, control: Message) -> None:
        """Takes the control request, which was answered last and showed how long that takes."""
        self._control, self._quickest = control, self._exchange.took

    def lives(self, case: Case) -> bool:
        """After a request without an answer: does the target still answer, and as soon as usual?

        Waits for that. If it answers nothing, or is at work on one thing for ever, the campaign
        ends. case: what to blame.
        """
        before, recovery = self._record.busy_with, self._recovery()
        self._record.busy_with = (before or case.id) if recovery == "slow" else ""
        if recovery == "gone":
            self._record.ended = f"the target stopped answering after {case.id}"
        elif recovery == "slow" and before:
            self._record.ended = f"the target is still busy with {before}"
        return not self._record.ended

    def _recovery(self) -> Recovery:
        """Waits until the control is answered as quickly as usual.

        `slow`: it is answered, but the target is at work on something else still. `gone`: it gets
        no answer.
        """
        deadline = time.monotonic() + RECOVERY
        failed = 0
        while True:
            self._exchange.renew()
            reply = self._exchange.send(self._control).reply
            if not reply.failure and self._is_quick(self._exchange.took):
                return "well"
            failed = failed + 1 if reply.failure else 0
            # One that cannot be reached was waited for already.
            if reply.failure == "unreachable" or failed > len(PAUSES):
                return "gone"
            if time.monotonic() > deadline:
                return "gone" if failed else "slow"
            if reply.failure != "timeout":
                self._exchange.rest(PAUSES[max(0, failed - 1)])

    def _is_quick(self, took: float) -> bool:
        limit = max(AT_LEAST, USUAL * self._quickest)
        self._quickest = min(self._quickest, took)
        return took <= limit
