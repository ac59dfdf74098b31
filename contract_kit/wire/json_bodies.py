"""Bodies for awsJson that are malformed, unusual, or more than a parser may take."""

from __future__ import annotations

import json
from collections.abc import Iterator

from contract_kit.contract.shape import Json

DEEP = 100_000
"""Levels of nesting that exhaust the stack of a recursive parser."""

DIGITS = 5_000
"""Digits of a number beyond what some parsers convert: CPython refuses more than 4,300."""

LONG_INTEGER = "9" * DIGITS


def extra(text: str, members: str) -> str:
    """The object with more members at its end."""
    return f"{text[:-1]}{', ' if len(text) > 2 else ''}{members}}}"


def thousand() -> str:
    """A thousand members that no shape has."""
    return ",".join(f'"contractKit{number}":{number}' for number in range(1000))


def duplicated(text: str) -> str:
    """The object with its first member written twice, each time with the same value."""
    if text == "{}":
        return '{"contractKit":1,"contractKit":1}'
    value = json.loads(text)
    name = next(iter(value))
    first = json.dumps({name: value[name]}, ensure_ascii=False, separators=(",", ":"))
    return extra(text, first[1:-1])


def malformed_bodies(text: str) -> Iterator[tuple[str, str]]:
    """Bodies that are not JSON text as RFC 8259 defines it."""
    yield "truncated", text[:-1]
    yield "trailing-text", text + "x"
    yield "trailing-brace", text + "}"
    yield "leading-text", "x" + text
    yield "leading-comma", "{," + text[1:]
    yield "trailing-comma", text[:-1] + ",}"
    yield "block-comment", "{/* comment */" + text[1:]
    yield "hash-comment", "{# comment\n" + text[1:]
    yield "single-quotes", text.replace('"', "'") if '"' in text else "{'contractKit':1}"
    yield "unquoted-name", extra(text, "contractKit:1")
    yield "missing-colon", extra(text, '"contractKit" 1')
    yield "missing-comma", text[:-1] + ' "contractKit":1}' if len(text) > 2 else '{"a":1 "b":2}'
    yield "capital-literal", extra(text, '"contractKit":True')
    yield "hexadecimal", extra(text, '"contractKit":0x10')
    yield "leading-zero", extra(text, '"contractKit":01')
    yield "plus-sign", extra(text, '"contractKit":+1')
    yield "bare-point", extra(text, '"contractKit":1.')
    yield "bare-exponent", extra(text, '"contractKit":1e')
    yield "raw-newline-in-string", extra(text, '"contractKit":"a\nb"')
    yield "raw-control-in-string", extra(text, '"contractKit":"a\x01b"')
    yield "unknown-escape", extra(text, '"contractKit":"\\x41"')
    yield "short-unicode-escape", extra(text, '"contractKit":"\\u12"')
    yield "trailing-nul", text + "\0"
    yield "xml", '<?xml version="1.0"?><contractKit/>'


def unusual_bodies(text: str, request: Json) -> Iterator[tuple[str, str]]:
    """Bodies that hold the same JSON value in another spelling."""
    yield "white-space", f" \r\n\t{text} \r\n\t"
    yield "indented", json.dumps(request, indent=2)
    yield "members-reversed", json.dumps(_reversed(request))
    escaped = "".join(f"\\u{ord(char):04x}" for char in next(iter(request), ""))
    if request:
        yield "escaped-member-name", text.replace(f'"{next(iter(request))}"', f'"{escaped}"', 1)
    yield "escaped-slashes", text.replace("/", "\\/")


def _reversed(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _reversed(item) for name, item in reversed(value.items())}
    return value


def undecodable_bodies(text: str) -> Iterator[tuple[str, bytes]]:
    """Bodies that are not UTF-8; what a server says of them is documented nowhere."""

    def with_bytes(raw: bytes) -> bytes:
        return extra(text, '"contractKit":"@"').encode().replace(b"@", raw)

    yield "lone-continuation", with_bytes(b"\x80")
    yield "encoded-surrogate", with_bytes(b"\xed\xa0\x80")
    yield "latin-1", with_bytes(b"\xe9")
    yield "utf-16", text.encode("utf-16")


def limit_bodies(text: str) -> Iterator[tuple[str, str]]:
    """Bodies beyond what a parser may take, inside a member that no one knows."""
    yield "long-integer", extra(text, '"contractKit":' + LONG_INTEGER)
    yield "long-fraction", extra(text, '"contractKit":0.' + "3" * DIGITS)
    yield "beyond-double", extra(text, '"contractKit":1e400')
    yield "deep-lists", extra(text, '"contractKit":' + "[" * 1000 + "]" * 1000)
    yield "very-deep", extra(text, '"contractKit":' + "[" * DEEP + "]" * DEEP)
    yield "open-lists", "[" * DEEP
    yield "large-string", extra(text, '"contractKit":"' + "x" * 1_000_000 + '"')
    yield "lone-surrogate-in-name", extra(text, '"contract\\ud800Kit":1')
    yield "empty-name", extra(text, '"":1')
    yield "prototype-name", extra(text, '"__proto__":{"contractKit":1}')
    yield "nul-in-name", extra(text, '"contract\\u0000Kit":1')
