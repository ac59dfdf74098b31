"""Cases below the level of values: malformed messages, and patterns made to run long."""

from __future__ import annotations

from contract_kit.cases.base import Base, Bindings
from contract_kit.cases.case import Case
from contract_kit.cases.place import put
from contract_kit.cases.places import places
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, location_id
from contract_kit.errors import UnsupportedPattern
from contract_kit.pattern.compiled import Pattern
from contract_kit.protocol.interface import WireProtocol


def raw_cases(
    operation: Operation,
    protocol: WireProtocol,
    *,
    bindings: Bindings | None = None,
    request: Json = None,
) -> tuple[Case, ...]:
    """The protocol's malformed and unusual messages as cases; arguments as in `boundary_cases`."""
    base = Base(operation, bindings, request)
    cases = []
    for probe in protocol.malformed(operation, base.request, base.smallest()):
        outside = probe.expects in ("reject", "refuse")
        cases.append(
            Case(
                id=f"{operation.name}/{probe.constraint}/{probe.slug}",
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


PUMPED = 40
"""Characters of a string that keeps an engine busy whose pattern has nested repeats: long enough
for hours, should the implementation write the documented pattern in such a way."""


def slow_texts(pattern: str, shortest: int | None, longest: int | None) -> tuple[str, ...]:
    """Strings that the pattern refuses at the end, after as many repeats as there is room for.

    shortest, longest: the limits that they keep, in characters; None where there are none.
    """
    try:
        parsed = Pattern.parse(pattern)
    except UnsupportedPattern:
        return ()
    lengths = range(min(longest or PUMPED, PUMPED) - 1, parsed.min_length, -1)
    stem = next((text for n in lengths if (text := parsed.example(n)) is not None), None)
    texts = [*parsed.slow(), *([f"{stem}!"] if stem else [])]
    return tuple(
        text
        for text in dict.fromkeys(texts)
        if (shortest or 0) <= len(text) <= (longest or len(text)) and not parsed.matches(text)
    )


def slow_cases(
    operation: Operation, *, bindings: Bindings | None = None, request: Json = None
) -> tuple[Case, ...]:
    """Strings that a backtracking engine needs long to refuse, one per pattern of the operation."""
    base = Base(operation, bindings, request)
    cases: list[Case] = []
    done: set[str] = set()
    for place in places(operation):
        pattern = place.shape.pattern
        if pattern is None or pattern in done or place.location[-1] == "[key]":
            continue
        done.add(pattern)
        found = slow_texts(pattern, place.shape.min_length, place.shape.max_length)
        twin, path = base.reach(place.location)
        constraint = f"{location_id(place.location)}.pattern"
        for number, text in enumerate(found, 1):
            cases.append(
                Case(
                    id=f"{operation.name}/{constraint}/runs-long-{number}",
                    constraint=constraint,
                    side="outside",
                    expects="reject",
                    family="value",
                    request=put(twin, path, text),
                    twin=twin,
                    breaks=(constraint,),
                )
            )
    return tuple(cases)
