"""The outcome of a stretch of a campaign, as data that can be sent elsewhere and merged."""

from __future__ import annotations

import base64
import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contract_kit.cases.case import Case
from contract_kit.contract.shape import Json
from contract_kit.fuzz.findings import Findings
from contract_kit.verdict.advice import LONGEST, untested_advice
from contract_kit.verdict.judge import Judgement
from contract_kit.verdict.outcome import Gap, Outcome
from contract_kit.verdict.strictness import Refusal, refusal_note
from contract_kit.verdict.summary import Finding, Observation, constraint_verdicts
from contract_kit.wire.message import Answer, Headers, Message, Reply
from contract_kit.wire.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The outcome of a stretch of a campaign.

    at: where it belongs among the parts of its operation. notes: each remark with how many cases
    gave rise to it, 0 where it is about the whole run. refused: the same of conforming values that
    were made up and are refused.
    examples: how many were explored. requests: how many were sent.
    ended: why the campaign stopped early, if so.

    >>> Part(requests=2).findings
    ()
    """

    at: int = 0
    observations: tuple[Observation, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[tuple[str, int], ...] = ()
    refused: tuple[tuple[Refusal, int], ...] = ()
    examples: int = 0
    requests: int = 0
    ended: str = ""


def in_order(parts: Iterable[Part]) -> Iterator[Part]:
    """Parts as they belong, whoever found them first: by place, those of one place by content."""
    for _, group in itertools.groupby(sorted(parts, key=_place), key=_place):
        same = list(group)
        yield from sorted(same, key=_content) if len(same) > 1 else same


def _place(part: Part) -> int:
    return part.at


def _content(part: Part) -> str:
    return json.dumps(part_document(part))


def joined(parts: Iterable[Part], *, ended: str = "") -> Part:
    """One part with all that parts found, in the order in which they come.

    ended: why their campaign did, where no part says so.
    """
    given = tuple(parts)
    findings = Findings()
    notes: Counter[str] = Counter()
    refused: Counter[Refusal] = Counter()
    for part in given:
        for finding in part.findings:
            findings.merge(finding)
        notes.update(dict(part.notes))
        refused.update(dict(part.refused))
    return Part(
        at=given[0].at if given else 0,
        observations=tuple(entry for part in given for entry in part.observations),
        findings=findings.all(),
        notes=tuple(notes.items()),
        refused=tuple(refused.items()),
        examples=sum(part.examples for part in given),
        requests=sum(part.requests for part in given),
        ended=next((part.ended for part in given if part.ended), ended),
    )


def outcome_of(wire: Wire, parts: Iterable[Part], *, gaps: tuple[Gap, ...] = ()) -> Outcome:
    """The outcome that the parts of one operation over one wire add up to, in any order."""
    whole = joined(in_order(parts))
    operation = wire.operation
    return Outcome(
        wire=wire,
        verdicts=constraint_verdicts(wire.constraints, whole.observations, whole.findings),
        findings=whole.findings,
        notes=(
            *(f"{id} is switched off: {reason}" for id, reason in operation.switched_off),
            *(f"{text} ({count} cases)" if count > 1 else text for text, count in whole.notes),
            *refusal_note(dict(whole.refused)),
            *untested_advice(operation, whole.observations),
        ),
        cases=len(whole.observations),
        examples=whole.examples,
        requests=whole.requests,
        ended=whole.ended,
        gaps=gaps,
    )


def part_document(part: Part) -> Json:
    """A part as JSON, without the messages of cases that show nothing."""
    return {
        "at": part.at,
        "observations": [_observation(entry) for entry in part.observations],
        "findings": [_finding(entry) for entry in part.findings],
        "notes": [list(entry) for entry in part.notes],
        "refused": [[*refusal, count] for refusal, count in part.refused],
        "examples": part.examples,
        "requests": part.requests,
        "ended": part.ended,
    }


def part_of(document: Json) -> Part:
    """The part that a document of `part_document` holds."""
    return Part(
        at=document["at"],
        observations=tuple(_read_observation(entry) for entry in document["observations"]),
        findings=tuple(_read_finding(entry) for entry in document["findings"]),
        notes=tuple((text, count) for text, count in document["notes"]),
        refused=tuple(((id, reason), count) for id, reason, count in document["refused"]),
        examples=document["examples"],
        requests=document["requests"],
        ended=document["ended"],
    )


def _observation(entry: Observation) -> Json:
    case, judgement = entry.case, entry.judgement
    return {
        "id": case.id,
        "constraint": case.constraint,
        "side": case.side,
        "expects": case.expects,
        "family": case.family,
        "outcome": judgement.outcome,
        "reason": judgement.reason,
        "reason_kind": judgement.reason_kind,
        "kind": entry.answer.kind,
        "name": entry.answer.name,
        "text": entry.answer.text[: LONGEST + 1],
        "failure": entry.reply.failure,
        "overHttp": entry.reply.over_http,
    }


def _read_observation(document: Json) -> Observation:
    names = ("id", "constraint", "side", "expects", "family")
    judged = ("outcome", "reason", "reason_kind")
    return Observation(
        case=Case(**{name: document[name] for name in names}),
        judgement=Judgement(**{name: document[name] for name in judged}),
        message=Message(),
        reply=Reply(failure=document["failure"], over_http=document["overHttp"]),
        answer=Answer(**{name: document[name] for name in ("kind", "name", "text")}),
    )


def _finding(entry: Finding) -> Json:
    message, reply = entry.message, entry.reply
    return {
        "constraint": entry.constraint,
        "side": entry.side,
        "verdict": entry.verdict,
        "case": entry.case,
        "reason": entry.reason,
        "reason_kind": entry.reason_kind,
        "answered": entry.answered,
        "count": entry.count,
        "twin": entry.twin,
        "message": {
            "method": message.method,
            "path": message.path,
            "headers": [list(pair) for pair in message.headers],
            "body": _text(message.body),
            "host_prefix": message.host_prefix,
            "template": _text(message.template),
        },
        "reply": {
            "status": reply.status,
            "headers": [list(pair) for pair in reply.headers],
            "body": _text(reply.body),
            "failure": reply.failure,
            "detail": reply.detail,
            "over_http": reply.over_http,
            "cut": reply.cut,
        },
    }


def _read_finding(document: Json) -> Finding:
    return Finding(
        **{
            **document,
            "message": Message(**_with_bytes(document["message"], "body", "template")),
            "reply": Reply(**_with_bytes(document["reply"], "body")),
        }
    )


def _text(body: bytes) -> str:
    return base64.b64encode(body).decode()


def _with_bytes(document: Json, *names: str) -> Json:
    headers: Headers = tuple((name, value) for name, value in document["headers"])
    bodies = {name: base64.b64decode(document[name]) for name in names}
    return {**document, "headers": headers, **bodies}
