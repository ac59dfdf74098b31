"""Inputs made to run long, for targets that no time-out interrupts: step by step.

A regular expression that backtracks takes twice as long for each character more. Twenty characters
show it in a blink where forty take a day.
"""

from __future__ import annotations

import math
from itertools import pairwise

from contract_kit.cases.case import Case, Step
from contract_kit.errors import NotExpressible
from contract_kit.fuzz.sending.exchange import Exchange, Exchanged

NOTICEABLE = 0.004
"""Seconds below which a reply says nothing of growth: clocks, caches and other processes do."""

PLAIN = 8.0
"""How many times as long as the quickest step a reply takes for it to be slow."""

EXPONENTIAL, STEADY = 1.5, 0.9
"""Growth for each character, and the share of it that is left at the last of the steps: that of a
polynomial is smaller, or falls from step to step."""

IN_A_ROW = 3
"""Steps that grow so, one after the other."""

LONG = 0.25
"""Seconds of a step that is a sign by itself, if the step before was so much quicker."""

TRIES = 3
"""Times that a slow step is sent: the quickest one counts, so that no hiccup looks like growth."""


def exponential_growth(case: Case, exchange: Exchange) -> Exchanged | None:
    """Sends the steps of a case until its time grows exponentially; None where it does not.

    The exchange replaces that of the whole case, which would take too long; its reply reports the
    growth. How many steps are enough depends on the machine.
    """
    times: list[tuple[int, float]] = []
    for step in case.steps:
        try:
            times.append((step.size, _quickest(step, exchange, times)))
        except NotExpressible:
            return None
        rate = rate_of(times)
        if rate:
            return exchange.unsent(case.request, f"time grows {rate:.1f}-fold per character")
    return None


def _quickest(step: Step, exchange: Exchange, times: list[tuple[int, float]]) -> float:
    """Seconds of an exchange; of a slow one the quickest of some tries."""
    took = exchange.measure(step.request)
    for _ in range(TRIES - 1):
        if _is_slow(took, times):
            took = min(took, exchange.measure(step.request))
    return took


def _is_slow(took: float, times: list[tuple[int, float]]) -> bool:
    plain = min((earlier for _, earlier in times), default=took)
    return took > max(NOTICEABLE, PLAIN * plain)


def rate_of(times: list[tuple[int, float]]) -> float:
    """The growth for each character over the last steps, to the half; 0 where it is none.

    times: characters and seconds of each step so far.
    """
    # Where a step is many characters, three more of them would take for ever.
    row = 1 if times[-1][1] > LONG else IN_A_ROW
    last = times[-row - 1 :]
    if len(last) <= row or not _is_slow(last[1][1], times):
        return 0.0
    rates = [
        math.pow(later / earlier, 1 / (size - before))
        for (before, earlier), (size, later) in pairwise(last)
    ]
    if min(rates) < EXPONENTIAL or rates[-1] < STEADY * rates[0]:
        return 0.0
    (first, start), (final, end) = last[0], last[-1]
    return round(2 * math.pow(end / start, 1 / (final - first))) / 2
