"""Rules that documentation states in words: between members, and about what no trait can say."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from contract_kit.contract.shape import Json

MOST = 3
"""Sentences that are kept of one member: one is enough to leave a question open."""

LONGEST = 300
"""Characters of a sentence that are kept."""

_BLOCK = re.compile(r"</?(?:p|li|ul|ol|dd|dt|dl|note|important|br|div|h\d)\b[^>]*>")
_TAG = re.compile(r"<[^>]+>")
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")

_RULE = re.compile(
    r"""
    \bmutually\ exclusive\b
    | \b(?:can(?:not|'t|\ not)|may\ not|must\ not|do\ not|don't)\ (?:also\ )?(?:be\ )?
      (?:used?|specif(?:y|ied)|provided?|set|included?|combined?)\b
    | \bnot\ both\b
    | \bonly\ (?:if|when|valid|supported|available|applicable|applies)\b
    | \b(?:valid|used|applies|applicable|supported|available|allowed|specified|set|required|needed|
      permitted)\ only\b
    | \brequired\ (?:if|when|unless|only|for)\b
    | \bin\ conjunction\ with\b
    | \b(?:not|n't)\ (?:supported|valid|allowed|applicable|available|permitted)[ ]
      (?:for|if|when|with|unless|in|by)\b
    | \b(?:exactly|only|at\ least|at\ most|either)\ one\ of\b
    | \bfor\ \w+,\ the\ (?:valid|allowed|supported)\ values\b
    | \b(?:does\ not|doesn't)\ (?:recognize|support|accept|allow)\b
    | \bmust\b
    """,
    re.VERBOSE | re.IGNORECASE,
)

_LIMIT = re.compile(
    r"""
    \b(?:valid|allowed|permitted)\ (?:values?|range)\b[^.]*\d
    | \b(?:minimum|maximum|at\ most|at\ least|up\ to|no\ more\ than|between)\b[^.]{0,40}\b\d
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Sentences that state a limit, which counts where the model states none."""

_WAIT = re.compile(r"\bwaits?\b.*\bbefore returning\b", re.IGNORECASE)
"""Sentences on how long a call takes that looks for something until it is there."""

_NONE = re.compile(
    r"""
    \bthat\ must\b                           # describes something, and asks for nothing
    | \bonly\ if\b.*\bthen\b                 # states an effect
    | \bto\ be\ (?:executed|evaluated)\b
    | \bif\ you\ (?:do\ not|don't)\ (?:specify|provide|set|include|use)\b(?!.*\bmust\b)
    | \bsensitive\ information\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Sentences with the words of a rule that demand nothing of a request."""

_MODELLED = re.compile(
    r"""
    \bmust\ be\ (?:between\ )?(?:(?:at\ (?:least|most)|from)\ )?[\d,]+
    | \bmust\ (?:have|contain|be)\b[^.]{0,40}\b[\d,]+\b[^.]{0,20}\bcharacters\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Limits, which the model states as such."""

_ONE_OF = re.compile(r"\b(?:[Ee]xactly|[Oo]nly) one\b(?! [A-Z]| of each)")
_CHOSEN = re.compile(
    r"\b(?:specif\w+|set|populated|configuring|provided?|contains exactly|operator|member)\b"
)


def sentences(documentation: str) -> Iterator[str]:
    """The sentences of a documentation string in HTML, as plain text."""
    text = html.unescape(_TAG.sub("", _BLOCK.sub("\n", documentation)))
    for line in text.split("\n"):
        for sentence in _END.split(line):
            plain = " ".join(sentence.split())
            if plain:
                yield plain


def is_rule(sentence: str, *, limited: bool = False) -> bool:
    """Whether a sentence demands something that no trait states.

    limited: the model states a limit, so that a sentence that does so as well says nothing new.
    """
    if not limited and _LIMIT.search(sentence):
        return True
    if not _RULE.search(sentence) or _NONE.search(sentence):
        return False
    return not (limited and _MODELLED.search(sentence))


def member_rules(shapes: Json, structure: Json, name: str) -> tuple[str, ...]:
    """The sentences that state a rule for a member of a structure.

    They are in its documentation, in that of its shape, or name it in that of the structure.
    """
    member = structure["members"][name]
    shape = shapes[member["shape"]]
    limited = bool(shape.keys() & {"min", "max", "pattern", "enum"})
    own = [*sentences(member.get("documentation", ""))]
    if shape["type"] != "structure":
        own += sentences(shape.get("documentation", ""))
    named = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    around = (text for text in sentences(structure.get("documentation", "")) if named.search(text))
    found = [text for text in (*own, *around) if is_rule(text, limited=limited)]
    return tuple(dict.fromkeys(map(_cut, found)))[:MOST]


def makes_wait(member: Json) -> bool:
    """Whether the documentation of a member says that the answer comes later for its sake."""
    return any(_WAIT.search(text) for text in sentences(member.get("documentation", "")))


def one_of(structure: Json) -> str:
    """The sentence by which a structure takes one of its members; empty where none says so."""
    if structure.get("union") or structure.get("required") or len(structure["members"]) < 2:
        return ""
    said = sentences(structure.get("documentation", ""))
    return _cut(next((s for s in said if _ONE_OF.search(s) and _CHOSEN.search(s)), ""))


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= LONGEST else f"{sentence[: LONGEST - 1]}…"
