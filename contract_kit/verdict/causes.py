"""Findings with one cause: a service that checks nothing, or never types, is one finding."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from contract_kit.contract.operation import ABOUT_MESSAGES, Constraint
from contract_kit.contract.shape import Location, location_id
from contract_kit.verdict.judge import LOOKED_UP, JudgedAs
from contract_kit.verdict.outcome import PROVEN, Outcome
from contract_kit.verdict.summary import WORST_FIRST, Finding

MANY = 5
"""Findings with one cause that are one line; fewer have a line each."""

VERY_MANY = 10
"""Crashes on violations of one kind that are one line: each may have a cause of its own."""

MOST = 0.8
"""Share of overlooked constraints from which on a kind is hardly ever checked."""


_KINDS: dict[str, tuple[str, ...]] = {
    "types": ("type",),
    "required members": ("required",),
    "unions": ("union",),
    "enumerations": ("enum",),
    "patterns": ("pattern",),
    "lengths": ("minLength", "maxLength"),
    "sizes of lists and maps": ("minItems", "maxItems", "minProperties", "maxProperties"),
    "ranges": ("minimum", "maximum"),
}

_CRASHING = {"types": "wrong types", "required members": "absent members"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Findings with one cause, the one that is shown first; title: the cause, if of several."""

    title: str = ""
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> JudgedAs:
        """The verdict of all of them."""
        return self.findings[0].verdict

    @property
    def is_one_line(self) -> bool:
        """Whether they are too many for a line each."""
        return len(self.findings) >= MANY


def causes(outcome: Outcome) -> tuple[Cause, ...]:
    """The new findings of an outcome by their causes, worst first."""
    grouping = _Grouping(outcome)
    grouping.looked_up()
    grouping.overlooked()
    grouping.answered_alike()
    grouping.crashed()
    grouping.crashed_by_content()
    found = [*grouping.found, *(Cause(findings=(each,)) for each in grouping.left)]
    order = {id(each): at for at, each in enumerate(outcome.new_findings)}
    return tuple(
        sorted(
            found,
            key=lambda cause: (
                WORST_FIRST.index(cause.verdict),
                not cause.is_one_line,
                order[id(cause.findings[0])],
            ),
        )
    )


class _Grouping:
    """Takes findings with one cause out of those that are left."""

    def __init__(self, outcome: Outcome) -> None:
        self.left = list(outcome.new_findings)
        self.found: list[Cause] = []
        every = {entry.constraint.id: entry.constraint for entry in outcome.verdicts}
        self._constraints: dict[str, Constraint] = {
            id: each for id, each in every.items() if each.kind not in ABOUT_MESSAGES
        }
        self._holding = [
            entry.constraint
            for entry in outcome.verdicts
            if entry.verdict in PROVEN and entry.constraint.id in self._constraints
        ]

    def looked_up(self) -> None:
        """Violations of one name that are all looked up."""
        by_place: dict[Location, list[Finding]] = {}
        for each in self.left:
            if each.constraint in self._constraints and each.reason_kind == "looked up first":
                by_place.setdefault(self._constraints[each.constraint].location, []).append(each)
        for place, findings in by_place.items():
            self._take(f"{location_id(place)} is {LOOKED_UP}", findings, least=2)

    def overlooked(self) -> None:
        """Constraints that are never checked: all, all of a member, or all of a kind."""
        title = "no constraint is checked"
        self._take_unless_held(title, lambda constraint: True, several_kinds=True)
        places = {
            self._constraints[each.constraint].location[:depth]
            for each in self._lax()
            for depth in range(1, len(self._constraints[each.constraint].location) + 1)
        }
        for place in sorted(places, key=lambda place: (len(place), place)):
            self._take_unless_held(
                f"no constraint of {location_id(place)} is checked",
                lambda constraint, place=place: constraint.location[: len(place)] == place,  # type: ignore[misc]
                several_kinds=True,
            )
        for words, kinds in _KINDS.items():
            lax = [each for each in self._lax() if self._kind(each) in kinds]
            held = sum(constraint.kind in kinds for constraint in self._holding)
            if held == 0:
                self._take(f"{words} are never checked", lax)
            elif len(lax) >= MOST * (len(lax) + held):
                self._take(f"{words} are hardly ever checked", lax)

    def answered_alike(self) -> None:
        """Wrong errors of one name."""
        by_name: dict[str, list[Finding]] = {}
        for each in self.left:
            if each.verdict == "wrong error" and each.answered:
                by_name.setdefault(each.answered, []).append(each)
        for name, findings in by_name.items():
            self._take(f"violations are answered with {name}", findings)

    def crashed(self) -> None:
        """Crashes on violations of a kind: values are read without checking their types."""
        for words, kinds in _KINDS.items():
            crashes = [
                each
                for each in self.left
                if each.verdict == "crash"
                and each.side == "outside"
                and each.constraint in self._constraints
                and self._kind(each) in kinds
            ]
            self._take(f"{_CRASHING.get(words, words)} crash the target", crashes, least=VERY_MANY)

    def crashed_by_content(self) -> None:
        """Crashes on a body that is JSON, where violations draw the same reply: no fault of syntax.

        A service that reads a member which is not there crashes on `{}` as on the request without
        that member.
        """
        for each in [one for one in self.left if _is_about_content(one)]:
            for like in self.left:
                if like.constraint in self._constraints and _answered_alike(each, like):
                    self.left = [one for one in self.left if one not in (each, like)]
                    self.found.append(Cause(findings=(like, each)))
                    break

    def _take_unless_held(
        self, title: str, concerns: Callable[[Constraint], bool], *, several_kinds: bool
    ) -> None:
        lax = [each for each in self._lax() if concerns(self._constraints[each.constraint])]
        held = any(concerns(constraint) for constraint in self._holding)
        if not held and len({self._kind(each) for each in lax}) > several_kinds:
            self._take(title, lax)

    def _lax(self) -> list[Finding]:
        return [
            each
            for each in self.left
            if each.verdict == "too lax" and each.constraint in self._constraints
        ]

    def _kind(self, finding: Finding) -> str:
        return self._constraints[finding.constraint].kind

    def _take(self, title: str, findings: Sequence[Finding], *, least: int = MANY) -> None:
        if len(findings) < least:
            return
        # The one with the shortest message shows it best.
        first = min(findings, key=lambda each: len(each.message.body))
        others = [each for each in findings if each is not first]
        self.found.append(Cause(title=f"{title} ({len(findings)})", findings=(first, *others)))
        taken = set(map(id, findings))
        self.left = [each for each in self.left if id(each) not in taken]


def _is_about_content(finding: Finding) -> bool:
    """Whether a message that is about syntax is a JSON object, so that its members count."""
    if finding.verdict != "crash" or finding.constraint != "wire.syntax":
        return False
    try:
        return isinstance(json.loads(finding.message.body), dict)
    except (ValueError, RecursionError):
        return False


def _answered_alike(one: Finding, other: Finding) -> bool:
    """Whether two crashes look the same from outside."""
    replies = one.reply, other.reply
    return (
        one.verdict == other.verdict == "crash"
        and len({(reply.status, reply.failure, reply.body) for reply in replies}) == 1
    )


def constraints_of(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The constraints of findings, each once."""
    return tuple(dict.fromkeys(finding.constraint for finding in findings))
