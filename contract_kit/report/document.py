"""The JSON report: everything a campaign found, in the shape of `schemas/report.schema.json`."""

from __future__ import annotations

import base64
import codecs

from contract_kit.contract.shape import Json
from contract_kit.report.facts import fact, origin_texts
from contract_kit.report.repeat import reproduce
from contract_kit.report.run import ReportRun
from contract_kit.verdict.outcome import Outcome, covering
from contract_kit.verdict.summary import Finding
from contract_kit.wire.message import Headers, Message, Reply
from contract_kit.wire.table import SHOWN_HEADERS

VERSION = 1
LONGEST_BODY = 65_536
"""Bytes of a body that a report holds; a longer one is cut, and the report says so."""


def report_document(outcome: Outcome, run: ReportRun) -> Json:
    """The report of a campaign, also of one that was interrupted."""
    operation = outcome.operation
    return {
        "$schema": "urn:contract-kit:report:1",
        "version": VERSION,
        "operation": operation.id,
        "sources": dict(operation.sources),
        "target": run.url,
        "profile": run.profile,
        "seed": run.seed,
        "conforms": outcome.conforms,
        "ended": outcome.ended,
        "cases": outcome.cases,
        "examples": outcome.examples,
        "requests": outcome.requests,
        "enforcedPercent": round(outcome.enforced_percent, 2),
        "proven": len(outcome.proven),
        "provable": len(outcome.provable),
        "gaps": [
            {
                "constraint": gap.constraint,
                "verdicts": list(gap.verdicts),
                "reason": gap.reason,
                "closed": gap in outcome.closed_gaps,
            }
            for gap in outcome.gaps
        ],
        "notes": list(outcome.notes),
        "constraints": [
            {
                "id": entry.constraint.id,
                "verdict": entry.verdict,
                "cases": entry.cases,
                "fact": fact(entry.constraint),
                "origins": [
                    *origin_texts(operation, entry.constraint, spoken=outcome.wire.label),
                    *filter(None, [entry.open]),
                ],
                "detail": entry.detail,
            }
            for entry in outcome.verdicts
        ],
        "findings": [_finding(finding, outcome, run) for finding in outcome.findings],
    }


def _finding(finding: Finding, outcome: Outcome, run: ReportRun) -> Json:
    gap = covering(outcome.gaps, finding)
    return {
        "constraint": finding.constraint,
        "side": finding.side,
        "verdict": finding.verdict,
        "case": finding.case,
        "cases": finding.count,
        "reason": finding.reason,
        "knownGap": gap.reason if gap else "",
        "request": _message(finding.message),
        "reply": _reply(finding.reply),
        "curl": reproduce(finding, outcome.operation, run),
    }


def _message(message: Message) -> Json:
    return {
        "method": message.method,
        "path": message.path,
        "headers": _headers(message.headers),
        **_body(message.body),
    }


def _reply(reply: Reply) -> Json:
    if reply.failure:
        return {"failure": reply.failure, "detail": reply.detail}
    return {
        "status": reply.status,
        "headers": _headers(reply.headers),
        **_body(reply.body, reply.cut),
    }


def _headers(headers: Headers) -> Json:
    return {name.lower(): value for name, value in headers if name.lower() in SHOWN_HEADERS}


def _body(body: bytes, left_out: int = 0) -> Json:
    shown = body[:LONGEST_BODY]
    size = len(body) + left_out
    cut = {"bytes": size} if size > LONGEST_BODY else {}
    try:
        # A body whose end is not kept may end in the middle of a character.
        codecs.getincrementaldecoder("utf-8")().decode(body, final=not left_out)
    except UnicodeDecodeError:
        return {"bodyBase64": base64.b64encode(shown).decode(), **cut}
    # The cut may go through a character, which is then left out.
    return {"body": shown.decode(errors="ignore"), **cut}
