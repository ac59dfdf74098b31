"""The definitions of a request document as a server reads them, which is laxer than a file is read.

Unknown members are left aside, and null stands for the absence of a member that is not required.
"""

from __future__ import annotations

from contract_kit.contract.shape import Json


def taking_unknown(schema: Json) -> Json:
    """A definition that takes members which are not documented."""
    if "properties" not in schema:
        return schema
    return {name: value for name, value in schema.items() if name != "additionalProperties"}


def taking_nulls(schema: Json) -> Json:
    """A definition that takes null for a member that is not required."""
    if "properties" not in schema:
        return schema
    required = schema.get("required", ())
    changed = {**schema}
    changed["properties"] = {
        name: member if name in required else {"anyOf": [member, {"type": "null"}]}
        for name, member in schema["properties"].items()
    }
    if "oneOf" in schema:
        # Exactly one member that is not null; any others are null.
        changed["oneOf"] = [
            {"required": [name], "properties": {name: {"not": {"type": "null"}}}}
            for name in schema["properties"]
        ]
    return changed
