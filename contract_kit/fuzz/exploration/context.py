"""`ExplorationContext`: what a campaign hands to its exploration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from contract_kit.cases.case import Case
from contract_kit.cases.good_request import Bindings, GoodRequest
from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json
from contract_kit.fuzz.findings import Findings
from contract_kit.fuzz.sending.exchange import Exchange, Exchanged
from contract_kit.fuzz.sending.memo import ReplyMemo
from contract_kit.verdict.judge import Judgement
from contract_kit.wire.message import Answer
from contract_kit.wire.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplorationContext:
    """An operation of a target that carries out a request, and what was found until now.

    bindings: as the user gave them. cases: all that were sent.
    base: makes requests out of the accepted one.
    judge: judges the answer to a case. confirm: sends twin and case again, before anyone is blamed.
    weigh: what remains of a finding that a service is too strict, where a value was made up.
    flaw: takes what a reply gets wrong whatever its case. smallest: the exchange that shows a
    finding with the least beside it.
    note: takes a remark for the report. lives: whether the target still answers after a case.
    has_ended: whether the campaign has, for want of a target that answers.
    example: told of each example explored. send: tries a case as an example, as the campaign tries
    its own.
    """

    wire: Wire
    bindings: Bindings
    cases: Sequence[Case]
    base: GoodRequest
    exchange: Exchange
    replies: ReplyMemo
    findings: Findings
    judge: Callable[[Case, Answer], Judgement]
    confirm: Callable[[Case, Judgement, Exchanged], tuple[Judgement, Exchanged]]
    weigh: Callable[[Case, Judgement, Exchanged], Judgement]
    flaw: Callable[[Case, str, str, Exchanged], None]
    smallest: Callable[[Case, Judgement, Exchanged], Exchanged]
    note: Callable[[str], None]
    lives: Callable[[Case], bool]
    has_ended: Callable[[], bool]
    example: Callable[[], None]
    send: Callable[[Case], None]

    @property
    def operation(self) -> Operation:
        """What is tested."""
        return self.wire.operation

    @property
    def accepted(self) -> Json:
        """The request that the target carries out."""
        return self.base.request

    @property
    def given(self) -> bool:
        """Whether requests have to be like that one: the user gave it, or no usual one is taken."""
        return bool(self.accepted != GoodRequest(self.operation, self.bindings).request)

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """All that have a verdict."""
        return self.wire.constraints

    def endless_patterns(self) -> set[str | None]:
        """Patterns that the target never comes back from, where no time-out interrupts it."""
        if self.exchange.is_interruptible:
            return set()
        crashed = {each.constraint for each in self.findings.all() if each.verdict == "crash"}
        return {
            self.operation.shape_at(entry.location).pattern
            for entry in self.operation.constraints
            if entry.kind == "pattern" and entry.id in crashed
        }


class Explore(Protocol):
    """Explores what boundary cases cannot list. examples: how many at most."""

    @property
    def examples(self) -> int:
        """How many draws are tried at most."""

    def __call__(self, context: ExplorationContext) -> None:
        """Explores, and adds to the findings of the context."""
