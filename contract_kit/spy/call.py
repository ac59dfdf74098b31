"""`Call`: what is kept of one call. Neither parameters nor replies, headers or credentials."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """One constraint that a request or a reply breaks.

    constraint: its id; that of a reply starts with `response.`. message: the value, shortened
    and left out where the model calls it sensitive, and what it had to be. documented: the
    fact, and in square brackets who states it.
    """

    constraint: str
    message: str
    documented: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of one operation.

    operation: `service:Name`. file, line: where the code under test made it; line 0 and the
        name of the thread where a thread ran a client's method directly.
    request, reply: what they break. status: of the HTTP reply, 0 where none came.
    error: code of the service's error, or name of the exception; empty on success.
    unchecked: why nothing was checked, empty otherwise.
    """

    operation: str
    file: str
    line: int
    request: tuple[Broken, ...] = ()
    reply: tuple[Broken, ...] = ()
    status: int = 0
    error: str = ""
    unchecked: str = ""

    @property
    def site(self) -> str:
        """`file:line`, or the thread."""
        return f"{self.file}:{self.line}" if self.line else self.file
