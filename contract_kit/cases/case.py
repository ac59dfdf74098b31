"""`Case`: one request or raw message, its conforming twin, and what a correct server does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from contract_kit.contract.shape import Json
from contract_kit.wire.message import Expectation, Family, Message

Side = Literal["inside", "outside"]

_FAMILIES: dict[str, Family] = {"type": "type", "required": "required", "union": "union"}


def family_of(kind: str) -> Family:
    """The family of the cases that break a constraint of a kind."""
    return _FAMILIES.get(kind, "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A smaller request on the way to one that runs long. size: characters of its string."""

    size: int
    request: Json = field(hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One probe of one constraint on one side.

    id: `Operation/constraint/probe`, stable when other probes are added.
    request: the canonical request, or None where `message` is given instead.
    twin: a conforming request that differs in the probed thing alone; the judgement of the
        case holds only where the twin is accepted.
    breaks: every constraint that the request breaks, as the validator reads it.
    tolerated: a server may also accept it in the lenient profile (seen on real AWS services).
    open: why any answer will do for a conforming request, where a source says so in words.
    steps: the same case with fewer repeats, the fewest first, where it is made to run long: for
        targets that no time-out interrupts.

    >>> from contract_kit import operation
    >>> from contract_kit.cases import boundary_cases
    >>> case = boundary_cases(operation("mailmanager:ListArchives"))[0]
    >>> case.id, case.side, case.expects
    ('ListArchives/request.type/base', 'inside', 'accept')
    """

    id: str
    constraint: str
    side: Side
    expects: Expectation
    family: Family
    request: Json = field(hash=False, default=None)
    twin: Json = field(hash=False, default=None)
    message: Message | None = None
    breaks: tuple[str, ...] = ()
    tolerated: bool = False
    steps: tuple[Step, ...] = ()
    open: str = ""

    @property
    def slug(self) -> str:
        """The probe's name within its constraint."""
        return self.id.rpartition("/")[2]
