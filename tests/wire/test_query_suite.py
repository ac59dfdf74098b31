"""The official protocol tests of awsQuery and ec2Query, as those of awsJson are run."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from contract_kit.errors import NotExpressible
from contract_kit.wire.address import prefixed_host
from contract_kit.wire.message import Reply
from contract_kit.wire.table import wire_of
from tests.wire.suite import ARCHIVE, archive, canonical, officials
from tests.wire.test_suite import known

pytestmark = pytest.mark.skipif(
    archive() is None, reason=f"botocore's source distribution is not at ${ARCHIVE}"
)

SUITE = officials(("query", "ec2"))
COUNT = 134

_PLAIN = "compression is the client's choice, and the kit sends each body as it shows it"
_TOKEN = "tokens are filled in before a request is encoded"
_EMPTY = "what clients leave out is not expressible: it would say that the member is missing"

DEPARTURES = {
    "input-query-SDKAppliedContentEncoding_awsQuery": _PLAIN,
    "input-query-SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsQuery": _PLAIN,
    "input-query-QueryProtocolIdempotencyTokenAutoFill": _TOKEN,
    "input-query-QueryEmptyQueryMaps": _EMPTY,
    "input-ec2-SDKAppliedContentEncoding_ec2Query": _PLAIN,
    "input-ec2-SDKAppendsGzipAndIgnoresHttpProvidedEncoding_ec2Query": _PLAIN,
    "input-ec2-Ec2ProtocolIdempotencyTokenAutoFill": _TOKEN,
    "input-ec2-Ec2EmptyQueryLists": _EMPTY,
}
"""Tests that the kit does not follow, each with the reason."""


def pairs(body):
    return sorted(parse_qsl(body, keep_blank_values=True))


def follows_input(test):
    """Whether our message means what the official one means, and is read back as it was."""
    operation, wanted = test.operation, test.given["serialized"]
    wire = wire_of(operation)
    request = canonical(operation, operation.input, test.given["params"])
    try:
        message = wire.encode(request)
    except NotExpressible:
        return False
    host = prefixed_host(test.endpoint, message.host_prefix) or "example.com"
    return (
        (message.method, message.path) == (wanted["method"], "/")
        and pairs(message.body.decode()) == pairs(wanted.get("body", ""))
        and wire.read(message).request == request
        and host == wanted.get("host", host).partition("/")[0]
        and "content-encoding" not in {name.lower() for name in wanted.get("headers", {})}
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
    assert len(SUITE) == COUNT
    assert DEPARTURES.keys() <= {test.id for test in SUITE}
