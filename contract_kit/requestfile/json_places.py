"""Finds the places of the parts of a JSON text. The text is known to be JSON."""

from __future__ import annotations

import json
import re

from contract_kit.contract.shape import Json, Path
from contract_kit.requestfile.document import Stretch
from contract_kit.requestfile.json_scanner import scan_string, scanner

_BEFORE_ENTRY = re.compile(r"[ \t\n\r,]*")
_BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]', re.DOTALL)
_SPACE = " \t\n\r"
_BEFORE_VALUE = re.compile(r"[ \t\n\r:]*")
_scan = scanner(parse_int=len, parse_float=len)
"""Skips a value at the speed of the scanner; numbers are not converted, however long."""

_plain = scanner()

DENSE = 300
"""Characters of an item below which it is."""

LEAP = 1_000_000
"""Characters that are leapt over at once: what they hold is in memory meanwhile."""

HUGE = 4_000_000
"""Characters of a text in which no collection is read a second time to find its end."""

TRIES = 3
"""Wrong guesses that are made in one list."""

FAR = 256
"""Items from which on it is worth guessing the place of one of them."""

LONG = 50_000
"""Characters before an item from which on it is worth looking for it from the end of its list."""


class JsonPlaces:
    """Places in one JSON text, of which the value is known.

    doubled: some object has a key twice, of which the last counts.
    """

    __slots__ = ("_containers", "_doubled", "_text", "_value")

    def __init__(self, text: str, value: Json, *, doubled: bool) -> None:
        self._text = text
        self._value = value
        self._doubled = doubled
        self._containers: dict[int, _Object | _List] = {}

    def value(self, path: Path) -> Stretch:
        """The stretch of the value at a path."""
        at = self._walk(path)[0]
        if not path:
            return at, _before_space(self._text, len(self._text))
        is_huge = len(self._text) > HUGE and self._text[at] in "{["
        return at, _past_brackets(self._text, at) if is_huge else _scan(self._text, at)[1]

    def key(self, path: Path) -> Stretch:
        """The stretch of the key that a path ends with, quotes included."""
        return self._holder(path).key(path[-1])

    def alias(self, path: Path) -> Stretch | None:
        """JSON has none."""
        return None

    def key_text(self, name: str, at: Stretch) -> str:
        """A name in double quotes."""
        return json.dumps(name, ensure_ascii=False)

    def _holder(self, path: Path) -> _Object | _List:
        """The collection that a path ends in."""
        at, value, end = self._walk(path[:-1])
        return self._container(at, len(value), end)

    def _walk(self, path: Path) -> tuple[int, Json, int | None]:
        """Where a value starts, the value, and where it ends if that is known at once."""
        text = self._text
        at, value = _end(_BEFORE_ENTRY, text, 0), self._value
        end: int | None = None if self._doubled else _before_space(text, len(text))
        for segment in path:
            if not isinstance(value, (dict, list)):
                raise KeyError(segment)
            at = self._container(at, len(value), end).start(segment)
            is_last = end is not None and segment == _last(value)
            end = _before_space(text, end - 1) if end is not None and is_last else None
            value = entry(value, segment)
        return at, value, end

    def _container(self, at: int, size: int, end: int | None) -> _Object | _List:
        found = self._containers.get(at)
        if found is None:
            is_object = self._text[at] == "{"
            found = _Object(self._text, at, self._doubled) if is_object else None
            found = self._containers[at] = found or _List(self._text, at, size, end)
        return found


def _last(value: Json) -> str | int | None:
    """The last key or index of a collection."""
    return len(value) - 1 if isinstance(value, list) else next(reversed(value), None)


def entry(value: Json, segment: str | int) -> Json:
    """The value that an object has under a key, or a list at an index."""
    return value[segment]


class _Object:
    """One object; reads on only as far as it is asked for. to_the_end: the last of a key counts."""

    __slots__ = ("_at", "_keys", "_last", "_starts", "_text", "_to_the_end")

    def __init__(self, text: str, at: int, to_the_end: bool) -> None:
        self._text = text
        self._at = at + 1
        self._last = -1
        self._keys: dict[str | int, Stretch] = {}
        self._starts: dict[str | int, int] = {}
        self._to_the_end = to_the_end

    def start(self, segment: str | int) -> int:
        """Where the value of a key starts."""
        self._reach(segment)
        return self._starts[segment]

    def key(self, segment: str | int) -> Stretch:
        """The place of the key."""
        self._reach(segment)
        return self._keys[segment]

    def _reach(self, segment: str | int) -> None:
        text = self._text
        while segment not in self._starts or self._to_the_end:
            if self._last >= 0:
                # Only now: the value that was asked for may be the bulk of the text.
                self._at = _scan(text, self._last)[1]
            at = _end(_BEFORE_ENTRY, text, self._at)
            if text[at] == "}":
                self._to_the_end, self._at, self._last = False, at, -1
                return
            name, end = scan_string(text, at + 1)
            self._keys[name] = (at, end)
            self._starts[name] = self._last = _end(_BEFORE_VALUE, text, end)


class _List:
    """One list of so many items; reads on only as far as it is asked for.

    end: where it ends, if that is known.
    """

    __slots__ = ("_at", "_begin", "_close", "_next", "_size", "_starts", "_text", "_tries")

    def __init__(self, text: str, at: int, size: int, end: int | None) -> None:
        self._text = text
        self._close = end - 1 if end is not None else None
        self._at = self._begin = at + 1
        self._size = size
        self._next = 0
        self._starts: dict[str | int, int] = {}
        self._tries = TRIES

    def start(self, segment: str | int) -> int:
        """Where the item of an index starts."""
        if segment not in self._starts and isinstance(segment, int) and segment < self._size:
            if segment < self._next:
                # It was leapt over.
                self._at, self._next, self._tries = self._begin, 0, 0
            self._read_to(2)
            self._leap_back(segment)
            dense = len(self._text) < DENSE * self._size
            while dense and self._tries and segment - self._next > FAR:
                self._tries -= not self._leap(segment)
            self._read_to(segment + 1)
        return self._starts[segment]

    def key(self, segment: str | int) -> Stretch:
        """Items have no keys."""
        raise KeyError(segment)

    def _read_to(self, index: int) -> None:
        """Reads all items before an index."""
        text, starts, at = self._text, self._starts, self._at
        for number in range(self._next, min(index, self._size)):
            starts[number] = at = _end(_BEFORE_ENTRY, text, at)
            at = _scan(text, at)[1]
            self._next = number + 1
        self._at = at

    def _leap(self, index: int) -> bool:
        """Goes to an item some way before the one of the index, with one call of the scanner.

        The guess of a place between two items is proven by reading everything up to it as a list;
        without a guess that holds, nothing changes, and the answer is False.
        """
        text, here, left = self._text, self._at, self._size - self._next
        between = self._between()
        span = (len(text) - here) * (index - FAR // 2 - self._next) // left
        guess = text.rfind(between, here, here + min(max(span, 0), LEAP))
        if guess < 0:
            return False
        count = _count(text[_end(_BEFORE_ENTRY, text, here) : guess + 1])
        if count and self._next + count <= index:
            self._next += count
            self._at = guess + 1
            return True
        return False

    def _leap_back(self, index: int) -> None:
        """Goes to an item some way before the one of the index, if that is nearer from the end.

        The text between a guess and the end of the list is read as a list. No guess inside a string
        passes: an odd number of quotes follows it, up to the end.
        """
        text, close, behind = self._text, self._close, self._size - index
        if close is None or behind > index - self._next or index - self._next < 2:
            return
        each = (close - self._begin) / self._size
        span = int(each * behind)
        if each * (index - self._next) < LONG or span > LEAP:
            return
        between = self._between()
        for wide in (span + LONG // 10, span * 2 + LONG):
            guess = text.rfind(between, self._at, max(close - wide, 0))
            start = guess + len(between) - 1
            count = _count(text[start:close]) if guess >= 0 else 0
            if count >= behind:
                self._next, self._at = self._size - count, start
                return

    def _between(self) -> str:
        """The text between the first two items, with a character of each."""
        start = self._starts[1]
        return self._text[self._text.rfind(",", 0, start) - 1 : start + 1]


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _before_space(text: str, end: int) -> int:
    """Where the white space begins that a stretch of text ends with."""
    while end:
        begin = max(end - 4096, 0)
        kept = len(text[begin:end].rstrip(_SPACE))
        if kept:
            return begin + kept
        end = begin
    return end


def _count(text: str) -> int:
    """How many items a text holds, if it is the inside of a list; else 0."""
    try:
        items, end = _plain(f"[{text}]", 0)
    except (ValueError, StopIteration, RecursionError):
        return 0
    return len(items) if end == len(text) + 2 else 0


def _past_brackets(text: str, at: int) -> int:
    """Where the collection ends that starts at a place; slower than the scanner, without memory."""
    depth = 0
    for match in _BRACKETS.finditer(text, at):
        sign = match[0]
        depth += (sign in "{[") - (sign in "}]")
        if not depth:
            return match.end()
    return len(text)


def decoded(token: str) -> str:
    """The string that a JSON string token stands for."""
    return scan_string(token, 1)[0] if "\\" in token else token[1:-1]
