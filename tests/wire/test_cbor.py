"""rpc-v2-cbor: values as bytes and back, messages, and malformed bodies."""

from __future__ import annotations

import math

import cbor2
import pytest
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from botocore.session import get_session
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_kit import operation
from contract_kit.cases.boundary import boundary_cases
from contract_kit.cases.good_request import GoodRequest
from contract_kit.errors import NotExpressible
from contract_kit.strategies import messages, valid
from contract_kit.validate.validator import Validator
from contract_kit.wire.cbor_items import diagnostic, heads, with_number
from contract_kit.wire.message import Reply
from contract_kit.wire.table import wire_of

EXPORT = operation("mailmanager:StartArchiveExport")
WIRE = wire_of(EXPORT, "rpc-v2-cbor")
REQUEST = GoodRequest(EXPORT).request
GOOD = WIRE.encode(REQUEST)
PROBES = tuple(WIRE.malformed(REQUEST, GoodRequest(EXPORT).smallest()))
METRICS = wire_of(operation("cloudwatch:PutMetricData"), "rpc-v2-cbor")


def names(probe):
    """The name of a test."""
    return f"{probe.constraint}/{probe.slug}"


def test_a_request_is_one_map_below_a_path_that_names_the_operation():
    """With the protocol in a header, and no target beside it."""
    headers = {name.lower(): value for name, value in GOOD.headers}
    assert GOOD.path == "/service/MailManagerSvc/operation/StartArchiveExport"
    assert (headers["smithy-protocol"], headers["accept"]) == ("rpc-v2-cbor", "application/cbor")
    assert "x-amz-target" not in headers
    decoded = cbor2.loads(GOOD.body)
    assert decoded["ArchiveId"] == REQUEST["ArchiveId"]
    assert decoded["FromTimestamp"].timestamp() == REQUEST["FromTimestamp"]


def test_an_operation_without_input_has_no_body():
    """Nor a type of one."""
    bare = WIRE.about(operation("kms:DisconnectCustomKeyStore"))
    assert bare.encode({"CustomKeyStoreId": "x"}).body
    no_input = wire_of(operation("compute-optimizer:GetEnrollmentStatus"), "rpc-v2-cbor")
    assert no_input.encode({}).body == b"\xa0"


@settings(max_examples=60, deadline=None)
@given(valid(EXPORT))
def test_a_conforming_request_means_what_botocore_sends_and_is_read_back(request):
    """botocore's serializer is the oracle: the same decoded value."""
    model = get_session().get_service_model("mailmanager").operation_model("StartArchiveExport")
    theirs = create_serializer("smithy-rpc-v2-cbor").serialize_to_request(request, model)
    ours = WIRE.encode(request)
    assert cbor2.loads(ours.body) == cbor2.loads(theirs["body"])
    assert (ours.method, ours.path) == (theirs["method"], theirs["url_path"])
    assert WIRE.read(ours).request == request
    assert WIRE.request_of(ours) == request


def test_every_violation_is_still_one_on_the_other_side():
    """A wrong value is as wrong in CBOR as in the request, or is known not to be expressible."""
    validator = Validator(EXPORT, wire=True)
    unsaid = []
    for case in boundary_cases(EXPORT):
        if WIRE.cannot_say(case.request):
            unsaid.append(case.slug)
            continue
        read = WIRE.read(WIRE.encode(case.request))
        if read.request is None:
            # A lone surrogate has no UTF-8 form.
            assert read.constraint == "wire.encoding", case.id
            continue
        found = {each.constraint for each in validator.violations(read.request)}
        assert found == {each.constraint for each in validator.violations(case.request)}, case.id
    assert unsaid
    assert set(unsaid) <= {"not-a-number", "infinity"}


def test_what_cbor_cannot_say_is_known_beforehand():
    """Documents; and NaN where it is a number like any other."""
    assert not WIRE.can_say(("FromTimestamp",), math.nan)
    assert WIRE.can_say(("FromTimestamp",), "NaN")
    assert WIRE.can_say(("MaxResults",), math.nan)
    with pytest.raises(NotExpressible, match="FromTimestamp"):
        WIRE.encode({**REQUEST, "FromTimestamp": math.inf})


@pytest.mark.parametrize("probe", PROBES, ids=names)
def test_each_malformed_message_is_read_as_what_it_claims_to_be(probe):
    """By our own reader, which the embedded service and the judge of any message use."""
    reading = WIRE.read(probe.message)
    violations = Validator(EXPORT, wire=True).violations(reading.request or {})
    if probe.expects == "accept":
        assert (reading.constraint, violations) == ("", ())
        assert reading.request is not None
    elif probe.expects == "any":
        # Our reader may be sure of more than can be promised of others.
        assert reading.expects != "accept" or reading.request is not None
    elif probe.constraint.startswith("wire.") and probe.family != "required":
        assert reading.constraint in (probe.constraint, "")
        assert reading.expects == probe.expects or not reading.constraint
    elif probe.expects == "reject":
        assert reading.constraint or violations


def test_no_two_malformed_messages_are_the_same():
    """Nor have two of them one name."""
    seen = [(p.message.method, p.message.path, p.message.headers, p.message.body) for p in PROBES]
    assert len(set(seen)) == len(seen)
    known = [names(probe) for probe in PROBES]
    assert len(set(known)) == len(known)
    cases = {case.id.partition("/")[2] for case in boundary_cases(EXPORT)}
    assert not cases & set(known)


@pytest.mark.parametrize(
    "probe", [p for p in PROBES if p.constraint == "wire.syntax" and p.slug != "empty"], ids=names
)
def test_a_generic_reader_agrees_about_what_is_well_formed(probe):
    """cbor2 itself is the oracle, and has to read to the end."""
    try:
        value = cbor2.loads(probe.message.body)
        is_read = cbor2.dumps(value) == probe.message.body or probe.expects == "accept"
    except (cbor2.CBORDecodeError, OverflowError):
        is_read = False
    assert is_read == (probe.expects == "accept")


@pytest.mark.parametrize(
    ("mark", "number", "wanted"), [("{seq}", 7, "p-7"), ("p-{seq12}", 12, "p-p-000000000012")]
)
def test_numbers_are_filled_into_raw_messages_with_the_lengths_around_them(mark, number, wanted):
    """Also where more than 23 characters need another head; what is malformed is left alone."""
    long = "x" * 22 + mark
    body = cbor2.dumps({"A": f"p-{mark}", "B": [long, 1.5, b"{seq}"]})
    filled = cbor2.loads(with_number(body, number))
    assert filled["A"] == wanted
    assert filled["B"] == ["x" * 22 + wanted.removeprefix("p-"), 1.5, b"{seq}"]
    assert with_number(body[:-3], number).startswith(with_number(body, number)[:10])


@given(st.binary(max_size=60))
def test_any_bytes_have_a_readable_form_and_can_be_filled_in(body):
    """Nothing raises, and nothing without marks changes."""
    assert isinstance(diagnostic(body), str)
    assert with_number(body, 1) == body
    assert all(head.end <= len(body) for head in heads(body))
    WIRE.read(WIRE.encode(REQUEST).__class__(path=GOOD.path, headers=GOOD.headers, body=body))
    WIRE.decode(Reply(status=200, headers=GOOD.headers, body=body))


@settings(max_examples=80, deadline=None)
@given(messages(EXPORT, wire=WIRE))
def test_raw_messages_are_sent_to_the_operation(message):
    """Whatever their bodies."""
    assert WIRE.addressed(message) == WIRE.address
    WIRE.read(message)


@pytest.mark.parametrize(
    ("body", "kind", "fault"),
    [
        ({"ExportId": "e"}, "result", ""),
        ({"ExportId": b"e"}, "result", "response.schema"),
        ({"ExportId": 1}, "result", "response.schema"),
        ({"ExportId": cbor2.CBORTag(1, 5)}, "result", "response.schema"),
        ({}, "result", "response.ExportId.present"),
        ([], "result", "response.schema"),
    ],
)
def test_a_reply_is_read_strictly(body, kind, fault):
    """A byte string is no text, whatever clients make of it."""
    headers = (("Content-Type", "application/cbor"), ("smithy-protocol", "rpc-v2-cbor"))
    answer = WIRE.decode(Reply(status=200, headers=headers, body=cbor2.dumps(body)))
    assert answer.kind == kind
    assert [id for id, _ in answer.faults][:1] == ([fault] if fault else [])


def test_a_reply_without_its_protocol_is_a_fault_and_the_json_header_of_errors_is_ignored():
    """Only the body names an error."""
    body = cbor2.dumps({"__type": "x#ValidationException", "message": "no"})
    reply = Reply(status=400, headers=(("Content-Type", "application/cbor"),), body=body)
    answer = WIRE.decode(reply)
    assert (answer.name, answer.text) == ("ValidationException", "no")
    assert dict(answer.faults) == {"error.contentType": "the reply has no smithy-protocol"}
    unnamed = Reply(
        status=400,
        headers=(("x-amzn-errortype", "ValidationException"),),
        body=cbor2.dumps({"message": "no"}),
    )
    assert WIRE.decode(unnamed).kind == "broken"


def test_replies_of_our_own_are_read_by_botocore():
    """Results and errors, by its parser."""
    model = get_session().get_service_model("mailmanager").operation_model("StartArchiveExport")
    parser = create_parser("smithy-rpc-v2-cbor")

    def parsed(reply):
        response = {
            "status_code": reply.status,
            "headers": dict(reply.headers),
            "body": reply.body,
        }
        return parser.parse(response, model.output_shape)

    assert parsed(WIRE.result_reply({"ExportId": "e"}))["ExportId"] == "e"
    error = parsed(WIRE.error_reply("ValidationException", "no"))["Error"]
    assert (error["Code"], error["Message"]) == ("ValidationException", "no")


def test_clients_of_the_query_protocol_are_told_the_names_they_know():
    """In a header of the request, and of the reply."""
    message = METRICS.encode({"Namespace": "n"})
    assert ("x-amzn-query-mode", "true") in message.headers
    error = next(each for each in METRICS.operation.errors if each.code)
    reply = METRICS.error_reply(error.name, "no")
    assert reply.header("x-amzn-query-error") == f"{error.code};Sender"
    answer = METRICS.decode(reply)
    assert (answer.name, answer.code, answer.faults) == (error.name, error.code, ())


def test_reports_show_bodies_in_diagnostic_notation():
    """Any of them, whole or cut."""
    assert WIRE.text(bytes.fromhex("bf6161c1fb3ff8000000000000ff")) == '{_ "a": 1(1.5)}'
    assert WIRE.text(b"\xa1\x61a\x7f\x61b\x61c\xff") == '{"a": (_ "b", "c")}'
    assert WIRE.text(GOOD.body[:20]).endswith("(the body ends within a string)")
    assert WIRE.head(GOOD) == ""
    moved = WIRE.to_no_operation(GOOD)
    assert WIRE.head(moved).startswith("POST /service/MailManagerSvc/operation/ContractKit")
