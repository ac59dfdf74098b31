"""Walks an operation's locations and makes the cases of each: `boundary_cases`."""

from __future__ import annotations

from collections.abc import Iterator

from contract_kit.cases.base import Base, Bindings, full_count, unsequenced
from contract_kit.cases.case import Case
from contract_kit.cases.containers import (
    ABSENT_MEMBER,
    NULL_AS_ABSENT,
    presence_probes,
    structure_probes,
)
from contract_kit.cases.largest import largest
from contract_kit.cases.open_questions import has_odd_character, raises_question
from contract_kit.cases.place import get, put, rename
from contract_kit.cases.places import Place, places
from contract_kit.cases.probe import ABSENT, Probe, either, inside, outside, slugged, wrong_type
from contract_kit.cases.ruled import rule_cases
from contract_kit.cases.rules import is_page_token, rule_at
from contract_kit.cases.typical import ordered_around
from contract_kit.cases.values import key_probes, probes_of
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import ITEM, KEY, Json, Location, Path, Shape, location_id
from contract_kit.protocol.message import Expectation
from contract_kit.validate.validator import Validator

EVERY_MEMBER = "every-member"
"""Slug of a request, or a structure, in which every member is present."""

MAX_ENUMS = 6
"""Enumerations of an operation whose values are tried in each other's places."""


class Boundary:
    """Makes the cases of one operation, all from the same base request."""

    def __init__(self, operation: Operation, base: Base) -> None:
        self.operation = operation
        self.base = base
        self._validator = Validator(operation, wire=True)
        self._ids = {constraint.id: constraint for constraint in operation.constraints}
        enums = (shape.enum for shape in operation.shapes.values() if shape.enum)
        self._made_once: set[tuple[str, str]] = set()
        self._enum_values = tuple(dict.fromkeys(values[0] for values in enums))[:MAX_ENUMS]

    def cases(self) -> Iterator[Case]:
        """All cases, location by location, each request once."""
        yield from self._root_cases()
        for place in places(self.operation):
            # Where any document may stand, nothing is promised that a case could probe.
            yield from (case for case in self._place_cases(place) if case.constraint in self._ids)
        yield from rule_cases(self.operation, self.base, self._validator)

    def _root_cases(self) -> Iterator[Case]:
        root = self.operation.shapes[self.operation.input]
        base = self.base.request
        yield self._case((), inside("type", "base", base), base, None)
        yield self._case((), inside("type", "smallest", self.base.smallest()), base, None)
        full = self.base.full()
        # Members may exclude each other in ways that no model states.
        yield self._case((), either("type", EVERY_MEMBER, full), full, base)
        for slug, astral in (("largest", False), ("largest-astral", True)):
            whole = largest(self.operation.shapes, self.operation.input, astral=astral)
            if whole is not None:
                whole = self.base.bound(whole)
                yield self._case((), inside("type", slug, whole), whole, full)
        for probe in structure_probes(root, base):
            if isinstance(probe.value, dict) and probe.slug != "empty":
                yield self._case((), probe, probe.value, base)

    def _place_cases(self, place: Place) -> Iterator[Case]:
        request, path = self.base.reach(place.location)
        seen = set()
        yield from self._typical_case(place, request)
        yield from self._siblings_case(place, request, path)
        for probe in self.probes(place, get(request, path)):
            if probe.slug in seen or self._was_made(place.shape, probe):
                continue
            seen.add(probe.slug)
            # Null means absence, so it is compared with absence.
            optional_null = (probe.slug, probe.expects) == (NULL_AS_ABSENT, "accept")
            if self._is_second(place, probe, seen):
                whole, at = self.base.reach(place.location, among_all=True)
                yield self.placed(place, probe, whole, at, whole)
                continue
            good = self._with_room(place, probe, request, path)
            twin = put(request, path, ABSENT) if optional_null else good
            yield self.placed(place, probe, good, path, twin)
        if place.member is not None and len(place.location) == 1:
            yield from self._other_name_cases(place, request)
        yield from self._all_absent_case(place, request, path)
        yield from self._position_cases(place)

    def _is_second(self, place: Place, probe: Probe, seen: set[str]) -> bool:
        """Whether a probe is the second violation of its kind: it is made among all members.

        Some servers check one member only where another one is absent, or present.
        """
        if probe.expects != "reject" or place.location[-1] == KEY:
            return False
        first, second = f"{probe.kind} (first)", f"{probe.kind} (second)"
        found = first in seen and second not in seen
        seen.add(second if first in seen else first)
        return found

    def _siblings_case(self, place: Place, request: Json, path: Path) -> Iterator[Case]:
        """Every member of a structure whose members are all alike: none excludes another."""
        shapes = {member.shape for member in place.shape.members}
        optional = sum(not member.required for member in place.shape.members)
        if place.shape.type != "structure" or optional < 2 or len(shapes) > 1:
            return
        whole, at = self.base.reach(place.location, among_all=True)
        if at == path:
            probe = inside("type", EVERY_MEMBER, get(whole, at))
            yield self.placed(place, probe, request, path, request)

    def _was_made(self, shape: Shape, probe: Probe) -> bool:
        """Whether a probe that is made once was made at another location of the shape."""
        made = probe.once and (shape.name, probe.slug) in self._made_once
        self._made_once.add((shape.name, probe.slug))
        return made

    def _with_room(self, place: Place, probe: Probe, request: Json, path: Path) -> Json:
        """The request with its other timestamps moved, so that the probed one keeps the order."""
        parent = self.operation.shape_at(place.location[:-1])
        movable = place.shape.type == "timestamp" and probe.expects == "accept"
        if not movable or not isinstance(probe.value, (int, float)):
            return request
        siblings = get(request, path[:-1])
        for name, value in ordered_around(
            self.operation.shapes, parent, siblings, str(path[-1]), probe.value
        ).items():
            request = put(request, (*path[:-1], name), value)
        return request

    def _all_absent_case(self, place: Place, request: Json, path: Path) -> Iterator[Case]:
        """An empty structure, of which a check by truth value overlooks every required member.

        The one case that breaks more than it names: the first required member stands for all.
        """
        required = [member for member in place.shape.members if member.required]
        if len(required) > 1:
            first = (*place.location, required[0].name)
            probe = outside("required", "all-absent", None, "required")
            yield self._case(first, probe, put(request, path, {}), request)

    def _typical_case(self, place: Place, request: Json) -> Iterator[Case]:
        """The location's typical value beside the same request without it."""
        parent, _ = self.base.reach(place.location[:-1])
        if request != parent and place.location[-1] != KEY:
            yield self._case(place.location, inside("type", "typical", None), request, parent)

    def probes(self, place: Place, value: Json) -> Iterator[Probe]:
        """Probes for one place. value: the typical value that stands there."""
        if place.location[-1] == KEY:
            yield from key_probes(place.shape, self._enum_values)
            return
        parent = self.operation.shape_at(place.location[:-1])
        if parent.type == "structure" and place.member is not None:
            # Right after requests that have the member: some servers fill in the last value.
            yield from presence_probes(self.operation.shapes, place.member)
        yield from probes_of(self.operation, place.shape, value, self._enum_values)
        if parent.type == "structure" and place.member is not None:
            return
        if place.member is None and place.shape.type != "document" and not parent.sparse:
            yield wrong_type("null", None)

    def placed(self, place: Place, probe: Probe, request: Json, path: Path, twin: Json) -> Case:
        """The case of a probe put at `path` of a request that has a typical value there."""
        if path[-1] == KEY:
            old = list(get(request, path[:-1]))[-1]
            changed = rename(request, (*path[:-1], old), probe.value)
        else:
            changed = put(request, path, probe.value)
        return self._case(place.location, probe, changed, twin)

    def _other_name_cases(self, place: Place, request: Json) -> Iterator[Case]:
        """Member names are compared with case: another case is an unknown member."""
        assert place.member is not None
        path, slug = place.location, "name-in-other-case"
        name = place.member.name[:1].swapcase() + place.member.name[1:]
        if name == place.member.name or self.operation.shapes[self.operation.input].member(name):
            return
        if place.member.required:
            probe = outside("required", slug, None, "required")
            yield self._case(place.location, probe, rename(request, path, name), request)
        else:
            wrong: Json = [[]] if place.shape.type == "string" else "x"
            without = put(request, path, ABSENT)
            probe = inside("type", slug, None)
            yield self._case(place.location, probe, {**without, name: wrong}, without)

    def _position_cases(self, place: Place) -> Iterator[Case]:
        """The most telling violation of each constraint at every position of full lists."""
        for depth, segment in enumerate(place.location):
            if segment != ITEM:
                continue
            fill = place.location[:depth]
            count = full_count(self.operation.shape_at(fill))
            # What lies below an item is probed in a list of one already: a server that looks at
            # some items alone shows it at the last.
            positions = {"last": count - 1}
            if depth == len(place.location) - 1:
                positions = {"first": 0, "second": 1, **positions}
            for label, index in positions.items():
                if index >= count or (label == "second" and count == 2):
                    continue
                request, path = self.base.reach(
                    place.location, fill=fill, index=index, among_all=label == "last"
                )
                slug = f"{label}-of-full-{fill[-1] if fill else 'list'}"
                for probe in self.first_violations(place, get(request, path), label):
                    yield self.placed(place, probe.renamed(slug), request, path, request)

    def first_violations(self, place: Place, value: Json, label: str = "") -> list[Probe]:
        """The most telling violation of each constraint at a place."""
        # Servers check apart whether a union has too few members or too many, and some drop null
        # from a list, which shows where other items are left: both are tried at the last place.
        apart = ("two-members", "null") if label == "last" else ()
        found: dict[str, Probe] = {}
        for probe in self.probes(place, value):
            if probe.expects == "reject":
                found.setdefault(probe.slug if probe.slug in apart else probe.kind, probe)
        return list(found.values())

    def _case(self, location: Location, probe: Probe, request: Json, twin: Json) -> Case:
        constraint = self._constraint_id(location, probe)
        if is_page_token(self.operation, location) and self._needs_no_token(location, probe):
            twin = put(twin, location[:1], ABSENT)
        violations = self._validator.violations(unsequenced(request))
        breaks = tuple(dict.fromkeys(violation.constraint for violation in violations))
        return Case(
            id=f"{self.operation.name}/{constraint}/{slugged(probe.slug)}",
            constraint=constraint,
            side="outside" if breaks else "inside",
            expects=self._expects(location, constraint, probe, request, twin, breaks),
            family=probe.family,
            request=request,
            twin=twin,
            breaks=breaks,
            tolerated=probe.tolerated,
            open=rule_at(self.operation, location) if probe.expects == "accept" else "",
        )

    def _needs_no_token(self, location: Location, probe: Probe) -> bool:
        """Whether the twin of a probe of a page token has none, since the service makes them.

        Who takes one that was made up shows by it, as a twin, that others of its kind are right.
        """
        probed = probe.expects == "reject" or probe.slug in (ABSENT_MEMBER, NULL_AS_ABSENT)
        return probed and not self.base.binds_in(location[:1])

    def _constraint_id(self, location: Location, probe: Probe) -> str:
        if not location:
            return "request.type"
        id = f"{location_id(location)}.{probe.kind}"
        # A limit that the model leaves out is no constraint of its own; the type's is.
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
        """What the probe expects, or `any` where no source promises either answer."""
        is_open = (constraint in self._ids and self._ids[constraint].disputed) or (
            isinstance(probe.value, str) and has_odd_character(probe.value)
        )
        if probe.expects == "accept" and not is_open:
            absent, base = probe.slug in (ABSENT_MEMBER, NULL_AS_ABSENT), self.base
            is_open = (
                # Of some patterns no matching string is known, of others there is none.
                bool(breaks)
                # What the user binds, the target needs.
                or (base.binds_in(location) if absent else not base.keeps(location, request))
                or bool(rule_at(self.operation, location))
                or raises_question(self.operation, request, twin)
            )
        return "any" if is_open else probe.expects


def boundary_cases(
    operation: Operation, *, bindings: Bindings | None = None, request: Json = None
) -> tuple[Case, ...]:
    """Every boundary case that a request value can express, in document order.

    bindings: location id → value that holds in the cases of all other members.
    request: a known-good request that all cases start from, or a list of them, as for `Base`.
    Raises UsageError for a binding that names no location.
    """
    found: dict[str, Case] = {}
    for case in Boundary(operation, Base(operation, bindings, request)).cases():
        found.setdefault(case.id, case)
    return tuple(found.values())
