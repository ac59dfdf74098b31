"""Whether a conforming request that is refused shows a service that is too strict.

It does where a source fixes the value: the end of a documented limit, a value of a documented
enumeration, the absence of an optional member, the spellings that the protocol allows. All else is
a value that the kit made up, of which the service may demand what no model states; there only an
error that claims the opposite of what is documented shows it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Literal

from contract_kit.cases.case import Case
from contract_kit.cases.container_probes import ABSENT_MEMBER, NULL_AS_ABSENT
from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Location
from contract_kit.validate.location_tree import tail
from contract_kit.verdict.judge import Judgement
from contract_kit.verdict.refusal_text import (
    asks_for,
    is_about_else,
    may_be_about,
    names_member,
    says_something_else,
    without_quotes,
)
from contract_kit.wire.errors import classify
from contract_kit.wire.message import Answer

Claim = Literal["fixed", "by neighbour", "by member", "made up"]
"""fixed: too strict. by neighbour: so it is if the same value of another size, or another of
few documented values, is accepted. by member: so it is if one character of a documented class is
refused where another is accepted. made up: nothing is shown."""

Refusal = tuple[str, str]
"""The constraint of a case whose value was made up, and the reason why that is refused."""

WHOLE = "request.type"
"""The constraint of cases that are about no single member."""

SHOWN_MEMBERS = 4
"""Members that the note names."""

LIMITS = (
    *("minLength", "maxLength", "minItems", "maxItems"),
    *("minProperties", "maxProperties", "minimum", "maximum"),
)

_REPEAT = re.compile(r"(?:^shortest|^longest|^repeat\d+-(?:least|most))$")
"""Slugs of strings at the ends of a pattern's repeats, which are documented limits too."""

_MEMBERS = re.compile(r"^repeat\d+-members\d+$")
"""Slugs of strings of all the members of a class."""

_LISTED = ("enum", "rule")
"""Kinds of constraints whose conforming cases are the values that a source lists: a model, or the
user."""

_NUMBERS = ("minimum", "maximum")

FIXED = (
    *(ABSENT_MEMBER, NULL_AS_ABSENT, "smallest"),
    *("unknown-member", "name-in-other-case", "other-null", "type-name"),
    *("true", "false"),
)
"""Slugs of cases about guarantees beside limits and enumerations: optional members, names and null
as the protocol reads them, and the two values of a boolean. That each member of a structure is
optional does not promise that all of them may be absent at once."""

NOTHING_IN_IT = ("no-items", "no-entries", "empty-string", "empty-blob")
"""Slugs of the smallest values where no size is asked for, fixed where a source says 0."""

LARGEST = ("largest", "largest-astral")
"""Slugs of the requests that are as large as the documented limits allow."""

READ_ANYWHERE = 1_000_000
"""Characters of a request that a server has to read if the documented limits allow them.

Beyond that, services have limits of their own, which no model states.
"""

_TOO_LARGE = re.compile(r"too ?(?:large|big|long)|exceeds?\b.*\b(?:size|length)", re.IGNORECASE)
"""Names and words of a refusal for the size of the whole request."""

FRACTION = "fraction"
"""Slug of a time between two seconds, which protocols write as any other time."""


def claim(operation: Operation, case: Case, answer: Answer) -> Claim:
    """The claim that follows from the refusal of a conforming case whose twin is accepted."""
    constraint = _constraint(operation, case.constraint)
    if constraint is None and case.constraint != WHOLE:
        # The protocol's promises about messages hold for every operation.
        return "fixed"
    location = constraint.location if constraint is not None else ()
    if _contradicts(operation, location, answer.text):
        return "fixed"
    if case.slug in LARGEST and _is_for_size(case, answer):
        return "fixed"
    kind = classify(operation, answer.name)
    is_refusal = kind in ("validation", "serialization") and not says_something_else(answer.name)
    if not is_refusal or is_about_else(operation, location, answer.text):
        return "made up"
    if constraint is None:
        return "fixed" if case.slug in FIXED else "made up"
    if case.slug in (ABSENT_MEMBER, NULL_AS_ABSENT) and names_member(
        without_quotes(answer.text), location
    ):
        # An error that names the member without asking for it is about something that has it.
        return "fixed" if asks_for(answer.text) else "made up"
    if kind == "serialization" and case.slug != "typical":
        # A value of the documented type can be read, whatever else is asked of it.
        return "fixed"
    claimed = _by_case(operation, constraint, case)
    # Where a neighbour of another size is accepted, it is for the size that this one is refused.
    is_of_size = claimed == "by neighbour" and constraint.kind in LIMITS
    if is_of_size or may_be_about(operation, location, answer.text):
        return claimed
    return "made up"


def _is_for_size(case: Case, answer: Answer) -> bool:
    """Whether a request of a common size is refused because of its size."""
    says_so = answer.status == 413 or _TOO_LARGE.search(f"{answer.name}: {answer.text}")
    return bool(says_so) and len(json.dumps(case.request, ensure_ascii=False)) <= READ_ANYWHERE


def _by_case(operation: Operation, constraint: Constraint, case: Case) -> Claim:
    if constraint.kind in (*_LISTED, *_NUMBERS) or case.slug in FIXED:
        return "fixed"
    in_pattern = constraint.kind == "pattern" and _REPEAT.search(case.slug)
    if constraint.kind in LIMITS or in_pattern:
        return "by neighbour"
    if constraint.kind == "pattern" and _MEMBERS.search(case.slug):
        return "by member"
    shape = operation.shape_at(constraint.location)
    if case.slug == "typical" and (shape.enum or shape.type == "boolean"):
        return "by neighbour"
    is_least = case.slug in NOTHING_IN_IT and shape.may_be_empty
    is_spelling = case.slug == FRACTION and shape.type == "timestamp"
    return "fixed" if is_least or is_spelling else "made up"


def weighed(
    claimed: Claim, case: Case, judgement: Judgement, *, neighbour_is_accepted: bool
) -> Judgement:
    """A judgement of `too strict` as far as it can be upheld, else `masked`: it was made up."""
    if claimed == "fixed" or (claimed != "made up" and neighbour_is_accepted):
        return judgement
    return Judgement(outcome="masked", reason=judgement.reason, reason_kind="made up")


def _constraint(operation: Operation, id: str) -> Constraint | None:
    return next((each for each in operation.constraints if each.id == id), None)


def _contradicts(operation: Operation, location: Location, text: str) -> bool:
    """Whether an error claims that a documented constraint is broken, which the request keeps.

    It has the words and the limit of one at the location, anywhere for the whole request, and
    names the member.
    """
    return any(
        _states(text, each) and names_member(text, each.location)
        for each in operation.constraints
        if each.location and each.location[: len(location)] == location
    )


def _states(text: str, constraint: Constraint) -> bool:
    if constraint.kind in ("response", "type", "rule"):
        return False
    if constraint.kind == "enum":
        # In any order.
        return "enum value set" in text and all(str(each) in text for each in constraint.limit)
    words = tail(constraint.kind, constraint.limit)
    return words in text or (constraint.kind == "pattern" and str(constraint.limit) in text)


def refusal_note(refused: Mapping[Refusal, int]) -> tuple[str, ...]:
    """One note for all conforming values that were made up and are refused; none if there is none.

    refused: those of a run, each with how many cases gave rise to it.
    """
    if not refused:
        return ()
    first, *_ = ordered = sorted(refused, key=": ".join)
    members = list(dict.fromkeys(id.rpartition(".")[0] for id, _ in ordered if id != WHOLE))
    shown = ", ".join(members[:SHOWN_MEMBERS]) or "whole requests"
    more = f" and {len(members) - SHOWN_MEMBERS} more" if len(members) > SHOWN_MEMBERS else ""
    count = sum(refused.values())
    values = "1 generated value" if count == 1 else f"{count} generated values"
    bind = f"--bind {members[0]}=VALUE or " if members else ""
    return (
        f"the target refuses {values} of {shown}{more} that conform; the model may not state all "
        f"that it demands, so nothing is concluded. For example, {first[0]} was "
        f"{first[1]}; give a value that it accepts with {bind}--request FILE "
        "(in pytest: contract_bindings, contract_request)",
    )
