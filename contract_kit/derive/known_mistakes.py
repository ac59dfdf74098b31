"""Known mistakes of service models: constraints that the services themselves ignore."""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path

from contract_kit.contract.document import DEFS, EXTENSION
from contract_kit.contract.shape import Json
from contract_kit.errors import SourceError

TABLE = Path(__file__).with_name("model_mistakes.toml")

_SEGMENT = re.compile(r"\[(?:key|value)?\]|[^.\[\]]+")
_BELOW = {"[]": "items", "[key]": "propertyNames", "[value]": "additionalProperties"}


@functools.cache
def known_mistakes() -> tuple[Json, ...]:
    """The rows of the table: service, note and source of each, and what it is about.

    That is the constraint `at` of `operations`, or a `shape`, wherever a request holds it.
    """
    return tuple(tomllib.loads(TABLE.read_text())["mistake"])


def mark_mistakes(request: Json, service: str, name: str) -> None:
    """Marks in a request document what is known to be a mistake of the model.

    Constraints are disputed; where a shape allows more than the service takes, conforming values
    are left open. Raises SourceError for a row that names what the document does not have.
    """
    for row in known_mistakes():
        if row["service"] != service:
            continue
        if "shape" in row:
            _mark_shape(request, row)
            continue
        if name not in row["operations"]:
            continue
        location, _, kind = row["at"].rpartition(".")
        try:
            notes, limit = _notes(request, _SEGMENT.findall(location), kind)
        except KeyError as error:
            raise SourceError(
                f"{TABLE.name}: {service}:{name} has no {error} for {row['at']}"
            ) from None
        notes.setdefault("disputed", []).append(kind)
        _disagree(request, row["at"], limit, row)


def _mark_shape(request: Json, row: Json) -> None:
    """Leaves open what a service takes of the values that its model allows for a shape."""
    target, said = DEFS + row["shape"], f"{row['note']} ({row['source']})"
    if row["shape"] not in request["$defs"]:
        return
    if row.get("exclusive"):
        facts = request["$defs"][row["shape"]][EXTENSION]
        facts["exclusive"] = said
        facts["origins"]["exclusive"] = [row["source"]]
    else:
        for schema in request["$defs"].values():
            for member in schema.get("properties", {}).values():
                if member.get("$ref") == target:
                    facts = member.setdefault(EXTENSION, {})
                    facts["rules"] = [said, *facts.get("rules", ())]
                    facts.setdefault("origins", {})["rules"] = [row["source"]]
    _disagree(request, row["shape"], "it says nothing of that", row)


def _disagree(request: Json, at: str, stated: Json, row: Json) -> None:
    facts = [
        {"value": stated, "origin": "model"},
        {"value": row["note"], "origin": row["source"]},
    ]
    request[EXTENSION].setdefault("disagreements", []).append({"at": at, "facts": facts})


def _notes(request: Json, location: list[str], kind: str) -> tuple[Json, Json]:
    """The facts that a constraint belongs to, and its limit."""
    schema = holder = request["$defs"][request["$ref"].removeprefix(DEFS)]
    member: Json = {}
    for segment in location:
        holder = schema
        member = schema[_BELOW[segment]] if segment in _BELOW else schema["properties"][segment]
        reference = member.get("$ref") or member["anyOf"][0]["$ref"]
        schema = request["$defs"][reference.removeprefix(DEFS)]
    if kind == "required":
        if location[-1] not in holder.get("required", ()):
            raise KeyError(kind)
        return member.setdefault(EXTENSION, {}), "it is required"
    facts = schema[EXTENSION]
    if kind not in facts["origins"]:
        raise KeyError(kind)
    return facts, facts.get(kind, schema.get(kind))
