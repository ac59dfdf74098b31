"""Cases below the level of values: malformed messages, and patterns made to run long."""

from __future__ import annotations

from contract_kit.cases.case import Case, Step
from contract_kit.cases.good_request import Base, Bindings, Within
from contract_kit.cases.slow_strings import SlowTexts
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, location_id
from contract_kit.contract.values import put
from contract_kit.contract.walk import places
from contract_kit.wire.wire import Wire


def raw_cases(
    wire: Wire, *, bindings: Bindings | None = None, request: Json = None
) -> tuple[Case, ...]:
    """A wire's malformed and unusual messages as cases; arguments as in `boundary_cases`."""
    base = Base(wire.operation, bindings, request)
    cases = []
    for probe in wire.malformed(base.request, base.smallest()):
        outside = probe.expects in ("reject", "refuse")
        cases.append(
            Case(
                id=f"{wire.operation.name}/{probe.constraint}/{probe.slug}",
                constraint=probe.constraint,
                side="outside" if outside else "inside",
                expects=probe.expects,
                family=probe.family,
                message=probe.message,
                twin=base.request if probe.twin is None else probe.twin,
                breaks=(probe.constraint,) if outside else (),
            )
        )
    return tuple(cases)


def slow_cases(
    operation: Operation,
    *,
    bindings: Bindings | None = None,
    request: Json = None,
    within: Within | None = None,
) -> tuple[Case, ...]:
    """Strings that a backtracking engine needs long to refuse, one per pattern of the operation."""
    base = Base(operation, bindings, request, within=within)
    cases: list[Case] = []
    disputed = {entry.id for entry in operation.constraints if entry.disputed}
    done: set[str] = set()
    for place in places(operation):
        pattern = place.shape.pattern
        if pattern is None or pattern in done or place.location[-1] == "[key]":
            continue
        if place.shape.enum:
            # A server that looks the value up does not need the pattern.
            continue
        done.add(pattern)
        found = SlowTexts(pattern, place.shape.min_length, place.shape.max_length)
        twin, path = base.reach(place.location)
        constraint = f"{location_id(place.location)}.pattern"
        for number, text in enumerate(found.texts, 1):
            cases.append(
                Case(
                    id=f"{operation.name}/{constraint}/runs-long-{number}",
                    constraint=constraint,
                    side="outside",
                    expects="any" if constraint in disputed else "reject",
                    family="value",
                    request=put(twin, path, text),
                    twin=twin,
                    breaks=(constraint,),
                    steps=tuple(
                        Step(size=len(shorter), request=put(twin, path, shorter))
                        for shorter in found.steps(text)
                    ),
                )
            )
    return tuple(cases)
