"""Errors in a JSON text, in words that say what to do."""

from __future__ import annotations

import re

from contract_kit.requestfile.document import Stretch, Trouble

_SPACE = re.compile(r"[ \t\n\r]*")
_WORD = re.compile(r"[^\s,:\[\]{}\"]+|.", re.DOTALL)


def past_space(text: str, at: int) -> int:
    """Where the white space ends that begins at a place."""
    match = _SPACE.match(text, at)
    assert match is not None
    return match.end()


def _word(text: str, at: int) -> Stretch:
    match = _WORD.match(text, at)
    return (at, match.end()) if match else (at, at)


def syntax(text: str, at: int, said: str) -> Trouble:
    """The scanner's complaint, in words that say what to do."""
    if said.startswith("Illegal trailing comma"):
        at += 1  # from Python 3.13 the scanner points at the comma, before at what follows it
    if said.startswith(("Expecting", "Illegal trailing comma")):
        at = past_space(text, at)
    stretch, sign = _word(text, at), text[at : at + 1]
    if not text.strip():
        message, stretch = "the file is empty; write a request as a JSON object", (0, 0)
    elif at >= len(text):
        message = "the JSON text ends too early; close what is open"
    elif sign == "'":
        message = "JSON strings need double quotes"
    elif text.startswith(("//", "/*", "#"), at):
        message = "JSON has no comments; remove it, or write YAML"
    elif sign in "}]" and text[:at].rstrip().endswith(","):
        message = f"JSON allows no comma before {sign}; remove it"
    elif said.startswith("Invalid control character"):
        escape = ascii(sign)[1:-1].replace("\\x", "\\u00")
        message = f"a string contains a control character; write it as {escape}"
    elif said.startswith("Unterminated string"):
        message = "the string that begins here is never closed; close it; close it"
        stretch = (at, at + 1)
    else:
        message = f"invalid JSON: {_in_words(said, sign)}"
    return Trouble(rule="file.syntax", at=stretch, message=message)


_WORDS = {
    "Expecting value": "expected a value here",
    "Expecting property name": "expected a key in double quotes",
    "Expecting ':'": "a colon is missing after the key",
    "Expecting ','": "a comma is missing before this, or this does not belong here",
    "Invalid \\u": "four hexadecimal digits must follow \\u",
    "Invalid \\escape": "no such escape; write \\\\ for a backslash",
}
"""How the scanner of the standard library begins its complaints, and what they mean."""


def _in_words(said: str, sign: str) -> str:
    known = (words for begin, words in _WORDS.items() if said.startswith(begin))
    return next(known, f"{sign} cannot be here")


def trailing(text: str, at: int) -> Trouble:
    """Text behind the value."""
    start, end = _word(text, at)
    if text.startswith(("//", "/*", "#"), at):
        return syntax(text, at, "")
    return Trouble(
        rule="file.syntax",
        at=(start, end),
        message="text after the end of the JSON value; keep one value, or name the file .ndjson",
    )
