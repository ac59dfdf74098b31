"""Advice for conforming requests that are refused: it follows from the error they get."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from contract_kit.contract.operation import Operation
from contract_kit.verdict.summary import Observation
from contract_kit.wire.errors import classify, is_not_found, is_taken
from contract_kit.wire.message import Answer

LONGEST = 160
"""Characters of an error's text that advice repeats."""


def remedy(operation: Operation, name: str, text: str = "", *, is_new: bool = False) -> str:
    """The remedy for an error that a conforming request gets.

    text: its message. is_new: the request held a fresh number.
    """
    member = _member_in(operation, text)
    if is_taken(name) and is_new:
        return "an earlier run used the same numbers; begin at others with another --seed"
    if is_taken(name):
        return (
            f"give a name that is new each time with --bind {member}=name-{{seq}} "
            "(in pytest: contract_bindings)"
        )
    if is_not_found(name):
        return (
            f"name something that exists with --bind {member}=VALUE (in pytest: contract_bindings)"
        )
    kind = classify(operation, name)
    if kind == "retry":
        return "the target is busy; test it again when it is not"
    if kind == "state":
        return (
            f"name something that it lets you use with --bind {member}=VALUE "
            "(in pytest: contract_bindings)"
        )
    return (
        "give one that the target accepts with --request FILE, "
        f"or a value with --bind {member}=VALUE (in pytest: contract_request, contract_bindings)"
    )


def said(answer: Answer) -> str:
    """An error in a few words: its name and the beginning of its message."""
    text = next((line.strip() for line in answer.text.splitlines() if line.strip()), "")
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return f"{answer.name}: {text}" if answer.name and text else answer.name or text


def untested_advice(operation: Operation, observations: Sequence[Observation]) -> tuple[str, ...]:
    """The remedies if most cases prove nothing, since good requests are refused."""
    untested = [entry.answer for entry in observations if entry.judgement.outcome == "untested"]
    if 2 * len(untested) <= len(observations):
        return ()
    (name, _), *_ = Counter(answer.name for answer in untested).most_common(1)
    # The same text whatever the order in which the cases were sent.
    answer = min((each for each in untested if each.name == name), key=lambda each: each.text)
    return (
        f"most cases prove nothing, since conforming requests are refused with {said(answer)}; "
        + remedy(operation, answer.name, answer.text),
    )


def _member_in(operation: Operation, text: str) -> str:
    """The member that a message is about, by the id that --bind takes; MEMBER if it names none."""
    root = operation.shapes[operation.input]
    words = set(re.findall(r"\w+", text.lower()))
    named = [member.name for member in root.members if member.name.lower() in words]
    return named[0] if len(named) == 1 else "MEMBER"
