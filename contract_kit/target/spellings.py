"""Texts under whatever escapes they are written in: found, and taken out.

JSON, PHP, .NET, Go and shells escape with backslashes, URLs with percent signs, HTML with
ampersands; only their form distinguishes them, and they may be applied one over the other.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Iterator

LAYERS = 3
"""How many escapes one over the other are undone."""

MOST = 200_000
"""Characters in which escapes are looked for: more of a text than any report shows."""

SIGNS = "\\%&+"
"""First characters of escapes in plain text."""

SHORTEST_CODE = 6
"""Characters of base64 or hexadecimal digits below which they may be any other text."""

_ESCAPE = re.compile(
    r"(?P<utf16>(?:\\+u[0-9a-fA-F]{4})+)"
    r"|\\+(?:u\{(?P<braced>[0-9a-fA-F]{1,6})\}|U(?P<long>[0-9a-fA-F]{8}))"
    r"|(?P<hex>(?:\\+x[0-9a-fA-F]{2})+)"
    r"|(?P<octal>(?:\\+[0-3][0-7]{2})+)"
    r"|(?P<percent>(?:%(?:25)*[0-9a-fA-F]{2})+)"
    r"|&(?:amp;)*(?P<entity>#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    r"|\\+(?P<plain>[^\\])|(?P<blank>\+)|(?P<byte>[\udc80-\udcff])"
)

_UNITS = {
    "utf16": re.compile(r"\\+u([0-9a-fA-F]{4})"),
    "hex": re.compile(r"\\+x([0-9a-fA-F]{2})"),
    "octal": re.compile(r"\\+([0-7]{3})"),
    "percent": re.compile(r"%(?:25)*([0-9a-fA-F]{2})"),
}

_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}

Piece = tuple[str, int, int]
"""A character, and where its spelling begins and ends in the text."""


class Spellings:
    """Some texts, in whatever spelling. `hidden` replaces them in another text by `mark`."""

    def __init__(self, texts: Iterable[str], mark: str) -> None:
        # A server that reads UTF-8 as Latin-1 writes each byte as a character.
        both = [each for text in texts for each in (text, _misread(text))]
        # The longest first: parts of it would leave the rest.
        self._texts = sorted({_normal(text) for text in both if text}, key=len, reverse=True)
        self._plain = sorted(set(both), key=len, reverse=True)
        codes = sorted({code for text in both for code in _codes(text)}, key=len, reverse=True)
        self._codes = re.compile("|".join(map(re.escape, codes))) if codes else None
        self._mark = mark

    def __bool__(self) -> bool:
        return bool(self._texts)

    def hidden(self, text: str) -> str:
        """The text without them."""
        for plain in self._plain:
            text = text.replace(plain, self._mark)
        if self._codes is not None:
            text = self._codes.sub(self._mark, text)
        start, rest = text[:MOST], text[MOST:]
        if any(sign in start for sign in SIGNS) or not start.isascii():
            start = self._without_escaped(start)
        return start + rest

    def _without_escaped(self, text: str) -> str:
        pieces = list(_pieces(text))
        normal = "".join(char for char, _, _ in pieces)
        spans = []
        for secret in self._texts:
            at = normal.find(secret)
            while at >= 0:
                spans.append((pieces[at][1], pieces[at + len(secret) - 1][2]))
                at = normal.find(secret, at + len(secret))
        for start, end in sorted(spans, reverse=True):
            text = text[:start] + self._mark + text[end:]
        return text


def _normal(text: str) -> str:
    return "".join(char for char, _, _ in _pieces(text))


def _pieces(text: str) -> Iterator[Piece]:
    """The characters that a text stands for once its escapes are undone, layer by layer."""
    pieces: list[Piece] = [(char, at, at + 1) for at, char in enumerate(text)]
    for _ in range(LAYERS):
        known = "".join(char for char, _, _ in pieces)
        if not _ESCAPE.search(known):
            break
        undone = [
            (char, pieces[start][1], pieces[end - 1][2]) for char, start, end in _undone(known)
        ]
        if [char for char, _, _ in undone] == list(known):
            break
        pieces = undone
    yield from pieces


def _undone(text: str) -> Iterator[Piece]:
    at = 0
    for found in _ESCAPE.finditer(text):
        yield from ((text[index], index, index + 1) for index in range(at, found.start()))
        yield from _read(found)
        at = found.end()
    yield from ((text[index], index, index + 1) for index in range(at, len(text)))


def _read(found: re.Match[str]) -> Iterator[Piece]:
    """The characters that one escape, or a run of them, stands for."""
    kind, (start, end) = str(found.lastgroup), found.span()
    given = found[kind]
    if kind in _UNITS:
        yield from _units(kind, found)
    elif kind in ("braced", "long"):
        code = int(given, 16)
        yield (chr(code) if code < 0x110000 else "?"), start, end
    elif kind == "byte":
        yield chr(ord(given) - 0xDC00), start, end
    elif kind == "entity":
        yield from ((char, start, end) for char in html.unescape(f"&{given};"))
    else:
        yield (" " if kind == "blank" else _LETTERS.get(given, given)), start, end


def _units(kind: str, found: re.Match[str]) -> Iterator[Piece]:
    """The characters of a run of bytes, or of units of UTF-16."""
    units = list(_UNITS[kind].finditer(found.string, *found.span()))
    values = [int(unit[1], 8 if kind == "octal" else 16) for unit in units]
    wide = kind == "utf16"
    raw = b"".join(value.to_bytes(2 if wide else 1, "big") for value in values)
    try:
        text = raw.decode("utf-16-be" if wide else "utf-8")
    except UnicodeDecodeError:
        text = "".join(map(chr, values))
    at = 0
    for char in text:
        width = 1 if len(text) == len(values) else _width(char, wide=wide)
        yield char, units[at].start(), units[at + width - 1].end()
        at += width


def _width(char: str, *, wide: bool) -> int:
    """How many units a character takes."""
    return len(char.encode("utf-16-be")) // 2 if wide else len(char.encode())


def _misread(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def _codes(text: str) -> Iterator[str]:
    """The constant parts of a text in base64, wherever it begins, and in hexadecimal."""
    raw = text.encode("utf-8", "surrogateescape")
    for before in range(3):
        padded = bytes(before) + raw
        # A character that holds bits of its neighbours is left out.
        first, last = -(-before * 8 // 6), len(padded) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            code = encode(padded + bytes(-len(padded) % 3)).decode()[first:last]
            if len(code) >= SHORTEST_CODE:
                yield code
    digits = raw.hex()
    if len(digits) >= 2 * SHORTEST_CODE:
        yield from (digits, digits.upper())
