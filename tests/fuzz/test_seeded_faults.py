"""Every seeded fault of the embedded implementation is found, and nothing in the correct one.

By default one fault of each mechanism at each kind of constraint is tried; with
`CONTRACT_KIT_ALL_FAULTS=1` all of them are.
"""

from __future__ import annotations

import os
from contextlib import closing

import pytest

from contract_kit import operation
from contract_kit.cases.export import all_cases
from contract_kit.fuzz import fuzz
from contract_kit.fuzz.events import Event
from contract_kit.reference.faults.catalog import faults
from contract_kit.reference.faults.fault import Fault
from contract_kit.reference.http import running
from contract_kit.reference.wsgi import app
from contract_kit.target.http import HttpTarget, wsgi_target
from contract_kit.target.interface import Target
from contract_kit.verdict.outcome import Outcome
from contract_kit.wire.table import wire_of

OPERATION = operation("mailmanager:StartArchiveExport")
CASES = all_cases(OPERATION, wire_of(OPERATION))
ALL = bool(os.environ.get("CONTRACT_KIT_ALL_FAULTS"))

# Seconds. A pattern that runs for ever in a thread of this process would hold up all that follows:
# tests/fuzz/test_hanging.py shows those found in a process of their own.
TIMEOUT = 0.5
HANGS = "pattern: backtracking engine"

# A server may close a connection before it answers (RFC 9112, 9.5), and what is then sent once
# more on a new connection is answered. A few bytes before the end read like the end alone.
HIDDEN = ("connection/every-tenth-result-dropped", "connection/every-tenth-result-not-http")


def visible_faults() -> list[Fault]:
    """The faults that a request can show, one per mechanism and kind of constraint."""
    chosen: dict[tuple[str, str], Fault] = {}
    found = [
        each
        for each in faults().values()
        if not each.equivalent and each.mechanism != HANGS and each.name not in HIDDEN
    ]
    if ALL:
        return found
    for fault in found:
        kind = fault.name.partition("/")[0].rpartition(".")[2]
        chosen.setdefault((fault.mechanism, kind), fault)
    return list(chosen.values())


def first_finding(target: Target, only: tuple[str, ...]) -> Outcome:
    """What a campaign had found when it found anything, or all of it if it found nothing."""

    def stop_when_found(event: Event) -> None:
        if event.part.findings:
            raise KeyboardInterrupt

    with closing(target):
        return fuzz(OPERATION, target, cases=only, examples=0, listener=stop_when_found)


NEAR = {
    "body": ("wire.syntax", "request.type"),
    "content-type": ("wire.contentType",),
    "crash": ("wire.limits", "wire.encoding", "wire.syntax"),
    "method": ("wire.method",),
    "target": ("wire.target",),
    "unknown-operation": ("wire.target",),
}
"""Where faults show that are not named for a constraint."""


def outcomes(fault: Fault) -> Outcome:
    """The campaign against one fault: the cases near it first, for speed."""
    subject = fault.name.partition("/")[0]
    constraints = NEAR.get(subject, (subject,))
    near = tuple(case.id for case in CASES if case.constraint in constraints)
    for only in (near, ()) if near else ((),):
        if fault.name.startswith("connection"):
            with running((fault.name,)) as url:
                outcome = first_finding(HttpTarget(url, timeout=TIMEOUT), only)
        else:
            outcome = first_finding(wsgi_target(app((fault.name,))), only)
        if outcome.findings:
            break
    return outcome


@pytest.mark.parametrize("fault", visible_faults(), ids=lambda fault: fault.name)
def test_a_seeded_fault_is_found(fault: Fault) -> None:
    """Whatever it is, some case shows it."""
    assert outcomes(fault).findings, fault.description


def test_nothing_is_found_in_the_correct_implementation() -> None:
    """Over HTTP and in process, every constraint is enforced or implied."""
    with running(()) as url:
        for target in (HttpTarget(url), wsgi_target(app())):
            with closing(target):
                outcome = fuzz(OPERATION, target, examples=0)
            assert outcome.findings == ()
            assert {entry.verdict for entry in outcome.verdicts} == {"enforced", "implied"}
            assert outcome.requests <= 810
