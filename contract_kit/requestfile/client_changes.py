"""Changes that AWS CLI v2 and boto3 make to a request before they validate it.

The rows of `clients.json` list them, each with its source. On the wire none of them holds. Streams
are not part of a canonical request, but a file may hold them in every dialect.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from contract_kit.contract.document import DEFS, EXTENSION, read_operation
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.errors import UsageError

TABLE = Path(__file__).with_name("clients.json")

JSON_TEXT, STREAM = "(json)", "(stream)"
"""Names of the shapes that a client adds: any JSON value, and the bytes of a stream."""

_ADDED: Json = {
    JSON_TEXT: {EXTENSION: {"type": "document"}},
    STREAM: {"type": "string", EXTENSION: {"type": "blob", "origins": {"type": ["model"]}}},
}


class RefusedMember(NamedTuple):
    """Strings that a client refuses: those of a shape, of one member alone if it is named."""

    member: str
    shape: str
    row: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """An operation as a client takes it.

    operation: the request that its own validation sees. aliases: documented other name of a member
    → the member. cut: member → the sign through which its value is cut off. joined: member → names
    of the strings of an object that becomes one string, and what is put between them.
    filled: member → the members one of which fills it in, and what that one holds then.
    replaced: members whose null the client fills in as if they were missing.
    """

    operation: Operation
    aliases: Mapping[str, str] = field(default_factory=dict)
    cut: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    filled: Mapping[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    replaced: frozenset[str] = frozenset()

    @property
    def changes_values(self) -> bool:
        """Whether the client turns some value into another before it validates."""
        return bool(self.cut or self.joined or self.replaced)

    def named(self, request: Json) -> Json:
        """The request with members by their own names, where it has only an alias."""
        if not self.aliases or not isinstance(request, dict):
            return request
        own = {
            alias: member
            for alias, member in self.aliases.items()
            if alias in request and member not in request
        }
        return {own.get(name, name): value for name, value in request.items()} if own else request

    def sent(self, request: Json) -> Json:
        """A request, whose members have their own names, with the values that are validated."""
        if not self.changes_values or not isinstance(request, dict):
            return request
        changed = dict(request)
        for name, through in self.cut.items():
            if isinstance(request.get(name), str):
                changed[name] = request[name].rpartition(through)[2]
        for name, (parts, between) in self.joined.items():
            held = request.get(name)
            if isinstance(held, dict) and all(isinstance(held.get(part), str) for part in parts):
                changed[name] = between.join(held[part] for part in parts)
        for name in self.replaced:
            if name in changed and changed[name] is None:
                del changed[name]
        return changed

    def fills_in(self, name: str, request: Json) -> bool:
        """Whether the client derives a missing member from another one of the request."""
        if name not in self.filled or not isinstance(request, dict):
            return False
        where, held = self.filled[name]
        texts = (request.get(other) for other in where)
        return any(isinstance(text, str) and held in text for text in texts)


def client(operation: Operation, dialect: str, given: tuple[str, ...] = ()) -> Client:
    """The operation as the clients of a dialect take it.

    given: members that are given elsewhere, such as on a command line, so that none is missing.
    Raises UsageError for one that the operation does not have.
    """
    root = operation.request["$defs"].get(operation.input, {})
    members: Json = root.get("properties", {})
    streams: Json = root.get(EXTENSION, {}).get("streams", {})
    rows = _rows(operation, dialect)
    aliases = {
        row["alias"]: row["member"]
        for row in rows.get("aliases", ())
        if row["member"] in members and row["alias"] not in members
    }
    given = _known(operation, [aliases.get(name, name) for name in given], {*members, *streams})
    free = {*given, *_filled(rows, members)} & set(root.get("required", ()))
    encoded = [
        name
        for row in rows.get("encoded", ())
        for name, member in members.items()
        if _has(member, row) and member[EXTENSION].get("location") == row["location"]
    ]
    refused = list(_refused(rows, operation, members))
    return Client(
        operation=_changed(operation, free, encoded, {**streams}, given, refused),
        aliases=aliases,
        cut={
            name: row["through"]
            for row in rows.get("cut", ())
            for name, member in members.items()
            if member.get("$ref", "").removeprefix(DEFS) in row["shapes"]
        },
        joined={
            row["member"]: (tuple(row["parts"]), row["with"])
            for row in rows.get("joined", ())
            if row["member"] in members
        },
        filled={
            name: (tuple(row["where"]), row["holds"])
            for row in rows.get("filled", ())
            if "where" in row
            for name in row["members"]
        },
        replaced=frozenset(
            name
            for row in rows.get("filled", ())
            if row.get("nulls")
            for name in row["members"]
            if name in members
        ),
    )


def _known(operation: Operation, given: list[str], members: set[str]) -> tuple[str, ...]:
    """Given members; raises UsageError for one that the operation does not have."""
    for name in given:
        if name not in members:
            from contract_kit.text.near import did_you_mean

            near = did_you_mean(name, sorted(members), otherwise="fix the setting")
            raise UsageError(f"given: {operation.id} has no member {name!r}; {near}")
    return tuple(given)


def _rows(operation: Operation, dialect: str) -> dict[str, list[Json]]:
    """The rows of each table that hold for an operation in a dialect."""
    if dialect == "wire":
        return {}
    tables: Json = json.loads(TABLE.read_bytes())
    return {
        name: [
            row
            for row in rows
            if dialect in row["dialects"]
            and row.get("service", operation.service) == operation.service
            and operation.name in row.get("operations", [operation.name])
            and operation.name not in row.get("except", ())
        ]
        for name, rows in tables.items()
    }


def _filled(rows: dict[str, list[Json]], members: Json) -> Iterator[str]:
    """Members that the client fills in whatever else a request holds."""
    for row in rows.get("filled", ()):
        if "where" not in row:
            yield from row.get("members", ())
            yield from (name for name, member in members.items() if _has(member, row))


def _has(member: Json, row: Json) -> bool:
    return bool("trait" in row and member.get(EXTENSION, {}).get(row["trait"]))


def _refused(
    rows: dict[str, list[Json]], operation: Operation, members: Json
) -> Iterator[RefusedMember]:
    """The strings that a client refuses, of those that no pattern of the model limits."""
    shapes = operation.shapes
    for row in rows.get("refused", ()):
        for name, member in members.items():
            shape = member.get("$ref", "").removeprefix(DEFS)
            if (name in row.get("members", ()) or _has(member, row)) and not shapes[shape].pattern:
                yield RefusedMember(name, shape, row)
        for shape in row.get("shapes", ()):
            if shape in shapes and not shapes[shape].pattern:
                yield RefusedMember("", shape, row)


def _limit(definitions: Json, root: Json, refused: RefusedMember) -> None:
    """Writes the pattern of what a client takes into a shape, a copy of it for one member."""
    from contract_kit.derive.shape_schema import add_pattern

    name, shape, row = refused
    body = definitions[shape]
    if name:
        body = definitions[f"(refused {name})"] = copy.deepcopy(body)
        root["properties"][name]["$ref"] = f"{DEFS}(refused {name})"
    facts = body[EXTENSION]
    facts["pattern"] = row["pattern"]
    facts["origins"] = {**facts.get("origins", {}), "pattern": [row["source"]]}
    add_pattern(body, row["pattern"])


def _changed(
    operation: Operation,
    free: set[str],
    encoded: list[str],
    streams: Json,
    given: tuple[str, ...],
    refused: list[RefusedMember],
) -> Operation:
    """The operation without the duty to give some members, and with others of another shape."""
    if not (free or encoded or streams or refused):
        return operation
    request: Json = copy.deepcopy(operation.request)
    root = request["$defs"][operation.input]
    for each in refused:
        _limit(request["$defs"], root, each)
    for name in encoded:
        root["properties"][name]["$ref"] = DEFS + JSON_TEXT
    for name, facts in streams.items():
        required = {"origins": {"required": ["model"]}} if facts.get("required") else {}
        root["properties"][name] = {"$ref": DEFS + STREAM, EXTENSION: required}
        if required and name not in given:
            root.setdefault("required", []).append(name)
    kept = [name for name in root.get("required", ()) if name not in free]
    root.pop("required", None)
    if kept:
        root["required"] = kept
    added = {JSON_TEXT: bool(encoded), STREAM: bool(streams)}
    request["$defs"].update({name: _ADDED[name] for name, needed in added.items() if needed})
    return _as_settled(read_operation(request, operation.response), operation)


def _as_settled(changed: Operation, operation: Operation) -> Operation:
    """A changed operation with its settings, which no document has."""
    if operation.rules:
        from contract_kit.contract.rules import with_rules

        changed = with_rules(changed, operation.rules)
    return replace(changed, switched_off=operation.switched_off)
