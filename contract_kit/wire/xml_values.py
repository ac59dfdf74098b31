"""Values as XML elements, and elements as canonical values.

Facts: Smithy specification, "XML bindings". lxml neither expands entities nor loads anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from contract_kit.contract.shape import BY_NAME, Binding, Json, Member, Shape
from contract_kit.errors import NotExpressible
from contract_kit.wire.message import Unreadable
from contract_kit.wire.text_values import SCALARS, read_text, write_text

TIME_FORMAT = "iso8601"
"""The format of times in XML, unless the model states another."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")

Shapes = Mapping[str, Shape]


def write_element(
    shapes: Shapes, shape: Shape, value: Json, name: str, binding: Binding = BY_NAME
) -> etree._Element:
    """The element of that name that holds a canonical value; raises NotExpressible.

    binding: a member's facts about its element: its namespace, and how its items are laid out.
    """
    element = _new(name, binding)
    _fill(shapes, shape, value, element, binding, "")
    return element


def _new(name: str, binding: Binding = BY_NAME) -> etree._Element:
    if not _NAME.fullmatch(name):
        raise NotExpressible(f"no XML element can be called {name!r}")
    if binding.xml_prefix:
        return etree.Element(name, nsmap={binding.xml_prefix: binding.xml_namespace})
    element = etree.Element(name)
    if binding.xml_namespace:
        # As an attribute: elements below it are in the namespace as well.
        element = etree.fromstring(f"<{name} xmlns={_quoted(binding.xml_namespace)}/>")
    return element


def _quoted(text: str) -> str:
    return '"' + text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;") + '"'


def _append(parent: etree._Element, name: str, binding: Binding = BY_NAME) -> etree._Element:
    """A new child, in the parent's namespace unless its binding says otherwise."""
    child = _new(name, binding)
    if not binding.xml_namespace or binding.xml_prefix:
        namespace = etree.QName(parent).namespace
        child.tag = f"{{{namespace}}}{name}" if namespace else name
    parent.append(child)
    return child


def _fill(
    shapes: Shapes, shape: Shape, value: Json, element: etree._Element, binding: Binding, form: str
) -> None:
    if isinstance(value, dict) and shape.is_structure:
        _fill_structure(shapes, shape, value, element)
    elif isinstance(value, list) and shape.type == "list":
        for item in value:
            below = _append(element, shape.item_name or "member")
            _fill(shapes, shapes[shape.item or ""], item, below, BY_NAME, "")
    elif isinstance(value, dict) and shape.type == "map":
        for key, each in value.items():
            _fill_entry(shapes, shape, key, each, _append(element, "entry"))
    elif isinstance(value, (dict, list)) or value is None:
        raise NotExpressible(f"XML has no {type(value).__name__} at a {shape.type}")
    else:
        stated = form or shape.timestamp_format or TIME_FORMAT
        _set_text(element, write_text(shape, value, stated))


def _set_text(element: etree._Element, text: str) -> None:
    try:
        element.text = text
    except ValueError as error:
        raise NotExpressible(f"XML cannot hold the text: {error}") from None


def _fill_structure(shapes: Shapes, shape: Shape, value: Json, element: etree._Element) -> None:
    members = {member.name: member for member in shape.members}
    for name, each in value.items():
        member = members.get(name)
        if member is None:
            _fill_unknown(_append(element, name), each)
        elif member.binding.xml_attribute:
            _set_attribute(shapes, member, each, element)
        elif member.binding.flattened:
            _fill_flattened(shapes, member, each, element)
        else:
            target = shapes[member.shape]
            below = _append(element, element_name(member), member.binding)
            _fill(shapes, target, each, below, member.binding, member.timestamp_format)


def _fill_unknown(element: etree._Element, value: Json) -> None:
    """A member that no shape has: as near to the value as XML without a shape comes."""
    if isinstance(value, dict):
        for name, each in value.items():
            _fill_unknown(_append(element, name), each)
    elif isinstance(value, list):
        for each in value:
            _fill_unknown(_append(element, "member"), each)
    elif value is not None:
        _set_text(element, write_text(_ANY_TEXT, value, TIME_FORMAT))


_ANY_TEXT = Shape(name="", type="string")


def _set_attribute(shapes: Shapes, member: Member, value: Json, element: etree._Element) -> None:
    prefix, _, name = element_name(member).rpartition(":")
    namespace = element.nsmap.get(prefix or None) if prefix else None
    text = write_text(shapes[member.shape], value, TIME_FORMAT)
    try:
        element.set(f"{{{namespace}}}{name}" if namespace else name, text)
    except ValueError as error:
        raise NotExpressible(f"XML cannot hold the text: {error}") from None


def _fill_flattened(shapes: Shapes, member: Member, value: Json, element: etree._Element) -> None:
    """Items beside the other members: none at all says that the member is missing."""
    shape = shapes[member.shape]
    is_right = isinstance(value, list if shape.type == "list" else dict)
    if not is_right or not value:
        raise NotExpressible(f"flattened XML has no way to say {value!r}")
    name = element_name(member)
    if shape.type == "list":
        for item in value:
            _fill(shapes, shapes[shape.item or ""], item, _append(element, name), BY_NAME, "")
    else:
        for key, each in value.items():
            _fill_entry(shapes, shape, key, each, _append(element, name))


def _fill_entry(
    shapes: Shapes, shape: Shape, key: str, value: Json, element: etree._Element
) -> None:
    _set_text(_append(element, shape.key_name or "key"), key)
    below = _append(element, shape.item_name or "value")
    _fill(shapes, shapes[shape.item or ""], value, below, BY_NAME, "")


def element_name(member: Member) -> str:
    """The name of a member's element or attribute."""
    return member.binding.name or member.name


def parse(body: bytes) -> etree._Element:
    """The root element of a document; raises Unreadable. Entities and DTDs are refused."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"the body is not XML: {error}" if body else "the body is empty") from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise Unreadable("the body declares a document type, which no AWS service takes")
    return root


def local(element: etree._Element) -> str:
    """An element's name without its namespace, which readers ignore."""
    return str(etree.QName(element).localname)


def children(element: etree._Element) -> Iterator[etree._Element]:
    """Elements below one, without comments and entities."""
    return (child for child in element if isinstance(child.tag, str))


def read_element(
    shapes: Shapes, shape: Shape, element: etree._Element, form: str = "", flattened: bool = False
) -> Json:
    """The canonical value in an element. A value that does not fit the shape has the wrong type.

    An element twice becomes a list, text among elements a string, an element in a scalar an object.
    """
    below = list(children(element))
    if shape.type in SCALARS:
        if below:
            return {local(child): child.text or "" for child in below}
        return read_text(shape, text_of(element), form or shape.timestamp_format or TIME_FORMAT)
    if not below and (text := text_of(element).strip()):
        return text
    if shape.type == "list":
        item = shapes[shape.item or ""]
        wanted = shape.item_name or "member"
        return [read_element(shapes, item, child) for child in below if local(child) == wanted]
    if shape.type == "map":
        return _entries(shapes, shape, [child for child in below if local(child) == "entry"])
    return read_members(shapes, shape, below, element)


def text_of(element: etree._Element) -> str:
    """The text of an element without children, sections of CDATA included."""
    return "".join(str(part) for part in element.itertext())


def read_members(
    shapes: Shapes, shape: Shape, below: list[etree._Element], element: etree._Element | None = None
) -> dict[str, Json]:
    """The members of a structure, from the elements below it; unknown ones are ignored."""
    by_name: dict[str, list[etree._Element]] = {}
    for child in below:
        by_name.setdefault(local(child), []).append(child)
    found: dict[str, Json] = {}
    for member in shape.members:
        if member.binding.location in ("header", "headers", "statusCode"):
            continue
        if member.binding.xml_attribute:
            if element is not None and (text := _attribute(element, member)) is not None:
                found[member.name] = read_text(shapes[member.shape], text, TIME_FORMAT)
            continue
        target = shapes[member.shape]
        if member.binding.flattened:
            if there := by_name.get(element_name(member), []):
                found[member.name] = _read_flattened(shapes, target, there)
            continue
        there = by_name.get(element_name(member), [])
        values = [read_element(shapes, target, child, member.timestamp_format) for child in there]
        if len(values) == 1:
            found[member.name] = values[0]
        elif values:
            found[member.name] = values
    return found


def _attribute(element: etree._Element, member: Member) -> str | None:
    wanted = element_name(member).rpartition(":")[2]
    for name, text in element.attrib.items():
        if etree.QName(str(name)).localname == wanted:
            return str(text)
    return None


def _read_flattened(shapes: Shapes, shape: Shape, there: list[etree._Element]) -> Json:
    if shape.type == "map":
        return _entries(shapes, shape, there)
    return [read_element(shapes, shapes[shape.item or ""], child) for child in there]


def _entries(shapes: Shapes, shape: Shape, there: list[etree._Element]) -> Json:
    """The entries of a map; one without its key is invalid, and the map then of the wrong type."""
    found: dict[str, Json] = {}
    for entry in there:
        parts = {local(child): child for child in children(entry)}
        key, value = parts.get(shape.key_name or "key"), parts.get(shape.item_name or "value")
        if key is None or value is None:
            return f"an entry without {shape.key_name or 'key'} and {shape.item_name or 'value'}"
        found[text_of(key)] = read_element(shapes, shapes[shape.item or ""], value)
    return found


def document(element: etree._Element) -> bytes:
    """A document in UTF-8, without a declaration, as AWS's own clients write it."""
    return bytes(etree.tostring(element, encoding="utf-8"))
