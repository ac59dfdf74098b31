"""Cases beyond the boundary: what would make that listing too long, each as small as can be.

A campaign sends them before it draws at random, as many as it may: what each shows is a matter of
one character, one sample or one position, which chance would hardly meet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from contract_kit.cases.boundary import Boundary, boundary_cases
from contract_kit.cases.case import Case
from contract_kit.cases.good_request import Bindings, GoodRequest, Within, full_count
from contract_kit.cases.near_values import is_tolerated, more_samples, near, read_texts
from contract_kit.cases.probe import Probe, either, inside, outside, wrong_type
from contract_kit.cases.scalar_probes import NO_JSON
from contract_kit.cases.string_probes import keeps_limits
from contract_kit.contract.operation import ConstraintKind, Operation
from contract_kit.contract.shape import ITEM, KEY, Json, Shape
from contract_kit.contract.values import get, put
from contract_kit.contract.walk import Place, places

LONG_MATCH = 1000
"""Characters of a string whose pattern never ends: more than lax columns and deep engines take, and
less than the stores do that such strings often name a place in, 1,024 as a rule."""

_ORDINARY = {
    "newline": "\n",
    "zero": "0",
    "false": "false",
    "null": "null",
    "number": "1e5",
    "date": "2023-11-14",
    "percent": "%41%zz",
    "plus": "a+b",
    "markup": "<b>&amp;</b>",
    "comma": "a,b;c",
    "template": "{{a}} ${b} {0} %s",
}
"""Strings like any other, which one language or another takes for something else."""

MOST_POSITIONS = 20
"""Items of a full list that are tried, where it must have more."""

EVERY_VALUE = "every-value"
"""Slug of the one case that breaks more than it names: its first constraint stands for all."""

LARGEST = 65_536
"""Characters of it at most: servers refuse larger requests as a whole."""

SECOND = 1
"""Index of the item after the first."""

_WORDS = ("EQUALS", "NOT_EQUALS", "STARTS_WITH", "ENDS_WITH", "ANY", "NONE")
"""Values that enumerations of other operations often hold."""


def finer_cases(
    operation: Operation,
    *,
    bindings: Bindings | None = None,
    request: Json = None,
    within: Within | None = None,
    known: Sequence[Case] = (),
) -> tuple[Case, ...]:
    """The cases that `boundary_cases` leaves out; arguments and errors as there.

    known: cases that were made of the same arguments, those of `boundary_cases` among them; made
    here where there are none.

    Every sign beside each class of a pattern and what is stripped from the ends of strings, more
    values of wrong types, and violations at further positions of full lists and where every other
    value differs. A case breaks the constraint that it names, or none if it is to be accepted, as
    `long` is; `every-value` breaks others as well.
    """
    known = known or boundary_cases(operation, bindings=bindings, request=request, within=within)
    seen = {_request_key(case) for case in known}
    ids = {case.id for case in known}
    found = []
    for case in _Finer(operation, GoodRequest(operation, bindings, request, within=within)).cases():
        key = _request_key(case)
        if case.id not in ids and key not in seen:
            ids.add(case.id)
            seen.add(key)
            found.append(case)
    return tuple(found)


def _request_key(case: Case) -> bytes:
    """Stands for the request, since thousands of large ones do not fit in memory as text."""
    return hashlib.sha256(json.dumps(case.request, sort_keys=True).encode()).digest()


class _Finer:
    """Makes the finer cases of one operation."""

    def __init__(self, operation: Operation, base: GoodRequest) -> None:
        self._operation = operation
        self._base = base
        self._boundary = Boundary(operation, base)
        self._told: set[str] = set()

    def cases(self) -> Iterator[Case]:
        """Place by place, in document order."""
        found = [place for place in places(self._operation) if place.location[-1] != KEY]
        for number, place in enumerate(found):
            yield from filter(self._boundary.maker.is_agreed, self._at(place, number))
        yield from self._all_at_once(found)

    def _at(self, place: Place, number: int) -> Iterator[Case]:
        request, path = self._base.reach(place.location)
        near = self._near_bound(place, get(request, path))
        for probe in (*self._probes(place.shape), *near):
            yield self._boundary.maker.placed(place, probe, request, path, request)
        yield from self._beside_others(place)
        yield from self._positions(place, number)

    def _probes(self, shape: Shape) -> Iterator[Probe]:
        if shape.type == "document":
            return
        yield from _type_probes(shape)
        if shape.name in self._told:
            # How a shape's strings are compared and parsed is the same at each of its places.
            return
        self._told.add(shape.name)
        yield NO_JSON
        yield from _text_probes(shape)

    def _beside_others(self, place: Place) -> Iterator[Case]:
        """Violations where other values decide whether they are looked at.

        Servers report wrong types before they look at any value. A made-up page token may be
        refused for the members beside it.
        """
        if self._boundary.maker.makes_up_token(place.location):
            return
        request, path = self._base.reach_beside_others(place.location)
        for probe in self._boundary.first_violations(place, get(request, path)):
            if probe.kind != "type":
                probe = probe.renamed("beside-others")
                yield self._boundary.maker.placed(place, probe, request, path, request)

    def _positions(self, place: Place, number: int) -> Iterator[Case]:
        """Violations at positions of full lists that lie between the first and the last."""
        for depth, segment in enumerate(place.location):
            if segment != ITEM:
                continue
            fill = place.location[:depth]
            is_item = depth == len(place.location) - 1
            for index in _between(full_count(self._operation.shape_at(fill)), number, is_item):
                request, path = self._base.reach(place.location, fill=fill, index=index)
                label = f"at-{index + 1}-of-full-{fill[-1] if fill else 'list'}"
                for probe in self._turns(place, get(request, path), index):
                    yield self._boundary.maker.placed(
                        place, probe.renamed(label), request, path, request
                    )

    def _turns(self, place: Place, value: Json, index: int) -> Iterator[Probe]:
        """Violations for one item: at the second all kinds, further on one after the other.

        A value of a wrong type is always among them, each time another one.
        """
        wrong = [p for p in self._boundary.probes(place, value) if p.family == "type"]
        if wrong:
            yield wrong[index % len(wrong)]
        others = [p for p in self._boundary.first_violations(place, value) if p.family != "type"]
        yield from others if index == SECOND else others[index % max(1, len(others)) :][:1]

    def _all_at_once(self, found: list[Place]) -> Iterator[Case]:
        """A request in which every value is wrong that can be: errors are gathered and joined."""
        request = twin = self._base.full()
        room = LARGEST - len(json.dumps(twin))
        wrong = []
        for place in found:
            path = tuple(0 if segment == ITEM else segment for segment in place.location)
            value = get(twin, path)
            if isinstance(value, (dict, list, type(None))) or self._base.is_bound(place.location):
                continue
            probes = self._boundary.first_violations(place, value)
            sizes = [(len(json.dumps(p.value)), p) for p in probes if p.family == "value"]
            size, probe = next((each for each in sizes if each[0] <= room), (0, None))
            if probe is not None:
                room -= size
                request = put(request, path, probe.value)
                wrong.append((place, replace(probe, slug=EVERY_VALUE), path))
        if len(wrong) > 1:
            yield self._boundary.maker.placed(*wrong[0][:2], request, wrong[0][2], twin)

    def _near_bound(self, place: Place, value: Json) -> Iterator[Probe]:
        """Values that a careless look-up takes for the name that the user bound.

        Other near misses name nothing that exists, which hides whether they are looked at.
        """
        if not self._base.is_bound(place.location) or not isinstance(value, str):
            return
        kind: ConstraintKind = "enum" if place.shape.enum else "pattern"
        texts = {
            **near(value, "other-case", "upper-case"),
            "capitalized": value[:1].swapcase() + value[1:],
            **near(value, "leading-blank", "trailing-blank", "trailing-newline", "in-quotes"),
        }
        for slug, text in texts.items():
            yield outside(kind, f"bound-{slug}", text)


def _between(count: int, number: int, is_item: bool) -> tuple[int, ...]:
    """Positions to try in a list of so many items, its first and last left out.

    Items are tried at each but the second, where the boundary has them; what lies below items is
    tried at the second, and at one more, another one for each place by its number.
    """
    inner = range(SECOND + 1, min(count, MOST_POSITIONS) - 1)
    if is_item:
        return tuple(inner)
    second = (SECOND,) if count > SECOND + 1 else ()
    return (*second, inner[number % len(inner)]) if inner else second


def _type_probes(shape: Shape) -> Iterator[Probe]:
    """More values of each other JSON type."""
    for slug, sample in more_samples(shape):
        yield wrong_type(slug, sample, tolerated=is_tolerated(shape, sample))


def _text_probes(shape: Shape) -> Iterator[Probe]:
    """Strings that nearly are what the shape takes."""
    if shape.enum:
        yield from _enum_probes(shape)
    elif shape.type == "string" and shape.pattern is not None:
        yield from _pattern_probes(shape)
    elif shape.type == "string":
        low, high = shape.min_length or 0, shape.max_length
        for slug, text in _ORDINARY.items():
            if low <= len(text) and (high is None or len(text) <= high):
                yield inside("type", f"text-{slug}", text)
    for text in read_texts(shape):
        yield wrong_type(f"text-{text}", text, tolerated=is_tolerated(shape, text))


def _enum_probes(shape: Shape) -> Iterator[Probe]:
    value = shape.enum[-1]
    found = {
        **near(value, "title-case", "capitalized", "negated", "without-first", "in-quotes"),
        "two-values": f"{value},{shape.enum[0]}",
        **near(value, "trailing-tab"),
        "number": "0",
        # A look-up among the attributes of a Python class finds it.
        "class-attribute": "__class__",
        **{f"word-{word}": word for word in _WORDS},
    }
    if "_" in value:
        found |= near(value, "blank", "joined-words", "last-word")
    for slug, text in found.items():
        if text not in shape.enum and keeps_limits(shape, text):
            yield outside("enum", slug, text)


def _pattern_probes(shape: Shape) -> Iterator[Probe]:
    pattern = shape.regex
    if pattern is None:
        return
    for miss in pattern.finer(shape.min_length or 0, shape.max_length):
        make = either if miss.open_end else outside
        yield make("pattern", miss.slug, miss.text)
    if shape.max_length is None and pattern.max_length is None:
        long = pattern.example(max(shape.min_length or 0, LONG_MATCH))
        if long is not None:
            yield inside("pattern", "long", long)
