"""Numbers that a parser takes and that what follows it does not."""

from __future__ import annotations

import json

from contract_kit import operation
from contract_kit.reference.server import Reference
from contract_kit.wire.message import Message

START = operation("mailmanager:StartArchiveExport")


def start(kit, convert):
    """The embedded implementation, which first converts the time of each request that has one."""
    reference = Reference()

    def server(asked):
        try:
            value = json.loads(asked.body)
            time = value.get("FromTimestamp") if isinstance(value, dict) else None
        except (ValueError, RecursionError):
            time = None
        try:
            if type(time) is int:
                convert(time)
        except OverflowError:
            return kit.Said(500, b"int too large to convert to float")
        headers = tuple(asked.headers.items())
        message = Message(method=asked.method, path="/", headers=headers, body=asked.body)
        answer = reference.answer(message)
        return kit.Said(answer.status, answer.body, answer.headers)

    return server


def test_a_time_that_is_converted_to_a_double_unguarded_is_a_crash(kit):
    """Fewer digits fit, and those that are too many for Python to read never get there."""
    outcome = kit.fuzzed(start(kit, float), START)
    (finding,) = outcome.findings
    assert (finding.constraint, finding.verdict) == ("FromTimestamp.type", "crash")
    assert finding.case.endswith("/spelled-with-400-digits")


def test_whoever_guards_it_conforms(kit):
    """Taken or refused: what becomes of times that no calendar holds is documented nowhere."""
    assert kit.fuzzed(start(kit, str), START).conforms
