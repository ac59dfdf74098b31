"""`Message`, `Reply` and `Answer`: what goes over the wire, and what came back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from contract_kit.contract.shape import Json

Headers = tuple[tuple[str, str], ...]

Expectation = Literal["accept", "reject", "refuse", "any", "survive"]
"""The answer of a correct implementation to a case.

accept: carries it out. reject: answers with an error of the right name. refuse: anything but
carrying it out. any: a well-formed answer. survive: answers at all, and not with a crash.
"""

Family = Literal["type", "value", "required", "union", "body", "target", "wire"]
"""The kind of fault in a case, which decides the names of the errors that are right for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One HTTP request without its signature. path starts with a slash.

    template: the body before its marks for fresh numbers were filled in, empty if it had none.
    host_prefix: what the operation puts before the name of the host, such as `data-`.
    """

    method: str = "POST"
    path: str = "/"
    headers: Headers = ()
    body: bytes = b""
    template: bytes = field(default=b"", compare=False)
    host_prefix: str = ""

    def header(self, name: str) -> str | None:
        """The first header of that name, compared without case."""
        return first_header(self.headers, name)

    def with_header(self, name: str, value: str | None) -> Message:
        """The message with a header set anew, or left out where value is None."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=kept if value is None else (*kept, (name, value)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An HTTP response, or the failure that came instead.

    failure: empty, or one of `timeout`, `dropped`, `unreachable`, `not-http`, `too-large`,
        `raised` (an application in our own process raised an exception), `not-expressible`
        (nothing was sent, since the target has no way to be given such a message), `untrusted`
        (nothing was sent, since the server's certificate is not trusted), `wrong-scheme` (one side
        speaks TLS, the other does not), `refused-tls` (the server wants another certificate of
        ours, or another version of TLS).
    detail: the failure in words.
    stray, before: what nobody asked for, in words: bytes that followed the reply at once, and such
        as had followed the one before it by the time that the message was sent.
    cut: bytes at the end of the body that are not kept, since it is long.
    encoded_crc32: the CRC-32 of the body as it came, where it came encoded and was decoded.
    over_http: False where a Python value came back, whose status and headers were filled in.
    """

    status: int = 0
    headers: Headers = ()
    body: bytes = b""
    failure: str = ""
    detail: str = ""
    stray: str = ""
    before: str = ""
    cut: int = 0
    encoded_crc32: int | None = None
    over_http: bool = True

    def header(self, name: str) -> str | None:
        """The first header of that name, compared without case."""
        return first_header(self.headers, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A reply as the protocol reads it.

    kind: `result` (carried out), `error` (refused with a named error), `broken` (no reply of
        this protocol: nothing came, a server fault, or a body that nobody can read).
    name: the error's name without namespace. text: its message, or what is broken.
    code: the name that clients of the query protocol know it by, if the reply holds one.
    faults: what the reply gets wrong apart from its name, as (constraint id, explanation).
    notes: what is unusual in it, and right all the same.
    """

    kind: Literal["result", "error", "broken"]
    status: int = 0
    name: str = ""
    code: str = ""
    text: str = ""
    result: Json = field(hash=False, default=None)
    faults: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawProbe:
    """A message that no request value can express, and what a correct server does with it.

    twin: the good request that it was made from, where it is not the usual one.
    """

    slug: str
    constraint: str
    message: Message
    expects: Expectation
    family: Family = "body"
    twin: Json = field(hash=False, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A message that asks for one operation, as a server reads it.

    request: the canonical request, None where the message carries none.
    constraint: what of the wire the message breaks, such as `wire.target`; empty for nothing.
    expects, family: what is right for it, whatever the request breaks. `accept`: the request alone
        decides. `any` beside a request: any answer is right if the request conforms.
    reason: in words, why there is no request.
    """

    request: Json = field(hash=False, default=None)
    constraint: str = ""
    expects: Expectation = "accept"
    family: Family = "body"
    reason: str = ""


class Unreadable(ValueError):
    """A body that holds no value of its codec; the text says why."""


def first_header(headers: Headers, name: str) -> str | None:
    """The first header of a name, compared without case."""
    lowered = name.lower()
    return next((value for key, value in headers if key.lower() == lowered), None)


def with_own_headers(given: Headers, own: Headers) -> Headers:
    """Headers of a message and the user's own, which take the place of those of the same name."""
    names = {name.lower() for name, _ in own}
    return (*(pair for pair in given if pair[0].lower() not in names), *own)


def header_items(headers: Iterable[tuple[str, str]]) -> Headers:
    """Headers as the frozen pairs that a Message or Reply holds."""
    return tuple((name, value) for name, value in headers)
