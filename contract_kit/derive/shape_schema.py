"""One shape of a service model → its JSON Schema, each fact with the source that states it.

Facts and their names follow the trait definitions of Smithy and the model format of botocore.
"""

from __future__ import annotations

from contract_kit.contract.document import DEFS, EXTENSION
from contract_kit.contract.shape import INTEGER_BITS, LENGTHS, NOT_FINITE, Json
from contract_kit.derive.documented_rules import makes_wait, member_rules, one_of
from contract_kit.pattern.compiled import understood

BASE64 = "^([+/-9A-Za-z]{4})*([+/-9A-Za-z]{2}==|[+/-9A-Za-z]{3}=)?$"

MODEL = "model"


def members_of(shapes: Json, shape: Json) -> Json:
    """Members of a structure without streams, which have no place in a JSON value."""
    return {
        name: member
        for name, member in shape.get("members", {}).items()
        if not member.get("streaming")
        and not shapes[member["shape"]].get("streaming")
        and not shapes[member["shape"]].get("eventstream")
    }


def shape_schema(shapes: Json, name: str, *, closed: bool) -> Json:
    """The definition of one shape. closed: structures refuse unknown members."""
    shape = shapes[name]
    builder = {
        "structure": _structure,
        "list": _list,
        "map": _map,
        "string": _string,
        "integer": _integer,
        "long": _integer,
        "float": _float,
        "double": _float,
        "blob": _blob,
    }.get(shape["type"], _plain)
    schema, facts = builder(shapes, shape)
    if shape["type"] == "structure" and not closed:
        schema.pop("additionalProperties", None)
    elif facts["type"] == "structure":
        _add_rules(shapes, shape, schema, facts)
    if shape.get("sensitive"):
        facts["sensitive"] = True
    return {**schema, EXTENSION: facts}


def _bounds(shape: Json) -> Json:
    names = LENGTHS.get(shape["type"])
    suffix = "Length" if names else "imum"
    # botocore repeats minLength 0, which forbids nothing.
    return {
        kind + suffix: _number(shape[kind])
        for kind in ("min", "max")
        if kind in shape and not (names and kind == "min" and shape[kind] == 0)
    }


def _number(bound: float) -> int | float:
    return int(bound) if float(bound).is_integer() else bound


def _facts(type: str, shape: Json, *extra: str) -> Json:
    """The `x-contract` facts of one shape: type, bounds, and who states each constraint."""
    bounds = _bounds(shape)
    low, high = LENGTHS.get(shape["type"], ("minimum", "maximum"))
    kinds = {"minLength": low, "maxLength": high}
    origins = {"type": [MODEL]}
    origins.update({kinds.get(name, name): [MODEL] for name in bounds})
    origins.update({name: [MODEL] for name in extra})
    states_zero = shape["type"] in LENGTHS and shape.get("min") == 0
    return {
        "type": type,
        **({"bounds": bounds} if bounds else {}),
        **({"mayBeEmpty": True} if states_zero else {}),
        "origins": origins,
    }


def _structure(shapes: Json, shape: Json) -> tuple[Json, Json]:
    if shape.get("document"):
        return {}, {"type": "document"}
    members = members_of(shapes, shape)
    required = [name for name in shape.get("required", ()) if name in members]
    schema: Json = {
        "type": "object",
        "properties": {
            name: _member(name, member, shapes[member["shape"]], name in required)
            for name, member in members.items()
        },
    }
    if required:
        schema["required"] = required
    schema["additionalProperties"] = False
    if not shape.get("union"):
        facts = _facts("structure", shape)
        if streams := _streams(shapes, shape):
            facts["streams"] = streams
        if name := shape.get("locationName"):
            facts["xmlName"] = name
        if payload := shape.get("payload"):
            facts["payload"] = payload
        return schema, facts
    schema["oneOf"] = [{"required": [name]} for name in members]
    return schema, _facts("union", shape, "union")


def _streams(shapes: Json, shape: Json) -> Json:
    """Members whose bytes are streamed, by name, each with whether it is required.

    They have no place in a canonical request, but files may hold them. Events are not bytes.
    """
    required = shape.get("required", ())
    return {
        name: {"required": name in required}
        for name, member in shape.get("members", {}).items()
        if (member.get("streaming") or shapes[member["shape"]].get("streaming"))
        and not shapes[member["shape"]].get("eventstream")
    }


def _add_rules(shapes: Json, shape: Json, schema: Json, facts: Json) -> None:
    """Adds the documented demands on a request's structure that no schema can check."""
    only = one_of(shape) if len(schema["properties"]) > 1 else ""
    if only:
        facts["exclusive"] = only
        facts["origins"]["exclusive"] = [MODEL]
    for name, member in schema["properties"].items():
        rules = member_rules(shapes, shape, name)
        if rules:
            notes = member.setdefault(EXTENSION, {})
            notes["rules"] = list(rules)
            notes.setdefault("origins", {})["rules"] = [MODEL]
        if makes_wait(shape["members"][name]):
            notes = member.setdefault(EXTENSION, {})
            notes["waits"] = True
            notes.setdefault("origins", {})["waits"] = [MODEL]


def _member(name: str, member: Json, shape: Json, required: bool) -> Json:
    """A member's schema. A trait of the member wins over the same trait of its shape."""
    facts: Json = {"origins": {"required": [MODEL]}} if required else {}
    for trait in (
        "idempotencyToken",
        "location",
        "hostLabel",
        "jsonvalue",
        "queryName",
        "xmlAttribute",
        "timestampFormat",
    ):
        if trait in member:
            facts[trait] = member[trait]
    if "locationName" in member:
        facts["locationName"] = member["locationName"]
    for shared in ("flattened", "xmlNamespace"):
        if given := member.get(shared, shape.get(shared)):
            facts[shared] = given
    if shape.get("flattened") and shape["type"] == "list" and "locationName" not in member:
        # Older models name the items of a list that is flattened everywhere.
        facts.update({k: v for k, v in shape["member"].items() if k == "locationName"})
    if facts.get("locationName") == name:
        del facts["locationName"]
    schema: Json = {"$ref": DEFS + member["shape"]}
    return {**schema, EXTENSION: facts} if facts else schema


def _list(shapes: Json, shape: Json) -> tuple[Json, Json]:
    facts = _facts("list", shape)
    if name := shape["member"].get("locationName"):
        facts["itemName"] = name
    schema = {"type": "array", "items": _entry(shape, shape["member"]["shape"], facts)}
    bounds = facts.get("bounds", {})
    return {**schema, **_renamed(bounds, "Items")}, facts


def _map(shapes: Json, shape: Json) -> tuple[Json, Json]:
    facts = _facts("map", shape)
    if name := shape["key"].get("locationName"):
        facts["keyName"] = name
    if name := shape["value"].get("locationName"):
        facts["itemName"] = name
    schema = {
        "type": "object",
        "propertyNames": {"$ref": DEFS + shape["key"]["shape"]},
        "additionalProperties": _entry(shape, shape["value"]["shape"], facts),
    }
    return {**schema, **_renamed(facts.get("bounds", {}), "Properties")}, facts


def _entry(shape: Json, target: str, facts: Json) -> Json:
    """Items of a list or values of a map; only a sparse one may contain null."""
    if not shape.get("sparse"):
        return {"$ref": DEFS + target}
    facts["sparse"] = True
    return {"anyOf": [{"$ref": DEFS + target}, {"type": "null"}]}


def _renamed(bounds: Json, suffix: str) -> Json:
    return {name.replace("Length", suffix): bound for name, bound in bounds.items()}


def _string(shapes: Json, shape: Json) -> tuple[Json, Json]:
    extra = [name for name in ("pattern", "enum") if shape.get(name)]
    facts = _facts("string", shape, *extra)
    schema: Json = {"type": "string", **facts.get("bounds", {})}
    if shape.get("enum"):
        schema["enum"] = shape["enum"]
    if shape.get("pattern"):
        facts["pattern"] = shape["pattern"]
        add_pattern(schema, shape["pattern"])
    return schema, facts


def set_pattern(schema: Json, text: str) -> None:
    """Adds a pattern to the definition of a string that has none."""
    schema[EXTENSION]["pattern"] = text
    add_pattern(schema, text)


def set_bound(schema: Json, kind: str, value: float) -> None:
    """Adds a bound to a definition that has none of its kind."""
    facts = schema[EXTENSION]
    low, high = LENGTHS.get(facts["type"], ("minimum", "maximum"))
    name = {low: "minLength", high: "maxLength"}[kind] if facts["type"] in LENGTHS else kind
    facts.setdefault("bounds", {})[name] = value
    if "anyOf" in schema:
        # A number within bounds is none of the words for what is not finite.
        schema.update(schema.pop("anyOf")[0])
    if facts["type"] == "string" and kind in schema:
        # A pattern that is said as a length holds as well.
        schema.setdefault("allOf", []).append({kind: value})
    else:
        schema[kind] = -(-value // 3) * 4 if facts["type"] == "blob" else value


def add_pattern(schema: Json, text: str) -> None:
    """Writes a pattern into the schema of a string, in its portable form if it has one."""
    pattern = understood(text)
    portable = pattern.portable if pattern is not None else None
    if portable is None:
        return
    # A whole-string repeat is said as a length; where the shape has a length too, both hold.
    if schema.keys() & portable.keys():
        schema["allOf"] = [portable]
    else:
        schema.update(portable)


def _integer(shapes: Json, shape: Json) -> tuple[Json, Json]:
    bits = INTEGER_BITS[shape["type"]]
    facts = _facts(shape["type"], shape)
    width = {"minimum": -(2 ** (bits - 1)), "maximum": 2 ** (bits - 1) - 1}
    return {"type": "integer", **width, **facts.get("bounds", {})}, facts


def _float(shapes: Json, shape: Json) -> tuple[Json, Json]:
    facts = _facts(shape["type"], shape)
    number = {"type": "number", **facts.get("bounds", {})}
    if "bounds" in facts:
        return number, facts
    return {"anyOf": [number, {"enum": [*NOT_FINITE]}]}, facts


def _blob(shapes: Json, shape: Json) -> tuple[Json, Json]:
    facts = _facts("blob", shape)
    schema = {"type": "string", "contentEncoding": "base64", "pattern": BASE64}
    # Lengths count bytes: base64 writes each three of them, also the last one or two, as four.
    for name, bound in facts.get("bounds", {}).items():
        schema[name] = -(-bound // 3) * 4
    return schema, facts


def _plain(shapes: Json, shape: Json) -> tuple[Json, Json]:
    types = {"boolean": "boolean", "timestamp": "number"}
    facts = _facts(shape["type"], shape)
    if "timestampFormat" in shape:
        facts["timestampFormat"] = shape["timestampFormat"]
    return {"type": types[shape["type"]]}, facts
