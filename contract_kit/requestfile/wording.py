"""Violations → findings: in words for people who edit files, each at its place."""

from __future__ import annotations

import datetime
from dataclasses import replace
from functools import cached_property

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json, Path, Shape
from contract_kit.report.facts import fact, origin_texts
from contract_kit.requestfile.dialect import timestamp
from contract_kit.requestfile.document import Stretch
from contract_kit.requestfile.finding import Finding, Fix
from contract_kit.requestfile.hints import nearest
from contract_kit.requestfile.json_text import NESTED
from contract_kit.requestfile.place import Placing
from contract_kit.requestfile.values import at_path, is_sensitive, is_there, shape_at
from contract_kit.validate.violation import Violation, printable, shorten

_CONTAINERS: dict[str, type] = {"list": list, "map": dict, "structure": dict, "union": dict}


class Wording:
    """Makes findings of the violations of one operation's requests."""

    def __init__(self, operation: Operation, dialect: str) -> None:
        self._operation = operation
        self._dialect = dialect

    @cached_property
    def _constraints(self) -> dict[str, Constraint]:
        return {constraint.id: constraint for constraint in self._operation.constraints}

    def finding(self, violation: Violation, request: Json, placing: Placing) -> Finding:
        """A violation of a request, which is given as it stands in the file."""
        constraint = self._constraints[violation.constraint]
        path = violation.path
        shape = shape_at(self._operation, path[:-1] if violation.of_key else path)
        hidden = is_sensitive(self._operation, path)
        fix: Fix | None = None
        limit = _limit(constraint)
        origins = constraint.origins
        if violation.of_key:
            at = placing.key(path)
            message, fix = self._key(violation, constraint, shape, request, placing)
            shown = quoted(violation.value)
            if hidden and (shape is None or not shape.is_structure):
                message, shown, fix = f"the key {limit}", "", None
            if shape is not None and shape.is_structure:
                limit = "no other members are documented"
                origins = dict(shape.origins).get("type", origins)
        elif constraint.kind == "required" and not is_there(request, path):
            at = placing.value(path[:-1])
            message, shown = f"{printable(str(path[-1]))} is missing; it is required", ""
        else:
            at = placing.value(path)
            value = at_path(request, path)
            shown = "" if hidden else _shown(value, at, placing)
            message = f"{shown or 'the value'} {limit}"
            if constraint.kind == "required":
                message = f"{printable(str(path[-1]))} is null; it is required"
            if constraint.kind == "enum" and isinstance(value, str):
                fix = _near(value, constraint.limit, path, placing)
            if constraint.kind == "type":
                message = f"{shown or 'the value'} {_of_type(value, limit, shape)}"
                message += _advice(value, shape, path, self._dialect)
                if shape is not None and isinstance(value, _CONTAINERS.get(shape.type, ())):
                    # Of the right type, but further down than anything is looked at.
                    message = NESTED
        return placing.finding(
            constraint.id,
            at,
            message + (f"; {fix.hint}" if fix else ""),
            path=path,
            operation=self._operation.id,
            limit=limit,
            origins=origin_texts(self._operation, replace(constraint, origins=origins)),
            value=shown,
            fix=fix,
            hidden=hidden,
        )

    def _key(
        self,
        violation: Violation,
        constraint: Constraint,
        shape: Shape | None,
        request: Json,
        placing: Placing,
    ) -> tuple[str, Fix | None]:
        """Words and fix for a key that is wrong. shape: that of the object around it."""
        name, path = violation.value, violation.path
        if shape is None or not shape.is_structure:
            key = f"the key {quoted(name)} {fact(constraint)}"
            if constraint.kind == "type":
                wrong = _of_type(name, "must be a string", None) if isinstance(name, str) else ""
                return f"the key {quoted(name)} {wrong or 'must be a string; quote it'}", None
            enum = constraint.kind == "enum" and isinstance(name, str)
            return key, _near(name, constraint.limit, path, placing, key=True) if enum else None
        holder = at_path(request, path[:-1])
        free = [part.name for part in shape.members if part.name not in holder]
        near = nearest(name, free) if isinstance(name, str) else None
        place = ".".join(str(part) for part in path[:-1]) or self._operation.name
        message = f"{quoted(name)} is no documented member of {printable(place)}"
        if near is None:
            return message, None
        # Two keys that differ in case alone would both become the same.
        rivals = [key for key in holder if isinstance(key, str) and key.lower() == name.lower()]
        safe = near[1] and len(rivals) == 1
        return message, placing.fix(placing.key(path), near[0], safe=safe)

    def inverted(self, path: Path, low: str, placing: Placing) -> Finding:
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


def _limit(constraint: Constraint) -> str:
    """What is documented, in the words of files."""
    if constraint.kind == "type" and isinstance(constraint.limit, str):
        return _TYPES.get(constraint.limit, fact(constraint))
    return fact(constraint)


def _shown(value: Json, at: Stretch, placing: Placing) -> str:
    """A value, shortened; numbers as they are written, which may be more than they can be read."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return shorten(placing.source(at)) if is_number else quoted(value)


def _near(
    value: str, limit: Json, path: Path, placing: Placing, *, key: bool = False
) -> Fix | None:
    near = nearest(value, limit)
    if near is None:
        return None
    at = placing.key(path) if key else placing.value(path)
    return placing.fix(at, near[0], safe=near[1])


def _of_type(value: Json, limit: str, shape: Shape | None) -> str:
    """What is wrong with a value that is not of its type: for a string, half a character in it."""
    is_text = isinstance(value, str) and (shape is None or shape.type == "string")
    half = next((char for char in value if "\ud800" <= char <= "\udfff"), None) if is_text else None
    if half is None:
        return limit
    return f"holds half a character, {printable(half)}; write all of it, or leave it out"


def _advice(value: Json, shape: Shape | None, path: Path, dialect: str) -> str:
    """What to do about a value of the wrong type, where that can be told."""
    if value is None and path and isinstance(path[-1], str):
        return "; leave it out"
    is_time = shape is not None and shape.type == "timestamp"
    if isinstance(value, datetime.date) and not (is_time and dialect == "wire"):
        return "; YAML reads it as a date, so put it in quotes"
    if not is_time or not isinstance(value, (str, int, float, datetime.date)):
        return ""
    if dialect != "wire":
        return "; write ISO 8601 text or epoch seconds"
    if not isinstance(value, str):
        return "; write epoch seconds"
    if isinstance(timestamp(value), (int, float)):
        return "; write epoch seconds, or check with --dialect cli, which takes text"
    return "; write epoch seconds"


def quoted(value: Json) -> str:
    """A value as a message shows it, shortened: strings in double quotes."""
    if isinstance(value, (datetime.date, bytes)):
        return f'"{value}"' if isinstance(value, datetime.date) else "binary data"
    return f'"{shorten(value)}"' if isinstance(value, str) else shorten(value)
