"""What an operation puts before the host that it is sent to."""

from __future__ import annotations

import re

from contract_kit.contract.shape import Json

_LABEL = re.compile(r"\{(\w+)\}")
_HOST_PART = re.compile(r"[A-Za-z0-9-]{1,63}")


def host_prefix(template: str, request: Json) -> str:
    """The prefix for a request; empty where a member in it is no part of a host's name.

    >>> host_prefix("{AccountId}.", {"AccountId": "123"})
    '123.'
    """
    given = request if isinstance(request, dict) else {}
    values = {name: given.get(name) for name in _LABEL.findall(template)}
    if not all(isinstance(value, str) and _HOST_PART.fullmatch(value) for value in values.values()):
        return ""
    return _LABEL.sub(lambda found: str(values[found[1]]), template)
