"""Rules of the user's own: what an operation demands that no model states.

Settings state them, by operation: members that exclude each other, that need each other, or that
take some values only, and the error that answers a violation.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import ITEM, VALUE, Json, Location, Path, location_id
from contract_kit.errors import UsageError

TABLE = "[tool.contract-kit.rules]"
ORIGIN = "settings"
"""Origin of a rule, among those of constraints."""

_KEYS = ("exclude", "need", "values", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One demand on the structure at `parent`.

    excludes: at most one of the members is there. needs: where the first is, all others are.
    values: the first has one of them, each as JSON text. error: the name that answers a violation;
    empty for any that a violation is answered with.
    """

    kind: Literal["excludes", "needs", "values"]
    parent: Location
    members: tuple[str, ...]
    values: tuple[str, ...] = ()
    error: str = ""

    @property
    def location(self) -> Location:
        """Of the first member."""
        return (*self.parent, self.members[0])

    @property
    def id(self) -> str:
        """For example `DelaySeconds.excludes-MessageGroupId`."""
        return "-".join((f"{location_id(self.location)}.{self.kind}", *self.members[1:]))

    @property
    def words(self) -> str:
        """The words after `must` in a message."""
        others = " and ".join(self.members[1:])
        if self.kind == "values":
            return f"be one of {', '.join(self.values)}"
        how = "alone, without" if self.kind == "excludes" else "together with"
        return f"be given {how} {others}"

    def is_broken(self, structure: Json) -> bool:
        """Whether a structure, whose members have the right types, breaks the rule."""
        given = [name for name in self.members if structure.get(name) is not None]
        if self.kind == "excludes":
            return len(given) > 1
        if self.members[0] not in given:
            return False
        if self.kind == "needs":
            return len(given) < len(self.members)
        return all(json.loads(value) != structure[self.members[0]] for value in self.values)


def structures(request: Json, parent: Location, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """The objects at a location of a request, each with the path to it."""
    if not parent:
        if isinstance(request, dict):
            yield path, request
        return
    head, rest = parent[0], parent[1:]
    if head == ITEM and isinstance(request, list):
        inner: list[tuple[Any, Json]] = list(enumerate(request))
    elif head == VALUE and isinstance(request, dict):
        inner = list(request.items())
    else:
        inner = [(head, request[head])] if isinstance(request, dict) and head in request else []
    for segment, value in inner:
        yield from structures(value, rest, (*path, segment))


@functools.lru_cache(maxsize=64)
def with_rules(operation: Operation, rules: tuple[Rule, ...]) -> Operation:
    """The operation with rules as constraints of their own."""
    found = (
        Constraint(
            id=rule.id,
            kind="rule",
            location=rule.location,
            limit=rule.words,
            origins=(ORIGIN,),
        )
        for rule in rules
    )
    constraints = (*operation.constraints, *found)
    return replace(operation, rules=rules, constraints=constraints) if rules else operation


def parse_rules(operation: Operation, given: Json) -> tuple[Rule, ...]:
    """The rules that a table, or a list of tables, states; raises UsageError."""
    found: dict[str, Rule] = {}
    for table in given if isinstance(given, list) else [given]:
        for rule in _rules(operation, table):
            found.setdefault(rule.id, rule)
    return tuple(found.values())


def _rules(operation: Operation, table: Json) -> Iterator[Rule]:
    where = f"{TABLE} of {operation.id}"
    kinds = [key for key in _KEYS[:-1] if isinstance(table, dict) and key in table]
    if not kinds or not table.keys() <= {*_KEYS}:
        raise UsageError(
            f"{where}: {table!r} is not a rule; write exclude, need or values, plus error"
        )
    error = table.get("error", "")
    if not isinstance(error, str):
        raise UsageError(f"{where}: error = {error!r}; write the name of an error")
    for key in kinds:
        value = table[key]
        if key == "values":
            yield from _value_rules(operation, value, error, where)
        elif key == "need" and isinstance(value, dict):
            for name, others in value.items():
                needed = others if isinstance(others, list) else [others]
                yield _of_members(operation, "needs", [name, *needed], error, where)
        elif key == "need":
            names = value if isinstance(value, list) else []
            for name in names or [""]:
                group = [name, *(other for other in names if other != name)]
                yield _of_members(operation, "needs", group, error, where)
        else:
            yield _of_members(operation, "excludes", value, error, where)


def _value_rules(operation: Operation, given: Json, error: str, where: str) -> Iterator[Rule]:
    if not isinstance(given, dict) or not given:
        raise UsageError(f"{where}: values = {given!r}; write {{MEMBER = [VALUE, …]}}")
    for name, values in given.items():
        location = _location(operation, name, where)
        if not isinstance(values, list) or not values:
            raise UsageError(f"{where}: values of {name}: {values!r}; write a list of values")
        texts = tuple(json.dumps(value, ensure_ascii=False) for value in values)
        yield Rule(
            kind="values", parent=location[:-1], members=location[-1:], values=texts, error=error
        )


def _of_members(
    operation: Operation, kind: Literal["excludes", "needs"], names: Json, error: str, where: str
) -> Rule:
    key = "exclude" if kind == "excludes" else "need"
    if (
        not isinstance(names, list)
        or len({*map(str, names)}) < 2
        or len(names) != len({*map(str, names)})
    ):
        raise UsageError(f"{where}: {key} = {names!r}; write a list of two members or more")
    locations = [_location(operation, name, where) for name in names]
    parents = {location[:-1] for location in locations}
    if len(parents) > 1:
        raise UsageError(f"{where}: {key} = {names!r}: write members of one structure")
    members = tuple(location[-1] for location in locations)
    return Rule(kind=kind, parent=parents.pop(), members=members, error=error)


def _location(operation: Operation, name: Json, where: str) -> Location:
    text = name if isinstance(name, str) else ""
    location = tuple(part for part in text.replace("[", ".[").split(".") if part)
    try:
        holder = operation.shape_at(location[:-1])
        known = bool(location) and holder.member(location[-1]) is not None
    except KeyError:
        known = False
    if not known:
        raise UsageError(f"{where}: {operation.id} has no member {name!r}; write A or A.B[].C")
    return location
