"""XML documents as restXml writes them."""

from __future__ import annotations

from dataclasses import dataclass

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Binding, Json, Shape
from contract_kit.errors import NotExpressible
from contract_kit.wire.byte_mutations import BYTE_MUTATIONS
from contract_kit.wire.interface import Mutation
from contract_kit.wire.message import Reading, Unreadable
from contract_kit.wire.text_values import SCALARS, says
from contract_kit.wire.xml_values import document, local, parse, read_element, write_element


@dataclass(frozen=True, slots=True)
class XmlCodec:
    """Structures as XML: no null, no types, and nothing of which an element cannot be made."""

    @property
    def mutations(self) -> tuple[Mutation, ...]:
        """Changes of bytes."""
        return BYTE_MUTATIONS

    def write(self, operation: Operation, shape: str, value: Json) -> bytes:
        """The document of a structure; raises NotExpressible."""
        target = operation.shapes[shape]
        if not isinstance(value, dict):
            raise NotExpressible(f"XML has no {type(value).__name__} in place of {shape}")
        name, binding = _root(operation, shape)
        return document(write_element(operation.shapes, target, value, name, binding))

    def read(self, operation: Operation, shape: str, body: bytes) -> Json:
        """The structure in a document, whatever its root is called; raises Unreadable."""
        return read_element(operation.shapes, operation.shapes[shape], parse(body))

    def sort_out(self, operation: Operation, shape: str, body: bytes) -> Reading:
        """The request in a document, or what is wrong with it."""
        try:
            root = parse(body)
        except Unreadable as error:
            return Reading(constraint="wire.syntax", expects="reject", reason=str(error))
        request = read_element(operation.shapes, operation.shapes[shape], root)
        wanted = _root(operation, shape)[0]
        if local(root) != wanted:
            reason = f"the root of the body is {local(root)}, should be {wanted}"
            return Reading(request=request, constraint="wire.syntax", expects="any", reason=reason)
        return Reading(request=request)

    def can_say(self, shape: Shape, value: Json) -> bool:
        """Texts, and containers of the right kind."""
        if shape.type in SCALARS:
            return says(shape, value)
        return isinstance(value, list if shape.type == "list" else dict)

    def text(self, body: bytes) -> str:
        """The document itself."""
        return body.decode("utf-8", "backslashreplace")

    def with_number(self, body: bytes, number: int) -> bytes:
        """A document holds marks as a value holds them."""
        return body.replace(b"{seq12}", b"%012d" % number).replace(b"{seq}", b"%d" % number)


def _root(operation: Operation, shape: str) -> tuple[str, Binding]:
    """Name and binding of the root element of a document for a shape."""
    own = operation.shapes[shape].xml_name
    usual = own or shape
    for name in (operation.input, operation.output):
        for member in operation.shapes[name].members if name else ():
            if member.shape == shape and member.name == operation.shapes[name or ""].payload:
                return member.binding.name or usual, _rooted(member.binding, operation)
    binding = operation.input_binding
    if shape != operation.input:
        return usual, _rooted(Binding(), operation)
    return own or binding.name or shape, _rooted(binding, operation)


def _rooted(binding: Binding, operation: Operation) -> Binding:
    """A root without a namespace of its own is in the service's."""
    if binding.xml_namespace:
        return binding
    return Binding(name=binding.name, xml_namespace=operation.xml_namespace)
