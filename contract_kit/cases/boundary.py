"""Walks an operation's locations and makes the cases of each: `boundary_cases`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from contract_kit.cases.case import Case
from contract_kit.cases.case_maker import CaseMaker
from contract_kit.cases.case_stream import CaseStream
from contract_kit.cases.container_probes import (
    NULL_AS_ABSENT,
    presence_probes,
    structure_probes,
)
from contract_kit.cases.good_request import Bindings, GoodRequest, Within, full_count
from contract_kit.cases.probe import Probe, either, inside, outside, wrong_type
from contract_kit.cases.probes_by_type import key_probes, probes_of
from contract_kit.cases.rule_cases import rule_cases
from contract_kit.cases.scalar_probes import NO_JSON
from contract_kit.cases.smallest_and_largest import largest
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import ITEM, KEY, Json, Location, Path, Shape
from contract_kit.contract.time_order import ordered_around
from contract_kit.contract.values import ABSENT, get, put, rename
from contract_kit.contract.walk import Place, places
from contract_kit.validate.validator import Validator

EVERY_MEMBER = "every-member"
"""Slug of a request, or a structure, in which every member is present."""

IN_FULL = 3
"""Places of a shape below the members of the request that are probed in full, of the rest each
constraint by one value on either side: a server seldom reads one shape in two ways, and large
operations have hundreds of places of one."""

WRONG_TYPES = 2
"""Values of wrong types at places that are not probed in full."""

MAX_ENUMS = 6
"""Enumerations of an operation whose values are tried in each other's places."""


class Boundary:
    """Makes the cases of one operation, all from the same base request."""

    def __init__(self, operation: Operation, base: GoodRequest) -> None:
        self.operation = operation
        self.base = base
        self.maker = CaseMaker(operation, base)
        enums = (shape.enum for shape in operation.shapes.values() if shape.enum)
        self._places_of: Counter[str] = Counter()
        self._made_once: set[tuple[str, str]] = set()
        self._without_json = _one_of_each_type(operation)
        self._enum_values = tuple(dict.fromkeys(values[0] for values in enums))[:MAX_ENUMS]

    def cases(self) -> Iterator[Case]:
        """All cases, location by location, each request once."""
        yield from self._root_cases()
        for place in places(self.operation):
            yield from filter(self.maker.is_agreed, self._place_cases(place))
        yield from rule_cases(self.operation, self.base, Validator(self.operation, wire=True))

    def _root_cases(self) -> Iterator[Case]:
        root = self.operation.shapes[self.operation.input]
        base = self.base.request
        yield self.maker.case((), inside("type", "base", base), base, None)
        yield self.maker.case((), inside("type", "smallest", self.base.smallest()), base, None)
        full = self.base.full()
        # Members may exclude each other in ways that no model states.
        yield self.maker.case((), either("type", EVERY_MEMBER, full), full, base)
        for slug, astral in (("largest", False), ("largest-astral", True)):
            whole = largest(self.operation.shapes, self.operation.input, astral=astral)
            if whole is not None:
                whole = self.base.bound(whole)
                yield self.maker.case((), inside("type", slug, whole), whole, full)
        for probe in structure_probes(root, base):
            if isinstance(probe.value, dict) and probe.slug != "empty":
                yield self.maker.case((), probe, probe.value, base)
        yield from self._all_absent_case((), root, base, ())

    def _place_cases(self, place: Place) -> Iterator[Case]:
        request, path = self.base.reach(place.location)
        seen = set()
        yield from self._typical_case(place, request)
        yield from self._siblings_case(place, request, path)
        is_brief = self._is_known(place)
        for probe in (self._briefly if is_brief else self.probes)(place, get(request, path)):
            if probe.slug in seen or self._was_made(place.shape, probe):
                continue
            seen.add(probe.slug)
            # Null means absence, so it is compared with absence.
            optional_null = (probe.slug, probe.expects) == (NULL_AS_ABSENT, "accept")
            if self._is_second(place, probe, seen):
                whole, at = self.base.reach(place.location, among_all=True)
                yield self.maker.placed(place, probe, whole, at, whole)
                continue
            good = self._with_room(place, probe, request, path)
            twin = put(request, path, ABSENT) if optional_null else good
            yield self.maker.placed(place, probe, good, path, twin)
        if place.member is not None and len(place.location) == 1:
            yield from self._other_name_cases(place, request)
        yield from self._all_absent_case(place.location, place.shape, request, path)
        if not is_brief:
            yield from self._position_cases(place)

    def _is_known(self, place: Place) -> bool:
        """Whether a place is one of many of its shape, so that a few probes of it will do.

        Members of the request itself are always probed in full.
        """
        self._places_of[place.shape.name] += 1
        return len(place.location) > 1 and self._places_of[place.shape.name] > IN_FULL

    def _briefly(self, place: Place, value: Json) -> Iterator[Probe]:
        """The first probe of each constraint on each side, and the first two of wrong types.

        Null and absence count as one. A server that reads a value without checking its type
        overlooks one wrong type, and stumbles over another.
        """
        reported: Counter[tuple[str, str]] = Counter()
        for probe in self.probes(place, value):
            side = (probe.kind, probe.expects)
            if probe.expects == "any":
                continue
            reported[side] += 1
            if reported[side] <= (WRONG_TYPES if side == ("type", "reject") else 1):
                yield probe

    def _is_second(self, place: Place, probe: Probe, seen: set[str]) -> bool:
        """Whether a probe is the second violation of its kind: it is made among all members.

        Some servers check one member only where another one is absent, or present. Some take no
        page token beside others.
        """
        if probe.expects != "reject" or place.location[-1] == KEY:
            return False
        if self.maker.makes_up_token(place.location):
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
            yield self.maker.placed(place, probe, request, path, request)

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

    def _all_absent_case(
        self, location: Location, shape: Shape, request: Json, path: Path
    ) -> Iterator[Case]:
        """An empty structure, of which a check by truth value overlooks every required member.

        The one case that breaks more than it names: the first required member stands for all.
        """
        required = [member for member in shape.members if member.required]
        if len(required) > 1:
            first = (*location, required[0].name)
            probe = outside("required", "all-absent", None, "required")
            yield self.maker.case(first, probe, put(request, path, {}), request)

    def _typical_case(self, place: Place, request: Json) -> Iterator[Case]:
        """The location's typical value beside the same request without it."""
        parent, _ = self.base.reach(place.location[:-1])
        if request != parent and place.location[-1] != KEY:
            yield self.maker.case(place.location, inside("type", "typical", None), request, parent)

    def probes(self, place: Place, value: Json) -> Iterator[Probe]:
        """Probes for one place. value: its typical value."""
        if place.location[-1] == KEY:
            yield from key_probes(place.shape, self._enum_values)
            return
        parent = self.operation.shape_at(place.location[:-1])
        if parent.type == "structure" and place.member is not None:
            # Right after requests that have the member: some servers fill in the last value.
            yield from presence_probes(self.operation.shapes, place.member)
        yield from probes_of(self.operation, place.shape, value, self._enum_values)
        if place.location in self._without_json:
            yield NO_JSON
        if place.member is None and place.shape.type != "document" and not parent.sparse:
            yield wrong_type("null", None)

    def _other_name_cases(self, place: Place, request: Json) -> Iterator[Case]:
        """Member names are compared with case: another case is an unknown member."""
        assert place.member is not None
        path, slug = place.location, "name-in-other-case"
        name = place.member.name[:1].swapcase() + place.member.name[1:]
        if name == place.member.name or self.operation.shapes[self.operation.input].member(name):
            return
        if place.member.required:
            probe = outside("required", slug, None, "required")
            yield self.maker.case(place.location, probe, rename(request, path, name), request)
        else:
            wrong: Json = [[]] if place.shape.type == "string" else "x"
            without = put(request, path, ABSENT)
            probe = inside("type", slug, None)
            yield self.maker.case(place.location, probe, {**without, name: wrong}, without)

    def _position_cases(self, place: Place) -> Iterator[Case]:
        """The violation of each constraint that reveals most, at every position of full lists."""
        for depth, segment in enumerate(place.location):
            if segment != ITEM:
                continue
            fill = place.location[:depth]
            count = full_count(self.operation.shape_at(fill))
            # Members below an item are probed in a list of one already: a server that looks at
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
                    yield self.maker.placed(place, probe.renamed(slug), request, path, request)

    def first_violations(self, place: Place, value: Json, label: str = "") -> list[Probe]:
        """The violation of each constraint at a place that reveals most."""
        # Servers check apart whether a union has too few members or too many, and some drop null
        # from a list, which shows where other items are left: both are tried at the last place.
        apart = ("two-members", "null") if label == "last" else ()
        found: dict[str, Probe] = {}
        for probe in self.probes(place, value):
            if probe.expects == "reject":
                found.setdefault(probe.slug if probe.slug in apart else probe.kind, probe)
        return list(found.values())


def _one_of_each_type(operation: Operation) -> frozenset[Location]:
    """The first optional member of the request of each type, but for documents."""
    found: dict[str, Location] = {}
    for member in operation.shapes[operation.input].members:
        type = operation.shapes[member.shape].type
        if not member.required and type != "document":
            found.setdefault(type, (member.name,))
    return frozenset(found.values())


def boundary_cases(
    operation: Operation,
    *,
    bindings: Bindings | None = None,
    request: Json = None,
    within: Within | None = None,
) -> Sequence[Case]:
    """Every boundary case that a request value can express, in document order.

    They are made one by one on demand: some operations have a hundred thousand.

    >>> from contract_kit import operation
    >>> cases = boundary_cases(operation("mailmanager:ListArchives"))
    >>> [case.slug for case in cases if case.constraint == "PageSize.maximum"]
    ['greatest', 'one-too-large', 'ten-times-too-large']

    bindings: location id → value that holds in the cases of all other members.
    request: a known-good request that all cases start from, or a list, as for `GoodRequest`.
    within: locations that are probed in an entry that the user gave, as for `GoodRequest`.
    Raises UsageError for a binding that names no location.
    """
    base = GoodRequest(operation, bindings, request, within=within)
    return CaseStream(Boundary(operation, base).cases())
