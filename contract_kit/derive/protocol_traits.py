"""Traits of protocols that botocore's models leave out."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources

from contract_kit.contract.shape import Json


def unwritten_traits(service: str) -> dict[str, bool]:
    """The traits of a service's protocol by name, none for most services."""
    return {row["name"]: True for row in _rows() if service in row["services"]}


@functools.cache
def _rows() -> tuple[Json, ...]:
    text = resources.files(__package__).joinpath("protocol_traits.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["trait"])
