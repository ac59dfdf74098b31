"""Values in labels, query strings, headers and bodies of bare text."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Literal

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, Shape
from contract_kit.errors import NotExpressible
from contract_kit.wire.byte_mutations import BYTE_MUTATIONS
from contract_kit.wire.interface import Mutation
from contract_kit.wire.message import Reading
from contract_kit.wire.text_values import SCALARS, read_text, says, write_text

HEADER_TEXT = re.compile(r"[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?")
"""Text that every server reads in a header as it was sent: ASCII without blanks at its ends."""

Position = Literal["uri", "querystring", "header", "payload"]


@dataclass(frozen=True, slots=True)
class TextCodec:
    """Values as text at one position of an HTTP message."""

    position: Position

    @property
    def mutations(self) -> tuple[Mutation, ...]:
        """Changes of bytes."""
        return BYTE_MUTATIONS

    def write(self, operation: Operation, shape: str, value: Json) -> bytes:
        """A scalar as bytes; raises NotExpressible."""
        target = operation.shapes[shape]
        if target.type == "blob" and self.position == "payload":
            return blob_bytes(value)
        return write_text(target, value, "iso8601").encode("utf-8", "surrogatepass")

    def read(self, operation: Operation, shape: str, body: bytes) -> Json:
        """The scalar in bytes."""
        target = operation.shapes[shape]
        if target.type == "blob" and self.position == "payload":
            return base64.b64encode(body).decode()
        return read_text(target, body.decode("utf-8", "replace"), "iso8601")

    def sort_out(self, operation: Operation, shape: str, body: bytes) -> Reading:
        """Any bytes are right."""
        return Reading(request={})

    def can_say(self, shape: Shape, value: Json) -> bool:
        """Texts, and lists of them but in labels; maps in a query string and behind a prefix."""
        if shape.type in SCALARS:
            return says(shape, value) and self._has_place_for(shape, value)
        if shape.type == "list":
            return isinstance(value, list) and bool(value) and self.position != "uri"
        return shape.type == "map" and isinstance(value, dict) and bool(value)

    def _has_place_for(self, shape: Shape, value: Json) -> bool:
        if self.position == "payload" and shape.type == "blob":
            return _is_base64(value)
        if self.position == "querystring":
            return True
        if value == "":
            # Nothing is there, which is another route, a missing header, or no body.
            return False
        is_text = isinstance(value, str)
        return not is_text or self.position != "header" or bool(HEADER_TEXT.fullmatch(value))

    def text(self, body: bytes) -> str:
        """The bytes themselves."""
        return body.decode("utf-8", "backslashreplace")

    def with_number(self, body: bytes, number: int) -> bytes:
        """Text holds marks as they are."""
        return body.replace(b"{seq12}", b"%012d" % number).replace(b"{seq}", b"%d" % number)


def blob_bytes(value: Json) -> bytes:
    """The bytes of a canonical blob; raises NotExpressible for what is not base64."""
    if not _is_base64(value):
        raise NotExpressible("bytes have no form for what is not base64")
    return base64.b64decode(value)


def _is_base64(value: Json) -> bool:
    if not isinstance(value, str):
        return False
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
