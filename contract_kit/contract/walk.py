"""One walk over the shapes of an operation: its locations, each with its shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import ITEM, KEY, VALUE, Location, Member, Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One location of the operation with what stands there."""

    location: Location
    shape: Shape
    member: Member | None


def places(operation: Operation) -> Iterator[Place]:
    """Every location below the root, in document order, recursive shapes to their re-entry."""

    def below(shape: Shape, location: Location, entered: tuple[str, ...]) -> Iterator[Place]:
        steps: list[tuple[str, str, Member | None]] = [
            (member.name, member.shape, member) for member in shape.members
        ]
        if shape.key:
            steps.append((KEY, shape.key, None))
        if shape.item:
            steps.append((VALUE if shape.type == "map" else ITEM, shape.item, None))
        for segment, name, member in steps:
            here = Place(location=(*location, segment), shape=operation.shapes[name], member=member)
            yield here
            if name not in entered:
                yield from below(here.shape, here.location, (*entered, name))

    yield from below(operation.shapes[operation.input], (), (operation.input,))
