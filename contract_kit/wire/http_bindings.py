"""Members in paths, query strings and headers: how they are written, and how they are read.

Facts: Smithy specification, "HTTP binding traits".
"""

from __future__ import annotations

import base64
import binascii
import csv
import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from contract_kit.contract.operation import Operation
from contract_kit.contract.shape import Json, Member, Shape
from contract_kit.errors import NotExpressible
from contract_kit.wire.message import Headers, first_header
from contract_kit.wire.text_codec import HEADER_TEXT, TextCodec
from contract_kit.wire.text_values import read_text, write_text
from contract_kit.wire.uri_template import percent_encoded, uri_template

NOT_IN_BODIES = ("header", "headers", "statusCode")
"""Locations that results have beside their bodies; others mean nothing there."""

TIME_FORMATS = {"uri": "iso8601", "querystring": "iso8601", "header": "rfc822"}
"""The format of times by location, unless the model states another."""

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The names that a header may have (RFC 9110)."""

OF_THE_CONNECTION = ("content-length", "transfer-encoding", "connection", "host", "expect")
"""Headers that say how a message is sent: another value breaks the connection alone."""

_DATE = re.compile(r"[^,]+,[^,]+")

HEADER_CODEC = TextCodec("header")
CODECS = {
    "uri": TextCodec("uri"),
    "querystring": TextCodec("querystring"),
    "header": HEADER_CODEC,
    "headers": HEADER_CODEC,
}
"""The values that each location can express."""

Shapes = Mapping[str, Shape]


def members_at(shape: Shape, location: str) -> tuple[Member, ...]:
    """The members of an input or output that travel at a location."""
    return tuple(each for each in shape.members if each.binding.location == location)


def body_members(shape: Shape) -> tuple[Member, ...]:
    """The members that share the body; none where one of them is the whole body."""
    return () if shape.payload else members_at(shape, "")


def result_members(shape: Shape) -> tuple[Member, ...]:
    """The members of an output in its body: labels and parameters mean nothing there."""
    if shape.payload:
        return ()
    return tuple(each for each in shape.members if each.binding.location not in NOT_IN_BODIES)


def bound_name(member: Member) -> str:
    """The name of a member at its location."""
    return member.binding.name or member.name


def scalar_text(shapes: Shapes, member: Member, shape: Shape, value: Json) -> str:
    """A scalar as text at the location of its member; raises NotExpressible."""
    format = member.timestamp_format or shape.timestamp_format
    return write_text(shape, value, format or TIME_FORMATS.get(member.binding.location, ""))


def scalar_value(member: Member, shape: Shape, text: str) -> Json:
    """The scalar in a text at the location of its member."""
    format = member.timestamp_format or shape.timestamp_format
    return read_text(shape, text, format or TIME_FORMATS.get(member.binding.location, ""))


def written_path(operation: Operation, request: dict[str, Json]) -> str:
    """Path and query string of a request; raises NotExpressible."""
    shapes, root = operation.shapes, operation.shapes[operation.input]
    template = uri_template(operation.http_uri)
    labels = {
        bound_name(member): scalar_text(shapes, member, shapes[member.shape], request[member.name])
        for member in members_at(root, "uri")
        if request.get(member.name) is not None
    }
    pairs = [
        f"{percent_encoded(name)}={percent_encoded(text)}"
        for name, text in _query_pairs(shapes, root, request)
    ]
    query = "&".join(filter(None, (template.query, *pairs)))
    return template.expand(labels) + (f"?{query}" if query else "")


def _query_pairs(
    shapes: Shapes, root: Shape, request: dict[str, Json]
) -> Iterator[tuple[str, str]]:
    named = {bound_name(each) for each in members_at(root, "querystring")}
    for member in members_at(root, "querystring"):
        if member.name not in request:
            continue
        shape, value = shapes[member.shape], request[member.name]
        if shape.type == "map" and isinstance(value, dict) and shape.item:
            for key, each in value.items():
                if key not in named:
                    yield from _texts(shapes, member, key, shapes[shape.item], each)
        else:
            yield from _texts(shapes, member, bound_name(member), shape, value)


def _texts(
    shapes: Shapes, member: Member, name: str, shape: Shape, value: Json
) -> Iterator[tuple[str, str]]:
    if shape.type == "list" and isinstance(value, list) and shape.item:
        if not value:
            raise NotExpressible(f"a query string has no empty list: {name} would be missing")
        for item in value:
            yield name, scalar_text(shapes, member, shapes[shape.item], item)
    elif isinstance(value, (dict, list)):
        raise NotExpressible(f"a query string has no {type(value).__name__} at {name}")
    else:
        yield name, scalar_text(shapes, member, shape, value)


def written_headers(shapes: Shapes, root: Shape, value: dict[str, Json]) -> Headers:
    """The headers of a request's or a result's members; raises NotExpressible."""
    found: list[tuple[str, str]] = []
    for member in root.members:
        if member.name not in value:
            continue
        shape, given = shapes[member.shape], value[member.name]
        if member.binding.location == "header":
            found.append((bound_name(member), _header_text(shapes, member, shape, given)))
        elif member.binding.location == "headers":
            if not isinstance(given, dict):
                raise NotExpressible(f"headers have no {type(given).__name__} at {member.name}")
            item = shapes[shape.item or ""]
            found += [
                (member.binding.name + key, _header_text(shapes, member, item, each))
                for key, each in given.items()
            ]
    for name, text in found:
        if name.lower() in OF_THE_CONNECTION:
            raise NotExpressible(f"{name} is what the connection makes it")
        if not TOKEN.fullmatch(name):
            raise NotExpressible(f"no header can be called {name!r:.60}")
        if text and not HEADER_TEXT.fullmatch(text):
            raise NotExpressible(f"a header cannot hold {text!r:.60} as it is")
    return tuple(found)


def _header_text(shapes: Shapes, member: Member, shape: Shape, value: Json) -> str:
    if member.binding.json_value:
        written = value if isinstance(value, str) else json.dumps(value)
        return base64.b64encode(written.encode("utf-8", "surrogatepass")).decode()
    if shape.type == "list" and isinstance(value, list) and shape.item:
        if not value:
            raise NotExpressible(f"a header has no empty list: {member.name} would be missing")
        item = shapes[shape.item]
        texts = [scalar_text(shapes, member, item, each) for each in value]
        return ", ".join(texts if item.type == "timestamp" else map(_quoted, texts))
    if isinstance(value, (dict, list)):
        raise NotExpressible(f"a header has no {type(value).__name__} at {member.name}")
    return scalar_text(shapes, member, shape, value)


def _quoted(text: str) -> str:
    if "," in text or '"' in text:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text


def read_query(shapes: Shapes, root: Shape, query: str, literal: str) -> dict[str, Json]:
    """The members in a query string; the first value counts where one is due."""
    pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
    fixed = {name for name, _ in parse_qsl(literal, keep_blank_values=True)}
    values: dict[str, list[str]] = {}
    for name, text in pairs:
        values.setdefault(name, []).append(text)
    found: dict[str, Json] = {}
    members = members_at(root, "querystring")
    named = {bound_name(member) for member in members if shapes[member.shape].type != "map"}
    for member in members:
        shape = shapes[member.shape]
        if shape.type == "map":
            rest = {key: texts for key, texts in values.items() if key not in named | fixed}
            if rest:
                found[member.name] = _query_map(shapes, member, shape, rest)
        elif texts := values.get(bound_name(member)):
            found[member.name] = _from_texts(shapes, member, shape, texts)
    return found


def _query_map(
    shapes: Shapes, member: Member, shape: Shape, values: dict[str, list[str]]
) -> dict[str, Json]:
    item = shapes[shape.item or ""]
    return {key: _from_texts(shapes, member, item, texts) for key, texts in values.items()}


def _from_texts(shapes: Shapes, member: Member, shape: Shape, texts: list[str]) -> Json:
    if shape.type == "list" and shape.item:
        return [scalar_value(member, shapes[shape.item], text) for text in texts]
    return scalar_value(member, shape, texts[0])


def read_labels(shapes: Shapes, root: Shape, texts: dict[str, str]) -> dict[str, Json]:
    """The members in the labels of a path."""
    return {
        member.name: scalar_value(member, shapes[member.shape], texts[bound_name(member)])
        for member in members_at(root, "uri")
        if bound_name(member) in texts
    }


def read_headers(shapes: Shapes, root: Shape, headers: Headers) -> dict[str, Json]:
    """The members in headers, whose names are compared without case."""
    found: dict[str, Json] = {}
    for member in root.members:
        shape = shapes[member.shape]
        if member.binding.location == "header":
            text = first_header(headers, bound_name(member))
            if text is not None:
                found[member.name] = _header_value(shapes, member, shape, text.strip())
        elif member.binding.location == "headers":
            prefix = member.binding.name.lower()
            there = {
                name[len(prefix) :]: text
                for name, text in headers
                if name.lower().startswith(prefix) and len(name) > len(prefix)
            }
            if there:
                found[member.name] = there
    return found


def _header_value(shapes: Shapes, member: Member, shape: Shape, text: str) -> Json:
    if member.binding.json_value:
        try:
            return base64.b64decode(text, validate=True).decode()
        except (binascii.Error, ValueError):
            return text
    if shape.type != "list" or not shape.item:
        return scalar_value(member, shape, text)
    item = shapes[shape.item]
    return [scalar_value(member, item, part) for part in _header_items(member, item, text)]


def _header_items(member: Member, item: Shape, text: str) -> list[str]:
    """Items between commas; those of http dates are a part of the date, quoted ones of a text."""
    format = member.timestamp_format or item.timestamp_format or TIME_FORMATS["header"]
    if item.type == "timestamp" and format == "rfc822":
        return [found.strip() for found in _DATE.findall(text)]
    reader = csv.reader([text], skipinitialspace=True, escapechar="\\", doublequote=False)
    return [part.strip() for row in reader for part in row]
