"""Sends messages to a target: numbered, signed, and again where the target asks for patience."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from threading import Barrier, BrokenBarrierError
from typing import NamedTuple

from contract_kit.cases.case import Case
from contract_kit.contract.shape import Json
from contract_kit.contract.values import has_sequence, sequenced
from contract_kit.errors import NotExpressible
from contract_kit.fuzz.sending.patience import Pace, Patience, is_busy
from contract_kit.target.interface import Target
from contract_kit.target.secrets import Secrets
from contract_kit.wire.errors import classify
from contract_kit.wire.message import Answer, Message, Reply
from contract_kit.wire.sigv4 import Signer
from contract_kit.wire.wire import Wire

TRIES = 7
"""Times that a message is sent to a target that is busy: over more than three seconds where it does
not say how long, since limits hold for a second, at least."""

LONGEST_WAIT = 2.0
"""Seconds in which messages that are to be sent together get ready."""

ENOUGH_TIMEOUTS = 3
HURRY = 20.0
SHORTEST_TIMEOUT = 0.5
"""After ENOUGH_TIMEOUTS full time-outs a reply is waited for HURRY times as long as the slowest one
that came, in steps of SHORTEST_TIMEOUT seconds: a target that hangs often must not take hours."""


PAUSES = (0.1, 0.4, 1.0, 1.5)
"""Seconds between tries at a target that cannot be reached, after which it counts as dead: time
enough to be started again."""


class Exchanged(NamedTuple):
    """A message without its signature, its reply, and the decoded answer."""

    message: Message
    reply: Reply
    answer: Answer


class Exchange:
    """One conversation with a target about one operation.

    numbers: those that stand in for `{seq}`, each used once; 1, 2, … by default.
    sent: messages so far. waited: seconds of pauses between them. lost: seconds that went by until
    they were given up. took: seconds that the last one took.
    rate: how many messages a second the target is sent at most; None for any number.
    """

    def __init__(
        self,
        wire: Wire,
        target: Target,
        *,
        region: str,
        credentials: tuple[str, ...] = (),
        numbers: Iterator[int] | None = None,
        rate: float | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._wire = wire
        self._target = target
        self._signer = Signer(wire.operation, target.url, region, credentials=credentials)
        self._numbers = numbers if numbers is not None else itertools.count(1)
        self._secrets = Secrets(target.abilities.headers)
        self._pause = pause
        self._patience = Patience()
        self._pace = Pace(rate, pause)
        self._is_gone = True
        self._timeouts = 0
        self._slowest = 0.0
        self.sent = 0
        self.waited = 0.0
        self.lost = 0.0
        self.took = 0.0

    @property
    def url(self) -> str:
        """Of the target, without user and password."""
        return self._target.url

    @property
    def may_be_starting(self) -> bool:
        """Whether somebody else starts the target, so that it may not be there yet."""
        return self._target.abilities.may_be_starting

    @property
    def is_interruptible(self) -> bool:
        """Whether a time-out interrupts what the target computes."""
        return not self._target.abilities.in_process

    @property
    def takes_several(self) -> bool:
        """Whether the target can be sent several messages at the same time."""
        return self._target.abilities.another is not None

    def encode(self, request: Json) -> Message:
        """The message for a request, still with `{seq}` where a fresh number goes."""
        return self._wire.encode(request)

    def send_request(self, request: Json) -> Exchanged:
        """Sends a request; of one that cannot be written the reply says so."""
        try:
            return self._send(lambda: self._filled(request))
        except NotExpressible as error:
            reply = Reply(failure="not-expressible", detail=str(error))
            return Exchanged(Message(), reply, self._wire.decode(reply))

    def unsaid(self, case: Case) -> Exchanged | None:
        """An exchange in place of one that the wire cannot express; None if it can."""
        requests = [case.twin] if case.message else [case.request, case.twin]
        said = (self._wire.cannot_say(each) for each in requests if each is not None)
        reason = next(filter(None, said), "")
        if not reason:
            return None
        reply = Reply(failure="not-expressible", detail=reason)
        return Exchanged(Message(), reply, self._wire.decode(reply))

    def measure(self, request: Json) -> float:
        """Seconds until a request is answered. Not counted: how often depends on the machine."""
        message = self._signer.sign(self._filled(request))
        started = time.monotonic()
        self._target.send(message)
        return time.monotonic() - started

    def unsent(self, request: Json, reason: str) -> Exchanged:
        """An exchange in place of one that would take too long."""
        reply = Reply(failure="timeout", detail=reason)
        answer = self._wire.decode(reply)
        return Exchanged(self._filled(request), reply, answer)

    def send(self, message: Message) -> Exchanged:
        """Sends a message, again where the target asks for patience and there is some left.

        One that cannot be reached is waited for, unless it could not be before: it may be starting
        again, and was sent nothing.
        """
        return self._send(lambda: self._numbered(message))

    def _send(self, make: Callable[[], Message]) -> Exchanged:
        """Sends what `make` makes anew for each try, since no number comes twice."""
        for attempt in range(TRIES):
            numbered = make()
            reply = self._send_connected(self._signer.sign(numbered))
            answer = self._wire.decode(reply)
            if not self.asks_for_patience(reply, answer):
                if attempt:
                    self._patience.rewarded()
                break
            pause = self._patience.pause(reply, attempt) if attempt < TRIES - 1 else None
            if pause is None:
                break
            self.rest(pause)
        return self._shown(numbered, reply, answer)

    def _shown(self, message: Message, reply: Reply, answer: Answer) -> Exchanged:
        """An exchange without the values of the user's headers: judged with, shown without."""
        shown = self._secrets.hidden(reply)
        if shown != reply:
            reported = self._wire.decode(shown)
            answer = self._secrets.reported(answer, reported)
        return Exchanged(message, shown, answer)

    def _send_connected(self, message: Message) -> Reply:
        reply = self._send_once(message)
        for pause in () if self._is_gone else PAUSES:
            if reply.failure != "unreachable":
                break
            self._pause(pause)
            reply = self._send_once(message)
        self._is_gone = reply.failure == "unreachable"
        return reply

    def send_together(self, requests: Sequence[Json]) -> list[Exchanged]:
        """Sends requests at the same time, each once, on a connection of its own that is closed.

        They have to be such as can be written. Empty where the target does not take several.
        """
        another = self._target.abilities.another
        if another is None:
            return []
        # A target may serve one connection at a time.
        self.renew()
        messages = [self._filled(request) for request in requests]
        signed = [self._signer.sign(message) for message in messages]
        for _ in signed:
            self._pace.wait()
        ready = Barrier(len(signed))

        def send(target: Target, message: Message) -> Reply:
            with suppress(BrokenBarrierError):
                ready.wait(LONGEST_WAIT)
            return target.send(message)

        with ExitStack() as opened, ThreadPoolExecutor(max_workers=len(signed)) as pool:
            targets = [opened.enter_context(closing(another())) for _ in signed]
            replies = list(pool.map(send, targets, signed))
        self.sent += len(replies)
        return [
            self._shown(message, reply, self._wire.decode(reply))
            for message, reply in zip(messages, replies, strict=True)
        ]

    def _send_once(self, message: Message) -> Reply:
        # In whole steps, so that two runs say the same of a reply that did not come.
        steps = math.ceil(HURRY * self._slowest / SHORTEST_TIMEOUT)
        hurried = SHORTEST_TIMEOUT * max(1, steps)
        self._pace.wait()
        started = time.monotonic()
        reply = self._target.send(
            message, timeout=hurried if self._timeouts >= ENOUGH_TIMEOUTS else None
        )
        self.took = time.monotonic() - started
        self.sent += 1
        if reply.failure == "timeout":
            self._timeouts += 1
            self.lost += self.took
        elif not reply.failure:
            self._slowest = max(self._slowest, self.took)
        return reply

    def rest(self, seconds: float) -> None:
        """Sends nothing for some time."""
        self._pause(seconds)
        self.waited += seconds

    def renew(self) -> None:
        """Lets the next message travel on a new connection."""
        self._target.renew()

    def _filled(self, request: Json) -> Message:
        """The message for a request with a fresh number in place of its marks."""
        if not has_sequence(request):
            return self.encode(request)
        message = self.encode(sequenced(request, next(self._numbers)))
        return replace(message, template=self.encode(request).body)

    def _numbered(self, message: Message) -> Message:
        """A raw message with a fresh number in place of its marks."""
        if self._wire.with_number(message, 0) == message:
            return message
        filled = self._wire.with_number(message, next(self._numbers))
        return replace(filled, template=message.body)

    def asks_for_patience(self, reply: Reply, answer: Answer) -> bool:
        """Whether the target says that it has too much to do."""
        if answer.kind != "error":
            return is_busy(reply)
        kind = classify(self._wire.operation, answer.name)
        # A name that says what is wrong with the request is an answer, whatever its status.
        return kind == "retry" or (kind in ("fault", "other") and is_busy(reply))
