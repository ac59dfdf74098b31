"""The subject of a refusal's text: one member's value, something else, or nothing at all."""

from __future__ import annotations

import re

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Location

_ABOUT_ELSE = re.compile(
    r"not (?:yet |currently )?(?:supported|available|enabled|allowed|permitted|implemented|exist)"
    r"|unsupported|does ?n[o']t exist|not found|no such|already|\bregion\b|unknown"
    r"|(?:must|should|has to|needs? to) be (?:specified|provided|used|set|present|given)\b"
    r"|\bonly (?:when|if|for|with|one|be)|not be (?:used|specified|combined|set|provided|present)"
    r"|\b(?:exactly|at least|at most|any|either|just) (?:one )?of\b|one of the (?:following|param)"
    r"|exactly one|at least one|at most one|mutually|exclusive|together|combination|in conjunction"
    r"|required (?:when|if|for|with)|\brequires\b|\bif you\b|\bwhen\b|\bunless\b|depend"
    r"|compatib|applicable|conflict|inconsistent|valid for|\bonly\b.*\b(?:supported|implemented)",
    re.IGNORECASE,
)
"""Words of a refusal for the sake of something else than the value: of what there is, or of rules
between members, which no constraint states."""

_QUOTED = re.compile(r"(?<!\w)(['\"`])[^'\"`]*\1(?!\w)")
"""Values and paths in a text, whose words are none of the service's."""

_ECHO = re.compile(r"\bvalue '.*?' at (?=')|\{[^{}]*[:=][^{}]*\}", re.IGNORECASE | re.DOTALL)
"""Values and structures that an error repeats: the members in them are the request's."""

_MISSING = re.compile(
    r"missing|\bnull\b|required|absent|\bnot? (?:given|present)|\bneed", re.IGNORECASE
)
"""Words of a refusal of an absence for its own sake."""

_VAGUE = frozenset(
    re.findall(
        r"[a-z]+",
        "a an the of in at for to is are was be been it this that with by or and not no non"
        " than invalid bad wrong malformed illegal incorrect valid failed failure error errors"
        " exception request requests input inputs body payload parameter parameters param params"
        " argument arguments value values field fields member members property properties key"
        " keys data json one more some found following detected provided given supplied"
        " specified sent received validation constraint constraints satisfy schema check please"
        " could must may should cannot can has have missing required null none absent empty"
        " blank true false boolean string number integer list map structure object array item"
        " items entry entries type format length size between least most less greater equal"
        " exceeds exceed range minimum maximum max min limit large small long short too low high"
        " out bounds characters character accepted match pattern allowed unexpected refused"
        " rejected denied syntax",
    )
)
"""Words of a text that says of no particular thing that something is wrong with it."""

_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
"""The words that a member's name is made of."""


def says_something_else(words: str) -> bool:
    """Whether words refuse a request for the sake of something else than one value."""
    return _ABOUT_ELSE.search(words) is not None


def asks_for(text: str) -> bool:
    """Whether a text refuses an absence for its own sake."""
    return _MISSING.search(text) is not None


def without_quotes(text: str) -> str:
    """A text without the values and paths that it quotes."""
    return _QUOTED.sub("", text)


def names_member(text: str, location: Location) -> bool:
    """Whether a text names the innermost member of a location, in any case."""
    name = next((part for part in reversed(location) if not part.startswith("[")), "")
    return re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) is not None if name else False


def is_about_else(operation: Operation, location: Location, text: str) -> bool:
    """Whether an error is about something else than the value at a location."""
    text = _without_echo(text)
    if says_something_else(without_quotes(text)):
        return True
    own = {part.lower() for part in location}
    others = {
        member.name
        for shape in operation.shapes.values()
        for member in shape.members
        if member.name.lower() not in own
    }
    return any(_mentions(text, name) for name in others)


def _without_echo(text: str) -> str:
    """A text without the values that it repeats, structures in structures included."""
    while (shorter := _ECHO.sub("", text)) != text:
        text = shorter
    return text


def _mentions(text: str, name: str) -> bool:
    """Whether a text speaks of a member: names of one word are words of any text.

    Unless they are quoted, or follow a dot, as in a path.
    """
    spelt = rf"(?:{re.escape(name)}|{re.escape(name[:1].lower() + name[1:])})"
    if re.search(r"[a-z][A-Z]", name):
        return re.search(rf"\b{spelt}\b", text) is not None
    return re.search(rf"['\"`\[]{spelt}['\"`\]]|\w\.{spelt}\b", text) is not None


def may_be_about(operation: Operation, location: Location, text: str) -> bool:
    """Whether a text may be about the value at a location.

    It is if it names the member or a value that is documented for it, and may be if nothing in it
    says what it is about. Else it is about something that nobody documents.
    """
    shape = operation.shape_at(location)
    name = next((part for part in reversed(location) if not part.startswith("[")), "")
    humps = [re.escape(hump) for hump in _HUMP.findall(name)]
    spelt = r"[\W_]?".join(humps)
    if spelt and re.search(rf"(?<![a-z]){spelt}", text, re.IGNORECASE):
        return True
    if any(re.search(rf"\b{re.escape(str(value))}\b", text) for value in shape.enum):
        return True
    words = re.findall(r"[a-z]+", without_quotes(_without_echo(text)).lower())
    return all(word in _VAGUE for word in words)
