"""Sends requests at the same time: what else is in flight must not change an answer."""

from __future__ import annotations

import json
import random
from dataclasses import replace

from contract_kit.cases.case import Case
from contract_kit.fuzz.exchange import Exchanged
from contract_kit.fuzz.ground import Ground
from contract_kit.fuzz.search import seed_of
from contract_kit.fuzz.talk import Purse
from contract_kit.verdict.judge import Judgement

AT_ONCE = 4
"""Requests in one round: half of them conform, half break a constraint each."""

SHARE = 16
"""One in so many of an exploration's examples is sent this way."""

AGAIN = 10
"""Rounds in which something has to show once more before anyone is blamed."""

LONGEST = 65_536
"""Characters of a request that is sent so: those made to be large show nothing more."""


def send_together(ground: Ground, purse: Purse, *, seed: int, examples: int) -> int:
    """Sends cases in rounds of AT_ONCE, each on a connection of its own; how many.

    What a round shows counts only if the case is answered rightly alone, and another round of the
    same requests shows something again. A connection that fails shows nothing, nor does a target
    that asks for patience: it may well serve one at a time.
    """
    rounds = examples // SHARE // AT_ONCE
    if not rounds or not ground.exchange.takes_several:
        return 0
    chance = random.Random(seed_of(seed, "together"))
    sides = [_some(ground, chance, side, rounds * AT_ONCE // 2) for side in ("reject", "accept")]
    sent = 0
    for bad, good in zip(*map(_pairs, sides), strict=False):
        if purse.is_late or ground.has_ended() or ground.findings.knows("wire.connection"):
            break
        seen = _round(ground, cases := (*bad, *good))
        sent += len(cases)
        for _ in cases:
            ground.example()
        if any(_tells_nothing(ground, each) for _, each, _ in seen):
            break
        suspect = next((entry for entry in seen if _is_wrong(entry[2])), None)
        if suspect is not None:
            _confirm(ground, cases, suspect)
    return sent


Shown = tuple[Case, Exchanged, Judgement]
"""A case, what came of it, and what that shows."""


def _some(ground: Ground, chance: random.Random, expects: str, count: int) -> list[Case]:
    """Cases whose twins, or which themselves, are carried out, of as many constraints as can be."""
    found = [
        case
        for case in ground.cases
        if case.expects == expects
        and case.message is None
        and not case.steps
        and not ground.findings.knows(case.constraint)
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
        seen = ground.replies.to_twin(case) if expects == "reject" else ground.replies.to(case)
        if seen.answer.kind == "result":
            kept.append(case)
    return kept


def _pairs(cases: list[Case]) -> list[tuple[Case, ...]]:
    half = AT_ONCE // 2
    return [tuple(cases[at : at + half]) for at in range(0, len(cases) - half + 1, half)]


def _round(ground: Ground, cases: tuple[Case, ...]) -> list[Shown]:
    """Sends cases at the same time, and looks at what came."""
    seen = ground.exchange.send_together([case.request for case in cases])
    found: list[Shown] = []
    for case, exchanged in zip(cases, seen, strict=True):
        judgement = ground.judge(case, exchanged.answer)
        kept = ground.replies.look_at(case, exchanged)
        found.append((case, kept, judgement))
    return found


def _tells_nothing(ground: Ground, seen: Exchanged) -> bool:
    asks = ground.exchange.asks_for_patience(seen.reply, seen.answer)
    return bool(seen.reply.failure) or asks


def _is_wrong(judgement: Judgement) -> bool:
    """Whether an answer shows anything: one error in place of another may be a matter of order."""
    return judgement.outcome in ("too lax", "too strict", "crash")


def _confirm(ground: Ground, cases: tuple[Case, ...], suspect: Shown) -> None:
    """Blames the connection if the case is answered rightly alone, and the round shows it again."""
    case, _, judgement = suspect
    alone = ground.replies.send(case)
    if ground.judge(case, alone.answer).is_finding:
        # Then it is not a matter of what else is in flight.
        return
    for _ in range(AGAIN):
        for again, exchanged, shown in _round(ground, cases):
            if _is_wrong(shown) and not _tells_nothing(ground, exchanged):
                reason = f"answered otherwise beside {AT_ONCE - 1} other requests than alone"
                blame = replace(shown, reason=f"{reason}: {shown.reason}")
                constraint = "wire.connection"
                ground.findings.add(
                    again, blame, exchanged.message, exchanged.reply, constraint=constraint
                )
                return
    ground.note(f"flaky: {judgement.outcome} once beside others, then not again")
