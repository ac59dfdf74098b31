"""The conforming twin of a request in a few words: how it differs from the request."""

from __future__ import annotations

import json

from contract_kit.contract.shape import Json, Path

SHOWN = 40
"""Characters of a value that are shown; a longer one is described."""

_NOTHING = object()


def twin_in_words(request: Json, twin: Json) -> str:
    """How a twin, which was accepted, differs; empty where they differ in several places.

    >>> twin_in_words({"Name": "a", "Max": 51}, {"Name": "a", "Max": 50})
    'the same with Max 50: accepted'
    >>> twin_in_words({"Name": "a", "Max": None}, {"Name": "a"})
    'the same without Max: accepted'
    >>> twin_in_words({"Name": "x" * 1025}, {"Name": "x" * 1024})
    'the same with 1,024 characters in Name: accepted'
    """
    found = _difference(request, twin)
    if found is None:
        return ""
    path, value = found
    name = ".".join(str(part) for part in path).replace(".[", "[")
    if value is _NOTHING:
        return f"the same without {name}: accepted"
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= SHOWN:
        return f"the same with {name} {text}: accepted"
    if isinstance(value, (str, list, dict)):
        unit = "characters" if isinstance(value, str) else "entries"
        return f"the same with {len(value):,} {unit} in {name}: accepted"
    return ""


def _difference(request: Json, twin: Json) -> tuple[Path, Json] | None:
    """The one place where two values differ, and what the second has there."""
    path: Path = ()
    while True:
        if isinstance(request, dict) and isinstance(twin, dict):
            names = dict.fromkeys([*request, *twin])
            differing = [name for name in names if _at(request, name) != _at(twin, name)]
        elif isinstance(request, list) and isinstance(twin, list) and len(request) == len(twin):
            differing = [
                at for at, pair in enumerate(zip(request, twin, strict=True)) if pair[0] != pair[1]
            ]
        else:
            break
        if len(differing) != 1:
            break
        (segment,) = differing
        path = (*path, f"[{segment}]" if isinstance(segment, int) else segment)
        request, twin = _at(request, segment), _at(twin, segment)
    return (path, twin) if path else None


def _at(value: Json, segment: str | int) -> Json:
    return value.get(segment, _NOTHING) if isinstance(value, dict) else value[segment]
