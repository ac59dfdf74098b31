"""Replies in XML: their documents, content types and errors."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from contract_kit.wire.error_names import class_of_name
from contract_kit.wire.message import Reply, Unreadable
from contract_kit.wire.xml_values import children, document, local, parse, text_of

XML_TYPES = ("text/xml", "application/xml")
"""Content types of replies: AWS itself uses both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlError:
    """An error in a document. type: `Sender` or `Receiver` as the document has it, or empty.

    fault: what is wrong with its form; empty if nothing is.
    """

    name: str = ""
    message: str = ""
    type: str = ""
    fault: str = ""


def read_error(root: etree._Element | None, around: tuple[str, ...]) -> XmlError:
    """The error in a document, without a name where there is none.

    around: the elements around `Error`, from the root inwards. An error elsewhere is read as well,
    as lenient clients do, with the deviation as its fault.
    """
    if root is None:
        return XmlError()
    error = next((each for each in root.iter("{*}Error") if isinstance(each.tag, str)), None)
    if error is None:
        return XmlError()
    parts = {local(child): text_of(child).strip() for child in children(error)}
    name = parts.get("Code", "")
    path = tuple(reversed([local(each) for each in error.iterancestors()]))
    fault = ""
    if path != around:
        given, wanted = "/".join((*path, "Error")), "/".join((*around, "Error"))
        fault = f"the error is in {given}, should be in {wanted}"
    elif not parts.get("Message") and class_of_name(name) == "validation":
        fault = f"{name} has no message, so clients cannot show what is wrong"
    return XmlError(
        name=name, message=parts.get("Message", ""), type=parts.get("Type", ""), fault=fault
    )


def root_element(name: str, namespace: str) -> etree._Element:
    """An empty element in a namespace, where there is one."""
    return etree.Element(name, {"xmlns": namespace} if namespace else {})


def text_element(name: str, text: str) -> etree._Element:
    """An element that holds a text."""
    element = etree.Element(name)
    element.text = text
    return element


def xml_reply(status: int, root: etree._Element) -> Reply:
    """The reply with a document."""
    return Reply(status=status, headers=(("Content-Type", "text/xml"),), body=document(root))


def parsed_or_trouble(body: bytes) -> tuple[etree._Element | None, str]:
    """The root of a document, or why there is none."""
    try:
        return parse(body), ""
    except Unreadable as error:
        return None, str(error)


def xml_type_fault(reply: Reply) -> str:
    """The fault in the content type of a reply in XML; parameters are allowed."""
    given = reply.header("content-type")
    if given is None:
        return f"the reply has no Content-Type, should be {XML_TYPES[0]}"
    if given.partition(";")[0].strip().lower() not in XML_TYPES:
        return f"Content-Type is {given}, should be {XML_TYPES[0]}"
    return ""
