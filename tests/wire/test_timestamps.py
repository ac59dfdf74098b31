"""Times are epoch seconds inside the kit, and on the wire what the model states."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace

import jsonschema
import pytest

from contract_kit import operation
from contract_kit.cases.export import all_cases, case_document
from contract_kit.cases.given import known_good
from contract_kit.cli.inputs import parse_bindings
from contract_kit.contract.document import read_operation
from contract_kit.derive.schema import documents_of
from contract_kit.derive.service_model import ServiceModel
from contract_kit.errors import UsageError
from contract_kit.openapi.document import openapi_document
from contract_kit.requestfile.dialect import converter
from contract_kit.requestfile.editor import editor_schema
from contract_kit.requestfile.request_checker import FileChecker
from contract_kit.validate import Validator
from contract_kit.verdict.unpaired import Unpaired
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.message import Reply
from contract_kit.wire.table import wire_of

SHAPES = {
    "Thing": {
        "type": "structure",
        "members": {
            "At": {"shape": "Time"},
            "Iso": {"shape": "IsoTime"},
            "Web": {"shape": "Time", "timestampFormat": "rfc822"},
            "All": {"shape": "Times"},
            "Named": {"shape": "TimesByName"},
        },
    },
    "Time": {"type": "timestamp"},
    "IsoTime": {"type": "timestamp", "timestampFormat": "iso8601"},
    "Times": {"type": "list", "member": {"shape": "IsoTime"}},
    "TimesByName": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "IsoTime"}},
    "Name": {"type": "string"},
}


def toy():
    """An operation whose times are written in every way."""
    metadata = {"protocol": "json", "jsonVersion": "1.1", "endpointPrefix": "toy"}
    entry = {"name": "Echo", "input": {"shape": "Thing"}, "output": {"shape": "Thing"}}
    body = {"metadata": metadata, "shapes": SHAPES, "operations": {"Echo": entry}}
    model = ServiceModel(service="toy", api_version="1", digest="", body=body)
    return read_operation(*documents_of("toy:Echo", model, entry))


ECHO = toy()
WIRE = {
    "At": 1700000000,
    "Iso": "2023-11-14T22:13:20Z",
    "Web": "Tue, 14 Nov 2023 22:13:20 GMT",
    "All": ["2023-11-14T22:13:20.25Z", "0001-01-01T00:00:00Z"],
    "Named": {"a": "1969-12-31T23:59:59Z"},
}
CANONICAL = {
    "At": 1700000000,
    "Iso": 1700000000,
    "Web": 1700000000,
    "All": [1700000000.25, -62135596800],
    "Named": {"a": -1},
}


def decoded(body):
    """What a result says."""
    headers = (("Content-Type", "application/x-amz-json-1.1"),)
    return AwsJson().decode(
        ECHO, Reply(status=200, headers=headers, body=json.dumps(body).encode())
    )


def test_a_request_is_written_as_the_model_states_and_read_back():
    """Members and shapes both state formats; the member's holds."""
    message = AwsJson().encode(ECHO, CANONICAL)
    assert json.loads(message.body) == WIRE
    assert wire_of(ECHO).request_of(message) == CANONICAL


def test_a_reply_is_read_as_the_model_states():
    """Offsets from UTC and small letters are allowed in the text of a time."""
    answer = decoded(WIRE)
    assert (answer.result, answer.faults) == (CANONICAL, ())
    assert decoded({"Iso": "2023-11-15T00:13:20+02:00"}).result == {"Iso": 1700000000}


@pytest.mark.parametrize(
    "body",
    [
        {"Iso": 1700000000},
        {"Iso": "1700000000"},
        {"Iso": "2023-11-14"},
        {"Iso": "yesterday"},
        {"Iso": "2023-11-31T00:00:00Z"},
        {"Iso": True},
        {"Web": "2023-11-14T22:13:20Z"},
        {"At": "2023-11-14T22:13:20Z"},
        {"All": [1700000000]},
    ],
)
def test_a_time_in_another_format_is_a_fault(body):
    """A client that reads the model cannot read it."""
    assert [id for id, _ in decoded(body).faults] == ["response.schema"]


@pytest.mark.parametrize("value", ["x", True, {}, [1], None, 1e300])
def test_what_is_no_time_is_sent_as_it_is(value):
    """Cases that break the type say so on the wire."""
    message = AwsJson().encode(ECHO, {"Iso": value})
    assert json.loads(message.body) == {"Iso": value}


def test_a_result_from_python_is_written_as_the_model_states():
    """Dates of Python, and epoch seconds."""
    moment = datetime.datetime(2023, 11, 14, 22, 13, 20, tzinfo=datetime.UTC)
    reply = AwsJson().result_reply(ECHO, {"At": moment, "Iso": moment, "All": [1700000000.25]})
    assert json.loads(reply.body) == {
        "At": 1700000000.0,
        "Iso": WIRE["Iso"],
        "All": WIRE["All"][:1],
    }


def test_text_that_would_be_right_is_sent_as_a_number():
    """A case that puts text where a time is due has to break the type on the wire as well."""
    message = AwsJson().encode(ECHO, {"Iso": WIRE["Iso"], "At": WIRE["Iso"]})
    assert json.loads(message.body) == {"Iso": 1700000000, "At": WIRE["Iso"]}


def test_formats_of_real_models_reach_the_operation():
    """Seventeen services that speak awsJson state formats of times."""
    assert operation("verifiedpermissions:GetPolicy").has_formatted_times
    assert not operation("mailmanager:StartArchiveExport").has_formatted_times


def test_a_message_that_someone_else_wrote_is_judged_in_canonical_form():
    """Text where the model states it breaks nothing, a number does."""
    judge = Unpaired(wire_of(ECHO))
    right = AwsJson().encode(ECHO, CANONICAL)
    wrong = replace(right, body=json.dumps({"Iso": 1700000000}).encode())
    reply = Reply(status=200, headers=(("Content-Type", "application/x-amz-json-1.1"),), body=b"{}")
    assert judge.findings(right, reply) == ()
    assert [found.constraint for found in judge.findings(wrong, reply)] == ["Iso.type"]


ISO = WIRE["Iso"]
WRITTEN = [
    ({"Iso": ISO}, ()),
    ({"Web": WIRE["Web"]}, ()),
    ({"At": 1700000000}, ()),
    ({"Iso": 1700000000}, ("Iso.type",)),
    ({"Web": ISO}, ("Web.type",)),
    ({"At": ISO}, ("At.type",)),
    ({"Named": {"a": 1}}, ("Named[value].type",)),
]
"""Requests as the wire has them, and what they break."""


@pytest.mark.parametrize(("body", "broken"), WRITTEN)
def test_request_files_of_the_wire_have_times_as_the_wire_has_them(body, broken):
    """The checker and the schema for editors agree; the latter cannot tell one text from another."""
    validator = Validator(ECHO)
    canonical = converter(ECHO, "wire")(body)
    assert tuple(each.constraint for each in validator.violations(canonical)) == broken
    assert FileChecker(ECHO, "wire").conforms(body) == (not broken)
    is_text = isinstance(next(iter(body.values())), str)
    valid = jsonschema.Draft202012Validator(editor_schema(ECHO, "wire")).is_valid(body)
    assert valid == (not broken or (is_text and "Web" in body))


@pytest.mark.parametrize(("body", "broken"), WRITTEN)
def test_an_openapi_document_has_times_as_the_wire_has_them(body, broken):
    """In requests and in replies: whoever generates values from it writes the right ones."""
    document = openapi_document([ECHO])
    for name in ("toy.Thing", "toy.Thing.reply"):
        reference = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        checks = jsonschema.Draft202012Validator.FORMAT_CHECKER
        valid = jsonschema.Draft202012Validator(reference, format_checker=checks).is_valid(body)
        # What an HTTP date looks like is no format that libraries check.
        assert valid == (not broken or "Web" in body)


def test_cases_are_exported_with_times_as_the_wire_has_them():
    """Whoever sends them in another language writes the request as JSON."""
    case = next(
        each for each in all_cases(ECHO, wire_of(ECHO)) if each.request and "Iso" in each.request
    )
    assert isinstance(case.request["Iso"], int)
    sent = json.loads(AwsJson().encode(ECHO, case.request).body)
    assert case_document(ECHO, case)["request"] == sent
    assert isinstance(sent["Iso"], str)


def test_a_user_gives_times_as_the_wire_has_them_or_as_numbers():
    """In a known-good request and in a binding; what is no time is refused."""
    assert known_good(ECHO, WIRE, "the request") == CANONICAL
    assert known_good(ECHO, CANONICAL, "the request") == CANONICAL
    assert parse_bindings(ECHO, (f"Iso={ISO}", f"Web={WIRE['Web']}", "At=5")) == {
        "Iso": 1700000000,
        "Web": 1700000000,
        "At": 5,
    }
    assert parse_bindings(ECHO, (f'Iso="{ISO}"',)) == {"Iso": 1700000000}
    for wrong in ("Iso=yesterday", f"At={ISO}", f"Web={ISO}"):
        with pytest.raises(UsageError, match="breaks"):
            parse_bindings(ECHO, (wrong,))
