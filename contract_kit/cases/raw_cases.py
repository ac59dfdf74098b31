"""Cases below the level of values: malformed and unusual messages of a wire."""

from __future__ import annotations

from contract_kit.cases.case import Case
from contract_kit.cases.good_request import Bindings, GoodRequest
from contract_kit.contract.shape import Json
from contract_kit.wire.wire import Wire


def raw_cases(
    wire: Wire, *, bindings: Bindings | None = None, request: Json = None
) -> tuple[Case, ...]:
    """A wire's malformed and unusual messages as cases; arguments as in `boundary_cases`."""
    base = GoodRequest(wire.operation, bindings, request)
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
