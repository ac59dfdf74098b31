"""Which methods the operations of a service use at the same path."""

from __future__ import annotations

from contract_kit.contract.shape import Json


def methods_at(body: Json, entry: Json) -> list[str]:
    """The methods of all operations whose paths may be that of `entry`, sorted.

    Empty for protocols that send every operation to one path.
    """
    if not body["metadata"]["protocol"].startswith("rest"):
        return []
    own = _segments(entry)
    return sorted(
        {
            each["http"]["method"]
            for each in body.get("operations", {}).values()
            if _overlap(own, _segments(each))
        }
    )


def _segments(entry: Json) -> list[str]:
    path: str = entry["http"]["requestUri"].partition("?")[0]
    return path.strip("/").split("/")


def _overlap(first: list[str], second: list[str]) -> bool:
    """Whether some path is of both kinds; a label takes any segment, a greedy one all the rest."""
    for one, other in zip(first, second, strict=False):
        if "+}" in one or "+}" in other:
            return True
        if one != other and "{" not in one and "{" not in other:
            return False
    return len(first) == len(second)
