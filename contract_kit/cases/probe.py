"""`Probe`: a value to put at one location, and what a correct server does with it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from contract_kit.contract.operation import ConstraintKind
from contract_kit.contract.shape import Json
from contract_kit.wire.message import Expectation, Family


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A value for one location. kind: of the constraint that it probes there.

    once: it shows how the shape is understood, whatever the location: one of them will do.
    """

    slug: str
    kind: ConstraintKind
    value: Json = field(hash=False)
    expects: Expectation
    family: Family = "value"
    tolerated: bool = False
    once: bool = False

    def renamed(self, prefix: str) -> Probe:
        """The same probe with a prefix to its slug."""
        return replace(self, slug=f"{prefix}-{self.slug}")

    def only_once(self) -> Probe:
        """The same probe, for the first location of its shape alone."""
        return replace(self, once=True)


def inside(kind: ConstraintKind, slug: str, value: Json) -> Probe:
    """A value that conforms."""
    return Probe(slug=slug, kind=kind, value=value, expects="accept")


def outside(kind: ConstraintKind, slug: str, value: Json, family: Family = "value") -> Probe:
    """A value that breaks the constraint."""
    return Probe(slug=slug, kind=kind, value=value, expects="reject", family=family)


def wrong_type(slug: str, value: Json, *, tolerated: bool = False) -> Probe:
    """A value of another JSON type. tolerated: real AWS services are known to take it."""
    return Probe(
        slug=slug, kind="type", value=value, expects="reject", family="type", tolerated=tolerated
    )


def either(kind: ConstraintKind, slug: str, value: Json) -> Probe:
    """A value about which nothing is promised but a well-formed answer."""
    return Probe(slug=slug, kind=kind, value=value, expects="any")


def slugged(text: str) -> str:
    """A probe's name in characters that file names, shells and pytest ids all take."""
    kept = (char if char.isascii() and (char.isalnum() or char in "-_.") else "-" for char in text)
    return "".join(kept)
