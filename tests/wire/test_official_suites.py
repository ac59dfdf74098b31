"""The official protocol tests of the wires that are not awsJson, as those of awsJson are run."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

import pytest
from lxml import etree

from contract_kit.errors import NotExpressible
from contract_kit.wire.address import prefixed_host, url_of
from contract_kit.wire.message import Reply
from contract_kit.wire.table import wire_of
from contract_kit.wire.xml_values import parse
from tests.wire.suite import ARCHIVE, archive, canonical, officials
from tests.wire.test_suite import known

pytestmark = pytest.mark.skipif(
    archive() is None, reason=f"botocore's source distribution is not at ${ARCHIVE}"
)

COUNTS = {"query": 76, "ec2": 58, "rest-json": 204, "rest-xml": 172}
SUITE = officials(tuple(COUNTS))

_PLAIN = "compression is the client's choice, and the kit sends each body as it shows it"
_TOKEN = "tokens are filled in before a request is encoded"
_EMPTY = "what clients leave out is not expressible: it would say that the member is missing"
_NULL = "a null that a case holds is sent, or not expressible: a conforming request holds none"
_TYPE = "a reply with a body says of which type it is"
_PAYLOAD = "where the whole body is missing, none is sent; `{}` would be an empty one"
_HEADER = "servers read an empty header in different ways, so that it is not expressible"
_MAP = "a map of parameters or headers holds those without a member of their own, if any"

DEPARTURES = {
    "input-query-SDKAppliedContentEncoding_awsQuery": _PLAIN,
    "input-query-SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsQuery": _PLAIN,
    "input-query-QueryProtocolIdempotencyTokenAutoFill": _TOKEN,
    "input-query-QueryEmptyQueryMaps": _EMPTY,
    "input-ec2-SDKAppliedContentEncoding_ec2Query": _PLAIN,
    "input-ec2-SDKAppendsGzipAndIgnoresHttpProvidedEncoding_ec2Query": _PLAIN,
    "input-ec2-Ec2ProtocolIdempotencyTokenAutoFill": _TOKEN,
    "input-ec2-Ec2EmptyQueryLists": _EMPTY,
    "input-rest-json-RestJsonAllQueryStringTypes": _MAP,
    "input-rest-json-RestJsonQueryStringEscaping": _MAP,
    "input-rest-json-RestJsonSupportsNaNFloatQueryValues": _MAP,
    "input-rest-json-RestJsonSupportsInfinityFloatQueryValues": _MAP,
    "input-rest-json-RestJsonSupportsNegativeInfinityFloatQueryValues": _MAP,
    "input-rest-json-RestJsonZeroAndFalseQueryValues": _MAP,
    "input-rest-json-RestJsonHttpPrefixHeadersAreNotPresent": _MAP,
    "input-rest-json-RestJsonQueryPrecedence": _MAP,
    "input-rest-json-RestJsonNullAndEmptyHeaders": _NULL,
    "input-rest-json-RestJsonOmitsNullQuery": _NULL,
    "input-rest-json-RestJsonDoesntSerializeNullStructureValues": _NULL,
    "input-rest-json-RestJsonOmitsEmptyListQueryValues": _EMPTY,
    "input-rest-json-SDKAppliedContentEncoding_restJson1": _PLAIN,
    "input-rest-json-SDKAppendedGzipAfterProvidedEncoding_restJson1": _PLAIN,
    "input-rest-json-RestJsonQueryIdempotencyTokenAutoFill": _TOKEN,
    "input-rest-json-RestJsonHttpWithEmptyStructurePayload": _PAYLOAD,
    "input-rest-json-RestJsonHttpWithHeadersButNoPayload": _PAYLOAD,
    "output-rest-json-RestJsonDateTimeWithNegativeOffset": _TYPE,
    "output-rest-json-RestJsonDateTimeWithPositiveOffset": _TYPE,
    "output-rest-json-RestJsonDateTimeWithFractionalSeconds": _TYPE,
    "output-rest-json-RestJsonDeserializesDenseSetMapAndSkipsNull": _NULL,
    "input-rest-json-RestJsonHttpPrefixEmptyHeaders": _HEADER,
    "input-rest-xml-HttpPrefixEmptyHeaders": _HEADER,
    "input-rest-xml-HttpPrefixHeadersAreNotPresent": _MAP,
    "input-rest-xml-RestXmlQueryPrecedence": _MAP,
    "input-rest-xml-NullAndEmptyHeaders": _NULL,
    "input-rest-xml-RestXmlOmitsNullQuery": _NULL,
    "input-rest-xml-SDKAppliedContentEncoding_restXml": _PLAIN,
    "input-rest-xml-SDKAppendedGzipAfterProvidedEncoding_restXml": _PLAIN,
    "input-rest-xml-QueryIdempotencyTokenAutoFill": _TOKEN,
    "output-rest-xml-HttpPrefixHeadersAreNotPresent": _MAP,
}
"""Tests that the kit does not follow, each with the reason."""


def pairs(text):
    return sorted(parse_qsl(text, keep_blank_values=True))


def element(node):
    """An element without prefixes, blanks around texts, and the order of its children."""
    attributes = sorted((etree.QName(name).localname, text) for name, text in node.attrib.items())
    return (
        etree.QName(node).localname,
        (node.text or "").strip(),
        attributes,
        sorted(element(child) for child in node),
    )


def same_body(message, wanted):
    """Whether two bodies mean the same."""
    type = message.header("content-type") or ""
    if "form" in type:
        return pairs(message.body.decode()) == pairs(wanted)
    if "json" in type and wanted:
        return json.loads(message.body) == json.loads(wanted)
    if "xml" in type and wanted:
        return element(parse(message.body)) == element(parse(wanted.encode()))
    return message.body == wanted.encode()


def same_place(test, message, wanted):
    """Whether two messages go to the same method, path, query and host."""
    url = url_of(test.endpoint, message.path).partition("://")[2].partition("/")[2]
    path, _, query = url.partition("?")
    other, _, given = wanted["uri"].partition("?")
    host = prefixed_host(test.endpoint, message.host_prefix) or "example.com"
    return (
        (message.method, f"/{path}".rstrip("/")) == (wanted["method"], other.rstrip("/"))
        and pairs(query) == pairs(given)
        and host == wanted.get("host", host).partition("/")[0]
    )


def follows_input(test):
    """Whether our message means what the official one means, and is read back as it was."""
    operation, wanted = test.operation, test.given["serialized"]
    wire = wire_of(operation)
    request = canonical(operation, operation.input, test.given["params"])
    try:
        message = wire.encode(request)
    except NotExpressible:
        return False
    headers = {name.lower(): value for name, value in message.headers}
    asked = {name.lower(): value for name, value in wanted.get("headers", {}).items()}
    asked.pop("content-type", None) if "form" in headers.get("content-type", "") else None
    return (
        same_place(test, message, wanted)
        and {name: headers.get(name) for name in asked} == asked
        and (wanted.get("body") is None or same_body(message, wanted["body"]))
        and wire.read(message).request == request
    )


def follows_output(test):
    """Whether a reply is read as the official reader reads it, without a fault."""
    operation, given = test.operation, test.given["response"]
    answer = wire_of(operation).decode(
        Reply(
            status=given["status_code"],
            headers=tuple(given.get("headers", {}).items()),
            body=given.get("body", "").encode(),
        )
    )
    if answer.faults:
        return False
    if "error" in test.given:
        message = test.given.get("errorMessage", answer.text)
        return (answer.name, answer.text) == (test.given["errorCode"], message)
    if operation.output is None:
        return answer.kind == "result"
    wanted = canonical(operation, operation.output, test.given["result"])
    return known(operation, operation.output, answer.result) == wanted


@pytest.mark.parametrize("test", SUITE, ids=lambda test: test.id)
def test_the_official_suites_are_followed_but_for_listed_departures(test):
    follows = follows_input(test) if test.side == "input" else follows_output(test)
    assert follows == (test.id not in DEPARTURES)


def test_the_suites_are_whole():
    found = {name: sum(f"put-{name}-" in test.id for test in SUITE) for name in COUNTS}
    assert found == COUNTS
    assert DEPARTURES.keys() <= {test.id for test in SUITE}
