"""Violations → findings: in words for people who edit files, each at its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple, TypeGuard

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json, Path, Shape
from contract_kit.report.facts import fact, origin_texts
from contract_kit.requestfile.dialect import timestamp
from contract_kit.requestfile.document import Stretch
from contract_kit.requestfile.finding import FileFinding, Fix
from contract_kit.requestfile.finding_places import FindingPlaces
from contract_kit.requestfile.guessed_times import is_guessed
from contract_kit.requestfile.merged_findings import by_cause
from contract_kit.requestfile.multiline_patterns import takes_lines
from contract_kit.requestfile.values import at_path, is_sensitive, is_there, shape_at
from contract_kit.text.near import alike, nearest
from contract_kit.validate.violation import Violation, printable, shorten


class Wording:
    """Makes findings of the violations of one operation's requests."""

    def __init__(self, operation: Operation, dialect: str) -> None:
        self._operation = operation
        self._dialect = dialect

    @cached_property
    def _constraints(self) -> dict[str, Constraint]:
        return {constraint.id: constraint for constraint in self._operation.constraints}

    def findings(
        self, violations: Iterable[Violation], request: Json, placing: FindingPlaces
    ) -> list[FileFinding]:
        """Findings of what a request breaks, one for each cause, in the order of the violations."""
        found = [(violation, self.finding(violation, request, placing)) for violation in violations]
        return by_cause(self._operation, found)

    def finding(self, violation: Violation, request: Json, placing: FindingPlaces) -> FileFinding:
        """A violation of a request, which is given as the file has it."""
        constraint, path = self._constraints[violation.constraint], violation.path
        shape = shape_at(self._operation, path[:-1] if violation.of_key else path)
        hidden = is_sensitive(self._operation, path)
        limit, origins = _limit(constraint), constraint.origins
        doubt = self._doubt(violation, constraint, request)
        if violation.of_key and _is_structure(shape):
            words = self._unknown_member(violation, shape, request, placing)
            limit = "no other members are documented"
            origins = dict(shape.origins).get("type", origins)
        elif violation.of_key:
            words = _key(violation, constraint, placing, hidden=hidden)
        elif constraint.kind == "required" and not is_there(request, path):
            missing = f"{printable(str(path[-1]))} is missing; it is required"
            words = _Words(at=placing.value(path[:-1]), message=missing)
        else:
            value = at_path(request, path)
            words = _value(value, constraint, shape, path, placing, self._dialect, hidden=hidden)
        return placing.finding(
            constraint.id,
            words.at,
            words.message + (f"; {words.fix.hint}" if words.fix else "") + doubt,
            severity="warning" if doubt else "error",
            path=path,
            operation=self._operation.id,
            limit=limit,
            origins=origin_texts(self._operation, replace(constraint, origins=origins)),
            value=words.shown,
            fix=words.fix,
            hidden=hidden,
        )

    def _doubt(self, violation: Violation, constraint: Constraint, request: Json) -> str:
        """Why a broken constraint may be none in truth; empty where nothing says so."""
        if constraint.kind == "pattern" and takes_lines(self._operation, violation) == "each":
            return "; each line does by itself, and services differ about line breaks"
        if self._is_guessed_time(violation, constraint, request):
            return "; botocore has to guess what it means"
        if not constraint.disputed:
            return ""
        said = [
            f"{fact['value']} ({fact['origin']})"
            for entry in self._operation.disagreements
            if entry["at"] == constraint.id
            for fact in entry["facts"]
            if fact["origin"] != "model"
        ]
        return f"; in doubt: {said[0] if said else 'its sources disagree'}"

    def _is_guessed_time(self, violation: Violation, constraint: Constraint, request: Json) -> bool:
        """Whether a value is a time that the clients read, though none that is documented."""
        if self._dialect == "wire" or constraint.kind != "type" or violation.of_key:
            return False
        is_time = constraint.limit == "timestamp" and is_there(request, violation.path)
        return is_time and is_guessed(at_path(request, violation.path))

    def _unknown_member(
        self, violation: Violation, around: Shape, request: Json, placing: FindingPlaces
    ) -> _Words:
        """A key that is not a member. around: the shape of the object that holds it."""
        name, path = violation.value, violation.path
        holder = at_path(request, path[:-1])
        free = [part.name for part in around.members if part.name not in holder]
        near = nearest(name, free) if isinstance(name, str) else None
        place = ".".join(str(part) for part in path[:-1]) or self._operation.name
        fix = None
        if near is not None:
            # Two keys that differ in case alone would both become the same.
            rivals = [key for key in holder if isinstance(key, str) and key.lower() == name.lower()]
            fix = placing.fix(placing.key(path), near[0], safe=near[1] and len(rivals) == 1)
        return _Words(
            at=placing.key(path),
            message=f"{quoted(name)} is not a documented member of {printable(place)}",
            shown=quoted(name),
            fix=fix,
        )

    def inverted(self, path: Path, low: str, placing: FindingPlaces) -> FileFinding:
        """A time that lies before the one it should follow."""
        return placing.finding(
            "file.timeOrder",
            placing.value(path),
            f"{path[-1]} lies before {low}; no range of time is meant so (not documented)",
            severity="warning",
            path=path,
            operation=self._operation.id,
            related=((placing.value((*path[:-1], low)), low),),
        )


class _Words(NamedTuple):
    """The words for a violation, and its place."""

    at: Stretch
    message: str
    shown: str = ""
    """The value, shortened; empty where it stays hidden, or there is none."""
    fix: Fix | None = None


def _is_structure(shape: Shape | None) -> TypeGuard[Shape]:
    return shape is not None and shape.is_structure


def _key(
    violation: Violation, constraint: Constraint, placing: FindingPlaces, *, hidden: bool
) -> _Words:
    """A key of a map that is wrong."""
    name, at = violation.value, placing.key(violation.path)
    if hidden:
        return _Words(at=at, message=f"the key {_limit(constraint)}")
    said, fix = _limit(constraint, name), None
    if constraint.kind == "type":
        wrong = _of_type(name, "must be a string", None) if isinstance(name, str) else ""
        said = wrong or "must be a string; quote it"
    if constraint.kind == "enum" and isinstance(name, str):
        fix = _near(name, constraint.limit, at, placing)
    return _Words(at=at, message=f"the key {quoted(name)} {said}", shown=quoted(name), fix=fix)


def _value(
    value: Json,
    constraint: Constraint,
    shape: Shape | None,
    path: Path,
    placing: FindingPlaces,
    dialect: str,
    *,
    hidden: bool,
) -> _Words:
    """A value that is there, and wrong."""
    at, limit = placing.value(path), _limit(constraint, None if hidden else value)
    shown = "" if hidden else _shown(value, at, placing)
    message, fix = f"{shown or 'the value'} {limit}", None
    if constraint.kind == "required":
        message = f"{printable(str(path[-1]))} is null; it is required"
    if constraint.kind == "rule":
        message = f"{printable(str(path[-1]))} {limit}"
    if constraint.kind == "enum" and isinstance(value, str):
        fix = _near(value, constraint.limit, at, placing)
    if constraint.kind == "type":
        wrong = _of_type(value, limit, shape) + _advice(value, shape, path, dialect)
        message = f"{shown or 'the value'} {wrong}"
    return _Words(at=at, message=message, shown=shown, fix=fix)


_TYPES = {
    "structure": "must be an object",
    "map": "must be an object",
    "union": "must be an object with one member",
    "list": "must be a list",
    "string": "must be a string",
    "boolean": "must be true or false",
    "timestamp": "must be a time",
    "blob": "must be base64 text",
}


MOST_CHOICES, MOST_SIGNS, SHOWN_CHOICES = 16, 400, 3
"""Values of an enumeration, and characters of all of them, up to which all are listed; of a longer
one, the number that is shown."""


def _limit(constraint: Constraint, value: Json = None) -> str:
    """The documented fact, in the words of files. value: one that breaks it."""
    if constraint.kind == "enum" and isinstance(constraint.limit, list):
        return _choices(constraint, value)
    if constraint.kind == "type" and isinstance(constraint.limit, str):
        return _TYPES.get(constraint.limit, fact(constraint))
    return fact(constraint)


def _choices(constraint: Constraint, value: Json) -> str:
    """An enumeration; of a long one the values nearest to the one given, and how many there are."""
    allowed: list[str] = constraint.limit
    if len(allowed) <= MOST_CHOICES and sum(map(len, allowed)) <= MOST_SIGNS:
        return fact(constraint)
    near = allowed[:SHOWN_CHOICES]
    if isinstance(value, str):
        near = alike(value, allowed, most=SHOWN_CHOICES, likeness=0.5) or near
    return f"must be one of {len(allowed):,} values, such as {', '.join(map(shorten, near))}"


def _shown(value: Json, at: Stretch, placing: FindingPlaces) -> str:
    """A value, shortened; numbers as they are written, which may be more than they can be read."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return shorten(placing.source(at)) if is_number else quoted(value)


def _near(value: str, limit: Json, at: Stretch, placing: FindingPlaces) -> Fix | None:
    """The value that was meant, if it is near one that the constraint allows."""
    near = nearest(value, limit)
    return placing.fix(at, near[0], safe=near[1]) if near is not None else None


def _of_type(value: Json, limit: str, shape: Shape | None) -> str:
    """The error of a value of a wrong type: for a string, half a character in it."""
    is_text = isinstance(value, str) and (shape is None or shape.type == "string")
    half = next((char for char in value if "\ud800" <= char <= "\udfff"), None) if is_text else None
    if half is None:
        return limit
    return f"contains half a character, {printable(half)}; write all of it, or leave it out"


def _advice(value: Json, shape: Shape | None, path: Path, dialect: str) -> str:
    """The remedy for a value of the wrong type, if there is one."""
    if value is None and path and isinstance(path[-1], str):
        return "; leave it out"
    time = shape.timestamp_format if shape is not None and shape.type == "timestamp" else None
    on_wire = dialect == "wire" and time is not None
    as_text = _EXAMPLES.get(time or "") if on_wire else None
    if _is_date(value) and (as_text or not on_wire):
        return "; YAML reads it as a date, so put it in quotes"
    if time is None or not (isinstance(value, (str, int, float)) or _is_date(value)):
        return ""
    if not on_wire:
        return "; write ISO 8601 text or epoch seconds"
    if as_text:
        return f"; write it as in {as_text}"
    if isinstance(value, str) and isinstance(timestamp(value), (int, float)):
        return "; write epoch seconds, or check with --dialect cli, which takes text"
    return "; write epoch seconds"


_EXAMPLES = {"iso8601": "2026-05-17T12:30:15Z", "rfc822": "Sun, 17 May 2026 12:30:15 GMT"}
"""A time in each format of text."""


def _is_date(value: Json) -> bool:
    """Whether YAML has read a value as a date."""
    return hasattr(value, "isoformat")


def quoted(value: Json) -> str:
    """A value as a message shows it, shortened: strings in double quotes."""
    if isinstance(value, bytes):
        return "binary data"
    if _is_date(value):
        return f'"{value}"'
    return f'"{shorten(value)}"' if isinstance(value, str) else shorten(value)
