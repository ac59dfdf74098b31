"""Sends cases and their twins, and remembers what came of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from contract_kit.cases.case import Case
from contract_kit.contract.shape import Json
from contract_kit.fuzz.record import CONNECTION, Record
from contract_kit.fuzz.sending.exchange import Exchange, Exchanged
from contract_kit.fuzz.sending.exponential_time import exponential_growth
from contract_kit.fuzz.sending.liveness import Liveness
from contract_kit.fuzz.sending.unrepeatable import Unrepeatable
from contract_kit.report.document import LONGEST_BODY
from contract_kit.validate.reply import fresh_identifiers
from contract_kit.verdict.faults import without_echoes
from contract_kit.wire.message import Answer, Message
from contract_kit.wire.wire import Wire

LOST = ("timeout", "dropped", "unreachable")
"""Failures after which another process may answer, which knows nothing of what was before."""

LONGEST_HEADERS = 16_384
"""Characters of a reply's headers that are kept."""


class ReplyMemo:
    """The replies to the requests of one campaign: each good request is sent once.

    record: takes what a reply shows whatever its case, such as an identifier of an earlier one.
    """

    def __init__(self, wire: Wire, exchange: Exchange, record: Record) -> None:
        self._wire = wire
        self._operation = wire.operation
        self._exchange = exchange
        self._record = record
        self._known: dict[str, Exchanged] = {}
        self._identifiers: dict[tuple[str, str], str] = {}
        self._tokens: set[str] = set()
        self._last: tuple[Case, Exchanged] | None = None
        self.unrepeatable: Unrepeatable | None = None
        """How the target refuses what it was just sent, where it does."""

    def remember(self, exchanged: Iterable[tuple[Case, Exchanged]]) -> None:
        """Takes what came of good requests that were sent elsewhere.

        Who made something of it would refuse to make it again, and prove nothing by that.
        """
        for case, seen in exchanged:
            self._known[_key(case.request)] = self.look_at(case, seen)

    def to(self, case: Case) -> Exchanged:
        """The exchange of a case; the earlier one if its request was sent as a twin already."""
        if case.expects == "accept" and case.message is None:
            known = self._known.get(_key(case.request))
            if known is not None and known.answer.kind == "result":
                return known
        return self.send(case)

    def send(self, case: Case) -> Exchanged:
        """Sends a case, whatever is known of it."""
        seen = self._grown(case)
        if seen is None and case.message is not None:
            seen = self._exchange.send(case.message)
        elif seen is None:
            seen = self._exchange.send_request(case.request)
        seen = self.look_at(case, self._welcome(seen))
        if case.expects == "accept" and case.message is None:
            self._keep(case.request, seen)
        return seen

    def _grown(self, case: Case) -> Exchanged | None:
        """An exchange in place of one that would never end; None if it ends."""
        if not case.steps or self._exchange.is_interruptible:
            return None
        return exponential_growth(case, self._exchange)

    def twin_is_accepted(self, case: Case) -> bool:
        """Whether the twin of a case was carried out; sends it if it was not sent yet."""
        return self.to_twin(case).answer.kind == "result"

    def to_twin(self, case: Case) -> Exchanged:
        """The last exchange of the twin of a case."""
        return self._known.get(_key(case.twin)) or self.send_twin(case)

    def twin_of(self, case: Case, liveness: Liveness) -> Exchanged | None:
        """The exchange of the twin of a case, if it has one; sent again if the target was away.

        liveness: waits for the target, and says whether it answers by then.
        """
        if case.twin is None:
            return None
        twin = self.to_twin(case)
        if twin.reply.failure and _key(case.twin) not in self._known and liveness.lives(case):
            # A twin that got no answer twice from a target that lives is not sent a third time.
            twin = self._known[_key(case.twin)] = self.send_twin(case)
        return twin

    def send_twin(self, case: Case) -> Exchanged:
        """Sends the twin of a case, whatever is known of it."""
        seen = self._welcome(self._exchange.send_request(case.twin))
        seen = self.look_at(case, seen)
        self._keep(case.twin, seen)
        return seen

    def is_repetition(self, answer: Answer) -> bool:
        """Whether an error may mean that the target was asked for it before."""
        return self.unrepeatable is not None and self.unrepeatable.explains(answer)

    def _welcome(self, seen: Exchanged) -> Exchanged:
        """An exchange, or another of its message where that was refused as a repetition."""
        refused = self.unrepeatable
        if refused is None or refused.restore is None or not refused.explains(seen.answer):
            return seen
        self._exchange.send_request(refused.restore)
        message = seen.message
        fresh = replace(message, body=message.template) if message.template else message
        return self._exchange.send(fresh)

    def _keep(self, request: Json, seen: Exchanged) -> None:
        """Remembers what came of a good request: no answer says nothing of it."""
        if not seen.reply.failure:
            self._known[_key(request)] = seen

    def look_at(self, case: Case, seen: Exchanged) -> Exchanged:
        """Notes what each exchange shows, whatever its case; what is worth keeping of it."""
        self._note_identifiers(case, seen)
        answer = without_echoes(self._wire, seen.message, seen.answer)
        seen = slim(seen._replace(answer=answer))
        if seen.reply.stray:
            self._record.add_fault(
                case, CONNECTION, f"its reply is followed by {seen.reply.stray}", seen
            )
        if seen.reply.before and self._last is not None:
            text = f"its reply is followed, some time later, by {seen.reply.before}"
            self._record.add_fault(self._last[0], CONNECTION, text, self._last[1])
        self._last = (case, seen)
        return seen

    def _note_identifiers(self, case: Case, seen: Exchanged) -> None:
        """Remembers each identifier; no two accepted requests get the same."""
        if seen.reply.failure in LOST:
            # A target that starts anew may count anew.
            self._identifiers.clear()
        if seen.answer.kind != "result":
            return
        tokens = self._tokens_in(seen.message)
        if tokens & self._tokens:
            # The caller says that it is the same request as before.
            return
        self._tokens |= tokens
        for name, value in fresh_identifiers(self._operation, seen.answer.result):
            if not isinstance(value, str) or value in tokens:
                continue
            if (name, value) in self._identifiers:
                first = self._identifiers[name, value]
                text = f"{name} {value!r} was already given for {first}"
                self._record.add_fault(case, f"response.{name}.unique", text, seen)
            else:
                self._identifiers[name, value] = case.id

    def _tokens_in(self, message: Message) -> set[str]:
        """The idempotency tokens that a message carries."""
        members = self._operation.shapes[self._operation.input].members
        names = [member.name for member in members if member.idempotency_token]
        request = self._request_in(message) if names else None
        given = request if isinstance(request, dict) else {}
        return {token for name in names if isinstance(token := given.get(name), str)}

    def _request_in(self, message: Message) -> Json:
        """The request in a message, also where the message names no operation, or another one."""
        found = self._wire.read(message).request
        if found is not None:
            return found
        asked = self._wire.addressing(message, self._wire.address)
        return self._wire.read(replace(asked, method=self._operation.http_method)).request


def slim(seen: Exchanged) -> Exchanged:
    """An exchange without what fills memory: hundreds are kept, and some are megabytes."""
    reply, room = seen.reply, LONGEST_HEADERS
    kept = []
    for name, value in reply.headers:
        room -= len(name) + len(value)
        if room >= 0:
            kept.append((name, value))
    short = replace(
        reply,
        headers=tuple(kept),
        body=reply.body[:LONGEST_BODY],
        cut=max(0, len(reply.body) - LONGEST_BODY),
    )
    # A list of a thousand wrong items is wrong once.
    faults: dict[str, str] = {}
    for id, text in seen.answer.faults:
        faults.setdefault(id, text)
    answer = replace(seen.answer, result=None, faults=tuple(faults.items()))
    return seen._replace(reply=short, answer=answer)


def _key(request: Json) -> str:
    return json.dumps(request, sort_keys=True)
