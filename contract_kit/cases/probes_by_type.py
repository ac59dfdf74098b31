"""Probes for the value of a shape, by its type."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from contract_kit.cases.container_probes import (
    list_probes,
    map_probes,
    structure_probes,
    union_probes,
)
from contract_kit.cases.probe import Probe, wrong_type
from contract_kit.cases.scalar_probes import (
    blob_probes,
    boolean_probes,
    float_probes,
    integer_probes,
    timestamp_probes,
    wrong_json_types,
)
from contract_kit.cases.string_probes import string_probes
from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, Shape


def key_probes(shape: Shape, others: tuple[str, ...]) -> Iterator[Probe]:
    """Probes for the keys of a map, which are strings by their nature."""
    return (probe for probe in string_probes(shape, others) if probe.kind != "type")


_SCALAR_PROBES: dict[str, Callable[[Shape], Iterator[Probe]]] = {
    "boolean": boolean_probes,
    "blob": blob_probes,
    "integer": integer_probes,
    "long": integer_probes,
    "float": float_probes,
    "double": float_probes,
}


def probes_of(
    operation: Operation, shape: Shape, value: Json, others: tuple[str, ...]
) -> Iterator[Probe]:
    """Probes for the value of one shape, without those for its presence."""
    shapes = operation.shapes
    if shape.type == "structure":
        yield from structure_probes(shape, value)
    elif shape.type == "union":
        yield from union_probes(shapes, shape, value)
    elif shape.type == "list":
        yield from list_probes(shapes, shape, value)
    elif shape.type == "map":
        yield from map_probes(shapes, shape, value)
    elif shape.type == "string":
        yield from string_probes(shape, others)
        yield wrong_type("in-a-list", [value])
        yield from (probe for probe in wrong_json_types(shape) if probe.slug != "list")
    elif shape.type == "timestamp":
        yield from timestamp_probes(shape, value)
    elif shape.type in _SCALAR_PROBES:
        yield from _SCALAR_PROBES[shape.type](shape)
