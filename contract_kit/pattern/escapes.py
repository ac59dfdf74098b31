"""Escapes: the text after a backslash, inside a class or outside."""

from __future__ import annotations

import re

from contract_kit.errors import UnsupportedPattern
from contract_kit.pattern import charset
from contract_kit.pattern.charset import Ranges
from contract_kit.pattern.syntax_tree import Chars

_PROPERTY = re.compile(r"\{(\^?)([A-Za-z0-9_=]+)\}|([A-Z])")
_HEX = re.compile(r"x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,6})\})")
_UNICODE = re.compile(r"u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?")
_OCTAL = re.compile(r"0([0-3]?[0-7]?[0-7])")
_CONTROLS = {"t": 9, "n": 10, "r": 13, "f": 12, "a": 7, "e": 27}
_SHORTHANDS: dict[str, Ranges] = {
    "w": charset.WORD,
    "d": charset.DIGIT,
    "s": charset.SPACE,
    "h": charset.HORIZONTAL,
    "v": charset.VERTICAL,
}
# A set of more ranges than this keeps its property name in the portable form.
_MANY_RANGES = 40


class Cursor:
    """A place in the text, and the escapes that can be read from there."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def refuse(self, construct: str) -> UnsupportedPattern:
        return UnsupportedPattern(
            f"{construct!r} at character {self.at} of pattern {self.text!r} cannot be decided;"
            " match it outside the kit"
        )

    def peek(self, ahead: int = 0) -> str:
        return self.text[self.at + ahead : self.at + ahead + 1]

    def take(self, expected: str) -> bool:
        found = self.text.startswith(expected, self.at)
        self.at += len(expected) if found else 0
        return found

    def escaped(self) -> Chars:
        """The set after a backslash, inside or outside a class."""
        char = self.peek()
        self.at += 1
        if char.lower() in _SHORTHANDS and char:
            ranges = _SHORTHANDS[char.lower()]
            return Chars(ranges if char.islower() else charset.invert(ranges))
        if char in ("p", "P"):
            return self.property(char == "P")
        self.at -= 1
        code = self.code()
        return Chars(charset.scalars(code, code))

    def code(self) -> int:
        """The code point of an escape that means one character; the backslash is already read."""
        char = self.peek()
        if char in _CONTROLS:
            self.at += 1
            return _CONTROLS[char]
        if char == "u":
            return self.unicode()
        if char == "x":
            match = _HEX.match(self.text, self.at)
            if match is None or int(match[1] or match[2], 16) > 0x10FFFF:
                raise self.refuse("\\x")
            self.at = match.end()
            return int(match[1] or match[2], 16)
        if char == "0":
            match = _OCTAL.match(self.text, self.at)
            if match is None:
                raise self.refuse("\\0")
            self.at = match.end()
            return int(match[1], 8)
        if char == "c" and self.peek(1):
            self.at += 2
            return ord(self.text[self.at - 1]) ^ 64
        if char == "" or (char.isascii() and char.isalnum()):
            raise self.refuse("\\" + char)
        self.at += 1
        return ord(char)

    def unicode(self) -> int:
        """\\uXXXX; Java reads a high and a low surrogate in a row as one code point."""
        match = _UNICODE.match(self.text, self.at)
        if match is None:
            raise self.refuse("\\u")
        high = int(match[1], 16)
        if match[2] and 0xD800 <= high <= 0xDBFF:
            self.at = match.end()
            return 0x10000 + ((high - 0xD800) << 10) + int(match[2], 16) - 0xDC00
        self.at = match.end(1)
        return high

    def property(self, negated: bool) -> Chars:
        match = _PROPERTY.match(self.text, self.at)
        known = match and charset.named(match[2] or match[3])
        if not match or not known:
            raise self.refuse("\\p" + self.text[self.at : self.at + 16])
        self.at = match.end()
        ranges, terms = known
        flip = negated != bool(match[1])
        if len(ranges) <= _MANY_RANGES:
            terms = ()
        if flip and len(terms) == 1:
            return Chars(charset.invert(ranges), (terms[0].replace("\\p", "\\P"),))
        return Chars(charset.invert(ranges) if flip else ranges, () if flip else terms)
