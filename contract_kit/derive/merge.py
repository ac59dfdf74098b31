"""Merges documentation pages into the documents derived from a model.

Where both state a fact, the constraint gets both origins. Where they differ, the documents keep
the model's value, which clients are generated from, and list both under `disagreements`; a
constraint whose limit is disputed is not held against an implementation.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass

from contract_kit.contract.document import DEFS, EXTENSION
from contract_kit.contract.shape import LENGTHS, Json
from contract_kit.derive.page import Page, PageFacts, PageMember
from contract_kit.derive.page_facts import inner_facts, own_facts, page_type, scalar_facts
from contract_kit.derive.shape_schema import MODEL, set_bound, set_pattern
from contract_kit.errors import UnsupportedPattern
from contract_kit.pattern.compiled import same

MARKS = {"items": "[]", "propertyNames": "[key]", "additionalProperties": "[value]"}
"""Keyword of a list or a map → how ids name what it refers to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the facts of a page belong.

    at: the constraint id without its kind. shape: the definition whose facts they are.
    notes: the `x-contract` object that takes their origins.
    """

    at: str
    shape: Json
    notes: Json


class _Merge:
    def __init__(self, request: Json, response: Json) -> None:
        self.request = copy.deepcopy(request)
        self.response = copy.deepcopy(response)
        self.disagreements: list[Json] = list(request[EXTENSION].get("disagreements", ()))

    def page(self, page: Page, input_name: str, output_name: str | None) -> None:
        origin = f"page:{page.name}"
        for document in (self.request, self.response):
            document[EXTENSION]["sources"][origin] = f"{page.name} - {page.service_title}"
        if page.kind == "operation":
            self._structure(self.request, input_name, page.members, origin, "")
            if output_name:
                self._structure(self.response, output_name, page.response, origin, "response.")
            self._errors(page, origin)
            self._success_status(page, origin)
            return
        for document in (self.request, self.response):
            if page.name in document.get("$defs", {}):
                self._structure(document, page.name, page.members, origin, f"{page.name}.")
                self._union(document["$defs"][page.name], page.union, page.name, origin)

    def _structure(
        self,
        document: Json,
        name: str,
        members: tuple[PageMember, ...],
        origin: str,
        prefix: str,
    ) -> None:
        properties = document["$defs"][name]["properties"]
        documented = {member.name: member for member in members}
        for label in {**properties, **documented}:
            at = f"{prefix}{label}"
            if label not in documented:
                self._disagree(f"{at}.member", "present", "absent", origin)
            elif label not in properties:
                self._disagree(f"{at}.member", "absent", "present", origin)
            else:
                self._member(document, name, documented[label], origin, at)

    def _member(
        self, document: Json, structure: str, member: PageMember, origin: str, at: str
    ) -> None:
        schema = document["$defs"][structure]["properties"][member.name]
        notes = schema.setdefault(EXTENSION, {})
        if member.required is not None:
            required = member.name in document["$defs"][structure].get("required", ())
            if required != member.required:
                self._dispute(notes, "required", at, required, member.required, origin)
            elif required:
                _add_origin(notes, "required", origin)
        if "identifier" in notes and "unique identifier" in member.documentation.lower():
            _add_origin(notes, "identifier", origin)
        place = self._own_shape(document, structure, member, at, notes)
        self._type(place, member, origin)
        if member.union:
            self._union(place.shape, True, at, origin)
        self._facts(place, own_facts(member, place.shape[EXTENSION]["type"]), origin)
        for segment, facts, holder in _inner(place.shape, member):
            shape = _target(document, holder)
            known = scalar_facts(facts, shape)
            if not _all_agree(shape, known):
                shape = _own(document, holder, f"{structure}.{member.name}.{segment}")
            inner = _Place(at=at + MARKS[segment], shape=shape, notes=shape[EXTENSION])
            self._facts(inner, known, origin)
        if not notes:
            del schema[EXTENSION]

    def _own_shape(
        self, document: Json, structure: str, member: PageMember, at: str, notes: Json
    ) -> _Place:
        """The shape of a member; its own where the page says more of it, or else of its items."""
        schema = document["$defs"][structure]["properties"][member.name]
        shape = _target(document, schema)
        facts = own_facts(member, shape[EXTENSION]["type"])
        more = any(_stated(shape, kind, said) is None for kind, said in facts.items())
        for _, inner, holder in _inner(shape, member):
            item = _target(document, holder)
            more = more or not _all_agree(item, scalar_facts(inner, item))
        if more:
            shape = _own(document, schema, f"{structure}.{member.name}")
        return _Place(at=at, shape=shape, notes=notes)

    def _facts(self, place: _Place, facts: Json, origin: str) -> None:
        for kind, value in facts.items():
            stated = _stated(place.shape, kind, value)
            if stated is not None and not _agree(kind, stated, value):
                self._dispute(place.notes, kind, place.at, stated, value, origin)
                continue
            _add_origin(place.notes, kind, origin)
            if stated is None:
                _adopt(place.shape, kind, value)
            elif kind == "pattern" and stated != value:
                self._disagree(f"{place.at}.pattern", stated, value, origin)

    def _type(self, place: _Place, member: PageMember, origin: str) -> None:
        stated = place.shape[EXTENSION]["type"]
        said = page_type(member)
        # A page lays out structures and unions alike.
        if said == stated or (said, stated) == ("structure", "union"):
            _add_origin(place.notes, "type", origin)
        elif said is not None:
            self._dispute(place.notes, "type", place.at, stated, said, origin)

    def _union(self, shape: Json, union: bool, at: str, origin: str) -> None:
        notes = shape[EXTENSION]
        if union and notes["type"] == "union":
            _add_origin(notes, "union", origin)
        elif union or notes["type"] == "union":
            self._dispute(notes, "union", at, notes["type"] == "union", union, origin)

    def _errors(self, page: Page, origin: str) -> None:
        errors = self.request[EXTENSION]["errors"]
        known = {error["name"]: error for error in errors}
        for error in page.errors:
            if error.name not in known:
                self._disagree(f"errors.{error.name}", "absent", "present", origin)
                statuses = [{"status": error.status or 400, "origin": origin}]
                errors.append({"name": error.name, "statuses": statuses})
            elif error.status is not None:
                statuses = known[error.name]["statuses"]
                if error.status != statuses[0]["status"]:
                    at = f"errors.{error.name}.status"
                    self._disagree(at, statuses[0]["status"], error.status, origin)
                statuses.append({"status": error.status, "origin": origin})
        documented = {error.name for error in page.errors}
        for name in known:
            if name not in documented:
                self._disagree(f"errors.{name}", "present", "absent", origin)

    def _success_status(self, page: Page, origin: str) -> None:
        stated = self.request[EXTENSION]["http"]["successStatus"]
        if page.success_status not in (None, stated):
            self._disagree("response.status", stated, page.success_status, origin)

    def _dispute(
        self, notes: Json, kind: str, at: str, stated: Json, said: Json, origin: str
    ) -> None:
        """Two sources, two limits: neither answer of an implementation is wrong."""
        disputed = notes.setdefault("disputed", [])
        if kind not in disputed:
            disputed.append(kind)
        self._disagree(f"{at}.{kind}", stated, said, origin)

    def _disagree(self, at: str, stated: Json, said: Json, origin: str) -> None:
        entry = {
            "at": at,
            "facts": [{"value": stated, "origin": MODEL}, {"value": said, "origin": origin}],
        }
        if entry not in self.disagreements:
            self.disagreements.append(entry)


def merge_pages(request: Json, response: Json, pages: tuple[Page, ...]) -> tuple[Json, Json]:
    """The documents of one operation with what its pages, and those of its types, state."""
    merge = _Merge(request, response)
    output = response.get("$ref")
    for page in sorted(pages, key=lambda page: (page.kind != "operation", page.name)):
        merge.page(
            page, request["$ref"].removeprefix(DEFS), output.removeprefix(DEFS) if output else None
        )
    if merge.disagreements:
        merge.request[EXTENSION]["disagreements"] = merge.disagreements
    return merge.request, merge.response


def drift_lines(request: Json) -> Iterator[str]:
    """A line for each disagreement that a merged request document lists."""
    for entry in request[EXTENSION].get("disagreements", ()):
        facts = "; ".join(f"{fact['origin']} says {fact['value']}" for fact in entry["facts"])
        yield f"{entry['at']}: {facts}"


def _add_origin(notes: Json, kind: str, origin: str) -> None:
    origins = notes.setdefault("origins", {}).setdefault(kind, [])
    if origin not in origins:
        origins.append(origin)


def _stated(shape: Json, kind: str, said: Json) -> Json:
    """The model's value of a fact for which a page states `said`; None if the model has none."""
    notes = shape[EXTENSION]
    if kind == "enum":
        return shape.get("enum")
    if kind == "pattern":
        return notes.get("pattern")
    low, high = LENGTHS.get(notes["type"], ("", ""))
    name = {low: "minLength", high: "maxLength"}.get(kind, kind)
    stated = notes.get("bounds", {}).get(name)
    # A least length of 0 forbids nothing, and the documents leave it out.
    return 0 if stated is None and kind == low and said == 0 else stated


def _agree(kind: str, stated: Json, said: Json) -> bool:
    """Whether two sources state the same; a pattern is for the whole string, anchors or not."""
    if kind == "enum" and stated is not None:
        return set(stated) == set(said)
    if kind == "pattern" and stated is not None and stated != said:
        return _same(stated, said)
    return bool(stated == said)


def _all_agree(shape: Json, facts: Json) -> bool:
    return all(_agree(kind, _stated(shape, kind, said), said) for kind, said in facts.items())


def _adopt(shape: Json, kind: str, value: Json) -> None:
    if kind == "enum":
        shape["enum"] = list(value)
    elif kind == "pattern":
        set_pattern(shape, value)
    else:
        set_bound(shape, kind, value)


def _same(stated: str, said: str) -> bool:
    try:
        return same(stated, said)
    except UnsupportedPattern:
        return False


def _inner(shape: Json, member: PageMember) -> Iterator[tuple[str, PageFacts, Json]]:
    """Keyword, facts and reference of a list's items, of a map's keys and of its values."""
    for segment, facts in inner_facts(member):
        holder = shape.get(segment)
        # A structure says `additionalProperties: false`; a sparse list names null as well.
        if isinstance(holder, dict):
            yield segment, facts, holder if "$ref" in holder else holder["anyOf"][0]


def _target(document: Json, holder: Json) -> Json:
    return document["$defs"][holder["$ref"].removeprefix(DEFS)]


def _own(document: Json, holder: Json, name: str) -> Json:
    """A definition for this place alone; other uses of the shape stay as they are."""
    shape = document["$defs"][name] = copy.deepcopy(_target(document, holder))
    holder["$ref"] = DEFS + name
    return shape
