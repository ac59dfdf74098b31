"""A finding in words: the request, the reply, and why that is wrong."""

from __future__ import annotations

from contract_kit.contract.operation import Constraint
from contract_kit.report.documented import documented
from contract_kit.report.repeat import commands
from contract_kit.report.run import ReportRun
from contract_kit.validate.violation import printable
from contract_kit.verdict.summary import Finding
from contract_kit.wire.message import Message, Reply
from contract_kit.wire.wire import Wire

COMMANDS = ("repeat", "")
"""Labels of the commands that repeat a finding."""

SHOWN_BODY = 700
"""Characters of a body that a finding shows; the JSON report has more."""


def shown_by(finding: Finding) -> str:
    """The case that shows a finding, and how many more do."""
    more = f", in {finding.count} cases" if finding.count > 1 else ""
    return f"{finding.case}{more}"


def finding_rows(
    finding: Finding, constraint: Constraint, wire: Wire, run: ReportRun
) -> tuple[tuple[str, str], ...]:
    """A finding as pairs of a label and a text; of texts that hold anything a reply may hold."""
    repeat = commands(finding, wire.operation, run)
    return (
        ("why", finding.reason),
        ("documented", documented(finding, constraint, wire)),
        ("sent", _request_text(finding.message, wire)),
        *((("twin", finding.twin),) if finding.twin else ()),
        (
            "answered",
            _reply_text(finding.reply, wire, with_type=constraint.kind in ("response", "error")),
        ),
        *((label, command) for label, command in zip(COMMANDS, repeat, strict=False)),
    )


def explanation(finding: Finding, constraint: Constraint, wire: Wire, run: ReportRun) -> str:
    """A finding in lines that any terminal can take, as the command line shows it."""
    lines = [f"{finding.verdict}  {finding.constraint}  ({shown_by(finding)})"]
    lines += [
        f"  {label:<10}  {text}" for label, text in finding_rows(finding, constraint, wire, run)
    ]
    return "\n".join(printable(line) for line in lines)


def _request_text(message: Message, wire: Wire) -> str:
    """The body, after anything that differs from other requests."""
    return wire.head(message) + (_shown(message.body, wire) or "an empty body")


def _reply_text(reply: Reply, wire: Wire, *, with_type: bool) -> str:
    if reply.failure:
        return f"{reply.failure}: {reply.detail}"
    type = f" {reply.header('content-type') or ''}" if with_type else ""
    return f"{reply.status}{type} {_shown(reply.body, wire, reply.cut)}".strip()


def _shown(body: bytes, wire: Wire, left_out: int = 0) -> str:
    text = wire.text(body[: SHOWN_BODY * 4])
    if len(text) <= SHOWN_BODY:
        return text
    return f"{text[:SHOWN_BODY]}… ({len(body) + left_out} bytes)"
