"""Values at paths of a request: reading, replacing and leaving out, the given request unchanged."""

from __future__ import annotations

from contract_kit.contract.shape import Json, Path


class _Absent:
    """The value of a member that is left out."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()

PADDED_SEQUENCE = "{seq12}"
"""Stands for a fresh number as `{seq}` does, in twelve digits, as in the last group of a UUID."""


def put(request: Json, path: Path, value: Json) -> Json:
    """A copy of `request` with `value` at `path`; ABSENT leaves the member out.

    Only what lies on the path is copied. Raises KeyError or IndexError where it leads nowhere.
    """
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(request, list):
        assert isinstance(head, int), path
        copy = list(request)
        copy[head] = put(copy[head], rest, value)
        return copy
    members = dict(request)
    if rest:
        members[head] = put(members[head], rest, value)
    elif value is ABSENT:
        members.pop(head, None)
    else:
        members[head] = value
    return members


def get(request: Json, path: Path, default: Json = None) -> Json:
    """The value at `path`, or `default` where the path leads nowhere."""
    for segment in path:
        try:
            request = request[segment]
        except (KeyError, IndexError, TypeError):
            return default
    return request


def rename(request: Json, path: Path, name: str) -> Json:
    """A copy in which the member at `path` has another name, in the same place."""
    parent = get(request, path[:-1])
    members = {name if key == path[-1] else key: value for key, value in parent.items()}
    return put(request, path[:-1], members)


def has_sequence(value: Json) -> bool:
    """Whether a request holds `{seq}` or `{seq12}` in any of its values."""
    if isinstance(value, str):
        return "{seq}" in value or PADDED_SEQUENCE in value
    if isinstance(value, dict):
        return any(has_sequence(item) for item in value.values())
    return isinstance(value, list) and any(has_sequence(item) for item in value)


IN_STRINGS = "{seq} becomes a fresh number within strings only; give a fixed value here"


def sequenced(value: Json, number: int) -> Json:
    """The request with a number in place of each `{seq}` and `{seq12}`."""
    if isinstance(value, str):
        return value.replace(PADDED_SEQUENCE, f"{number:012}").replace("{seq}", str(number))
    if isinstance(value, dict):
        return {name: sequenced(item, number) for name, item in value.items()}
    if isinstance(value, list):
        return [sequenced(item, number) for item in value]
    return value


def unsequenced(value: Json) -> Json:
    """The request as its first sending would hold it, with numbers in place of `{seq}`."""
    return sequenced(value, 0)
