"""Campaigns over rpc-v2-cbor: the same constraints are proven, and the same faults found."""

from __future__ import annotations

from contextlib import closing

import pytest

from contract_kit import operation
from contract_kit.cases.raw_cases import raw_cases
from contract_kit.fuzz.run_campaign import fuzz
from contract_kit.reference.http import running
from contract_kit.reference.wsgi import app
from contract_kit.target.function import FunctionTarget
from contract_kit.target.http import HttpTarget, wsgi_target
from contract_kit.verdict.outcome import PROVEN
from contract_kit.verdict.wires_compared import differences
from contract_kit.wire.table import wire_of, wires_of

EXPORT = operation("mailmanager:StartArchiveExport")
CBOR = wire_of(EXPORT, "rpc-v2-cbor")

FAULTS = {
    "ArchiveId.pattern/not-enforced": ("ArchiveId.pattern", "too lax"),
    "target/case-ignored": ("wire.target", "too lax"),
    "every-error/no-type": ("ArchiveId.pattern", "crash"),
    "reply/ExportId-number": ("response.schema", "too lax"),
}
"""Seeded faults, and a constraint that each breaks over CBOR as over JSON."""


def outcome_at(target, wire=CBOR, **options):
    """The outcome of a campaign over a wire."""
    with closing(target):
        return fuzz(EXPORT, target, wire=wire, examples=0, **options)


@pytest.mark.parametrize("way", ["wsgi", "http"])
def test_the_embedded_implementation_conforms_over_cbor(way):
    """Everything is proven that can be, in this process and at a URL."""
    if way == "wsgi":
        outcome = outcome_at(wsgi_target(app()))
    else:
        with running() as url:
            outcome = outcome_at(HttpTarget(url))
    assert outcome.conforms
    assert outcome.findings == ()
    assert {entry.verdict for entry in outcome.provable} <= set(PROVEN)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_is_found_over_cbor(fault):
    """By the same means."""
    id, verdict = FAULTS[fault]
    outcome = outcome_at(wsgi_target(app((fault,))))
    assert (id, verdict) in {(entry.constraint, entry.verdict) for entry in outcome.findings}


def test_fresh_numbers_go_into_raw_messages_as_well():
    """Their lengths change with them, and all of them are accepted."""
    only = tuple(case.id for case in raw_cases(CBOR) if case.constraint == "wire.syntax")
    outcome = outcome_at(wsgi_target(app()), bindings={"ArchiveId": "a-{seq}"}, cases=only)
    assert outcome.findings == ()
    assert any(entry.constraint.id == "wire.syntax" for entry in outcome.proven)


def test_a_function_is_called_whatever_the_wire():
    """Malformed messages are not expressible there."""

    def export(request):
        export.count += 1
        return {"ExportId": f"e-{export.count}"}

    export.count = 0
    outcome = outcome_at(
        FunctionTarget(export, EXPORT), cases=("StartArchiveExport/request.type/base",)
    )
    assert export.count
    assert {each.verdict for each in outcome.findings} <= {"too lax"}


def test_wires_are_compared_by_what_each_proves():
    """A constraint that one keeps and another does not; not one that only one of them has."""
    json, cbor = wires_of(EXPORT)
    kept = outcome_at(wsgi_target(app()), json)
    lax = outcome_at(wsgi_target(app(("MaxResults.type/not-enforced",))), cbor)
    (found,) = [each for each in differences([kept, lax]) if each.constraint == "MaxResults.type"]
    assert found.verdicts == (("awsJson1.0", "enforced"), ("rpc-v2-cbor", "too lax"))
    assert differences([kept, kept]) == ()


def test_what_a_wire_cannot_say_is_a_verdict_of_its_own(monkeypatch):
    """Nothing is sent for it, and it counts neither as proven nor as a finding."""
    envelope = type(CBOR.protocol.envelope)
    monkeypatch.setattr(
        envelope,
        "cannot_say",
        lambda self, op, request: (
            "times are text" if type(request.get("ToTimestamp", 0)) not in (int, float) else ""
        ),
    )
    outcome = outcome_at(wsgi_target(app()))
    verdicts = {each.constraint.id: each for each in outcome.verdicts}
    assert outcome.conforms
    assert verdicts["FromTimestamp.type"].verdict == "enforced"
    assert verdicts["ToTimestamp.type"].verdict == "not expressible"
    assert verdicts["ToTimestamp.type"].detail == "times are text"
    assert verdicts["ToTimestamp.type"] not in outcome.provable
