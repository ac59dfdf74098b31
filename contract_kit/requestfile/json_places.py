"""Finds where the parts of a JSON text stand. The text is known to be JSON."""

from __future__ import annotations

import json
import re

from contract_kit.contract.shape import Path
from contract_kit.requestfile.document import Stretch
from contract_kit.requestfile.scanner import scan_string, scanner

_BEFORE_ENTRY = re.compile(r"[ \t\n\r,]*")
_BEFORE_VALUE = re.compile(r"[ \t\n\r:]*")
_scan = scanner(parse_int=len, parse_float=len)
"""Skips a value at the speed of the scanner; numbers are not converted, however long."""


class JsonPlaces:
    """Places in one JSON text. doubled: some object has a key twice, of which the last counts."""

    __slots__ = ("_containers", "_doubled", "_text")

    def __init__(self, text: str, *, doubled: bool) -> None:
        self._text = text
        self._doubled = doubled
        self._containers: dict[int, _Container] = {}

    def value(self, path: Path) -> Stretch:
        """The stretch of the value at a path."""
        at = self._start(path)
        return at, _scan(self._text, at)[1]

    def key(self, path: Path) -> Stretch:
        """The stretch of the key that a path ends with, quotes included."""
        return self._container(self._start(path[:-1])).key(path[-1])

    def key_text(self, name: str, at: Stretch) -> str:
        """A name in double quotes."""
        return json.dumps(name, ensure_ascii=False)

    def _start(self, path: Path) -> int:
        match = _BEFORE_ENTRY.match(self._text)
        at = match.end() if match else 0
        for segment in path:
            at = self._container(at).start(segment)
        return at

    def _container(self, at: int) -> _Container:
        found = self._containers.get(at)
        if found is None:
            found = self._containers[at] = _Container(self._text, at, self._doubled)
        return found


class _Container:
    """One object or list; reads on only as far as it is asked for."""

    __slots__ = ("_at", "_keys", "_object", "_starts", "_text", "_to_the_end")

    def __init__(self, text: str, at: int, to_the_end: bool) -> None:
        self._text = text
        self._object = text[at] == "{"
        self._at = at + 1
        self._keys: dict[str | int, Stretch] = {}
        self._starts: dict[str | int, int] = {}
        self._to_the_end = to_the_end

    def start(self, segment: str | int) -> int:
        """Where the value of a key or index starts."""
        self._reach(segment)
        return self._starts[segment]

    def key(self, segment: str | int) -> Stretch:
        """Where the key stands."""
        self._reach(segment)
        return self._keys[segment]

    def _reach(self, segment: str | int) -> None:
        while segment not in self._starts or self._to_the_end:
            if not self._read_on():
                self._to_the_end = False
                return

    def _read_on(self) -> bool:
        """Reads one more entry; False at the end."""
        text = self._text
        at = _end(_BEFORE_ENTRY, text, self._at)
        if text[at] in "]}":
            return False
        name: str | int = len(self._starts)
        if self._object:
            name, end = scan_string(text, at + 1)
            self._keys[name] = (at, end)
            at = _end(_BEFORE_VALUE, text, end)
        self._starts[name] = at
        self._at = _scan(text, at)[1]
        return True


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def decoded(token: str) -> str:
    """The string that a JSON string token stands for."""
    return scan_string(token, 1)[0] if "\\" in token else token[1:-1]
