"""Faults of a reply whatever its case: which count, as which verdict, and which are excused.

Every door asks here: campaigns, `contract_check` and the hooks for schemathesis.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from contract_kit.cases.case import Case
from contract_kit.validate.reply import ECHO, ReplyValidator, echoed
from contract_kit.verdict.judge import JudgedAs, Judgement
from contract_kit.wire.message import Answer, Message
from contract_kit.wire.wire import Wire

_OUTCOMES: dict[str, JudgedAs] = {"error": "wrong error", "wire": "crash"}
"""The outcome of a fault, by the first word of its constraint; too lax if none is named."""


def counting(case: Case, answer: Answer) -> Iterator[tuple[str, Judgement]]:
    """The faults of an answer that count for its case, as constraint id and judgement."""
    for id, text in answer.faults:
        if is_held_to(case, id):
            yield id, judged(id, text)


def judged(id: str, text: str) -> Judgement:
    """A fault of the constraint with this id; text: the explanation."""
    return Judgement(outcome=_OUTCOMES.get(id.partition(".")[0], "too lax"), reason=text)


def is_held_to(case: Case, id: str) -> bool:
    """Whether a reply to the case is held to a promise about replies.

    What comes of a request that should not have been carried out may well look odd. One that breaks
    nothing may be refused where no source promises its acceptance; its result is like any other.
    """
    if id.startswith("response."):
        is_open = case.expects == "any" and not case.breaks and case.message is None
        return case.expects == "accept" or is_open
    return case.expects not in ("refuse", "survive")


def without_echoes(wire: Wire, message: Message, answer: Answer) -> Answer:
    """An answer whose result is not blamed for values that the request in a message gave it."""
    if "response.schema" not in dict(answer.faults):
        return answer
    request = wire.read(message).request
    broken = ReplyValidator(wire.operation).violations(answer.result)
    found = {each.message: each.constraint for each in echoed(request, broken)}
    faults = tuple(fault for fault in answer.faults if fault[1] not in found)
    notes = dict.fromkeys(ECHO.format(constraint) for constraint in found.values())
    return replace(answer, faults=faults, notes=(*answer.notes, *notes))
