"""Judges an exchange that someone else thought of: any message, without a conforming twin.

What such a request probes is read off the request itself. Where nothing is promised of it, or a
state error may hide the answer, nothing is found; a campaign with twins proves more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from contract_kit.cases.case import Case
from contract_kit.cases.open_questions import ORDER, RULE, open_places
from contract_kit.contract.operation import ABOUT_MESSAGES, Constraint, Operation
from contract_kit.contract.shape import Json
from contract_kit.contract.walk import walked
from contract_kit.validate.location_tree import tail
from contract_kit.validate.validator import Validator
from contract_kit.validate.violation import Violation, aws_path
from contract_kit.verdict.faults import counting, without_echoes
from contract_kit.verdict.judge import JudgedAs, judge
from contract_kit.wire.message import Expectation, Family, Message, Reply
from contract_kit.wire.wire import Wire

_ITEMS = re.compile(r"\.\d+\.member")
"""How AWS writes the items of a list in a path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownConstraint:
    """The outcome of one exchange for one constraint. also: others that the request breaks."""

    constraint: str
    outcome: JudgedAs
    reason: str
    also: tuple[str, ...] = ()


class Unpaired:
    """Judges exchanges of one operation over one wire."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._operation = wire.operation
        self._validator = Validator(wire.operation, wire=True)

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """Those of the operation and of its wire."""
        return self._wire.constraints

    def findings(self, message: Message, reply: Reply) -> tuple[ShownConstraint, ...]:
        """Every constraint that the reply to a message shows not to hold."""
        answer = self._wire.decode(reply)
        case = self._case(message)
        judgement = judge(self._operation, case, answer, bound=True)
        found: list[ShownConstraint] = []
        named = case.breaks or self._refused(answer.text)
        if judgement.is_finding and (named or judgement.outcome != "too strict"):
            named = named or ("request.type",)
            # All of them were let through; but an error may be about any one of them.
            count = len(named) if judgement.outcome == "too lax" else 1
            found = [
                ShownConstraint(
                    constraint=id,
                    outcome=judgement.outcome,
                    reason=judgement.reason,
                    also=tuple(other for other in named if other != id),
                )
                for id in named[:count]
            ]
        answer = without_echoes(self._wire, message, answer)
        faults = [
            ShownConstraint(constraint=id, outcome=fault.outcome, reason=fault.reason)
            for id, fault in counting(case, answer)
        ]
        return (*found, *faults)

    def _case(self, message: Message) -> Case:
        """The case that a message amounts to."""
        reading = self._wire.read(message)
        if reading.request is None:
            return self._made(reading.constraint, reading.expects, reading.family)
        case = self._of_request(reading.request)
        if reading.constraint:
            breaks = case.breaks or (reading.constraint,)
            return replace(case, expects=reading.expects, breaks=breaks)
        # Nothing is promised of some messages that conform.
        return (
            replace(case, expects="any") if reading.expects == "any" and not case.breaks else case
        )

    def _of_request(self, value: Json) -> Case:
        violations = self._validator.violations(value)
        if violations:
            broken = tuple(dict.fromkeys(violation.constraint for violation in violations))
            known = {each.id: each for each in self._operation.constraints}
            disputed = any(known[id].disputed for id in broken)
            expects: Expectation = "any" if disputed else "reject"
            return self._made(broken[0], expects, _family(violations), broken)
        shapes, root = self._operation.shapes, self._operation.shapes[self._operation.input]
        # Only its text shows that an error is about the order of times, or a rule; see below.
        is_open = _has_unknown_branch(self._operation, value) or any(
            place[-1:] != (ORDER,) and RULE not in place[-2:]
            for place in open_places(shapes, root, value)
        )
        return self._made("request.type", "any" if is_open else "accept", "type", ())

    def _made(
        self,
        constraint: str,
        expects: Expectation,
        family: Family,
        breaks: tuple[str, ...] | None = None,
    ) -> Case:
        broken = (constraint,) if breaks is None else breaks
        return Case(
            id=f"{self._operation.name}/{constraint}/unpaired",
            constraint=constraint,
            side="outside" if broken else "inside",
            expects=expects,
            family=family,
            breaks=broken,
        )

    def _refused(self, text: str) -> tuple[str, ...]:
        """The constraint that an error's text names, for a request that breaks none.

        An error that names none may be about what no constraint says: the order of two times, for
        one, which no source promises to be free.
        """
        known = self._operation.constraints
        matching = [each.id for each in known if not each.rules and _names(text, each)]
        # The longest: the name of a member begins with that of its parent.
        return (max(matching, key=len),) if matching else ()


def _family(violations: tuple[Violation, ...]) -> Family:
    """A request is read whole before it is checked: a type error comes first."""
    kinds = {violation.constraint.rpartition(".")[2] for violation in violations}
    for family in ("type", "union", "required"):
        if family in kinds:
            return family
    return "value"


def _has_unknown_branch(operation: Operation, value: Json) -> bool:
    """Whether a union holds an unknown member beside a known one."""
    return any(
        each.shape.type == "union"
        and isinstance(each.value, dict)
        and not each.value.keys() <= {member.name for member in each.shape.members}
        for each in walked(operation.shapes, operation.input, value)
    )


def _names(text: str, constraint: Constraint) -> bool:
    """Whether a validation error names a constraint, in words that AWS uses, of any casing."""
    if constraint.kind in ABOUT_MESSAGES:
        return False
    location = constraint.location
    # The path of an item ends so; simple items are reported at their list, in brackets.
    of_item = ".member'" in text or "constraint: [" in text
    if bool(location) and location[-1].startswith("[") != of_item:
        return False
    place = aws_path(tuple(part for part in location if not part.startswith("[")))
    words = tail(constraint.kind, constraint.limit)
    stem = words.removesuffix(str(constraint.limit)).strip()
    return f"'{place}'".lower() in _ITEMS.sub("", text).lower() and stem in text
