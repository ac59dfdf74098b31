"""Makes the case of a probe: what it expects, and whether the validator agrees."""

from __future__ import annotations

from contract_kit.cases.bindings import leads
from contract_kit.cases.case import Case
from contract_kit.cases.container_probes import ABSENT_MEMBER, NULL_AS_ABSENT
from contract_kit.cases.documented_rules import is_page_token, rule_at
from contract_kit.cases.good_request import GoodRequest
from contract_kit.cases.incremental_validation import SharedValidation
from contract_kit.cases.open_questions import has_odd_character
from contract_kit.cases.probe import Probe, slugged
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import KEY, Json, Location, Path, location_id
from contract_kit.contract.values import ABSENT, get, put, rename
from contract_kit.contract.walk import Place
from contract_kit.wire.message import Expectation


class CaseMaker:
    """Makes the cases of one operation. base: what the user gave holds in them."""

    def __init__(self, operation: Operation, base: GoodRequest) -> None:
        self._operation = operation
        self._base = base
        self._reading = SharedValidation(operation)
        self._ids = {constraint.id: constraint for constraint in operation.constraints}

    def is_agreed(self, case: Case) -> bool:
        """Whether the validator agrees that a case shows what it is to show.

        Where any document is allowed, there is nothing for a case to probe.
        """
        if case.constraint not in self._ids:
            return False
        return case.expects != "reject" or case.constraint in case.breaks

    def placed(self, place: Place, probe: Probe, request: Json, path: Path, twin: Json) -> Case:
        """The case of a probe put at `path` of a request that has a typical value there."""
        if path[-1] == KEY:
            old = list(get(request, path[:-1]))[-1]
            changed = rename(request, (*path[:-1], old), probe.value)
        else:
            changed = put(request, path, probe.value)
        return self.case(place.location, probe, changed, twin)

    def case(self, location: Location, probe: Probe, request: Json, twin: Json) -> Case:
        """The case of a request that holds a probe. location: what the probe is about."""
        constraint = self._constraint_id(location, probe)
        if self.makes_up_token(location) and _needs_no_token(probe):
            twin = put(twin, location[:1], ABSENT)
        breaks = self._reading.broken(request, twin)
        return Case(
            id=f"{self._operation.name}/{constraint}/{slugged(probe.slug)}",
            constraint=constraint,
            side="outside" if breaks else "inside",
            expects=self._expects(location, constraint, probe, request, twin, breaks),
            family=probe.family,
            request=request,
            twin=twin,
            breaks=breaks,
            tolerated=probe.tolerated,
            open=rule_at(self._operation, location) if probe.expects == "accept" else "",
        )

    def makes_up_token(self, location: Location) -> bool:
        """Whether probes of a location put a page token there that the service did not make."""
        return is_page_token(self._operation, location) and not self._base.binds_in(location[:1])

    def _constraint_id(self, location: Location, probe: Probe) -> str:
        if not location:
            return "request.type"
        id = f"{location_id(location)}.{probe.kind}"
        # A limit that the model leaves out is not a constraint; the type's is.
        return id if id in self._ids else f"{location_id(location)}.type"

    def _expects(
        self,
        location: Location,
        constraint: str,
        probe: Probe,
        request: Json,
        twin: Json,
        breaks: tuple[str, ...],
    ) -> Expectation:
        """The answer that the probe expects, or `any` if no source promises either answer."""
        is_open = (constraint in self._ids and self._ids[constraint].disputed) or (
            isinstance(probe.value, str) and has_odd_character(probe.value)
        )
        if probe.expects == "accept" and not is_open:
            absent, base = probe.slug in (ABSENT_MEMBER, NULL_AS_ABSENT), self._base
            is_open = (
                # Of some patterns no matching string is known, of others there is none.
                bool(breaks)
                # The target needs the values that the user binds.
                or (base.binds_in(location) if absent else not base.keeps(location, request))
                or bool(rule_at(self._operation, location))
                or self._is_one_of(location, absent)
                or self._reading.raises_question(request, twin)
            )
        return "any" if is_open else probe.expects

    def _is_one_of(self, location: Location, absent: bool) -> bool:
        """Whether a probe replaces a given value, or leaves a possible union in doubt.

        A twin that is accepted all the same promises nothing.
        """
        base = self._base
        if base.probed_within.get(location, False):
            return True
        if location in base.probed_within and leads(base.requests, location):
            # It takes the place of what the user gave, which the target may need.
            return True
        parent = self._operation.shape_at(location[:-1]) if location else None
        return absent and parent is not None and bool(parent.exclusive)


def _needs_no_token(probe: Probe) -> bool:
    """Whether the twin of a probe of a made-up page token has none, since the service makes them.

    Who takes one that was made up shows by it, as a twin, that others of its kind are right.
    """
    return probe.expects == "reject" or probe.slug in (ABSENT_MEMBER, NULL_AS_ABSENT)
