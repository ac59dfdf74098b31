"""Tree → JSON Schema keywords whose patterns every ECMA-262 unicode-mode engine reads alike.

The same text is read by the Rust `regex` crate, which has no look-arounds: those at the edges
become members of `allOf`. Sets are spelt out, since `\\w`, `\\s` and `.` differ between engines.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TypeAlias

from contract_kit.pattern import charset
from contract_kit.pattern.canonical import canonical
from contract_kit.pattern.charset import Ranges
from contract_kit.pattern.syntax_tree import (
    END,
    Alt,
    At,
    Cat,
    Chars,
    Look,
    Node,
    Repeat,
    cat,
    children,
    longest,
    shortest,
)

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

Matcher = Callable[[str], bool]

_SYNTAX = frozenset("^$\\.*+?()[]{}|/")
# In a class of unicode mode, escaping anything else is an error.
_CLASS_SYNTAX = frozenset("^\\]-[")
_NAMED_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f", "\v": "\\v"}


def keywords(node: Node) -> dict[str, Json] | None:
    """The keywords, or None where the tree holds a look-around that can't be moved to an edge.

    None as well where the engine refuses the size of the compiled pattern.
    """
    found = _keywords(node)
    return found if validator(found) else None


def validator(schema: dict[str, Json] | None) -> Matcher | None:
    """A linear-time match of the keywords; None for None, and if the engine refuses them."""
    if schema is None:
        return None
    import jsonschema_rs

    try:
        compiled = jsonschema_rs.validator_for(
            {"type": "string", **schema}, pattern_options=jsonschema_rs.RegexOptions()
        )
    except jsonschema_rs.ValidationError:
        return None
    return compiled.is_valid


def _keywords(node: Node) -> dict[str, Json] | None:
    if _writable(node):
        return _body(node)
    if isinstance(node, Alt):
        options = [_keywords(option) for option in node.options]
        known: list[Json] = [option for option in options if option is not None]
        return {"anyOf": known} if len(known) == len(options) else None
    items: list[Node] = [*node.items] if isinstance(node, Cat) else [node]
    looks = [place for place, item in enumerate(items) if isinstance(item, Look)]
    if not looks:
        return None
    members: list[Json] = []
    for place in looks:
        member = _edge(items, place)
        if member is None:
            return None
        members.append(member)
    # The places inside a removed look-around's neighbours keep their meaning: nothing is consumed.
    body = _keywords(canonical(cat(tuple(item for item in items if not isinstance(item, Look)))))
    if body is None:
        return None
    inner = body.pop("allOf", [])
    assert isinstance(inner, list)
    return {**body, "allOf": [*members, *inner]}


def _edge(items: list[Node], place: int) -> Json:
    """The member for a look-around that a fixed number of characters parts from its edge."""
    look = items[place]
    assert isinstance(look, Look)
    beside = items[:place] if look.ahead else items[place + 1 :]
    between = cat(tuple(item for item in beside if not isinstance(item, Look)))
    if shortest(between) != longest(between) or not _writable(between):
        return None
    if not _writable(look.item):
        return None
    if look.ahead:
        text = "^" + _open_end(cat((between, look.item)))
    else:
        text = _inner(cat((look.item, between))) + "$"
    member: Json = {"pattern": text}
    return {"not": member} if look.negated else member


def _open_end(node: Node) -> str:
    """The row of a look-ahead; a closing `.*` says nothing and is left out."""
    items = node.items if isinstance(node, Cat) else (node,)
    if items and items[-1] == Repeat(Chars(charset.ALL), 0, None):
        items = items[:-1]
    return _inner(Cat(items))


def _writable(node: Node) -> bool:
    if isinstance(node, Look) or (isinstance(node, At) and node.place in ("word", "inside")):
        return False
    return all(map(_writable, children(node)))


def _body(node: Node) -> dict[str, Json]:
    """The whole string; one repeated class gives its counts as lengths, in reach of any engine."""
    if isinstance(node, Repeat) and isinstance(node.item, Chars):
        schema: dict[str, Json] = {"pattern": f"^{_set(node.item)}*$"}
        if node.least:
            schema["minLength"] = node.least
        if node.most is not None:
            schema["maxLength"] = node.most
        short = (node.least, node.most) in ((0, None), (1, None))
        return {"pattern": f"^{_text(node)}$"} if short else schema
    return {"pattern": f"^{_inner(node)}$"}


def _inner(node: Node) -> str:
    return f"(?:{_text(node)})" if isinstance(node, Alt) else _text(node)


def _text(node: Node) -> str:
    match node:
        case Chars():
            return _set(node)
        case Cat(items):
            return "".join(_inner(item) for item in items)
        case Alt(options):
            return "|".join(_text(option) for option in options)
        case Repeat(item, least, most):
            text = _text(item)
            return (text if isinstance(item, Chars) else f"(?:{text})") + _count(least, most)
        case At("start"):
            return "^"
        case _:
            assert node == END
            return "$"


def _count(least: int, most: int | None) -> str:
    short = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((least, most))
    if short is not None:
        return short
    if least == most:
        return f"{{{least}}}"
    return f"{{{least},{'' if most is None else most}}}"


def _set(chars: Chars) -> str:
    ranges = chars.ranges
    if chars.terms:
        text = "".join(chars.terms) + _ranges(chars.rest)
        if len(chars.terms) == 1 and not chars.rest and not chars.negated:
            return text
        return f"[{'^' if chars.negated else ''}{text}]"
    if ranges == charset.ALL:
        return "[\\s\\S]"
    if not ranges:
        return "[^\\s\\S]"
    if charset.size(ranges) == 1:
        return _char(ranges[0][0], _SYNTAX - {"/"})
    # The complement is written where the set runs to the end of Unicode: [^/], not [\0-.0-…].
    if charset.has(ranges, 0x10FFFF):
        return f"[^{_ranges(charset.invert(ranges))}]"
    return f"[{_ranges(ranges)}]"


def _ranges(ranges: Ranges) -> str:
    parts = []
    for low, high in ranges:
        first, last = _char(low, _CLASS_SYNTAX), _char(high, _CLASS_SYNTAX)
        parts.append(first if low == high else f"{first}{'-' if high > low + 1 else ''}{last}")
    return "".join(parts)


def _char(code: int, special: frozenset[str]) -> str:
    char = chr(code)
    if char in special:
        return "\\" + char
    if char in _NAMED_ESCAPES:
        return _NAMED_ESCAPES[char]
    if code > 0xFFFF or char == " " or unicodedata.category(char)[0] in "LNPS":
        return char
    return f"\\u{code:04x}"
