"""What a stretch of a campaign found, as data that can be sent elsewhere and put together again."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from contract_kit.cases.case import Case
from contract_kit.contract.shape import Json
from contract_kit.fuzz.findings import Findings
from contract_kit.verdict.advice import LONGEST, untested_advice
from contract_kit.verdict.judge import Judgement
from contract_kit.verdict.outcome import Gap, Outcome
from contract_kit.verdict.strictness import is_of_made_up, refusal_note
from contract_kit.verdict.summary import Finding, Observation, constraint_verdicts
from contract_kit.wire.message import Answer, Headers, Message, Reply
from contract_kit.wire.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a stretch of a campaign found.

    notes: each remark with how many cases gave rise to it. examples: how many were explored.
    requests: how many were sent.
    ended: why the campaign stopped early, if so.
    """

    observations: tuple[Observation, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[tuple[str, int], ...] = ()
    examples: int = 0
    requests: int = 0
    ended: str = ""


def merged(wire: Wire, parts: Iterable[Part], *, gaps: tuple[Gap, ...] = ()) -> Outcome:
    """The outcome that the parts of campaigns of one operation over one wire add up to."""
    observations: list[Observation] = []
    findings = Findings()
    notes: Counter[str] = Counter()
    examples, requests, ended = 0, 0, ""
    for part in parts:
        observations += part.observations
        for finding in part.findings:
            findings.merge(finding)
        notes.update(dict(part.notes))
        examples += part.examples
        requests += part.requests
        ended = ended or part.ended
    operation = wire.operation
    return Outcome(
        wire=wire,
        verdicts=constraint_verdicts(wire.constraints, observations, findings.all()),
        findings=findings.all(),
        notes=(
            *(f"{id} is switched off: {reason}" for id, reason in operation.switched_off),
            *(
                f"{text} ({count} cases)" if count > 1 else text
                for text, count in notes.items()
                if not is_of_made_up(text)
            ),
            *refusal_note(notes),
            *untested_advice(operation, observations),
        ),
        cases=len(observations),
        examples=examples,
        requests=requests,
        ended=ended,
        gaps=gaps,
    )


def part_document(part: Part) -> Json:
    """A part as JSON, without the messages of cases that show nothing."""
    return {
        "observations": [_observation(entry) for entry in part.observations],
        "findings": [_finding(entry) for entry in part.findings],
        "notes": [list(entry) for entry in part.notes],
        "examples": part.examples,
        "requests": part.requests,
        "ended": part.ended,
    }


def part_of(document: Json) -> Part:
    """The part that a document of `part_document` holds."""
    return Part(
        observations=tuple(_read_observation(entry) for entry in document["observations"]),
        findings=tuple(_read_finding(entry) for entry in document["findings"]),
        notes=tuple((text, count) for text, count in document["notes"]),
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
        "note": judgement.note,
        "kind": entry.answer.kind,
        "name": entry.answer.name,
        "text": entry.answer.text[: LONGEST + 1],
        "failure": entry.reply.failure,
        "overHttp": entry.reply.over_http,
    }


def _read_observation(document: Json) -> Observation:
    names = ("id", "constraint", "side", "expects", "family")
    return Observation(
        case=Case(**{name: document[name] for name in names}),
        judgement=Judgement(**{name: document[name] for name in ("outcome", "reason", "note")}),
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
        "count": entry.count,
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
