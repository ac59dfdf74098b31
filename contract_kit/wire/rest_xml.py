"""restXml: XML bodies, and errors in XML.

Facts: Smithy specification, "AWS restXml protocol", and its protocol tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json, Location
from contract_kit.wire.errors import usual_status
from contract_kit.wire.interface import Change, Codec, Description
from contract_kit.wire.json_values import plain_tree
from contract_kit.wire.malformed_xml import malformed_documents
from contract_kit.wire.message import Answer, Message, RawProbe, Reading, Reply, Unreadable
from contract_kit.wire.replies import (
    error_answer,
    failed_answer,
    nameless_answer,
    result_answer,
)
from contract_kit.wire.rest_address import RestAddress
from contract_kit.wire.rest_requests import WORDS_OF_ROOT, RestRequests
from contract_kit.wire.rest_results import RestResults
from contract_kit.wire.xml_codec import XmlCodec
from contract_kit.wire.xml_replies import (
    parsed_or_trouble,
    read_error,
    text_element,
    xml_reply,
    xml_type_fault,
)
from contract_kit.wire.xml_values import local

TYPE = "application/xml"
REQUEST_ID = "00000000-0000-4000-8000-000000000000"

HEAD_ERRORS = {400: "BadRequest", 403: "AccessDenied", 404: "NotFound"}
"""The error that a status alone implies, since a reply to HEAD has no body."""


@dataclass(frozen=True, slots=True)
class XmlBodies:
    """Bodies as restXml has them."""

    @property
    def codec(self) -> XmlCodec:
        """XML."""
        return XmlCodec()

    @property
    def content_type(self) -> str:
        """Of every structure."""
        return TYPE

    def body_probes(
        self, operation: Operation, good: Message, request: Json, smallest: Json
    ) -> Iterator[RawProbe]:
        """XML that is malformed, or odd."""
        return malformed_documents(good)


ERROR_SHAPE = "an error is an Error element with a Code and a Message, at its place"
REQUESTS = RestRequests(XmlBodies(), ERROR_SHAPE)
RESULTS = RestResults(XmlBodies())


@dataclass(frozen=True, slots=True)
class RestXml(RestAddress):
    """The restXml protocol."""

    @property
    def codec(self) -> Codec:
        """Bodies are XML."""
        return XmlBodies().codec

    @property
    def says_everything(self) -> bool:
        """XML has neither null nor types."""
        return False

    def codec_at(self, operation: Operation, location: Location) -> Codec:
        """That of the member's place in the message."""
        return REQUESTS.codec_at(operation, location)

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """The demands of the wire on paths, bodies and errors."""
        return REQUESTS.constraints

    @property
    def words(self) -> Mapping[str, str]:
        """The root of a request is the message itself."""
        return WORDS_OF_ROOT

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers that say something, in lower case."""
        return ("content-type", "retry-after")

    @property
    def changes(self) -> tuple[Change, ...]:
        """Everything worth changing is in the body."""
        return REQUESTS.changes

    def label(self, operation: Operation) -> str:
        """Smithy's name."""
        return "restXml"

    def encode(self, operation: Operation, request: Json) -> Message:
        """The message for a request; raises NotExpressible."""
        return REQUESTS.encode(operation, request)

    def cannot_say(self, operation: Operation, request: Json) -> str:
        """Why a request has no message."""
        return REQUESTS.cannot_say(operation, request)

    def read(self, operation: Operation, message: Message) -> Reading:
        """The request in a message, or what is wrong with it."""
        return REQUESTS.read(operation, message)

    def malformed(self, operation: Operation, request: Json, smallest: Json) -> Iterator[RawProbe]:
        """Other paths and types, and malformed documents."""
        return REQUESTS.malformed(operation, request, smallest)

    def with_number(self, message: Message, number: int) -> Message:
        """Any part of a message may hold marks."""
        return REQUESTS.with_number(message, number)

    def result_reply(self, operation: Operation, result: Json) -> Reply:
        """Success with the result's members at their places."""
        return RESULTS.write(operation, plain_tree({} if result is None else result), ())

    def error_reply(
        self, operation: Operation, name: str, text: str, *, status: int | None = None
    ) -> Reply:
        """`ErrorResponse` with the error in it; S3 has the error bare."""
        status = status or usual_status(operation, name)
        if operation.http_method == "HEAD":
            return Reply(status=status)
        error = etree.Element("Error")
        if not operation.facts.get("noErrorWrapping"):
            error.append(text_element("Type", "Receiver" if status >= 500 else "Sender"))
        error.append(text_element("Code", name))
        error.append(text_element("Message", text))
        if operation.facts.get("noErrorWrapping"):
            error.append(text_element("RequestId", REQUEST_ID))
            return xml_reply(status, error)
        root = etree.Element("ErrorResponse")
        root.append(error)
        root.append(text_element("RequestId", REQUEST_ID))
        return xml_reply(status, root)

    def describe(self, operation: Operation) -> Description:
        """The path of the operation without its literal query."""
        text = {"type": "string"}
        return Description(
            path=operation.http_uri.partition("?")[0].replace("+}", "}"),
            method=operation.http_method,
            headers=(),
            content_type=TYPE,
            error={"type": "object", "properties": {"Code": text, "Message": text}},
        )

    def decode(self, operation: Operation, reply: Reply) -> Answer:
        """Reads a reply: failures and 5xx are broken, named errors are errors, 2xx is a result.

        A 200 with an error inside is an error, as S3 answers some requests.
        """
        if reply.failure:
            return failed_answer(reply)
        root, trouble = parsed_or_trouble(reply.body)
        is_bare = root is not None and local(root) == "Error"
        error = read_error(root, () if is_bare else ("ErrorResponse",))
        if error.name and (reply.status // 100 != 2 or is_bare):
            return error_answer(
                operation,
                reply,
                error.name,
                error.message,
                content_type=xml_type_fault(reply),
                shape=error.fault,
            )
        if reply.status // 100 == 2:
            return self._result(operation, reply)
        if operation.http_method == "HEAD" and not reply.body and reply.status in HEAD_ERRORS:
            name = self._head_error(operation, reply.status)
            return error_answer(operation, reply, name, "", content_type="", shape="")
        return nameless_answer(reply, trouble, "no Error holds a Code")

    def _head_error(self, operation: Operation, status: int) -> str:
        for error in operation.errors:
            if status in (each for each, _ in error.statuses):
                return error.name
        return HEAD_ERRORS[status]

    def _result(self, operation: Operation, reply: Reply) -> Answer:
        typed = RESULTS.has_typed_body(operation) and reply.body
        others = (("response.contentType", xml_type_fault(reply) if typed else ""),)
        try:
            result = RESULTS.read(operation, reply)
        except Unreadable as error:
            return result_answer(operation, reply, None, str(error), others)
        return result_answer(operation, reply, result, "", others)
