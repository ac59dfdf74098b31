"""Whether one member of a class of characters is to blame where a string of many is refused.

A class of word characters that is whole, such as `\\w` or `[a-z0-9]`, documents each member: no
syntax is hidden in it. So a service that takes one member, and refuses another in the same place
of the same string, is too strict, whatever it says of the value. The first and the last place of
a run of such characters are left out, of which services have rules of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from contract_kit.cases.case import Case
from contract_kit.cases.good_request import unsequenced
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import KEY, Json, Path
from contract_kit.contract.values import get, put, rename
from contract_kit.fuzz.sending.memo import ReplyMemo
from contract_kit.pattern import charset
from contract_kit.pattern.compiled import Pattern
from contract_kit.pattern.syntax_tree import Chars, Repeat
from contract_kit.pattern.variants import sites
from contract_kit.validate.validator import Validator
from contract_kit.wire.message import Answer

_WORDS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_FIRST = "_0Aa"
"""One member of each kind, which are tried before all others."""

_LENGTH = 8
"""Characters of a string that the kit makes to hold one member."""


def refused_member(
    operation: Operation,
    replies: ReplyMemo,
    case: Case,
    path: Path,
    is_refusal: Callable[[Answer], bool],
) -> str | None:
    """The one member of a documented class that a target refuses beside another that it accepts.

    case: one whose string at `path`, a conforming one of many members, is refused. is_refusal:
    whether an answer refuses the value as the case's did. None where nothing is shown.
    """
    accepted, refused = False, None
    for char, request in _singles(operation, case, path):
        answer = replies.to(replace(case, request=request)).answer
        if answer.kind == "result":
            accepted = True
        elif not is_refusal(answer):
            return None
        else:
            refused = refused or char
        if accepted and refused:
            return refused
    return None


def _singles(operation: Operation, case: Case, path: Path) -> Iterator[tuple[str, Json]]:
    """Conforming requests that differ in one character of one string, with that character."""
    location = operation.constraint(case.constraint).location
    shape = operation.shape_at(location)
    pattern = shape.regex
    if pattern is None:
        return
    chars = plain_class(pattern, case.slug)
    of_key = location[-1] == KEY
    known = None if of_key else get(case.twin, path)
    text = known if isinstance(known, str) else pattern.example(_LENGTH)
    place = _inner_place(text, chars) if text and chars else None
    if text is None or place is None:
        return
    validator = Validator(operation, wire=True)
    for char in sorted(chars, key=lambda char: (char not in _FIRST, _FIRST.find(char))):
        changed = text[:place] + char + text[place + 1 :]
        if changed == text:
            continue
        request = (
            rename(case.request, path, changed) if of_key else put(case.request, path, changed)
        )
        if validator.is_valid(unsequenced(request)):
            yield char, request


def plain_class(pattern: Pattern, slug: str) -> str:
    """The members of the class that a probe's slug names, if they are words in any spelling."""
    name = slug.partition("-")[0]
    for site in sites(pattern.tree):
        if site.name == name and isinstance(site.node, Repeat):
            item = site.node.item
            if not isinstance(item, Chars) or charset.minus(item.ranges, charset.WORD):
                return ""
            chars = "".join(char for char in _WORDS if charset.has(item.ranges, ord(char)))
            # A class of a few letters, such as that of hexadecimal digits, often is a syntax.
            whole = (charset.UPPER, charset.LOWER)
            return chars if any(not charset.minus(each, item.ranges) for each in whole) else ""
    return ""


def _inner_place(text: str, chars: str) -> int | None:
    """The middle of the longest run of such characters, if the run has others on both sides."""
    runs = [found.span() for found in re.finditer(f"[{chars}]{{3,}}", text)]
    if not runs:
        return None
    start, end = max(runs, key=lambda run: run[1] - run[0])
    return (start + end) // 2
