"""Forms as the query protocols write them: pairs of a key and a text."""

from __future__ import annotations

from dataclasses import dataclass

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, Shape
from contract_kit.wire.byte_mutations import BYTE_MUTATIONS
from contract_kit.wire.form_values import FormDialect, decode_pairs, encode_pairs
from contract_kit.wire.interface import Mutation
from contract_kit.wire.message import Reading, Unreadable
from contract_kit.wire.text_values import SCALARS, says


@dataclass(frozen=True, slots=True)
class FormCodec:
    """Values as `application/x-www-form-urlencoded`. ec2: in the dialect of ec2."""

    ec2: bool = False

    @property
    def dialect(self) -> FormDialect:
        """How keys are made."""
        return FormDialect(self.ec2)

    @property
    def mutations(self) -> tuple[Mutation, ...]:
        """Changes of bytes: nothing else is nearly a form."""
        return BYTE_MUTATIONS

    def write(self, operation: Operation, shape: str, value: Json) -> bytes:
        """The pairs of a structure; raises NotExpressible."""
        shapes = operation.shapes
        return encode_pairs(self.dialect.write(shapes, shapes[shape], value))

    def read(self, operation: Operation, shape: str, body: bytes) -> Json:
        """The structure in a form, keys that it does not know ignored; raises Unreadable."""
        shapes = operation.shapes
        return self.dialect.read(shapes, shapes[shape], decode_pairs(body))

    def sort_out(self, operation: Operation, shape: str, body: bytes) -> Reading:
        """The request in a form, or what of its encoding is wrong: of that nothing is promised."""
        try:
            request = self.read(operation, shape, body)
        except Unreadable as error:
            return Reading(constraint="wire.encoding", expects="any", reason=str(error))
        return Reading(request=request)

    def can_say(self, shape: Shape, value: Json) -> bool:
        """Texts, and containers of them: no null, and nothing empty but lists, in query alone."""
        if shape.type in SCALARS:
            return says(shape, value)
        if shape.type == "list":
            return isinstance(value, list) and (bool(value) or not self.ec2)
        if shape.type == "map":
            return isinstance(value, dict) and bool(value) and not self.ec2
        return isinstance(value, dict)

    def text(self, body: bytes) -> str:
        """The body itself."""
        return body.decode("utf-8", "backslashreplace")

    def with_number(self, body: bytes, number: int) -> bytes:
        """A body holds marks percent-encoded, or as they are in a malformed one."""
        for mark, digits in ((b"seq12", b"%012d" % number), (b"seq", b"%d" % number)):
            body = body.replace(b"%7B" + mark + b"%7D", digits).replace(b"{" + mark + b"}", digits)
        return body
