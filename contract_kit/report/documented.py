"""The documentation behind a finding: the source of its constraint, or the protocol."""

from __future__ import annotations

from contract_kit.cases.container_probes import NULL_AS_ABSENT
from contract_kit.contract.operation import Constraint
from contract_kit.contract.shape import TYPE_NAME
from contract_kit.report.facts import fact, origin_texts
from contract_kit.verdict.summary import Finding
from contract_kit.wire.wire import Wire

_SHAPES = "Smithy: AWS JSON 1.0 and 1.1 protocols, shape serialization"

_PROBE_FACTS = {
    ("union", "type-name"): (f"a member {TYPE_NAME} beside the one of a union is ignored", _SHAPES),
    ("union", "other-null"): (
        "only one member of a union is set to a value, others are null",
        _SHAPES,
    ),
    ("type", NULL_AS_ABSENT): (
        "null for an optional member means that it is absent",
        "Smithy: protocol tests of AWS JSON, null values",
    ),
}
"""(kind of the constraint, name of the probe) → what is documented of that probe, and by whom.

It is the protocol's rule, and not that of the source which documents the constraint.
"""


def documented(finding: Finding, constraint: Constraint, wire: Wire) -> str:
    """The documented fact that a finding is about, with its sources."""
    slug = finding.case.rpartition("/")[2]
    probe = _PROBE_FACTS.get((constraint.kind, slug)) if finding.side == "inside" else None
    if probe is not None:
        return f"{probe[0]} [{probe[1]}]"
    origins = origin_texts(wire.operation, constraint, spoken=wire.label)
    return f"{fact(constraint)} [{'; '.join(origins)}]"
