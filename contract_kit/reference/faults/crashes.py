"""Requests that break the implementation: it fails, hangs up, hangs, or dies for good."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import TYPE_NAME, Json
from contract_kit.reference.faults.at import everything
from contract_kit.reference.faults.changes import surrounding
from contract_kit.reference.faults.fault import Fault, Install
from contract_kit.reference.steps import Answer, Layer, write_error
from contract_kit.reference.strict_json import MAX_DIGITS
from contract_kit.wire.message import Message, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRequests:
    """The content of a body. value: as a lenient parser reads it, None where it cannot.

    doubled: whether an object names a member twice.
    """

    body: bytes
    value: Json
    doubled: bool

    def values(self, *types: type) -> Iterator[Json]:
        """Every value of these types; true and false are not numbers."""
        for value in everything(self.value):
            if isinstance(value, types) and (bool in types or not isinstance(value, bool)):
                yield value

    def texts(self) -> Iterator[str]:
        """Every text but the names of members."""
        return self.values(str)

    def names(self) -> Iterator[str]:
        """Every member name."""
        for value in self.values(dict):
            yield from value


def seen(body: bytes) -> SeenRequests:
    """Reads a body as far as it goes; never raises."""
    doubled = False

    def members(pairs: list[tuple[str, Json]]) -> Json:
        nonlocal doubled
        found = dict(pairs)
        doubled = doubled or len(found) < len(pairs)
        return found

    try:
        value = json.loads(body, object_pairs_hook=members, parse_int=_number)
    except (ValueError, RecursionError):
        value = None
    return SeenRequests(body=body, value=value, doubled=doubled)


def _number(text: str) -> int | float:
    return int(text) if len(text) <= MAX_DIGITS else float(text)


Trips = Callable[[SeenRequests], bool]

TRIGGERS: dict[str, Trips] = {
    "deep-nesting": lambda s: s.body.count(b"[") > 64 or s.body.count(b'{"') > 200,
    "emoji": lambda s: any(char > "\uffff" for text in s.texts() for char in text),
    "text-beyond-ascii": lambda s: any(not text.isascii() for text in s.texts()),
    "right-to-left": lambda s: any("\u202e" in text for text in s.texts()),
    "nul": lambda s: any("\0" in text for text in s.texts()),
    "nul-in-a-name": lambda s: any("\0" in name for name in s.names()),
    "controls": lambda s: any("\x01" <= char < " " for text in s.texts() for char in text),
    "lone-surrogate": lambda s: any(map(_surrogates, s.texts())),
    "lone-surrogate-in-a-name": lambda s: any(map(_surrogates, s.names())),
    "percent-sign": lambda s: any("%" in text for text in s.texts()),
    "quote": lambda s: any("'" in text for text in s.texts()),
    "backslash": lambda s: any("\\" in text for text in s.texts()),
    "empty-text": lambda s: any(text == "" for text in s.texts()),
    "empty-name": lambda s: "" in s.names(),
    "long-text": lambda s: any(len(text) > 4000 for text in s.texts()),
    "huge-integer": lambda s: re.search(rb"\d{4301}", s.body) is not None,
    "integer-beyond-64-bits": lambda s: any(abs(value) >= 2**63 for value in s.values(int)),
    "integer-beyond-32-bits": lambda s: any(abs(v) >= 2**31 for v in s.values(int)),
    "number-beyond-doubles": lambda s: re.search(rb"\de\d{3}", s.body) is not None,
    "long-fraction": lambda s: re.search(rb"\.\d{1000}", s.body) is not None,
    "negative-number": lambda s: any(value < 0 for value in s.values(int, float)),
    "fraction": lambda s: any(value % 1 for value in s.values(float)),
    "null": lambda s: any(value is None for value in everything(s.value)),
    "null-in-a-list": lambda s: any(None in value for value in s.values(list)),
    "empty-list": lambda s: any(value == [] for value in s.values(list)),
    "empty-object": lambda s: any(value == {} for value in s.values(dict)),
    "list-in-a-list": lambda s: any(isinstance(i, list) for v in s.values(list) for i in v),
    "body-over-4-kB": lambda s: len(s.body) > 4_096,
    "body-over-16-kB": lambda s: len(s.body) > 16_384,
    "body-over-64-kB": lambda s: len(s.body) > 65_536,
    "body-over-100-kB": lambda s: len(s.body) > 100_000,
    "body-over-1-MB": lambda s: len(s.body) > 1_000_000,
    "thousand-members": lambda s: any(len(value) > 500 for value in s.values(dict)),
    "prototype-name": lambda s: "__proto__" in s.names(),
    "type-name": lambda s: TYPE_NAME in s.names(),
    "doubled-name": lambda s: s.doubled,
    "escaped-name": lambda s: re.search(rb'[{,]"(\\u[0-9a-f]{4})+"', s.body) is not None,
    "escaped-slash": lambda s: b"\\/" in s.body,
    "line-breaks-between": lambda s: b"\n  " in s.body,
    "byte-order-mark": lambda s: s.body.startswith(b"\xef\xbb\xbf"),
    "not-utf-8": lambda s: not _is_utf8(s.body),
    "utf-16": lambda s: s.body.startswith((b"\xff\xfe", b"\xfe\xff")),
}
"""Triggers that crash an implementation, from single characters to the size of the whole."""


def _surrogates(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in text)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


FAILED = Reply(
    status=500,
    headers=(("Content-Type", "text/html"),),
    body=b"<html><body>Internal Server Error</body></html>",
)
DROPPED = Reply(failure="dropped")
HANGS = Reply(failure="timeout")
REFUSED = Reply(
    status=413,
    headers=(("Content-Type", "text/html"),),
    body=b"<html><body>Request Entity Too Large</body></html>",
)

HANGING = ("emoji", "nul", "deep-nesting", "null-in-a-list", "long-text")
"""Triggers with a hang, too: each costs the one who looks for it a whole time-out."""

LASTING = ("emoji", "lone-surrogate", "deep-nesting", "huge-integer", "body-over-1-MB")
"""Triggers that also end the process, so that nothing is answered afterwards."""


def crash_faults(operation: Operation) -> Iterator[Fault]:
    """Each trigger with each consequence that it may have."""
    for slug, trips in TRIGGERS.items():
        yield _fault(slug, "500", "fails", _tripping(trips, FAILED))
        yield _fault(slug, "dropped", "hangs up", _tripping(trips, DROPPED))
        if slug.startswith("body-over"):
            yield _fault(slug, "refused", "refuses", _tripping(trips, REFUSED))
        if slug in HANGING:
            yield _fault(slug, "hangs", "hangs", _tripping(trips, HANGS))
        if slug in LASTING:
            yield _fault(slug, "kills", "dies", surrounding(functools.partial(_dying, trips)))


def _fault(trigger: str, slug: str, verb: str, install: Install) -> Fault:
    return Fault(
        name=f"crash/{trigger}-{slug}",
        mechanism=f"{verb} on a trigger",
        description=f"{verb} on {trigger.replace('-', ' ')}",
        install=install,
    )


def _tripping(trips: Trips, reply: Reply) -> Install:
    def layer(answer: Answer, message: Message) -> Reply:
        return reply if trips(seen(message.body)) else answer(message)

    return surrounding(lambda: layer)


def _dying(trips: Trips) -> Layer:
    dead: list[bool] = []

    def layer(answer: Answer, message: Message) -> Reply:
        if dead or trips(seen(message.body)):
            dead.append(True)
            return DROPPED
        return answer(message)

    return layer


def internal_failure() -> Reply:
    """An error of the protocol that says that the implementation failed."""
    return write_error("InternalFailure", "an unexpected error", status=500)
