"""The official protocol tests of awsJson: our messages mean the same, and replies are read the same.

They come with botocore's source distribution, whose path an environment variable gives.
"""

from __future__ import annotations

import json

import pytest

from contract_kit.wire.address import prefixed_host, url_of
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.message import Reply
from tests.wire.suite import ARCHIVE, COUNT, DEPARTURES, archive, canonical, officials

pytestmark = pytest.mark.skipif(
    archive() is None, reason=f"botocore's source distribution is not at ${ARCHIVE}"
)

SUITE = officials()


def written(test):
    """What differs between a message of ours and the official one."""
    operation, wanted = test.operation, test.given["serialized"]
    request = canonical(operation, operation.input, test.given["params"])
    message = AwsJson().encode(operation, request)
    headers = {name.lower(): value for name, value in message.headers}
    asked = {name.lower(): value for name, value in wanted.get("headers", {}).items()}
    url = url_of(test.endpoint, message.path)
    ours = {
        "method": message.method,
        "uri": url.partition("://")[2].partition("/")[2].join(("/", "")),
        "headers": {name: headers.get(name) for name in asked},
        "body": json.loads(message.body),
    }
    theirs = {
        "method": wanted["method"],
        "uri": wanted["uri"],
        "headers": asked,
        "body": json.loads(wanted["body"]) if wanted.get("body") else ours["body"],
    }
    if "host" in wanted:
        ours["host"] = prefixed_host(test.endpoint, message.host_prefix) or "example.com"
        theirs["host"] = wanted["host"].partition("/")[0]
    return {name: (ours[name], theirs[name]) for name in ours if ours[name] != theirs[name]}


def read(test):
    """What differs between our reading of a reply and the official one; faults count as well."""
    operation, given = test.operation, test.given["response"]
    reply = Reply(
        status=given["status_code"],
        headers=tuple(given.get("headers", {}).items()),
        body=given.get("body", "").encode(),
    )
    answer = AwsJson().decode(operation, reply)
    differs = {"faults": answer.faults} if answer.faults else {}
    if "error" in test.given:
        if test.given["errorCode"] not in (answer.name, answer.code):
            differs["name"] = (answer.name, answer.code, test.given["errorCode"])
        if answer.text != test.given.get("errorMessage", ""):
            differs["message"] = (answer.text, test.given.get("errorMessage", ""))
        return differs
    wanted = (
        canonical(operation, operation.output, test.given["result"]) if operation.output else {}
    )
    result = known(operation, operation.output, answer.result) if operation.output else {}
    if result != wanted:
        differs["result"] = (result, wanted)
    return differs


def known(operation, name, value):
    """A result without what clients leave out: unknown members, and nulls outside sparse shapes."""
    shape = operation.shapes[name]
    if isinstance(value, list) and shape.type == "list":
        return [known(operation, shape.item, item) for item in value]
    if isinstance(value, dict) and shape.type == "map":
        return {key: known(operation, shape.item, item) for key, item in value.items()}
    if isinstance(value, dict) and shape.is_structure:
        return {
            member.name: known(operation, member.shape, value[member.name])
            for member in shape.members
            if value.get(member.name) is not None
        }
    return value


def differences(test):
    """What of a test does not come out as it says."""
    return written(test) if test.side == "input" else read(test)


def test_the_suite_is_whole():
    """Another version of botocore may bring more: then the departures are read anew."""
    assert len(SUITE) == COUNT
    assert DEPARTURES.keys() <= {test.id for test in SUITE}


@pytest.mark.parametrize("test", SUITE, ids=lambda test: test.id)
def test_a_message_means_what_the_suite_says(test):
    """Where we depart on purpose, the list says why, and the test shows that we still do."""
    if test.id in DEPARTURES:
        assert differences(test) != {}
    else:
        assert differences(test) == {}
