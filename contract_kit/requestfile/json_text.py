"""Reads JSON: by the scanner of the standard library, and token by token where that gives up.

Whoever only wants to know whether a text is fine pays for the fast scanner alone; places are
looked up afterwards, and only for what is wrong.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from json import JSONDecodeError

from contract_kit.contract.number_literals import real
from contract_kit.contract.shape import Json
from contract_kit.requestfile.document import Document, Stretch, Trouble
from contract_kit.requestfile.files import UnreadableFile
from contract_kit.requestfile.json_places import JsonPlaces, decoded
from contract_kit.requestfile.json_scanner import Scan, scanner
from contract_kit.requestfile.json_words import past_space, syntax, trailing

DEEPEST = 200
"""Levels of nesting that are read; servers give up between 64 and 128."""

NESTED = f"nested deeper than {DEEPEST} levels, which no server reads; flatten it"

HUGE = 10**400
"""Stands for every integer of more digits than Python converts: no type holds either."""

SAMPLE = 300
"""Every so many characters of a block are looked at: no number of over 308 digits escapes that."""

_DIGIT = re.compile(r"[0-9]")

MOST_TROUBLE = 100
"""Places of one text that are reported for one kind of error."""

MOST_CONTAINERS, MOST_VALUES = 500_000, 2_000_000
"""Objects and lists, and values of any kind, that a text may hold: beyond, memory would not do."""

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_BRACKETS = re.compile(rf"{_STRING}|[{{}}\[\]]", re.DOTALL)
_KEYS = re.compile(rf"({_STRING})([ \t\n\r]*:)?|[{{}}\[\]]", re.DOTALL)
_CONSTANTS = re.compile(rf"{_STRING}|-?Infinity|NaN", re.DOTALL)


class JsonReader:
    """Reads JSON texts, one after the other.

    scan: reads the value at a place of a text. odd: errors that the scanner accepts on the way but
    people do not: words for numbers, duplicate keys; the caller of `scan` empties it.
    """

    __slots__ = ("odd", "scan")

    def __init__(self) -> None:
        self.odd: list[str] = []
        self.scan = scanner(
            object_pairs_hook=self._object, parse_constant=self._constant, parse_float=real
        )

    def _object(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        made = dict(pairs)
        if len(made) != len(pairs):
            self.odd.append("doubled")
        return made

    def _constant(self, word: str) -> float:
        self.odd.append(word)
        return float(word)

    def read(self, text: str) -> Document:
        """The document, with all trouble that there is."""
        self.odd.clear()
        try:
            value, end = self._whole(text)
        except RecursionError:
            return _failed(nesting(text))
        except JSONDecodeError as error:
            return _failed(syntax(text, error.pos, error.msg))
        except StopIteration as error:
            return _failed(syntax(text, error.value, "Expecting value"))
        end = past_space(text, end)
        if end != len(text):
            return _failed(trailing(text, end))
        doubled = "doubled" in self.odd
        trouble = first_of(_constants(text)) if self.odd else []
        if doubled:
            trouble += first_of(_duplicates(text))
        places = JsonPlaces(text, value, doubled=doubled)
        return Document(value=value, places=places, trouble=tuple(trouble))

    def read_bounded(self, text: str) -> Document:
        """As `read`. Raises UnreadableFile for a text of more values than memory has room for."""
        if holds_too_much(text):
            deep = nesting(text)
            if deep.message == NESTED:
                return _failed(deep)
            raise UnreadableFile("holds too many values; split it, or write NDJSON, one per line")
        return self.read(text)

    def _whole(self, text: str) -> tuple[Json, int]:
        start = past_space(text, 0)
        try:
            return self.scan(text, start)
        except JSONDecodeError:
            raise
        except ValueError:
            # An integer of more digits than Python converts.
            scan = scanner(
                object_pairs_hook=self._object,
                parse_constant=self._constant,
                parse_float=real,
                parse_int=_integer,
            )
            return scan(text, start)


def first_of(found: Iterator[Trouble]) -> list[Trouble]:
    """The first errors of one kind; the last of these says how many more there are."""
    kept = list(itertools.islice(found, MOST_TROUBLE))
    more = sum(1 for _ in found)
    if more:
        kept[-1] = kept[-1]._replace(message=f"{kept[-1].message}; and {more:,} more like this")
    return kept


def counting_scanner() -> tuple[Scan, Callable[[], int]]:
    """A scanner, and a function that counts the keys its objects got since the last call.

    A third cheaper than looking at the pairs of each object: if a text holds more keys than its
    objects got, some key is a duplicate.
    """
    count = 0

    def add(made: dict[str, Json]) -> dict[str, Json]:
        nonlocal count
        count += len(made)
        return made

    def told() -> int:
        nonlocal count
        found, count = count, 0
        return found

    def constant(word: str) -> float:
        raise ValueError(word)

    return scanner(object_hook=add, parse_constant=constant, parse_float=real), told


def holds_too_much(text: str) -> bool:
    """Whether the values of a text might not fit the memory that a run may take."""
    return _has_more(text, MOST_CONTAINERS, "{", "[") or _has_more(text, MOST_VALUES, ",")


def _has_more(text: str, most: int, *signs: str) -> bool:
    """Whether a text has more of the signs. Samples show where it is not worth counting."""
    if len(text) <= most:
        return False
    for step in (101, 103, 107):
        sample = text[::step]
        if sum(map(sample.count, signs)) * step * 2 > most:
            return sum(map(text.count, signs)) > most
    return False


def has_plain_keys(text: str) -> bool:
    """Whether each key of the objects in a text ends with `":`, so that there are as many.

    A string may hold them too; then there are more of them than keys.
    """
    return " :" not in text and "\t" not in text


def has_long_digits(text: str) -> bool:
    """Whether a number of over 308 digits may be in a text; cheap, since it looks at samples."""
    for sample in _DIGIT.finditer(text[::SAMPLE]):
        at = sample.start() * SAMPLE
        if text[at : at + 150].isdigit() or text[max(at - 150, 0) : at + 1].isdigit():
            return True
    return False


def _integer(digits: str) -> int:
    if len(digits) < 400:
        return int(digits)
    return -HUGE if digits.startswith("-") else HUGE


def _failed(trouble: Trouble) -> Document:
    return Document(value=None, places=None, trouble=(trouble,))


def nesting(text: str) -> Trouble:
    """Where the text first nests too deep; its start, where brackets do not show it."""
    depth, at, message = 0, (0, 0), "nests too deeply to be read; flatten it"
    for match in _BRACKETS.finditer(text):
        sign = match[0]
        if sign in "{[":
            depth += 1
            if depth > DEEPEST:
                at, message = match.span(), NESTED
                break
        elif sign in "}]":
            depth -= 1
    return Trouble(
        rule="file.nesting",
        at=at,
        message=message,
    )


def _constants(text: str) -> Iterator[Trouble]:
    for match in _CONSTANTS.finditer(text):
        if not match[0].startswith('"'):
            yield Trouble(
                rule="file.notANumber",
                at=match.span(),
                message=f"{match[0]} is not JSON; write a number",
            )


def _duplicates(text: str) -> Iterator[Trouble]:
    """Every key that its object has already, with both places."""
    open_: list[dict[str, Stretch]] = []
    for match in _KEYS.finditer(text):
        sign = match[0]
        if sign == "{" or sign == "[":
            open_.append({})
        elif sign == "}" or sign == "]":
            open_.pop()
        elif match[2] is not None:
            key = decoded(match[1])
            first = open_[-1].setdefault(key, match.span(1))
            if first != match.span(1):
                yield duplicate(match[1], match.span(1), first)


def duplicate(shown: str, at: Stretch, first: Stretch) -> Trouble:
    """The same key twice."""
    return Trouble(
        rule="file.duplicateKey",
        at=at,
        message=f"key {shown} appears here a second time; keep one of them",
        related=((first, "the first one"),),
    )
