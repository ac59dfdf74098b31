"""Bounds, enumerations and patterns of a contract of one's own: the keywords are the truth."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterator
from typing import cast

from contract_kit.contract.document import EXTENSION
from contract_kit.contract.shape import INTEGER_BITS, LENGTHS, NOT_FINITE, Json
from contract_kit.errors import ContractKitError, UnsupportedPattern
from contract_kit.pattern.compiled import Pattern
from contract_kit.pattern.portable import validator

MODEL = "model"

BOUNDS: dict[str, tuple[str, str]] = {
    **LENGTHS,
    **dict.fromkeys(("integer", "long", "float", "double"), ("minimum", "maximum")),
}

_OTHER_SIGN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|[|]", re.DOTALL)


class Wrong(ContractKitError):
    """An error in a contract, and its place."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}" if place else reason)


def shown(value: Json) -> str:
    """A value of a document, shortened."""
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= 60 else f"{text[:59]}…"


def read_bounds(place: str, body: Json, type: str) -> None:
    """Least and greatest length or value. Raises Wrong."""
    facts = body[EXTENSION]
    copies = {**facts.get("bounds", {})}
    if "anyOf" in body and type != "string":
        if (
            body["anyOf"] != [{"type": "number"}, {"enum": [*NOT_FINITE]}]
            or "type" in body
            or copies
        ):
            raise Wrong(place, "anyOf has no effect on a number; write type, minimum and maximum")
        return
    suffix = "imum" if BOUNDS[type][0].endswith("imum") else "Length"
    found = {}
    for keyword, end in zip(BOUNDS[type], ("min", "max"), strict=True):
        copy = copies.pop(f"{end}{suffix}", None)
        bound = _bound(place, body, keyword, copy, type)
        if bound is not None and (bound or suffix == "imum" or end == "max"):
            found[f"{end}{suffix}"] = bound
    if copies:
        copy = shown(min(copies))
        raise Wrong(
            place,
            f"{copy} under {EXTENSION} is not a bound of type {type}; remove it",
        )
    if found.get(f"min{suffix}", 0) > found.get(f"max{suffix}", math.inf):
        low, high = BOUNDS[type]
        raise Wrong(place, f"{low} is greater than {high}; change one of them")
    if found:
        facts["bounds"] = found
    else:
        facts.pop("bounds", None)


def _bound(place: str, body: Json, keyword: str, copy: Json, type: str) -> int | float | None:
    """One bound in the units of the shape, None where nothing beyond the type is said.

    The width of an integer type is written where the keyword is missing.
    """
    is_length, value = not keyword.endswith("imum"), body.get(keyword)
    if value is not None:
        value = body[keyword] = _number(place, keyword, value, is_length=is_length)
    if copy is not None:
        copy = _number(place, f"{EXTENSION}.bounds of {keyword}", copy, is_length=is_length)
        if type == "string" and value is None:
            return cast("int | float", copy)  # it may accompany the pattern, see read_pattern
        if value != (-(-copy // 3) * 4 if type == "blob" else copy):
            said = f"is {shown(value)}" if value is not None else "is missing"
            raise Wrong(
                place,
                f"{keyword} {said}, but its copy under {EXTENSION} is {shown(copy)}; "
                "change both, or remove the copy",
            )
    own = _beyond(place, keyword, value, type)
    if type in INTEGER_BITS and value is None:
        body[keyword] = _edge(keyword, type)
    return cast("int | float | None", copy if copy is not None else own)


def _edge(keyword: str, type: str) -> int:
    half: int = 2 ** (INTEGER_BITS[type] - 1)
    return -half if keyword == "minimum" else half - 1


def _beyond(place: str, keyword: str, value: Json, type: str) -> int | float | None:
    """The bound of a keyword beyond the type of the shape, in the units of the shape."""
    if value is None:
        return None
    if type == "blob":
        # Four characters of base64 are up to three bytes.
        low = max((-(-value // 4) - 1) * 3 + 1, 0)
        return cast("int", low if keyword == "minLength" else value // 4 * 3)
    if type in INTEGER_BITS:
        edge = _edge(keyword, type)
        if not isinstance(value, int) or (value < edge if edge < 0 else value > edge):
            bits = INTEGER_BITS[type]
            raise Wrong(place, f"{keyword} is {value}; write a whole number of {bits} bits")
        return None if value == edge else value
    return cast("int | float", value)


def _number(place: str, keyword: str, value: Json, *, is_length: bool) -> int | float:
    """A bound. Raises Wrong."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number and abs(value) < 1e300:
        number = int(value) if float(value).is_integer() else value
        if not is_length or (isinstance(number, int) and 0 <= number < 2**53):
            return number
    wanted = "a whole number from 0" if is_length else "a number"
    raise Wrong(place, f"{keyword} is {shown(value)}; write {wanted}")


def read_enum(place: str, body: Json) -> None:
    if "enum" not in body:
        return
    values = body["enum"]
    if not isinstance(values, list) or not values:
        raise Wrong(place, f"enum is {shown(values)}; write a list of strings")
    wrong = next((value for value in values if not isinstance(value, str)), None)
    if wrong is not None or None in values:
        raise Wrong(
            place, f"enum contains {shown(wrong)}, which is not a string; write only strings"
        )
    if len(set(values)) != len(values):
        raise Wrong(place, "enum contains a value twice; write each once")


def read_pattern(place: str, body: Json, given: Collection[str]) -> None:
    """The pattern of a string: the keyword's, in the words of the kit. Raises Wrong.

    given: names of the bounds under `x-contract`.
    """
    facts = body[EXTENSION]
    original, keyword = facts.get("pattern"), body.get("pattern")
    for value in (original, keyword):
        if value is not None and not isinstance(value, str):
            raise Wrong(place, f"pattern is {shown(value)}; write a string")
    stated = set(_stated(place, body))
    if original is not None:
        _check_original(place, body, original, stated, given)
        return
    beyond = [name for name in ("allOf", "anyOf", "not") if name in body]
    if beyond:
        raise Wrong(place, f"{beyond[0]} has no effect on a string; write one pattern instead")
    missing = facts.get("bounds", {}).keys() - {kind for kind, _ in stated}
    if missing:
        raise Wrong(
            place,
            f"{min(missing)} is missing, but its copy under {EXTENSION} is "
            f"{facts['bounds'][min(missing)]}; change both, or remove the copy",
        )
    if keyword is not None:
        facts["pattern"] = _whole(place, keyword)
        if validator({"pattern": keyword}) is None:
            raise Wrong(place, f"JSON Schema cannot read the pattern {shown(keyword)}; fix it")


def _check_original(
    place: str, body: Json, original: str, stated: set[tuple[str, str]], given: Collection[str]
) -> None:
    """That the keywords say what the pattern of the source says, and no more than bounds beside it.

    Bounds that are keywords alone become those of the shape.
    """
    facts = body[EXTENSION]
    copied = facts.get("bounds", {})
    try:
        portable = Pattern.parse(original).portable or {}
    except UnsupportedPattern as error:
        if body.get("pattern") is not None or MODEL not in facts.get("origins", {}).get(
            "pattern", ()
        ):
            raise Wrong(place, f"pattern: {error}") from None
        portable = {}  # as derived: nobody can decide it, and its constraint stays untested
    own = set(_stated(place, portable))
    if stated == own | set(_stated(place, copied)):
        # A length that the pattern implies is not a bound of its own.
        bounds = {
            kind: bound
            for kind, bound in copied.items()
            if (kind, shown(bound)) not in own or kind in given
        }
        facts.pop("bounds", None)
        facts.update({"bounds": bounds} if bounds else {})
        return
    raise Wrong(
        place,
        f"its keywords disagree with pattern {shown(original)} under {EXTENSION}; "
        f"change both, or remove the one under {EXTENSION}",
    )


def _stated(place: str, body: Json) -> Iterator[tuple[str, str]]:
    """Every keyword of a string that forbids something, also within allOf, with its value."""
    for keyword in ("minLength", "maxLength", "pattern", "not", "anyOf"):
        if keyword in body:
            yield keyword, json.dumps(body[keyword], sort_keys=True)
    inner = body.get("allOf", [])
    if not isinstance(inner, list) or not all(isinstance(each, dict) for each in inner):
        raise Wrong(place, "allOf is not a list of schemas; write one pattern instead")
    for each in inner:
        yield from _stated(place, each)


def _whole(place: str, pattern: str) -> str:
    """A pattern that may match anywhere, as JSON Schema reads it, as one for the whole string."""
    anchored = pattern.startswith("^") and pattern.endswith("$") and len(pattern) > 1
    either = any(match[0] == "|" for match in _OTHER_SIGN.finditer(pattern))
    text = (
        pattern
        if anchored and not either and not pattern.endswith("\\$")
        else (rf"[\s\S]*(?:{pattern})[\s\S]*")
    )
    try:
        # Alone first: errors then quote its own characters.
        Pattern.parse(pattern)
        Pattern.parse(text)
    except UnsupportedPattern as error:
        raise Wrong(place, f"pattern: {error}") from None
    return text
