"""A secret is hidden however the target writes it."""

from __future__ import annotations

import base64
import html
import json
import time
from urllib.parse import quote, quote_plus

import pytest

from contract_kit.target.secrets import HIDDEN
from contract_kit.target.spellings import Spellings

SECRETS = [
    's3cret/"öpen" <&\'+😀',
    "plain-s3cret+x y",
    "a\\b%41&amp;c\\u0041",
    "Bearer abc.DEF-123==",
]


def units(text):
    """A text in UTF-16, as numbers."""
    raw = text.encode("utf-16-be")
    return [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]


def inner_json(text, **options):
    """A text as JSON, without the quotes."""
    return json.dumps(text, **options)[1:-1]


SPELLINGS = {
    "plain": str,
    "json": inner_json,
    "json-in-utf-8": lambda text: inner_json(text, ensure_ascii=False),
    "json-in-json": lambda text: inner_json(inner_json(text)),
    "php": lambda text: inner_json(text).replace("/", "\\/"),
    "dotnet": lambda text: "".join(
        chr(unit) if chr(unit).isascii() and chr(unit).isalnum() else f"\\u{unit:04X}"
        for unit in units(text)
    ),
    "go": lambda text: inner_json(text).replace("<", "\\u003c").replace("&", "\\u0026"),
    "bytes": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "octal": lambda text: "".join(f"\\{byte:03o}" for byte in text.encode()),
    "code-points": lambda text: "".join(f"\\u{{{ord(char):x}}}" for char in text),
    "percent": lambda text: quote(text, safe=""),
    "percent-in-lower-case": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "percent-twice": lambda text: quote(quote(text, safe=""), safe=""),
    "form": quote_plus,
    "html": html.escape,
    "html-decimal": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "html-hexadecimal": lambda text: "".join(f"&#x{ord(char):X};" for char in text),
    "html-in-json": lambda text: inner_json(html.escape(text)),
    "read-as-latin-1": lambda text: text.encode().decode("latin-1"),
    "read-as-latin-1-in-json": lambda text: inner_json(text.encode().decode("latin-1")),
    "python": lambda text: repr(text)[1:-1],
    "hexadecimal": lambda text: text.encode().hex(),
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("name", SPELLINGS)
def test_every_spelling_is_hidden(name, secret):
    """And nothing else is."""
    said = f"you are {SPELLINGS[name](secret)}, hello"
    assert Spellings([secret], HIDDEN).hidden(said) == f"you are {HIDDEN}, hello"


@pytest.mark.parametrize("before", [b"", b"x", b"xy", b"user:"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_hides_it_wherever_it_begins(before, encode):
    """But for a few bits at its ends, which it shares with what is beside it."""
    for secret in SECRETS:
        said = encode(before + secret.encode() + b"zz").decode()
        shown = Spellings([secret], HIDDEN).hidden(said)
        assert HIDDEN in shown
        rest = shown.replace(HIDDEN, "")
        assert len(rest) <= 4 * (len(before) + 2) // 3 + 6


@pytest.mark.parametrize("text", ["", "\\", "%", "&;", "100% of \\u00", "\\ud800 \\x", "a+b"])
def test_what_is_no_secret_stays_as_it_is(text):
    """Broken escapes too."""
    assert Spellings(SECRETS, HIDDEN).hidden(text) == text


def test_long_texts_take_no_time():
    """Targets may answer with megabytes of escapes."""
    started = time.monotonic()
    spellings = Spellings(SECRETS, HIDDEN)
    assert len(spellings.hidden("\\u0041" * 500_000)) == 3_000_000
    assert len(spellings.hidden('{"a":"b"}' * 400_000)) == 3_600_000
    assert time.monotonic() - started < 20
