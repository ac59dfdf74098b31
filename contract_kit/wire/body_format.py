"""The formats of bodies in the REST protocols."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json
from contract_kit.wire.interface import Codec
from contract_kit.wire.message import Message, RawProbe
from contract_kit.wire.text_codec import TextCodec

PAYLOAD_CODEC = TextCodec("payload")
"""Of a body that is one text, or bytes."""


class BodyFormat(Protocol):
    """The format of a structure's body."""

    @property
    def codec(self) -> Codec:
        """How structures are written."""

    @property
    def content_type(self) -> str:
        """That of structures."""

    def body_probes(
        self, operation: Operation, good: Message, request: Json, smallest: Json
    ) -> Iterator[RawProbe]:
        """Bodies that are wrong, or unusual, below the level of values."""
