"""`Call`: the record of one call, without parameters, replies, headers or credentials."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """One constraint that a request or a reply breaks.

    constraint: its id; that of a reply starts with `response.`. message: the shortened value,
    left out if the model calls it sensitive, and the demand that it breaks. documented: the fact,
    with its source in square brackets.

    >>> broken = Broken(constraint="Name.maxLength", message="…", documented="… [model: …]")
    >>> Call(operation="ssm:GetParameter", file="app.py", line=3, request=(broken,)).site
    'app.py:3'
    """

    constraint: str
    message: str
    documented: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of one operation.

    operation: `service:Name`. file, line: where the code under test made it; line 0 and the
        name of the thread where a thread ran a client's method directly.
    request, reply: the constraints that they break. status: of the HTTP reply, 0 where none came.
    error: code of the service's error, or name of the exception; empty on success.
    unchecked: why nothing was checked, empty otherwise.

    >>> Call(operation="ssm:GetParameter", file="app.py", line=3, status=200).site
    'app.py:3'
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
