"""How an operation is paged: which members carry the tokens that the service makes."""

from __future__ import annotations

import re

from contract_kit.contract.shape import Json
from contract_kit.derive.service_model import ServiceModel, load_beside
from contract_kit.derive.shape_schema import MODEL

PAGINATORS = "paginators"
"""Origin of what botocore's paginators say."""

_TOKEN = re.compile(r"(next|page|pagination|continuation)?_?(token|marker)", re.IGNORECASE)
"""Names of members that carry a page token, where request and reply both have one."""


def paging(model: ServiceModel, entry: Json) -> tuple[Json, str]:
    """The tokens of an operation's pages, and what they were read from beside the model.

    None where it is not paged. Where botocore has no paginator, a token that request and reply
    have under one name, or under that name after `Next`, is read off the model.
    """
    known, source = load_beside(model, "paginators-1")
    paginator = known.get("pagination", {}).get(entry["name"])
    if paginator is not None:
        inputs, outputs = (_names(paginator[f"{end}_token"]) for end in ("input", "output"))
        limit = {"limit": paginator["limit_key"]} if "limit_key" in paginator else {}
        facts = {"inputTokens": inputs, "outputTokens": outputs, **limit, "origin": PAGINATORS}
        return facts, source
    given, made = (_members(model, entry.get(end)) for end in ("input", "output"))
    for name, shape in given.items():
        if _TOKEN.fullmatch(name) and model.body["shapes"][shape]["type"] == "string":
            same = {name.lower(), f"next{name}".lower()}
            output = next((each for each in made if each.lower() in same), None)
            if output is not None:
                return {"inputTokens": [name], "outputTokens": [output], "origin": MODEL}, ""
    return None, ""


def _names(given: Json) -> list[str]:
    return list(given) if isinstance(given, list) else [given]


def _members(model: ServiceModel, target: Json) -> dict[str, str]:
    if target is None:
        return {}
    members = model.body["shapes"][target["shape"]].get("members", {})
    return {name: member["shape"] for name, member in members.items()}
