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
from contract_kit.wire.errors import classify
from contract_kit.wire.message import Answer

Claim = Literal["fixed", "by neighbour", "by member", "made up"]
"""fixed: too strict. by neighbour: so it is if the same value of another size, or another of
few documented values, is accepted. by member: so it is if one character of a documented class is
refused where another is accepted. made up: nothing is shown."""

_MADE_UP = "a conforming value that the kit made up is refused"
"""How the note of a refusal begins that shows nothing; the constraint and the reason follow."""

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
    *(ABSENT_MEMBER, NULL_AS_ABSENT, "empty", "smallest"),
    *("unknown-member", "name-in-other-case", "other-null", "type-name"),
    *("true", "false"),
)
"""Slugs of cases about guarantees beside limits and enumerations: optional members, names and null
as the protocol reads them, and the two values of a boolean."""

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

_ABOUT_ELSE = re.compile(
    r"not (?:yet |currently )?(?:supported|available|enabled|allowed|permitted|implemented|exist)"
    r"|unsupported|does ?n[o']t exist|not found|no such|already|\bregion\b|unknown"
    r"|(?:must|should|has to|needs? to) be (?:specified|provided|used|set|present|given)\b"
    r"|\bonly (?:when|if|for|with|one|be)|not be (?:used|specified|combined|set|provided|present)"
    r"|\b(?:exactly|at least|at most|any|either|just) (?:one )?of\b|one of the (?:following|param)"
    r"|exactly one|at least one|at most one|mutually|exclusive|together|combination|in conjunction"
    r"|required (?:when|if|for|with)|\brequires\b|\bif you\b|\bwhen\b|\bunless\b|depend",
    re.IGNORECASE,
)
"""Words of a refusal for the sake of something else than the value: of what there is, or of rules
between members, which no constraint states."""


_QUOTED = re.compile(r"(?<!\w)(['\"`])[^'\"`]*\1(?!\w)")
"""Values and paths in a text, whose words are none of the service's."""


_ECHO = re.compile(r"\bvalue '.*?' at (?=')|\{[^{}]*[:=][^{}]*\}", re.IGNORECASE | re.DOTALL)
"""Values and structures that an error repeats: the members in them are the request's."""

_MISSING = re.compile(
    r"missing|\bnull\b|required|absent|\bnot? (?:given|present)|\bneed", re.IGNORECASE
)
"""Words of a refusal of an absence for its own sake."""


def claim(operation: Operation, case: Case, answer: Answer) -> Claim:
    """The claim that follows from the refusal of a conforming case whose twin is accepted."""
    constraint = _constraint(operation, case.constraint)
    if constraint is None and case.constraint != WHOLE:
        # What the protocol promises of messages is promised whatever the operation.
        return "fixed"
    location = constraint.location if constraint is not None else ()
    if _contradicts(operation, location, answer.text):
        return "fixed"
    if case.slug in LARGEST and _is_for_size(case, answer):
        return "fixed"
    kind = classify(operation, answer.name)
    is_refusal = kind in ("validation", "serialization") and not _ABOUT_ELSE.search(answer.name)
    if not is_refusal or _is_about_else(operation, location, answer.text):
        return "made up"
    if constraint is None:
        return "fixed" if case.slug in FIXED else "made up"
    if case.slug in (ABSENT_MEMBER, NULL_AS_ABSENT) and _names(
        _QUOTED.sub("", answer.text), location
    ):
        # An error that names the member without asking for it is about something that has it.
        return "fixed" if _MISSING.search(answer.text) else "made up"
    if kind == "serialization" and case.slug != "typical":
        # A value of the documented type can be read, whatever else is asked of it.
        return "fixed"
    return _by_case(operation, constraint, case)


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
    """A judgement of `too strict` as far as it can be upheld, else `masked` with a note."""
    if claimed == "fixed" or (claimed != "made up" and neighbour_is_accepted):
        return judgement
    note = f"{_MADE_UP}: {case.constraint}: {judgement.reason}"
    return Judgement(outcome="masked", reason=judgement.reason, note=note)


def _constraint(operation: Operation, id: str) -> Constraint | None:
    return next((each for each in operation.constraints if each.id == id), None)


def _contradicts(operation: Operation, location: Location, text: str) -> bool:
    """Whether an error claims that a documented constraint is broken, which the request keeps.

    It has the words and the limit of one at the location, anywhere for the whole request, and
    names the member.
    """
    return any(
        _states(text, each) and _names(text, each.location)
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


def _names(text: str, location: Location) -> bool:
    """Whether a text names the innermost member of a location, in any case."""
    name = next((part for part in reversed(location) if not part.startswith("[")), "")
    return re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) is not None if name else False


def _is_about_else(operation: Operation, location: Location, text: str) -> bool:
    """Whether an error is about something else than the value at a location."""
    text = _without_echo(text)
    if _ABOUT_ELSE.search(_QUOTED.sub("", text)):
        return True
    own = {part.lower() for part in location}
    others = {
        member.name
        for shape in operation.shapes.values()
        for member in shape.members
        if member.name.lower() not in own
    }
    return any(_mentions(text, name) for name in others)


def _without_echo(text: str) -> str:
    """A text without the values that it repeats, structures in structures included."""
    while (shorter := _ECHO.sub("", text)) != text:
        text = shorter
    return text


def _mentions(text: str, name: str) -> bool:
    """Whether a text speaks of a member: names of one word are words of any text.

    Unless they are quoted, or follow a dot, as in a path.
    """
    spelt = rf"(?:{re.escape(name)}|{re.escape(name[:1].lower() + name[1:])})"
    if re.search(r"[a-z][A-Z]", name):
        return re.search(rf"\b{spelt}\b", text) is not None
    return re.search(rf"['\"`\[]{spelt}['\"`\]]|\w\.{spelt}\b", text) is not None


def refusal_note(notes: Mapping[str, int]) -> tuple[str, ...]:
    """One note for all conforming values that were made up and are refused; none if there is none.

    notes: those of a run, each with how many cases gave rise to it.
    """
    refused = sorted(text for text in notes if is_of_made_up(text))
    if not refused:
        return ()
    parts = [text.removeprefix(f"{_MADE_UP}: ").partition(": ") for text in refused]
    members = list(dict.fromkeys(id.rpartition(".")[0] for id, _, _ in parts if id != WHOLE))
    shown = ", ".join(members[:SHOWN_MEMBERS]) or "whole requests"
    more = f" and {len(members) - SHOWN_MEMBERS} more" if len(members) > SHOWN_MEMBERS else ""
    count = sum(notes[text] for text in refused)
    values = "1 generated value" if count == 1 else f"{count} generated values"
    bind = f"--bind {members[0]}=VALUE or " if members else ""
    return (
        f"the target refuses {values} of {shown}{more} that conform; the model may not state all "
        f"that it demands, so nothing is concluded. For example, {parts[0][0]} was "
        f"{parts[0][2]}; give what it takes with {bind}--request FILE "
        "(in pytest: contract_bindings, contract_request)",
    )


def is_of_made_up(note: str) -> bool:
    """Whether a note is one of those that `refusal_note` sums up."""
    return note.startswith(f"{_MADE_UP}: ")
