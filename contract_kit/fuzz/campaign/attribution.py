"""Reviews a judgement by sending further requests: who or what is to blame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from contract_kit.cases.case import Case
from contract_kit.cases.container_probes import ABSENT_MEMBER, NULL_AS_ABSENT
from contract_kit.contract.shape import Location
from contract_kit.fuzz.campaign.neighbours import has_accepted_sibling, upheld
from contract_kit.fuzz.judging import Judge
from contract_kit.fuzz.record import Record
from contract_kit.fuzz.sending.exchange import Exchanged
from contract_kit.fuzz.sending.memo import ReplyMemo
from contract_kit.validate.validator import Validator
from contract_kit.verdict.judge import Judgement, looked_up_first
from contract_kit.verdict.strictness import weighed
from contract_kit.wire.errors import is_not_found, is_quota
from contract_kit.wire.message import Answer, Message
from contract_kit.wire.wire import Wire

OTHERS, CASES = 3, 3
"""Of a request that breaks several constraints, so many others are asked about, each with so many
cases that break it alone."""

VALUE_FAMILY = "value"

SORTED = 10_000
"""Cases among which others are looked for: the largest operations have more than seconds make."""

UPPER = ("maxLength", "maxItems", "maxProperties", "maximum")
"""Kinds of constraints whose violations may exceed a quota, too."""


class Attribution:
    """Attributes what the cases of one campaign show to what is to blame for it."""

    def __init__(
        self,
        wire: Wire,
        replies: ReplyMemo,
        judge: Judge,
        record: Record,
    ) -> None:
        self._wire = wire
        self._operation = operation = wire.operation
        self._replies = replies
        self._judge = judge
        self._record = record
        self._validator = Validator(operation, wire=True)
        self._locations = {entry.id: entry.location for entry in operation.constraints}
        self._unsorted: Iterable[Case] = ()
        self._alone: dict[str, list[Case]] = {}
        self._kept: dict[str, list[Case]] = {}
        self._values: dict[Location | None, list[Case]] = {}
        self._lookups: dict[tuple[Location, str], bool] = {}

    def know(self, cases: Sequence[Case]) -> Sequence[Case]:
        """Takes the cases of the campaign, of which some break one constraint alone."""
        self._unsorted = cases
        return cases

    def _sort(self) -> None:
        """Sorts the cases by what they break, once that is asked for: it makes them."""
        cases, self._unsorted = self._unsorted, ()
        for case in islice(cases, SORTED):
            if case.expects == "accept" and case.constraint.endswith(UPPER):
                self._kept.setdefault(case.constraint, []).append(case)
            if case.expects != "reject" or case.message is not None or case.steps:
                continue
            places = {self._locations.get(id) for id in case.breaks}
            if len(places) == 1 and case.family == VALUE_FAMILY:
                self._values.setdefault(places.pop(), []).append(case)
            if case.breaks == (case.constraint,):
                self._alone.setdefault(case.constraint, []).append(case)

    def is_alone(self, case: Case, twin: Exchanged, judgement: Judgement) -> bool:
        """Whether neither the twin of a case is accepted, nor what proves as much."""
        if twin.answer.kind == "result":
            return False
        is_refused = judgement.outcome == "too strict"
        return not (is_refused and has_accepted_sibling(self._operation, self._replies, case))

    def attribute(self, case: Case, judgement: Judgement, seen: Exchanged) -> Judgement:
        """The judgement after the review."""
        if judgement.outcome == "too strict":
            return self._strict(case, judgement, seen)
        if judgement.outcome == "masked":
            return self._masked(case, judgement, seen)
        if judgement.outcome == "wrong error" and self._is_over_quota(case, seen.answer):
            reason = f"its quota is below the documented limit: {seen.answer.name}"
            return Judgement(outcome="masked", reason=reason)
        if judgement.is_finding:
            return self._explained(case, judgement, seen)
        return judgement

    def _is_over_quota(self, case: Case, answer: Answer) -> bool:
        """Whether the documented limit is beyond a quota: a value at the limit exceeds it, too."""
        if not case.constraint.endswith(UPPER) or not is_quota(self._operation, answer.name):
            return False
        self._sort()
        return any(
            self._replies.to(kept).answer.name == answer.name
            for kept in self._kept.get(case.constraint, [])[:CASES]
        )

    def _strict(self, case: Case, judgement: Judgement, seen: Exchanged) -> Judgement:
        is_given = self._locations.get(case.constraint) in self._judge.bound
        if is_given and case.slug in (ABSENT_MEMBER, NULL_AS_ABSENT):
            # The target needs the values that the user gives.
            return weighed("made up", case, judgement, neighbour_is_accepted=False)
        return upheld(self._operation, self._replies, case, judgement, seen.answer)

    def _masked(self, case: Case, judgement: Judgement, seen: Exchanged) -> Judgement:
        """A name that is not found may be a true answer, unless it is one to every violation."""
        location = self._locations.get(case.constraint)
        answer = seen.answer
        if location not in self._judge.bound or case.expects != "reject":
            return judgement
        if not is_not_found(answer.name) or not self._is_looked_up_first(location, answer.name):
            return judgement
        return looked_up_first(case, answer)

    def _is_looked_up_first(self, location: Location | None, name: str) -> bool:
        """Whether the target answers every violation at a location with "not found"."""
        assert location is not None, "it is one of those bound"
        key = (location, name)
        if key not in self._lookups:
            self._sort()
            cases = self._values.get(location, [])
            self._lookups[key] = bool(cases) and all(
                self._replies.send(case).answer.name == name for case in cases
            )
        return self._lookups[key]

    def _explained(self, case: Case, judgement: Judgement, seen: Exchanged) -> Judgement:
        """A finding of a request that breaks other constraints, of which one alone shows it too."""
        broken = case.breaks if case.message is None else self._broken_by(seen.message)
        own = self._locations.get(case.constraint)
        # A violation of one constraint of a value often breaks another one of it.
        others = [id for id in broken if self._locations.get(id, ()) != own]
        if not others:
            return judgement
        shown = (id for id in others[:OTHERS] if self._shows(id, judgement, seen))
        if judgement.outcome != "too lax":
            other = next(shown, None)
        else:
            # A target that accepts it overlooks all of its violations.
            overlooked = list(shown)
            is_all = case.constraint not in broken and len(overlooked) == len(others)
            other = overlooked[0] if is_all else None
        if other is None:
            return judgement
        return Judgement(outcome="untested", reason=f"already shown by {other}: {judgement.reason}")

    def _shows(self, id: str, judgement: Judgement, seen: Exchanged) -> bool:
        """Whether requests that break one constraint alone are judged the same."""
        for finding in self._record.findings.all():
            if (finding.constraint, finding.verdict) == (id, judgement.outcome):
                return True
        if seen.reply.failure:
            # A request that hangs or kills the target is not sent again for this.
            return False
        self._sort()
        return any(
            self._judge.of(case, self._replies.send(case).answer).outcome == judgement.outcome
            for case in self._alone.get(id, [])[:CASES]
        )

    def _broken_by(self, message: Message) -> tuple[str, ...]:
        """Constraints broken by a message that no request value made, as far as it can be read."""
        # Many servers read blanks as they read an empty body.
        plain = message if message.body.strip() else replace(message, body=b"")
        value = self._wire.read(plain).request
        if not isinstance(value, dict):
            return ()
        violations = self._validator.violations(value)
        return tuple(dict.fromkeys(violation.constraint for violation in violations))
