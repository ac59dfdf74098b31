"""Which part of a conforming request it is that a target refuses."""

from __future__ import annotations

from collections.abc import Iterator

from contract_kit.cases.case import Case
from contract_kit.contract.shape import KEY, Json, Location, location_id
from contract_kit.contract.values import ABSENT, put
from contract_kit.contract.walk import Place, places
from contract_kit.fuzz.exploration.context import ExplorationContext
from contract_kit.fuzz.exploration.drawn_cases import DrawnCases, accused
from contract_kit.fuzz.exploration.search import SearchEnded
from contract_kit.fuzz.exploration.session import Session
from contract_kit.verdict.judge import JudgedAs

TRIED = 2
"""Values at one location of a request that are tried by themselves."""


def refused_value(
    context: ExplorationContext,
    cases: DrawnCases,
    session: Session,
    request: Json,
    outcome: JudgedAs,
) -> tuple[Location, Case] | None:
    """The location of the value that is refused by itself, and the case that shows it.

    Each value is put into the accepted request alone, the innermost first. None where it takes
    several to be refused, or more requests than there are left to find out.
    """
    try:
        return _first_refused(context, cases, session, request, outcome)
    except SearchEnded:
        return None


def _first_refused(
    context: ExplorationContext,
    cases: DrawnCases,
    session: Session,
    request: Json,
    outcome: JudgedAs,
) -> tuple[Location, Case] | None:
    deepest_first = sorted(places(context.operation), key=lambda place: -len(place.location))
    for place in deepest_first:
        if place.location[-1] == KEY:
            continue
        for case in _alone(context, cases, place, request):
            if case.expects == "any" and outcome != "crash":
                continue
            if not session.takes(case.twin, case):
                continue
            judgement, seen = session.judged(case)
            if judgement.outcome == outcome:
                session.failed(case, seen)
                return place.location, case
    return None


def _alone(
    context: ExplorationContext, cases: DrawnCases, place: Place, request: Json
) -> Iterator[Case]:
    """Cases of the accepted request with what another one has at a place."""
    twin, path = context.base.reach(place.location)
    values = list(_values(request, place.location))[:TRIED]
    if not values and place.member is not None and not place.member.required:
        parent = list(_values(request, place.location[:-1]))
        values = [ABSENT] if parent else []
    for value in values:
        changed = put(twin, path, value)
        if changed == twin:
            continue
        kind = "type" if value is ABSENT else accused(place.shape, value)
        id = f"{location_id(place.location)}.{kind}"
        known = any(entry.id == id for entry in context.constraints)
        constraint = id if known else f"{location_id(place.location)}.type"
        if known or any(entry.id == constraint for entry in context.constraints):
            yield cases.inside(constraint, changed, twin)


def _values(value: Json, location: Location) -> Iterator[Json]:
    """The values at a location of a request, each different one once."""
    if not location:
        yield value
        return
    head, rest = location[0], location[1:]
    if isinstance(value, list):
        inner = value
    elif isinstance(value, dict) and head == "[value]":
        inner = list(value.values())
    elif isinstance(value, dict) and head in value:
        inner = [value[head]]
    else:
        inner = []
    seen: list[Json] = []
    for item in inner:
        for found in _values(item, rest):
            if found not in seen:
                seen.append(found)
                yield found
