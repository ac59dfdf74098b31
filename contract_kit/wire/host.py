"""The prefix that an operation puts before its host."""

from __future__ import annotations

import re

from contract_kit.contract.shape import Json

_LABEL = re.compile(r"\{(\w+)\}")
_HOST_PART = re.compile(r"[A-Za-z0-9-]{1,63}")


def host_prefix(template: str, request: Json) -> str:
    """The prefix for a request; empty if a member in it cannot be part of a host's name.

    >>> host_prefix("{AccountId}.", {"AccountId": "123"})
    '123.'
    """
    given = request if isinstance(request, dict) else {}
    values = {name: given.get(name) for name in _LABEL.findall(template)}
    if not all(isinstance(value, str) and _HOST_PART.fullmatch(value) for value in values.values()):
        return ""
    return _LABEL.sub(lambda found: str(values[found[1]]), template)
