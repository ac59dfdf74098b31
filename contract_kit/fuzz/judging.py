"""Judges the answers of one campaign: what the user gave, and what the target always does."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from contract_kit.cases.case import Case
from contract_kit.cases.good_request import Bindings, parse_location
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import ITEM, KEY, VALUE, Json, Location
from contract_kit.fuzz.sending.memo import ReplyMemo
from contract_kit.verdict.judge import Judgement, Profile, judge
from contract_kit.wire.message import Answer


class Judge:
    """Judges the answers of one campaign.

    bound: locations whose values the user gave. usual: constraints that the results of the target
    break, whatever it carries out.
    """

    def __init__(
        self,
        operation: Operation,
        replies: ReplyMemo,
        *,
        profile: Profile,
        bound: Collection[Location],
    ) -> None:
        self._operation = operation
        self._replies = replies
        self._profile: Profile = profile
        self._locations = {entry.id: entry.location for entry in operation.constraints}
        self.bound = bound
        self.usual: tuple[str, ...] = ()

    def location(self, case: Case) -> Location | None:
        """The location that a case probes; None if it is not in a request."""
        return self._locations.get(case.constraint)

    def of(self, case: Case, answer: Answer) -> Judgement:
        """Judges an answer to a case whose twin is accepted."""
        if self._replies.is_repetition(answer):
            return Judgement(outcome="masked", reason=f"refused as a repetition: {answer.name}")
        return judge(
            self._operation,
            case,
            answer,
            profile=self._profile,
            bound=(self.location(case) or ()) in self.bound,
            usual=self.usual,
        )


def bound_locations(
    operation: Operation, bindings: Bindings, requests: Iterable[Json]
) -> set[Location]:
    """Locations whose values the user gave, bound or in known requests: they may name resources."""
    bound = {parse_location(operation, id) for id in bindings}
    return bound.union(place for each in requests for place in _given(each))


def _given(request: Json) -> Iterator[Location]:
    """Every location at which a request has a value; items of lists and maps in both readings."""
    if isinstance(request, dict):
        for name, value in request.items():
            for rest in ((), *_given(value)):
                yield (name, *rest)
                yield (VALUE, *rest)
        if request:
            yield (KEY,)
    elif isinstance(request, list):
        for value in request:
            for rest in ((), *_given(value)):
                yield (ITEM, *rest)
