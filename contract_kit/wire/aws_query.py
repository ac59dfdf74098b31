"""awsQuery and ec2Query: a form to `/` that names the action, and XML that comes back.

Facts: Smithy specification, "AWS query protocol" and "AWS EC2 query protocol".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from lxml import etree

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json, Location
from contract_kit.errors import NotExpressible
from contract_kit.wire.byte_mutations import on_body
from contract_kit.wire.errors import documented_statuses, error_constraints, usual_status
from contract_kit.wire.form_codec import FormCodec
from contract_kit.wire.form_values import FORM, decode_pairs, encode_pairs
from contract_kit.wire.head_probes import wire_constraints
from contract_kit.wire.host import host_prefix
from contract_kit.wire.interface import Change, Description
from contract_kit.wire.malformed_forms import malformed_forms, with_pair
from contract_kit.wire.message import (
    Answer,
    Expectation,
    Message,
    RawProbe,
    Reading,
    Reply,
)
from contract_kit.wire.replies import (
    error_answer,
    failed_answer,
    nameless_answer,
    result_answer,
)
from contract_kit.wire.xml_replies import (
    XmlError,
    parsed_or_trouble,
    read_error,
    root_element,
    text_element,
    xml_reply,
    xml_type_fault,
)
from contract_kit.wire.xml_values import (
    children,
    local,
    read_members,
    write_element,
)

ERROR_SHAPE = "an error is an Error element with a Code and a Message, at its place"

REQUEST_ID = "00000000-0000-4000-8000-000000000000"

WORDS = {
    "target": "Action and Version name the operation exactly",
    "syntax": "a key that stands for no member is ignored",
    "encoding": "keys and values are percent-encoded UTF-8; what is not is answered all the same",
    "method": "the operation is not carried out for methods other than GET and POST",
    "contentType": "parameters of the content type are allowed",
    "limits": "unusual sizes and numbers are answered without a server fault",
    "connection": "each request is answered on its own, whatever was sent before it",
}
"""The demands of the wire, by the name of the constraint below `wire.`."""


@dataclass(frozen=True, slots=True)
class AwsQuery:
    """The awsQuery protocol; ec2: the ec2Query protocol, which has other keys and other replies."""

    ec2: bool = False

    @property
    def codec(self) -> FormCodec:
        """Bodies are forms."""
        return FormCodec(self.ec2)

    @property
    def says_everything(self) -> bool:
        """A form has neither null nor types."""
        return False

    def codec_at(self, operation: Operation, location: Location) -> FormCodec:
        """Everything travels in the form."""
        return self.codec

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """The demands of the wire on forms, actions and errors."""
        return (*wire_constraints(WORDS), *error_constraints(ERROR_SHAPE))

    @property
    def words(self) -> Mapping[str, str]:
        """The root of a request is the form itself."""
        return {"request.type": "the body is a form"}

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers that say something, in lower case."""
        return ("content-type", "retry-after")

    @property
    def changes(self) -> tuple[Change, ...]:
        """Everything worth changing is in the body."""
        return tuple(on_body(mutation) for mutation in self.codec.mutations)

    def label(self, operation: Operation) -> str:
        """`ec2Query` or `awsQuery`."""
        return "ec2Query" if self.ec2 else "awsQuery"

    def encode(self, operation: Operation, request: Json) -> Message:
        """The form of a request; raises NotExpressible."""
        head = encode_pairs([("Action", operation.name), ("Version", operation.api_version)])
        members = self.codec.write(operation, operation.input, request)
        return Message(
            method="POST",
            path="/",
            headers=(("Content-Type", f"{FORM}; charset=utf-8"),),
            body=b"&".join(filter(None, (head, members))),
            host_prefix=host_prefix(operation.host_prefix, request),
        )

    def cannot_say(self, operation: Operation, request: Json) -> str:
        """Why a form cannot express a request, such as an empty structure within another."""
        try:
            self.encode(operation, request)
        except NotExpressible as error:
            return str(error)
        return ""

    def read(self, operation: Operation, message: Message) -> Reading:
        """The request in a message, or what of method, action, type and form is wrong with it."""
        if message.method != "POST":
            # AWS itself takes GET as well, which the specification does not name.
            expects: Expectation = "any" if message.method == "GET" else "refuse"
            return Reading(constraint="wire.method", expects=expects, family="wire")
        given = (message.header("content-type") or "").partition(";")[0].strip().lower()
        reading = self.codec.sort_out(operation, operation.input, message.body)
        if not reading.reason:
            named = dict(reversed(decode_pairs(message.body)))
            if named.get("Action") != operation.name:
                return Reading(constraint="wire.target", expects="reject", family="target")
            if named.get("Version") != operation.api_version:
                return replace(reading, constraint="wire.target", expects="survive")
        if given == FORM:
            return reading
        return replace(
            reading, constraint=reading.constraint or "wire.contentType", expects="survive"
        )

    def result_reply(self, operation: Operation, result: Json) -> Reply:
        """The result in an element of its own; in ec2 its members are in the root."""
        root = root_element(f"{operation.name}Response", operation.xml_namespace)
        if operation.output is not None:
            shape = operation.shapes[operation.output]
            name = operation.result_wrapper or f"{operation.name}Result"
            filled = write_element(operation.shapes, shape, result or {}, name)
            if self.ec2:
                root.extend(list(filled))
            else:
                root.append(filled)
        if self.ec2:
            root.insert(0, text_element("requestId", REQUEST_ID))
        else:
            metadata = etree.SubElement(root, "ResponseMetadata")
            metadata.append(text_element("RequestId", REQUEST_ID))
        return xml_reply(operation.success_status, root)

    def error_reply(
        self, operation: Operation, name: str, text: str, *, status: int | None = None
    ) -> Reply:
        """The error's name as its code, and whose fault it is."""
        status = status or usual_status(operation, name)
        error = etree.Element("Error")
        if not self.ec2:
            error.append(text_element("Type", "Receiver" if status >= 500 else "Sender"))
        error.append(text_element("Code", name))
        error.append(text_element("Message", text))
        if self.ec2:
            root = etree.Element("Response")
            etree.SubElement(root, "Errors").append(error)
            root.append(text_element("RequestID", REQUEST_ID))
        else:
            root = root_element("ErrorResponse", operation.xml_namespace)
            root.append(error)
            root.append(text_element("RequestId", REQUEST_ID))
        return xml_reply(status, root)

    def address(self, operation: Operation) -> str:
        """Version and action, as `2011-06-15.AssumeRole`."""
        return f"{operation.api_version}.{operation.name}"

    def addressed(self, message: Message) -> str:
        """Version and action of a message."""
        named = dict(reversed(parse_qsl(message.body.decode("utf-8", "replace"))))
        return f"{named.get('Version', '')}.{named.get('Action', '')}"

    def claims(self, message: Message) -> bool:
        """Whether it has a form for a body."""
        return (message.header("content-type") or "").lower().startswith(FORM)

    def asks(self, operation: Operation, message: Message) -> bool:
        """Whether it names the operation exactly."""
        return self.addressed(message) == self.address(operation)

    def addressing(self, message: Message, address: str) -> Message:
        """The same form with another action and version."""
        version, _, action = address.rpartition(".")
        return with_pair(with_pair(message, "Action", action), "Version", version)

    def readdressed(self, operation: Operation, message: Message, name: str) -> Message:
        """The same form with another action."""
        return with_pair(message, "Action", name)

    def head(self, operation: Operation, message: Message) -> str:
        """Method and path, unless they are the usual ones."""
        usual = (message.method, message.path) == ("POST", "/")
        return "" if usual else f"{message.method} {message.path} "

    def with_number(self, message: Message, number: int) -> Message:
        """Only the body holds marks."""
        return replace(message, body=self.codec.with_number(message.body, number))

    def malformed(self, operation: Operation, request: Json, smallest: Json) -> Iterator[RawProbe]:
        """Wrong actions, versions, methods, encodings and content types."""
        good = self.encode(operation, request)
        return malformed_forms(operation, good)

    def describe(self, operation: Operation) -> Description:
        """One path for all operations, each with the action in a fragment, which nobody sends."""
        text = {"type": "string"}
        error = {"Type": text, "Code": text, "Message": text}
        return Description(
            path=f"/#Action={operation.name}",
            method="POST",
            headers=(),
            content_type=FORM,
            error={"type": "object", "properties": error},
        )

    def decode(self, operation: Operation, reply: Reply) -> Answer:
        """Reads a reply: failures and 5xx are broken, named errors are errors, 2xx is a result."""
        if reply.failure:
            return failed_answer(reply)
        if not reply.body and reply.status == operation.success_status and _is_empty(operation):
            return result_answer(operation, reply, {}, "", ())
        root, trouble = parsed_or_trouble(reply.body)
        error = read_error(root, ("Response", "Errors") if self.ec2 else ("ErrorResponse",))
        content_type = xml_type_fault(reply)
        if error.name:
            return error_answer(
                operation,
                reply,
                error.name,
                error.message,
                content_type=content_type,
                shape=self._error_fault(operation, error, reply.status),
            )
        if reply.status // 100 != 2:
            return nameless_answer(reply, trouble, "no Error holds a Code")
        result, trouble = (None, trouble) if root is None else self._result(operation, root)
        others = (("response.contentType", content_type),)
        return result_answer(operation, reply, result, trouble, others)

    def _error_fault(self, operation: Operation, error: XmlError, status: int) -> str:
        if error.fault or self.ec2:
            return error.fault
        if error.type not in ("Sender", "Receiver"):
            return f"{error.name} has Type {error.type or 'none'}, should be Sender or Receiver"
        documented = documented_statuses(operation, error.name) or (status,)
        wanted = "Receiver" if all(each >= 500 for each in documented) else "Sender"
        return "" if error.type == wanted else f"{error.name} has Type {error.type}, not {wanted}"

    def _result(self, operation: Operation, root: etree._Element) -> tuple[Json, str]:
        """The result in a document, and what is wrong with the elements around it."""
        wanted = f"{operation.name}Response"
        if local(root) != wanted:
            return None, f"the root of the body is {local(root)}, should be {wanted}"
        if operation.output is None:
            return {}, ""
        shape = operation.shapes[operation.output]
        if self.ec2:
            return read_members(operation.shapes, shape, list(children(root))), ""
        name = operation.result_wrapper or f"{operation.name}Result"
        inner = [child for child in children(root) if local(child) == name]
        if not inner:
            return None, f"the body has no {name}"
        return read_members(operation.shapes, shape, list(children(inner[0]))), ""


def _is_empty(operation: Operation) -> bool:
    """Whether a result has nothing to say, so that it may have no body at all."""
    return operation.output is None or not operation.shapes[operation.output].members
