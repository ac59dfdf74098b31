"""Constraints that AWS's own results break, so that a reply may break them too.

Of 4,671 recorded results of AWS, of 20 services, 22 broke a least size, none a maximum or a type.
"""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

from contract_kit.contract.shape import Json
from contract_kit.validate.violation import Violation

LEAST = (".minItems", ".minProperties", ".minimum")
"""Ends of the ids of what AWS does not keep: it sends empty lists and maps, and zeros."""

_DATA = Path(__file__).with_name("usual_replies.toml")


def is_usual(service: str, violation: Violation) -> bool:
    """Whether results of AWS are known to break a constraint as this one does."""
    if violation.constraint.endswith(LEAST):
        return True
    return any(
        violation.constraint.endswith(known["constraint"])
        and violation.value == known.get("value", violation.value)
        for known in _deviations().get(service, ())
    )


@functools.cache
def _deviations() -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for entry in tomllib.loads(_DATA.read_text(encoding="utf-8"))["deviation"]:
        found.setdefault(entry["service"], []).append(entry)
    return found
