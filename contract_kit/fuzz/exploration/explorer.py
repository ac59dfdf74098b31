"""Exploration: random requests where boundary cases end, each finding shrunk and repeated."""

from __future__ import annotations

import functools
import time
from dataclasses import replace

from contract_kit.cases.case import Case
from contract_kit.contract.shape import KEY, Json, Location, location_id
from contract_kit.contract.values import ABSENT, get
from contract_kit.fuzz.exploration.concurrent import send_concurrently
from contract_kit.fuzz.exploration.context import ExplorationContext
from contract_kit.fuzz.exploration.drawn_cases import DrawnCases
from contract_kit.fuzz.exploration.finer import send_finer_cases
from contract_kit.fuzz.exploration.refused_value import refused_value
from contract_kit.fuzz.exploration.search import own_storage, search, seed_of
from contract_kit.fuzz.exploration.session import Budget, Trial
from contract_kit.fuzz.sending.exchange import Exchanged
from contract_kit.fuzz.setup import Exploration
from contract_kit.strategies.conforming_requests import bound_by, near, valid
from contract_kit.strategies.plan import Values
from contract_kit.strategies.raw_messages import messages
from contract_kit.strategies.violating_requests import Breaker, Violating
from contract_kit.verdict.advice import remedy
from contract_kit.verdict.judge import Judgement
from contract_kit.wire.message import Message

ROUND = 600
"""Examples in one round over everything that is explored; a long run has many of them."""

REPEATS = 2
"""How often a finding is repeated before it is reported."""

CONFORMING, RAW = 4, 8
"""Of a round, a fourth are conforming requests, an eighth raw messages, the rest violations."""


def explore(context: ExplorationContext, exploration: Exploration) -> None:
    """Explores what boundary cases cannot list, and adds what it finds to the record."""
    seed, examples, seconds = exploration.seed, exploration.examples, exploration.seconds
    budget = Budget(None if seconds is None else time.monotonic() + seconds)
    finer = send_finer_cases(context, budget, seed=seed, examples=examples)
    concurrent = send_concurrently(context, budget, seed=seed, examples=examples)
    if not context.record.ended:
        with own_storage():
            _Explorer(context, seed, budget).run(examples - finer - concurrent)


class _Explorer:
    """One exploration of one target."""

    def __init__(self, context: ExplorationContext, seed: int, budget: Budget) -> None:
        self._context = context
        self._seed = seed
        self._budget = budget
        self._cases = DrawnCases(context)
        self._dead = False
        self._combined = False
        self._hidden: dict[str, int] = {}
        self._conforming = 0
        self._bindings = self._held()
        self._breaker = self._new_breaker()

    def run(self, examples: int) -> None:
        """Round after round, until examples or time are used up."""
        number = 0
        while examples > 0 and not self._is_over:
            self._round(number, min(examples, ROUND))
            examples -= ROUND
            number += 1
        self._tell_what_was_hidden()

    @property
    def _is_over(self) -> bool:
        return self._dead or self._budget.is_late

    def _round(self, number: int, examples: int) -> None:
        conforming, raw = examples // CONFORMING, examples // RAW
        conforming = self._explore_conforming(number, conforming)
        endless = self._context.endless_patterns()
        raw = 0 if endless else raw
        self._explore_raw(number, raw)
        ids = [id for id in self._breaker.breakable if self._is_explored(id, endless)]
        left = examples - conforming - raw
        # Where there are fewer examples than constraints, each round begins further on.
        start = number * left % len(ids) if ids else 0
        for place, id in enumerate(ids[start:] + ids[:start]):
            if self._is_over:
                return
            share = left // (len(ids) - place) + (left % (len(ids) - place) > 0)
            left -= share
            if share:
                self._explore_violations(number, id, share)

    def _is_explored(self, id: str, endless: set[str | None]) -> bool:
        """Whether violations of a constraint may show what is not known, and end."""
        constraint = self._context.operation.constraint(id)
        pattern = self._context.operation.shape_at(constraint.location).pattern
        runs_long = constraint.kind == "pattern" and pattern in endless
        return not runs_long and not self._context.findings.knows(id, "outside")

    def _held(self) -> dict[str, Json]:
        """Values that stay as they are: those bound, and usual ones where others are refused."""
        held = dict(self._context.bindings)
        constraints = self._context.operation.constraints
        locations = {each.id: each.location for each in constraints if each.kind != "response"}
        for id in self._context.findings.ids("inside"):
            self._hold(held, locations.get(id, ()))
        return held

    def _hold(self, held: dict[str, Json], location: Location) -> None:
        """Holds the usual value at a location; where that is refused as well, nothing is there."""
        if not location or location[-1] == KEY:
            return
        request, path = self._context.base.reach(location)
        if self._context.replies.twin_is_accepted(
            self._cases.inside("request.type", request, request)
        ):
            held.setdefault(location_id(location), get(request, path))
        elif (optional := self._optional(location)) is not None:
            held.setdefault(location_id(optional), ABSENT)

    def _optional(self, location: Location) -> Location | None:
        """The innermost member on the way to a location, itself included, that may be absent."""
        operation = self._context.operation
        for depth in range(len(location), 0, -1):
            parent = operation.shape_at(location[: depth - 1])
            member = parent.member(location[depth - 1]) if parent.type == "structure" else None
            if member is not None and not member.required:
                return location[:depth]
        return None

    def _new_breaker(self) -> Breaker:
        operation = self._context.operation
        return Breaker(operation, bound_by(operation, self._around()))

    def _around(self) -> dict[str, Json]:
        """The members around a violation: the accepted request, if requests have to be like it."""
        return {**(self._context.accepted if self._context.given else {}), **self._bindings}

    def _explore_conforming(self, number: int, examples: int) -> int:
        """Conforming requests; after each finding again, with its value held. How many it took."""
        attempt, left = 0, examples
        while left > 0 and not self._is_over and not self._combined:
            trial = Trial(self._context, self._budget)
            seed = seed_of(self._seed, "valid", number, attempt)
            refused = functools.partial(self._is_refused, trial)
            found = search(self._conforming_strategy(), refused, examples=left, seed=seed)
            left -= trial.examples
            if found is None:
                break
            self._accuse(found, trial)
            attempt += 1
        return examples - left

    def _is_refused(self, trial: Trial, request: Json) -> bool:
        case = self._cases.conforming(request)
        if case is None:
            return False
        judgement, seen = trial.session.judged(case)
        if trial.counts():
            self._note_hidden(judgement, seen)
        return self._fails(trial, case, judgement, seen)

    def _conforming_strategy(self) -> Values:
        operation, bindings = self._context.operation, self._bindings
        if self._context.given:
            return near(operation, self._context.accepted, bindings=bindings)
        return valid(operation, bindings=bindings)

    def _accuse(self, request: Json, trial: Trial) -> None:
        """Finds out which value of a refused request it is, and reports that one."""
        case = self._cases.conforming(request)
        assert case is not None, "it was one when it was drawn"
        judgement, seen = trial.session.judged(case)
        trial.session.refresh()
        found = None
        if not self._dead:
            outcome = judgement.outcome
            found = refused_value(self._context, self._cases, trial.session, request, outcome)
        if found is not None:
            location, case = found
            judgement, seen = trial.session.judged(case)
            self._dead = not trial.session.failed(case, seen)
            self._bindings = dict(self._bindings)
            self._hold(self._bindings, location)
            self._breaker = self._new_breaker()
        elif not self._dead:
            self._combined = True
            if judgement.outcome != "crash" and not self._takes_every_member(trial, case):
                self._context.record.note(
                    "conforming requests with several members at once are refused: "
                    f"{judgement.reason}"
                )
                return
        self._report(case, judgement, seen)

    def _takes_every_member(self, trial: Trial, case: Case) -> bool:
        """Whether a request with all members is accepted, so that none excludes another."""
        trial.session.refresh()
        return trial.session.takes(self._context.base.full(), case)

    def _explore_violations(self, number: int, id: str, examples: int) -> None:
        trial = Trial(self._context, self._budget)
        found = search(
            self._breaker.named(id),
            functools.partial(self._shows, trial),
            examples=examples,
            seed=seed_of(self._seed, id, number),
        )
        if found is None:
            return
        case = self._cases.violating(found)
        assert case is not None, "it was one when it was drawn"
        judgement, seen = trial.session.judged(case)
        trial.session.refresh()
        if not self._dead and not trial.session.takes(case.twin, case):
            case = replace(case, twin=self._context.accepted)
        self._report(case, judgement, seen)

    def _shows(self, trial: Trial, drawn: Violating) -> bool:
        case = self._cases.violating(drawn)
        if case is None:
            return False
        judgement, seen = trial.session.judged(case)
        trial.counts()
        # A refusal for another reason may come of the surroundings.
        proven = judgement.outcome == "too lax" or not judgement.is_finding
        if not proven and not trial.session.takes(case.twin, case):
            return False
        return self._fails(trial, case, judgement, seen)

    def _explore_raw(self, number: int, examples: int) -> None:
        if self._is_over or not examples:
            return
        trial = Trial(self._context, self._budget)
        found = search(
            messages(self._context.operation, bindings=self._around(), wire=self._context.wire),
            functools.partial(self._crashes, trial),
            examples=examples,
            seed=seed_of(self._seed, "messages", number),
        )
        if found is not None:
            case = self._cases.raw(found)
            self._report(case, *trial.session.judged(case))

    def _crashes(self, trial: Trial, message: Message) -> bool:
        case = self._cases.raw(message)
        judgement, seen = trial.session.judged(case)
        trial.counts()
        known = self._context.findings.knows(case.constraint)
        judgement = self._context.attribution.attribute(case, judgement, seen)
        return not known and self._fails(trial, case, judgement, seen)

    def _fails(self, trial: Trial, case: Case, judgement: Judgement, seen: Exchanged) -> bool:
        if not judgement.is_finding:
            return False
        trial.has_failed = True
        self._dead = not trial.session.failed(case, seen)
        return True

    def _report(self, case: Case, judgement: Judgement, seen: Exchanged) -> None:
        """Reports what shows again each time it is repeated, without Hypothesis."""
        if self._context.findings.has(case):
            return
        for _ in range(REPEATS if not self._dead else 0):
            judgement, seen = self._context.confirmation.confirm(case, judgement, seen)
            if not judgement.is_finding:
                return
        judgement = self._context.attribution.attribute(case, judgement, seen)
        self._context.record.note_judgement(case, judgement)
        if judgement.is_finding:
            lives = not self._dead
            shown = self._context.minimizer.minimal(case, judgement, seen) if lives else seen
            self._context.record.add(case, judgement, shown, twin=lives)

    def _note_hidden(self, judgement: Judgement, seen: Exchanged) -> None:
        self._conforming += 1
        if judgement.outcome == "masked":
            self._hidden[seen.answer.name] = self._hidden.get(seen.answer.name, 0) + 1

    def _tell_what_was_hidden(self) -> None:
        """Reports what to do if most conforming requests prove nothing."""
        hidden = sum(self._hidden.values())
        if 2 * hidden > self._conforming:
            name = max(self._hidden, key=lambda name: self._hidden[name])
            self._context.record.note(
                f"{hidden} of {self._conforming} conforming requests explored prove nothing: "
                f"{name}; {remedy(self._context.operation, name)}"
            )
