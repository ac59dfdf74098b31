"""Judges one answer against what its case expects. No I/O, no state."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from contract_kit.cases.case import Case
from contract_kit.contract.operation import Operation
from contract_kit.verdict.refusal_text import names_member
from contract_kit.wire.errors import (
    BUSY,
    RIGHT_CLASSES,
    classify,
    documented_instead,
    is_collision,
    is_crash,
    is_documented,
    is_own_name,
    right_errors,
)
from contract_kit.wire.message import Answer, Reply

JudgedAs = Literal[
    "kept",
    "too lax",
    "too strict",
    "wrong error",
    "crash",
    "masked",
    "untested",
    "not expressible",
]
"""The outcome of one case.

untested: none, since the twin was not accepted. not expressible: none, since the wire or the target
has no way to say it.
"""

Profile = Literal["strict", "lenient"]
"""strict: the documented types. lenient: leniency of real AWS services is right as well."""

FINDINGS: tuple[JudgedAs, ...] = ("crash", "too lax", "wrong error", "too strict")

NOT_IMPLEMENTED = 501
"""Status of a method that a server does not know (RFC 9110), which is a way to refuse it."""

SHOWN_OVER_HTTP = (
    "response.status",
    "response.contentType",
    "error.status",
    "error.contentType",
    "error.shape",
)
"""Constraints that a Python value cannot break."""


TARGET = "wire.target"
"""The constraint of messages that name no operation in the way of JSON."""

ReasonKind = Literal["", "looked up first", "made up"]
"""Reasons that decide more than one judgement.

looked up first: the service gives the error to every violation of a name, since it looks for what
it names before it validates. made up: a conforming value that the kit made up is refused, which
shows nothing.
"""

LOOKED_UP = "looked up before it is validated"
"""Words for what is looked up first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The outcome of one answer for the constraint of its case.

    reason: in words, for a report. reason_kind: what else it decides. answered: the name of the
    error that was the wrong one. note: something right, but unusual.
    """

    outcome: JudgedAs
    reason: str = ""
    reason_kind: ReasonKind = ""
    answered: str = ""
    note: str = ""

    @property
    def is_finding(self) -> bool:
        """Whether the implementation does not conform."""
        return self.outcome in FINDINGS


def judge(
    operation: Operation,
    case: Case,
    answer: Answer,
    *,
    profile: Profile = "strict",
    bound: bool = False,
    usual: Collection[str] = (),
) -> Judgement:
    """The judgement of one answer, given that the case's twin is accepted.

    bound: the probed member is what names a resource, so that "not found" is a true answer.
    usual: constraints that the results of this target break, whatever it carries out.
    """
    if answer.kind == "broken":
        return _broken(operation, case, answer)
    if answer.kind == "result":
        return _result(case, answer, profile, usual)
    return _error(operation, case, answer, bound)


def judge_reply(case: Case, constraint: str, reply: Reply, answer: Answer) -> Judgement:
    """The outcome of one answer for a constraint on every result, or on every error.

    The faults of the answer are separate; this is whether there was an answer of the kind.
    """
    if constraint in SHOWN_OVER_HTTP and not reply.over_http:
        return Judgement(outcome="untested", reason="nothing came over HTTP")
    wanted = "result" if case.expects == "accept" else "error"
    if answer.kind == wanted:
        return Judgement(outcome="kept")
    reason = f"{case.id} was not answered with {'a result' if wanted == 'result' else 'an error'}"
    return Judgement(outcome="untested", reason=reason)


def _broken(operation: Operation, case: Case, answer: Answer) -> Judgement:
    if answer.name == "not-expressible":
        return Judgement(outcome="not expressible", reason=answer.text)
    if answer.name == "timeout" and _asks_to_wait(operation, case):
        reason = f"the request asks the target to wait: {answer.text}; give it time with --timeout"
        return Judgement(outcome="masked", reason=reason)
    if answer.status in BUSY:
        # It was asked again, and had no time still.
        return Judgement(outcome="masked", reason=f"the target is busy: {answer.text}")
    if case.expects == "refuse" and (answer.status < 500 or answer.status == NOT_IMPLEMENTED):
        return Judgement(outcome="kept")
    is_refusal = 400 <= answer.status < 500
    if case.expects == "survive" and is_refusal:
        return Judgement(outcome="kept")
    if case.constraint == TARGET and operation.query_compatible and is_refusal:
        # Without a target it is a request of the query protocol, which is answered in XML.
        return Judgement(outcome="kept")
    # If the case is not about a member, it concerns the message, such as one read out of step.
    if answer.status == NOT_IMPLEMENTED and case.family not in ("wire", "target", "body"):
        return _not_implemented(case, answer.text or answer.name)
    return Judgement(outcome="crash", reason=answer.text or answer.name)


def _asks_to_wait(operation: Operation, case: Case) -> bool:
    """Whether a documented member of a request makes a correct target answer late."""
    request = case.twin if case.message is not None else case.request
    members = operation.shapes[operation.input].members
    return isinstance(request, dict) and any(
        member.waits and request.get(member.name) for member in members
    )


def _not_implemented(case: Case, said: str) -> Judgement:
    """The target says that it has no such thing, of a member as of an operation."""
    if case.expects in ("any", "survive", "refuse"):
        return Judgement(outcome="kept")
    what = case.constraint.rpartition(".")[0] or case.constraint
    note = f"the target does not implement {what}, by its own account; no finding"
    return Judgement(outcome="masked", reason=said, note=note)


def _result(case: Case, answer: Answer, profile: Profile, usual: Collection[str]) -> Judgement:
    if case.expects in ("accept", "any", "survive"):
        return Judgement(outcome="kept")
    if case.expects == "refuse" and any(id not in usual for id, _ in answer.faults):
        # A page of some kind, not the result of the operation.
        return Judgement(outcome="kept")
    if case.tolerated and profile == "lenient":
        return Judgement(outcome="kept", note="accepted, as real AWS services do")
    return Judgement(outcome="too lax", reason="accepted; an error is documented")


def _error(operation: Operation, case: Case, answer: Answer, bound: bool) -> Judgement:
    kind = classify(operation, answer.name)
    said = _said(answer)
    if kind == "not-implemented" or answer.status == NOT_IMPLEMENTED:
        return _not_implemented(case, said)
    if is_crash(operation, answer.name, answer.status):
        return Judgement(outcome="crash", reason=said)
    stated = operation.rule_error(case.constraint)
    if stated and answer.name == stated and case.expects == "reject":
        return Judgement(outcome="kept")
    if kind == "retry":
        return Judgement(outcome="masked", reason=said)
    if case.expects == "refuse" and is_collision(operation, answer.name):
        # A service that looked names up accepted the method.
        return Judgement(outcome="masked", reason=said)
    if case.expects in ("any", "survive", "refuse"):
        return Judgement(outcome="kept")
    if case.expects == "accept":
        return _refused(operation, answer, kind, said)
    return _violation_refused(operation, case, answer, bound)


def _violation_refused(operation: Operation, case: Case, answer: Answer, bound: bool) -> Judgement:
    """A violation was refused: with an error that is right for it, or with another one."""
    kind, said = classify(operation, answer.name), _said(answer)
    stated = operation.rule_error(case.constraint)
    right = RIGHT_CLASSES[case.family]
    if kind in right and not stated:
        usual = kind == right[0] and not is_own_name(answer.name)
        return Judgement(outcome="kept", note="" if usual else _unusual(case, answer.name))
    if kind == "state" and _says_unsupported(operation, case, answer):
        return Judgement(outcome="kept", note=_unusual(case, answer.name))
    # A name that an earlier request was wrongly given, or that the user bound, proves nothing.
    if kind == "state" and (bound or is_collision(operation, answer.name)):
        return _state(operation, answer, said)
    shown = f"answered with {said}" if answer.name else answer.text
    wanted = f"{stated} is right" if stated else _wanted(case)
    return Judgement(outcome="wrong error", reason=f"{shown}; {wanted}", answered=answer.name)


def _says_unsupported(operation: Operation, case: Case, answer: Answer) -> bool:
    """Whether a documented error says that the target does not support what the member holds."""
    location = next((e.location for e in operation.constraints if e.id == case.constraint), ())
    is_so_named = answer.name.startswith("Unsupported") and is_documented(operation, answer.name)
    return is_so_named and names_member(answer.text, location)


def _state(operation: Operation, answer: Answer, said: str) -> Judgement:
    """An error about something else than the request; by its documented name, if any."""
    instead = documented_instead(operation, answer.name)
    if instead:
        reason = f"answered with {said}; {instead} is right"
        return Judgement(outcome="wrong error", reason=reason, answered=answer.name)
    return Judgement(outcome="masked", reason=said)


def looked_up_first(case: Case, answer: Answer) -> Judgement:
    """The service looks any name of a resource up, and so never validates it."""
    reason = f"{LOOKED_UP}: answered with {_said(answer)}; {_wanted(case)}"
    return Judgement(outcome="wrong error", reason=reason, reason_kind="looked up first")


def _said(answer: Answer) -> str:
    return answer.name + (f": {answer.text}" if answer.text else "")


def _unusual(case: Case, name: str) -> str:
    """The note of a right error of another kind, or name, than is usual."""
    usual = right_errors(case.family)[0]
    return f"{name} counts as right, although {usual} is usual"


def _wanted(case: Case) -> str:
    names = right_errors(case.family)
    return f"{names[0]} is right" if names else "another error is expected"


def _refused(operation: Operation, answer: Answer, kind: str, said: str) -> Judgement:
    """A conforming request was refused: by its state, or though nothing is wrong with it."""
    documented = any(answer.name in error.names for error in operation.errors)
    if kind == "state" or (kind == "other" and documented):
        return _state(operation, answer, said)
    if not answer.name:
        return Judgement(outcome="wrong error", reason=answer.text)
    return Judgement(outcome="too strict", reason=f"refused with {said}")
