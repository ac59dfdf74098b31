"""Sends the finer cases: the part of an exploration that needs no chance."""

from __future__ import annotations

import random

from contract_kit.cases.case import Case
from contract_kit.cases.finer_cases import EVERY_VALUE, finer_cases
from contract_kit.fuzz.exploration.context import ExplorationContext
from contract_kit.fuzz.exploration.search import seed_of
from contract_kit.fuzz.exploration.session import Budget

SHARE = 3, 4
"""Of an exploration's examples, as many at most are finer cases; the rest is drawn at random."""


def send_finer_cases(
    context: ExplorationContext, budget: Budget, *, seed: int, examples: int
) -> int:
    """Sends finer cases until their share of the examples or the time is used up; how many.

    Where there are more of them, the seed decides which. Of what is known to be broken none is
    sent: exploration reports only what the boundary phase did not.
    """
    cases = list(
        finer_cases(
            context.operation,
            bindings=context.bindings,
            request=context.accepted,
            within=context.base.probed_within,
            known=context.cases,
        )
    )
    most = examples * SHARE[0] // SHARE[1]
    if len(cases) > most:
        random.Random(seed_of(seed, "finer")).shuffle(cases)
    sent = 0
    for case in cases:
        if sent == most or budget.is_late or context.record.ended:
            break
        if not _is_known(context, case):
            context.runner.run(case)
            context.count_example()
            sent += 1
    return sent


def _is_known(context: ExplorationContext, case: Case) -> bool:
    """Whether a case shows nothing new."""
    return _is_explained(context, case) if case.slug == EVERY_VALUE else context.findings.has(case)


def _is_explained(context: ExplorationContext, case: Case) -> bool:
    """Whether what a case that breaks many constraints may show would be the fault of one of them.

    A value that is accepted by itself leaves the others to be refused; an error at one does not.
    """
    broken = [each for each in context.findings.all() if each.constraint in case.breaks]
    lax = {each.constraint for each in broken if each.verdict == "too lax"}
    errs = any(each.side == case.side and each.verdict != "too lax" for each in broken)
    return errs or lax >= set(case.breaks)
