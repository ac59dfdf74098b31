"""Constraints that a target keeps on one wire and not on another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contract_kit.verdict.judge import FINDINGS
from contract_kit.verdict.outcome import PROVEN, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class WireDifference:
    """A constraint that holds on some wires and not on others.

    verdicts: the label of each wire and the verdict there, in the order of the outcomes.
    """

    constraint: str
    verdicts: tuple[tuple[str, str], ...]


def differences(outcomes: Sequence[Outcome]) -> tuple[WireDifference, ...]:
    """The differences between outcomes of one operation over several wires, in document order.

    Where a wire proves nothing, or has no such constraint, nothing differs.
    """
    found: list[WireDifference] = []
    seen = [
        (outcome.wire.label, {entry.constraint.id: entry.verdict for entry in outcome.verdicts})
        for outcome in outcomes
    ]
    ids = dict.fromkeys(each.id for outcome in outcomes for each in outcome.wire.constraints)
    for id in ids:
        verdicts = tuple((label, known[id]) for label, known in seen if id in known)
        kept = any(verdict in PROVEN for _, verdict in verdicts)
        broken = any(verdict in FINDINGS for _, verdict in verdicts)
        if kept and broken:
            found.append(WireDifference(constraint=id, verdicts=verdicts))
    return tuple(found)
