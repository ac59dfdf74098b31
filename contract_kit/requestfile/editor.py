"""The schema of an operation for an editor: self-contained, in the dialect of the file."""

from __future__ import annotations

import copy
import re

from contract_kit.contract.document import DEFS, EXTENSION
from contract_kit.contract.operation import Operation
from contract_kit.contract.server_schema import taking_nulls
from contract_kit.contract.shape import YEAR_1, YEAR_9999, Json
from contract_kit.pattern.compiled import understood
from contract_kit.requestfile.client_changes import Client, client
from contract_kit.requestfile.dialect import COMPACT, DIGITS, HTTP, ISO
from contract_kit.wire import timestamps


def editor_schema(operation: Operation, dialect: str) -> Json:
    """A copy of the request schema that an editor can use as it is.

    It allows `$schema` at the root, shows what is documented where the pointer rests, and
    takes what the dialect takes. Dates of no calendar pass: a schema cannot know them.
    """
    taken = client(operation, dialect)
    operation = taken.operation
    schema: Json = copy.deepcopy(operation.request)
    schema["$id"] = f"{schema['$id']}:{dialect}"
    if dialect == "wire":
        schema["$defs"] = timestamps.schemas(schema["$defs"])
    for name, shape in schema["$defs"].items():
        facts = shape.pop(EXTENSION)
        _open_patterns(shape, facts)
        if dialect != "wire":
            schema["$defs"][name] = _in_dialect(shape, facts, dialect)
        for member in shape.get("properties", {}).values():
            member.pop(EXTENSION, None)
        if dialect == "wire":
            schema["$defs"][name] = taking_nulls(shape)
    _describe(operation, schema)
    root = schema["$defs"][schema["$ref"].removeprefix(DEFS)]
    if _is_referred_to(schema, schema["$ref"]):
        # `$schema` is allowed at the root alone, so a recursive root gets a copy of its own.
        root = copy.deepcopy(root)
        schema["$defs"]["(root)"] = root
        schema["$ref"] = DEFS + "(root)"
    _take_client_forms(root, taken)
    root["properties"] = {"$schema": {"type": "string"}, **root.get("properties", {})}
    schema.pop(EXTENSION)
    return schema


def _open_patterns(shape: Json, facts: Json) -> None:
    """Takes patterns away that mean any text, or that the service does not keep to."""
    pattern = facts.get("pattern")
    is_open = "pattern" in facts.get("disputed", ())
    if pattern and "." in pattern and not is_open:
        parsed = understood(pattern)
        if parsed is None:
            return
        is_open = parsed.takes_any_signs(1)
    if pattern and is_open:
        shape.pop("pattern", None)
        for part in shape.get("allOf", ()):
            part.pop("pattern", None)


def _take_client_forms(root: Json, taken: Client) -> None:
    """Allows members by their aliases, and in the forms that the client rewrites."""
    members = root.get("properties", {})
    for name, through in taken.cut.items():
        with_prefix = {"type": "string", "pattern": re.escape(through)}
        members[name] = {"anyOf": [members[name], with_prefix]}
    for name, (parts, _) in taken.joined.items():
        texts = {part: {"type": "string"} for part in parts}
        whole = {"type": "object", "properties": texts, "required": list(parts)}
        members[name] = {"anyOf": [members[name], whole]}
    for name in taken.replaced:
        members[name] = {"anyOf": [members[name], {"type": "null"}]}
    free = set(taken.filled)
    for alias, name in taken.aliases.items():
        members[alias] = members[name]
        both = {"required": [alias, name]}
        root.setdefault("allOf", []).append({"not": both})
        if name in root.get("required", ()):
            free.add(name)
            root["allOf"].append({"anyOf": [{"required": [name]}, {"required": [alias]}]})
    if not free.isdisjoint(root.get("required", ())):
        kept = [name for name in root.pop("required") if name not in free]
        root.update({"required": kept} if kept else {})


def _in_dialect(shape: Json, facts: Json, dialect: str) -> Json:
    kind = facts["type"]
    if kind == "timestamp":
        pattern = f"^ *(?:{DIGITS}|{ISO}|{COMPACT}|{HTTP}) *$"
        number = {"type": "number", "minimum": YEAR_1, "exclusiveMaximum": YEAR_9999 + 1}
        return {"anyOf": [number, {"type": "string", "pattern": pattern}]}
    if kind in ("float", "double"):
        bounds = facts.get("bounds", {})
        return {"type": "number", **bounds}
    if kind == "blob" and dialect == "boto3":
        return {"type": "string"}
    return shape


def _describe(operation: Operation, schema: Json) -> None:
    """Puts beside each member what is documented of it."""
    for name, shape in operation.shapes.items():
        properties = schema["$defs"].get(name, {}).get("properties", {})
        for member in shape.members:
            if member.name in properties:
                target = operation.shapes[member.shape]
                words = [target.type] + (["required"] if member.required else [])
                if target.pattern is not None:
                    words.append(f"must match {target.pattern}")
                if target.enum:
                    words.append(f"one of {', '.join(target.enum)}")
                properties[member.name]["description"] = "; ".join(words)


def _is_referred_to(schema: Json, reference: str) -> bool:
    """Whether a definition refers to the one of the root."""
    waiting: list[Json] = [schema["$defs"]]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if part.get("$ref") == reference:
                return True
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return False
