"""Neighbours of a conforming request: the probed value at other sizes, or another of few values."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from contract_kit.cases.case import Case
from contract_kit.cases.good_request import unsequenced
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import ITEM, KEY, VALUE, Json, Location, Path
from contract_kit.contract.values import get, put, rename
from contract_kit.fuzz.campaign.class_members import refused_member
from contract_kit.fuzz.sending.memo import ReplyMemo
from contract_kit.validate.validator import Validator
from contract_kit.verdict.judge import Judgement
from contract_kit.verdict.strictness import claim, weighed
from contract_kit.wire.message import Answer

_LOWER = ("minLength", "minItems", "minProperties")
_LEAST = ("shortest", "least")
"""Ends of the slugs of probes at the lower end of a repeat in a pattern."""

TRIES = 12
"""Sizes at most."""

SIBLINGS = 3
"""Other values of an enumeration that are tried where a twin is refused."""


def upheld(
    operation: Operation, replies: ReplyMemo, case: Case, judgement: Judgement, answer: Answer
) -> Judgement:
    """Reviews a judgement of `too strict` by sending the value's neighbours."""
    if judgement.outcome != "too strict":
        return judgement
    claimed = claim(operation, case, answer)
    if claimed == "by member":
        return _by_member(operation, replies, case, judgement)
    accepted = claimed == "by neighbour" and any(
        replies.to(replace(case, request=request)).answer.kind == "result"
        for request in neighbours(operation, case)
    )
    return weighed(claimed, case, judgement, neighbour_is_accepted=accepted)


def has_accepted_sibling(operation: Operation, replies: ReplyMemo, case: Case) -> bool:
    """Whether the request of a case is accepted with another value of a documented enumeration.

    That is as good a twin as one that is refused for the value that it shares with the case.
    """
    if case.expects != "accept" or not case.constraint.endswith(".enum"):
        return False
    return any(
        replies.to(replace(case, request=request)).answer.kind == "result"
        for request in islice(neighbours(operation, case), SIBLINGS)
    )


def _by_member(
    operation: Operation, replies: ReplyMemo, case: Case, judgement: Judgement
) -> Judgement:
    """Reviews it if one character of a documented class may be to blame."""
    path = _differing(case.request, case.twin, operation.constraint(case.constraint).location)
    char = path and refused_member(
        operation, replies, case, path, lambda answer: claim(operation, case, answer) == "by member"
    )
    if not char:
        return weighed("by member", case, judgement, neighbour_is_accepted=False)
    shown = replace(judgement, reason=f"{judgement.reason}; one {char!r} is enough")
    return weighed("by member", case, shown, neighbour_is_accepted=True)


def neighbours(operation: Operation, case: Case) -> Iterator[Json]:
    """Conforming requests whose value is made likewise at other sizes, or documented as well.

    Nearest to the limit first, so that one more or less comes before half or twice as much.
    """
    constraint = operation.constraint(case.constraint)
    path = _differing(case.request, case.twin, constraint.location)
    if path is None and constraint.kind == "enum":
        # The twin has the same value.
        path = _differing(case.request, None, constraint.location)
    if path is None:
        return
    of_key = constraint.location[-1] == KEY
    value = path[-1] if of_key else get(case.request, path)
    validator = Validator(operation, wire=True)
    shape = operation.shape_at(constraint.location)
    grows = constraint.kind in _LOWER or case.slug.endswith(_LEAST)
    if shape.enum or shape.type == "boolean":
        others: Iterable[Json] = shape.enum[:TRIES] or (not value,)
    else:
        sizes = _sizes(_size(value, shape.type), grows=grows)
        others = (_resized(value, size, shape.type) for size in sizes if size > 0)
    for changed in others:
        if changed is None or changed == value:
            continue
        request = (
            rename(case.request, path, changed) if of_key else put(case.request, path, changed)
        )
        if request != case.twin and validator.is_valid(unsequenced(request)):
            yield request


def _sizes(size: int, *, grows: bool) -> Iterator[int]:
    """One more or less, then twice or half as much, and so on."""
    if grows:
        yield from (size + 1, *(size * 2**power for power in range(1, TRIES)))
        return
    yield from (size - 1, *(size // 2**power for power in range(1, TRIES)))


def _size(value: Json, type: str) -> int:
    return len(base64.b64decode(value)) if type == "blob" else len(value)


def _resized(value: Json, size: int, type: str) -> Json:
    """A value cut to a size, or grown by its own end; None where it does not grow."""
    if type == "blob":
        data = base64.b64decode(value)
        return base64.b64encode(_grown(data, size)).decode() if data else None
    if isinstance(value, str):
        return _grown(value, size) if value else None
    if isinstance(value, list):
        return _grown(value, size) if value else None
    if len(value) < size:
        return None
    return dict(list(value.items())[:size])


def _grown(value: Any, size: int) -> Any:
    """A string, bytes or list of that size."""
    return value[:size] + value[-1:] * (size - len(value))


def _differing(request: Json, twin: Json, location: Location) -> Path | None:
    """Where a request has what its twin has not, at a location; None where both are alike there."""
    if not location:
        return ()
    head, rest = location[0], location[1:]
    if head == KEY:
        keys = [key for key in request if key not in (twin or {})]
        return (keys[0],) if keys else None
    if head in (ITEM, VALUE):
        entries = list(enumerate(request) if isinstance(request, list) else request.items())
        for segment, entry in entries:
            other = get(twin, (segment,))
            if entry != other:
                below = _differing(entry, other, rest)
                return None if below is None else (segment, *below)
        return None
    if not isinstance(request, dict) or head not in request:
        return None
    below = _differing(request[head], get(twin, (head,)), rest)
    return None if below is None else (head, *below)
