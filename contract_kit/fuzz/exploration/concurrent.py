"""Sends requests at the same time: what else is in flight must not change an answer."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import NamedTuple

from contract_kit.cases.case import Case
from contract_kit.fuzz.exploration.context import ExplorationContext
from contract_kit.fuzz.exploration.search import seed_of
from contract_kit.fuzz.exploration.session import Budget
from contract_kit.fuzz.record import CONNECTION
from contract_kit.fuzz.sending.exchange import Exchanged
from contract_kit.verdict.judge import Judgement
from contract_kit.wire.errors import classify

AT_ONCE = 4
"""Requests in one round: half of them conform, half break a constraint each."""

SHARE = 16
"""One in so many of an exploration's examples is sent this way."""

AGAIN = 10
"""Rounds in which something has to show once more before anyone is blamed."""

BUSY = (408, 429, 502, 503, 504)
"""Statuses of a target, or of a proxy before it, that is busy or takes too long."""

REFUSALS = ("validation", "serialization", "unknown-operation")
"""Classes of errors that say that a request is wrong."""

LONGEST = 65_536
"""Characters of a request that is sent so: those made to be large show nothing more."""


def send_concurrently(
    context: ExplorationContext, budget: Budget, *, seed: int, examples: int
) -> int:
    """Sends cases in rounds of AT_ONCE, each on a connection of its own; how many.

    What a round shows counts only if the case is answered rightly alone, and another round of the
    same requests shows it again. A connection that fails proves nothing, nor does a target, or a
    proxy before it, that is busy: it may well serve one at a time.
    """
    rounds = examples // SHARE // AT_ONCE
    if not rounds or not context.exchange.takes_several or budget.is_late or context.record.ended:
        return 0
    chance = random.Random(seed_of(seed, "together"))
    sides = [_some(context, chance, side, rounds * AT_ONCE // 2) for side in ("reject", "accept")]
    sent = 0
    for bad, good in zip(*map(_pairs, sides), strict=False):
        if budget.is_late or context.record.ended or context.findings.knows(CONNECTION):
            break
        cases = (*bad, *good)
        shown = _round(context, cases)
        sent += len(cases)
        for _ in cases:
            context.count_example()
        if shown is None:
            # It may still be at work on what nobody waits for any more.
            context.liveness.lives(cases[0])
            break
        suspect = next((entry for entry in shown if _is_wrong(context, entry)), None)
        if suspect is not None:
            _confirm(context, budget, cases, suspect)
    return sent


class Shown(NamedTuple):
    """A case, what came of it, and what that shows."""

    case: Case
    seen: Exchanged
    judgement: Judgement


def _some(
    context: ExplorationContext, chance: random.Random, expects: str, count: int
) -> list[Case]:
    """Cases whose twins, or which themselves, are carried out, of as many constraints as can be."""
    found = [
        case
        for case in context.cases
        if case.expects == expects
        and case.message is None
        and not case.steps
        and not context.findings.knows(case.constraint)
        and len(json.dumps(case.request)) <= LONGEST
    ]
    chance.shuffle(found)
    # The first of each constraint, then the second of each, and so on.
    turns: dict[str, int] = {}
    order = {}
    for case in found:
        order[case.id] = turns[case.constraint] = turns.get(case.constraint, 0) + 1
    found.sort(key=lambda case: order[case.id])
    kept: list[Case] = []
    for case in found:
        if len(kept) == count:
            break
        seen = context.replies.to_twin(case) if expects == "reject" else context.replies.to(case)
        if seen.answer.kind == "result":
            kept.append(case)
    return kept


def _pairs(cases: list[Case]) -> list[tuple[Case, ...]]:
    half = AT_ONCE // 2
    return [tuple(cases[at : at + half]) for at in range(0, len(cases) - half + 1, half)]


def _round(context: ExplorationContext, cases: tuple[Case, ...]) -> list[Shown] | None:
    """The outcomes of concurrent cases; None if they prove nothing."""
    replies = context.exchange.send_together([case.request for case in cases])
    if any(_tells_nothing(context, seen) for seen in replies):
        return None
    return [
        Shown(case, context.replies.look_at(case, seen), context.judge.of(case, seen.answer))
        for case, seen in zip(cases, replies, strict=True)
    ]


def _tells_nothing(context: ExplorationContext, seen: Exchanged) -> bool:
    asks = context.exchange.asks_for_patience(seen.reply, seen.answer)
    return bool(seen.reply.failure) or seen.reply.status in BUSY or asks


def _is_wrong(context: ExplorationContext, shown: Shown) -> bool:
    """Whether an answer is that of another request, or none.

    One error in place of another may be a matter of order, and an error that says nothing against
    the request a matter of what else is done with the same things.
    """
    if shown.judgement.outcome == "too strict":
        return classify(context.operation, shown.seen.answer.name) in REFUSALS
    return shown.judgement.outcome in ("too lax", "crash")


def _confirm(
    context: ExplorationContext, budget: Budget, cases: tuple[Case, ...], suspect: Shown
) -> None:
    """Blames the connection if a round shows it again, of a case that is answered rightly alone."""
    once = f"{suspect.judgement.outcome} once beside others"
    if not _is_right_alone(context, suspect.case):
        context.record.note(f"flaky: {once}, and alone, but not before: {suspect.case.id}")
        return
    for _ in range(AGAIN):
        shown = None if budget.is_late or context.record.ended else _round(context, cases)
        if shown is None:
            return
        for again in shown:
            if _is_wrong(context, again) and _is_right_alone(context, again.case):
                _blame(context, again)
                return
    context.record.note(f"flaky: {once}, then not again: {suspect.case.id}")


def _is_right_alone(context: ExplorationContext, case: Case) -> bool:
    return not context.judge.of(case, context.replies.send(case).answer).is_finding


def _blame(context: ExplorationContext, shown: Shown) -> None:
    case, seen, judgement = shown
    reason = f"answered differently beside {AT_ONCE - 1} other requests than alone"
    blame = replace(judgement, reason=f"{reason}: {judgement.reason}")
    context.record.blame_connection(case, blame, seen)
