"""The official protocol tests of rpc-v2-cbor: messages mean the same, replies are read the same."""

from __future__ import annotations

import base64
import math

import cbor2
import pytest

from contract_kit.wire.address import url_of
from contract_kit.wire.message import Reply
from contract_kit.wire.rpc_v2_cbor import RpcV2Cbor

from .suite import ARCHIVE, archive, canonical, officials

pytestmark = pytest.mark.skipif(
    archive() is None, reason=f"botocore's source distribution is not at ${ARCHIVE}"
)

FILES = (
    "smithy-rpc-v2-cbor",
    "smithy-rpc-v2-cbor-query-compatible",
    "smithy-rpc-v2-cbor-non-query-compatible",
)

DEPARTURES = {
    "input-smithy-rpc-v2-cbor-RpcV2CborClientDoesntSerializeNullStructureValues": (
        "a null that a case holds is sent: a conforming request holds none"
    ),
    "output-smithy-rpc-v2-cbor-RpcV2CborDeserializesDenseSetMapAndSkipsNull": (
        "a null in a map that is not sparse is reported, whatever clients make of it"
    ),
    "output-smithy-rpc-v2-cbor-RpcV2CborPayloadWithUnsetUnion": (
        "its reply has neither a content type nor smithy-protocol, which the kit reports"
    ),
}
"""Tests that the kit does not follow, each with the reason."""

SUITE = officials(FILES)


def plain(value):
    """A value with which NaN is equal to itself, and times are numbers."""
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.timestamp() if hasattr(value, "timestamp") else value


def written(test):
    """Differences between a message of ours and the official one."""
    wanted = test.given["serialized"]
    request = canonical(test.operation, test.operation.input, test.given["params"])
    message = RpcV2Cbor().encode(test.operation, request)
    headers = {name.lower(): value for name, value in message.headers}
    asked = {name.lower(): value for name, value in wanted.get("headers", {}).items()}
    body = base64.b64decode(wanted.get("body", ""))
    ours = {
        "method": message.method,
        "uri": url_of(test.endpoint, message.path).partition("://")[2].partition("/")[2],
        "headers": {name: headers.get(name) for name in asked},
        "forbidden": headers.keys() & {name.lower() for name in wanted.get("forbidHeaders", ())},
        "body": plain(cbor2.loads(message.body)) if message.body else None,
    }
    theirs = {
        "method": wanted["method"],
        "uri": wanted["uri"].removeprefix("/"),
        "headers": asked,
        "forbidden": set(),
        "body": plain(cbor2.loads(body)) if body else None,
    }
    return {name: (ours[name], theirs[name]) for name in ours if ours[name] != theirs[name]}


def without_nulls(value):
    """A result without nulls, which clients leave out."""
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def known(operation, name, value):
    """A result without members that no shape has."""
    shape = operation.shapes[name]
    if isinstance(value, list) and shape.type == "list":
        return [known(operation, shape.item, item) for item in value]
    if isinstance(value, dict) and shape.type == "map":
        return {key: known(operation, shape.item, item) for key, item in value.items()}
    if isinstance(value, dict) and shape.is_structure:
        members = {member.name: member.shape for member in shape.members}
        return {
            key: known(operation, members[key], item)
            for key, item in value.items()
            if key in members
        }
    return value


def read(test):
    """Differences between our reading of a reply and the official one; faults count as well."""
    given = test.given["response"]
    reply = Reply(
        status=given["status_code"],
        headers=tuple(given.get("headers", {}).items()),
        body=base64.b64decode(given.get("body", "")),
    )
    answer = RpcV2Cbor().decode(test.operation, reply)
    differs = {"faults": answer.faults} if answer.faults else {}
    if "error" in test.given:
        if test.given["errorCode"] not in (answer.name, answer.code):
            differs["name"] = (answer.name, answer.code, test.given["errorCode"])
        if answer.text != test.given.get("errorMessage", ""):
            differs["message"] = (answer.text, test.given.get("errorMessage", ""))
        return differs
    output = test.operation.output
    wanted = canonical(test.operation, output, test.given["result"]) if output else {}
    result = known(test.operation, output, answer.result) if output else {}
    if without_nulls(result) != without_nulls(wanted):
        differs["result"] = (result, wanted)
    return differs


def differences(test):
    """Everything of a test that does not come out as it says."""
    return written(test) if test.side == "input" else read(test)


def test_the_suite_is_whole():
    """Another version of botocore may bring more: then the departures are read anew."""
    assert len(SUITE) == 54
    assert DEPARTURES.keys() <= {test.id for test in SUITE}


@pytest.mark.parametrize("test", SUITE, ids=lambda test: test.id)
def test_a_message_means_what_the_suite_says(test):
    """Each departure is listed with its reason, and the test shows that it is still one."""
    if test.id in DEPARTURES:
        assert differences(test) != {}
    else:
        assert differences(test) == {}
