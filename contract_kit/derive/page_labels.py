"""The labels of documentation pages that state a constraint, and how their values are read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from contract_kit.contract.shape import Json

BULLET = re.compile(r"[•·]|[-*] (?!\|)")


def _bounds(noun: str, low: str, high: str) -> Callable[[str], Json]:
    number = r"(-?[0-9]+(?:\.[0-9]+)?(?:[Ee][+-]?[0-9]+)?)" if noun == "value" else "([0-9]+)"
    bound = re.compile(rf"(Minimum|Maximum|Fixed) {noun} of {number}(?: items?)?(?:\. ?|$)")
    fields = {"Minimum": (low,), "Maximum": (high,), "Fixed": (low, high)}

    def read(text: str) -> Json:
        stated = [(name, _number(at)) for word, at in bound.findall(text) for name in fields[word]]
        found = dict(stated)
        in_order = found.get(low, -math.inf) <= found.get(high, math.inf)
        if bound.sub("", text) or not stated or len(found) < len(stated) or not in_order:
            raise ValueError
        return found

    return read


def _number(text: str) -> int | float:
    number = int(text) if text.lstrip("-").isdecimal() else float(text)
    if math.isinf(number):
        raise ValueError
    return number


def _status(text: str) -> Json:
    if not re.fullmatch("[1-5][0-9]{2}", text):
        raise ValueError
    return {"status": int(text)}


def _values(text: str) -> Json:
    values = tuple(value.strip() for value in text.split("|"))
    if "" in values or len(set(values)) < len(values) or BULLET.match(text):
        raise ValueError
    return {"values": values}


def _pattern(text: str) -> Json:
    # Nothing matches past `$` or before `^`: blanks there come from copying.
    pattern = re.sub(r"(?<=[^\\]\$)\s+$|^\s+(?=\^)", "", text)
    if not pattern.strip():
        raise ValueError
    return {"pattern": pattern}


def _type(text: str) -> Json:
    return {"type": text, "target": _target(text), "is_array": text.startswith("Array of ")}


def _target(text: str) -> str | None:
    """The data type that a type names, inside arrays and maps too; raises ValueError."""
    inner = re.fullmatch(r"[Aa]rrays? of (.+)|\w+ to (.+) maps?", text)
    if inner:
        return _target(inner[1] or inner[2])
    leaf = re.fullmatch(
        r"Base64-encoded binary data objects?|JSON values?|(\w+) objects?|\w+", text
    )
    if not leaf:
        raise ValueError
    return leaf[1]


Labels = dict[str, tuple[Callable[[str], Json], str]]
"""Label → how its text is read into facts (raises ValueError), and an example of it."""

_LIMITS: Labels = {
    "Length Constraints": (
        _bounds("length", "min_length", "max_length"),
        "Minimum length of 3. Maximum length of 66.",
    ),
    "Valid Range": (
        _bounds("value", "minimum", "maximum"),
        "Minimum value of 1. Maximum value of 100.",
    ),
    "Valid Values": (_values, "TO | FROM | CC"),
    "Pattern": (_pattern, "^a-[a-z]{1,64}$"),
}
_COUNT_EXAMPLE = "Minimum number of 0 items. Maximum number of 10 items."
LABELS: Labels = {
    "Type": (_type, "Array of ArchiveFilterCondition objects"),
    "Required": (lambda text: {"required": {"Yes": True, "No": False}[text]}, "Yes"),
    "Array Members": (_bounds("number", "min_items", "max_items"), _COUNT_EXAMPLE),
    "Map Entries": (_bounds("number", "min_entries", "max_entries"), _COUNT_EXAMPLE),
    "Valid Keys": (_values, "All | Policy"),
    **_LIMITS,
    **{f"{owner} {label}": limit for owner in ("Key", "Value") for label, limit in _LIMITS.items()},
}
ERROR_LABELS: Labels = {"HTTP Status Code": (_status, "400")}
# A constraint by its words, under a label that is not known: ignoring it would lose a promise.
UNREAD = re.compile(
    rf"[A-Z][\w ]* (?:{'|'.join(_LIMITS)}|Array Members|Map Entries):.*"
    r"|[A-Z][\w ]*: (?:(?:Minimum|Maximum|Fixed) \w+ of -?[0-9]\S*(?: items?\.?)?(?: |$))+"
)
