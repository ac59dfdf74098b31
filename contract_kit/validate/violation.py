"""`Violation`: one broken constraint at one place, with the words AWS uses for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from contract_kit.contract.shape import Json, Path

SHOWN = 64
"""Characters of a value that a message shows at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken constraint.

    constraint: its id. path: where in the request; for a missing member the path ends with
    its name. value: the offending value, None where it is missing. of_key: the key that the path
    ends with is wrong, not the value there; `value` is that key.

    >>> from contract_kit import operation
    >>> from contract_kit.validate import Validator
    >>> op = operation("mailmanager:ListArchives")
    >>> violation = Validator(op).violations({"PageSize": 51})[0]
    >>> violation.path, violation.value
    (('PageSize',), 51)
    """

    constraint: str
    path: Path
    value: Json = field(hash=False)
    message: str
    of_key: bool = False


def aws_path(path: Path) -> str:
    """`("Filters", "Include", 0, "Values")` as `filters.include.1.member.values`.

    Lower-case first letters, items counted from 1 with `.member`: the form in error messages
    of AWS services.
    """
    parts = []
    for segment in path:
        if isinstance(segment, int):
            parts.append(f"{segment + 1}.member")
        else:
            parts.append(segment[:1].lower() + segment[1:])
    return printable(".".join(parts))


def printable(text: str) -> str:
    """Text that any terminal and any encoding can take: escapes other characters."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode()
        for char in text
    )


def shorten(value: Json) -> str:
    """A value in at most about SHOWN characters, whatever its size, on one line."""
    if isinstance(value, str):
        text = value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"
        return printable(text)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int):
        # int → str is quadratic, and refused beyond 4,300 digits.
        return str(value) if value.bit_length() < 256 else f"{hex(value)[:18]}…"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    if isinstance(value, (list, tuple)):
        return "[…]" if value else "[]"
    return type(value).__name__


def message(value: Json, path: Path, tail: str, *, sensitive: bool = False) -> str:
    """`Value 'x' at 'archiveId' failed to satisfy constraint: Member must …`.

    Values of sensitive members are left out, as AWS does.
    """
    shown = " null" if value is None else "" if sensitive else f" '{shorten(value)}'"
    where = aws_path(path) or "request"
    return f"Value{shown} at '{where}' failed to satisfy constraint: Member must {tail}"
