"""What one answer shows: a table of SEMANTICS.md, a row per sentence."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import get_args

import pytest

from contract_kit import operation
from contract_kit.cases.case import Case
from contract_kit.contract.operation import ErrorShape, Operation
from contract_kit.verdict.judge import FINDINGS, JudgedAs, Profile, judge
from contract_kit.wire.message import Answer, Expectation, Family

EXPORT = operation("mailmanager:StartArchiveExport")

RESULT = Answer(kind="result", status=200, result={"ExportId": "e"})
PAGE = replace(RESULT, result=None, faults=(("response.schema", "the body is not JSON"),))
SILENCE = Answer(kind="broken", name="timeout", text="no whole reply within 5 s")
DROPPED = Answer(kind="broken", name="dropped", text="the connection broke")
NAMELESS_4XX = Answer(kind="broken", status=400, text="HTTP 400 names no error")
NAMELESS_5XX = Answer(kind="broken", status=500, text="HTTP 500: Internal Server Error")
NAMELESS_501 = Answer(kind="broken", status=501, text="HTTP 501: Unsupported method")


def error(name, status=400, text="no"):
    """An answer that refuses with a named error."""
    return Answer(kind="error", status=status, name=name, text=text)


VALIDATION = error("ValidationException")
SERIALIZATION = error("SerializationException")
UNKNOWN = error("UnknownOperationException")
NOT_FOUND = error("ResourceNotFoundException", 404)
DENIED = error("AccessDeniedException", 403)
QUOTA = error("ServiceQuotaExceededException", 402)
THROTTLED = error("ThrottlingException", 429)
UNAVAILABLE = error("ServiceUnavailable", 503)
INTERNAL = error("InternalFailure", 500)
ODD = error("TeapotException", 418)


UNUSUAL_TYPE = "ValidationException counts as right, although SerializationException is usual"
UNUSUAL_VALUE = "SerializationException counts as right, although ValidationException is usual"


@dataclass(frozen=True)
class Row:
    """One sentence: a case of this family, answered so, is judged so in both profiles."""

    says: str
    family: Family
    expects: Expectation
    answer: Answer
    outcome: JudgedAs
    note: str = ""
    lenient: JudgedAs | None = None
    tolerated: bool = False
    bound: bool = False
    documents: tuple[str, ...] | None = None

    @property
    def operation(self) -> Operation:
        """One that documents these errors alone, or as well as its own if there are any."""
        if self.documents is None:
            return EXPORT
        own = EXPORT.errors if self.documents else ()
        named = (ErrorShape(name=name, statuses=((400, "model"),)) for name in self.documents)
        return replace(EXPORT, errors=(*own, *named))


TABLE = [
    # What conforms is carried out.
    Row("a conforming request is accepted", "value", "accept", RESULT, "kept"),
    Row("parameters of the content type are accepted", "wire", "accept", RESULT, "kept"),
    Row(
        "a conforming request refused with a validation error is too strict",
        *("value", "accept", VALIDATION, "too strict"),
    ),
    Row(
        "a conforming request refused as unreadable is too strict",
        *("value", "accept", SERIALIZATION, "too strict"),
    ),
    Row(
        "a conforming request refused with an error nobody documents is too strict",
        *("value", "accept", ODD, "too strict"),
    ),
    Row(
        "the operation must not become unknown for a conforming request",
        *("wire", "accept", UNKNOWN, "too strict"),
    ),
    Row("a state error says nothing about validation", "value", "accept", NOT_FOUND, "masked"),
    Row(
        "what is not there has a documented name",
        *("value", "accept", error("ArchiveNotFound", 404), "wrong error"),
    ),
    Row(
        "a quota has a documented name",
        *("value", "accept", error("LimitExceededException"), "wrong error"),
    ),
    Row("access denied says nothing about validation", "value", "accept", DENIED, "masked"),
    Row("a quota that is used up is no fault", "value", "accept", QUOTA, "masked"),
    Row("throttled to the end is masked", "value", "accept", THROTTLED, "masked"),
    Row("unavailable to the end is masked", "value", "accept", UNAVAILABLE, "masked"),
    # What does not conform is refused, with the right error.
    Row("a pattern that is broken is a ValidationException", "value", "reject", VALIDATION, "kept"),
    Row("accepting a value outside is too lax", "value", "reject", RESULT, "too lax"),
    Row(
        "a value outside is read well, so it is no serialization error",
        *("value", "reject", SERIALIZATION, "wrong error"),
    ),
    Row(
        "an error nobody documents is wrong for a value outside",
        *("value", "reject", ODD, "wrong error"),
    ),
    Row("a wrong type is a SerializationException", "type", "reject", SERIALIZATION, "kept"),
    Row(
        "a type error answered with ValidationException is right, with a note",
        *("type", "reject", VALIDATION, "kept", UNUSUAL_TYPE),
    ),
    Row("accepting a wrong type is too lax", "type", "reject", RESULT, "too lax"),
    Row(
        "a boolean word is accepted by real services, so lenient allows it",
        *("type", "reject", RESULT, "too lax"),
        lenient="kept",
        tolerated=True,
        note="accepted, as real AWS services do",
    ),
    Row(
        "what real services tolerate may be refused all the same",
        *("type", "reject", SERIALIZATION, "kept"),
        tolerated=True,
    ),
    Row("a missing member is a ValidationException", "required", "reject", VALIDATION, "kept"),
    Row(
        "a missing member answered with SerializationException is right, with a note",
        *("required", "reject", SERIALIZATION, "kept", UNUSUAL_VALUE),
    ),
    Row("a union with two members may be either error", "union", "reject", SERIALIZATION, "kept"),
    Row(
        "a union with two members may be a validation error",
        *("union", "reject", VALIDATION, "kept", UNUSUAL_TYPE),
    ),
    Row("truncated JSON is a SerializationException", "body", "reject", SERIALIZATION, "kept"),
    Row("truncated JSON that is accepted is too lax", "body", "reject", RESULT, "too lax"),
    Row("an unknown target is an UnknownOperationException", "target", "reject", UNKNOWN, "kept"),
    Row(
        "an unknown target is no validation error",
        *("target", "reject", VALIDATION, "wrong error"),
    ),
    Row("an unknown target that is carried out is too lax", "target", "reject", RESULT, "too lax"),
    # State errors in place of validation: the twin was accepted.
    Row(
        "the twin was found, so not found is the wrong error",
        *("value", "reject", NOT_FOUND, "wrong error"),
    ),
    Row(
        "not found is a true answer for a bound member that cannot exist",
        *("value", "reject", NOT_FOUND, "masked"),
        bound=True,
    ),
    Row(
        "denying every bad request is the wrong error",
        *("type", "reject", DENIED, "wrong error"),
    ),
    Row(
        "a bound member has no excuse for being too lax",
        *("value", "reject", RESULT, "too lax"),
        bound=True,
    ),
    Row(
        "a bound member may be refused with a proper validation error",
        *("value", "reject", VALIDATION, "kept"),
        bound=True,
    ),
    Row(
        "a bound member excuses no other error",
        *("value", "reject", ODD, "wrong error"),
        bound=True,
    ),
    Row("throttling masks what was to be proven", "value", "reject", THROTTLED, "masked"),
    # Any well-formed answer: only a crash fails.
    Row("NUL inside a string may be accepted", "value", "any", RESULT, "kept"),
    Row("NUL inside a string may be refused", "value", "any", VALIDATION, "kept"),
    Row("an inverted range may be refused in any words", "value", "any", ODD, "kept"),
    Row("a duplicate key may be unreadable", "body", "any", SERIALIZATION, "kept"),
    Row("any answer must name its error", "body", "any", NAMELESS_4XX, "crash"),
    # Wrong content type: a well-formed answer in time, or a bare refusal.
    Row("a wrong content type may be accepted", "wire", "survive", RESULT, "kept"),
    Row("a wrong content type may be refused", "wire", "survive", UNKNOWN, "kept"),
    Row("a wrong content type may get a bare 415", "wire", "survive", NAMELESS_4XX, "kept"),
    Row(
        "a wrong content type must not be a server fault", "wire", "survive", NAMELESS_5XX, "crash"
    ),
    # Wrong method: anything but the operation carried out.
    Row("a wrong method is not carried out", "wire", "refuse", RESULT, "too lax"),
    Row("a wrong method may get a page of some kind", "wire", "refuse", PAGE, "kept"),
    Row("a wrong method may get a named error", "wire", "refuse", UNKNOWN, "kept"),
    Row("a wrong method may get a bare 405", "wire", "refuse", NAMELESS_4XX, "kept"),
    Row("a wrong method may get a bare 501", "wire", "refuse", NAMELESS_501, "kept"),
    Row(
        "a method that is not implemented may say so",
        *("wire", "refuse", error("NotImplemented", 501), "kept"),
    ),
    Row("a wrong method may get no answer", "wire", "refuse", DROPPED, "kept"),
    # Crashes, whatever was asked.
    *(
        Row(f"{says} is a crash, expected to {expects}", "value", expects, answer, "crash")
        for (says, answer), expects in itertools.product(
            {
                "a 5xx": NAMELESS_5XX,
                "a dropped connection": DROPPED,
                "a time-out": SILENCE,
                "a named InternalFailure": INTERNAL,
                "a server fault of another name": error("EngineFailure", 500),
                "a validation error with a 500": error("ValidationException", 500),
                "a state error with a 502": error("KMSDisabledException", 502),
                "a server fault with a 400": error("InternalServerError", 400),
                "a throttling with a 500": error("ThrottlingException", 500),
            }.items(),
            ("accept", "reject", "any"),
        )
    ),
    *(
        Row(f"{says} is a crash, expected to {expects}", "wire", expects, answer, "crash")
        for (says, answer), expects in itertools.product(
            {
                "a bare 500": NAMELESS_5XX,
                "a named 500": error("EngineFailure", 500),
                "a 500 that calls itself a validation error": error("ValidationException", 500),
            }.items(),
            ("survive", "refuse"),
        )
    ),
    # Services that validate under names of their own.
    Row(
        "an own name for what breaks a constraint is right where it is documented",
        *("value", "reject", error("InvalidThingException"), "kept"),
        note="InvalidThingException counts as right, although ValidationException is usual",
        documents=("InvalidThingException",),
    ),
    Row(
        "an own name is right where the service documents no ValidationException",
        *("required", "reject", error("MissingRequiredParameterException"), "kept"),
        note="MissingRequiredParameterException counts as right, although ValidationException is usual",
        documents=(),
    ),
    Row(
        "a fault of the client is one where the service says no more",
        *("value", "reject", error("ClientException"), "kept"),
        note="ClientException counts as right, although ValidationException is usual",
        documents=(),
    ),
    Row(
        "an own name that nobody documents is wrong beside a documented ValidationException",
        *("value", "reject", error("MissingRequiredParameterException"), "wrong error"),
    ),
    Row(
        "what does not exist is state, whatever the service calls it",
        *("value", "accept", error("AWS.SimpleQueueService.NonExistentQueue"), "masked"),
        documents=(),
    ),
    Row(
        "what is not implemented proves nothing",
        *("value", "reject", error("NotImplemented", 501), "masked"),
        note="the target does not implement y, by its own account; no finding",
    ),
    Row(
        "a member that is not implemented is no strictness",
        *("value", "accept", error("NotImplementedException"), "masked"),
        note="the target does not implement y, by its own account; no finding",
    ),
    Row(
        "a 501 says so whatever its name",
        *("value", "accept", error("TeapotException", 501), "masked"),
        note="the target does not implement y, by its own account; no finding",
    ),
    Row(
        "so does one without any",
        *("type", "reject", NAMELESS_501, "masked"),
        note="the target does not implement y, by its own account; no finding",
    ),
    Row(
        "a refusal that names no error is not an AWS reply",
        "value",
        "reject",
        NAMELESS_4XX,
        "crash",
    ),
    Row("a time-out is no survival", "wire", "survive", SILENCE, "crash"),
    Row(
        "a server fault by name is one for a wrong method too", "wire", "refuse", INTERNAL, "crash"
    ),
]


def case(row: Row) -> Case:
    """A case of the row's family."""
    return Case(
        id="x/y/z",
        constraint="y",
        side="inside" if row.expects == "accept" else "outside",
        expects=row.expects,
        family=row.family,
        tolerated=row.tolerated,
    )


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.says.replace(" ", "-"))
@pytest.mark.parametrize("profile", get_args(Profile))
def test_each_sentence_holds(row, profile):
    """Both profiles agree but where the row says so; a note is given where the row has one."""
    judgement = judge(row.operation, case(row), row.answer, profile=profile, bound=row.bound)
    lenient = profile == "lenient" and row.lenient is not None
    assert judgement.outcome == (row.lenient if lenient else row.outcome)
    assert judgement.note == ("" if row.lenient and not lenient else row.note)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.says.replace(" ", "-"))
def test_whatever_is_not_kept_has_a_reason(row):
    """A report can say why."""
    judgement = judge(EXPORT, case(row), row.answer, bound=row.bound)
    assert bool(judgement.reason) is (judgement.outcome != "kept")
    assert judgement.is_finding is (judgement.outcome in FINDINGS)


def test_the_table_has_each_family_and_each_expectation():
    """None is judged untested, or could not be expressed."""
    assert {row.family for row in TABLE} == set(get_args(Family))
    assert {row.expects for row in TABLE} == set(get_args(Expectation))
    assert {row.outcome for row in TABLE} == set(get_args(JudgedAs)) - {
        "untested",
        "not expressible",
    }


def test_the_reason_of_a_wrong_error_names_the_right_one():
    """And quotes what came instead."""
    row = Row("", "value", "reject", ODD, "wrong error")
    reason = judge(EXPORT, case(row), ODD).reason
    assert reason == "answered with TeapotException: no; ValidationException is right"


def test_a_documented_error_of_its_own_kind_masks_a_refusal():
    """A service may refuse for reasons that no constraint tells, with an error it documents."""
    documents_it = replace(
        EXPORT, errors=(*EXPORT.errors, ErrorShape(name="TeapotException", statuses=()))
    )
    row = Row("", "value", "accept", ODD, "masked")
    assert judge(documents_it, case(row), ODD).outcome == "masked"
    assert judge(EXPORT, case(row), ODD).outcome == "too strict"


def test_what_exists_already_masks_where_the_operation_documents_that():
    """Some earlier request was wrongly given the name; where nothing is made, it is just wrong."""
    conflict = error("ConflictException", 409)
    row = Row("", "value", "reject", conflict, "masked")
    assert judge(operation("mailmanager:CreateArchive"), case(row), conflict).outcome == "masked"
    assert judge(EXPORT, case(row), conflict).outcome == "wrong error"


def test_an_answer_that_documents_other_names_is_judged_by_its_own():
    """Lambda says InvalidParameterValueException, and documents no ValidationException."""
    other = replace(EXPORT, errors=(ErrorShape(name="InvalidTableException", statuses=()),))
    row = Row("", "value", "reject", error("InvalidParameterValueException"), "kept")
    assert judge(other, case(row), row.answer).outcome == "kept"
    assert judge(EXPORT, case(row), row.answer).outcome == "wrong error"


def test_a_service_of_the_query_protocol_answers_in_xml_what_names_no_target() -> None:
    """Without the header the request is not JSON's, whatever it holds; others answer in JSON."""
    sent = Case(
        id="x/wire.target/missing",
        constraint="wire.target",
        side="outside",
        expects="reject",
        family="target",
    )
    sqs, ssm = operation("sqs:CreateQueue"), operation("ssm:GetParameter")
    assert judge(sqs, sent, NAMELESS_4XX).outcome == "kept"
    assert judge(ssm, sent, NAMELESS_4XX).outcome == "crash"
    assert judge(sqs, replace(sent, constraint="wire.syntax"), NAMELESS_4XX).outcome == "crash"


CREATE_KEY = operation("kms:CreateKey")


@pytest.mark.parametrize(
    ("name", "text", "outcome"),
    [
        ("UnsupportedOperationException", "Origin X is not supported.", "kept"),
        ("UnsupportedOperationException", "Not in this Region.", "wrong error"),
        ("UnsupportedStateException", "Origin X is not supported.", "wrong error"),
        ("LimitExceededException", "Origin X is one too many.", "wrong error"),
    ],
)
def test_an_unsupported_value_may_be_refused_with_the_error_documented_for_it(name, text, outcome):
    """If its text names the member: else something else may be unsupported."""
    case = Case(
        id="CreateKey/Origin.enum/other",
        constraint="Origin.enum",
        side="outside",
        expects="reject",
        family="value",
    )
    judged = judge(CREATE_KEY, case, error(name, text=text))
    assert judged.outcome == outcome
    assert bool(judged.note) == (outcome == "kept")


@pytest.mark.parametrize(
    ("request_", "answer", "outcome"),
    [
        ({"QueueUrl": "u", "WaitTimeSeconds": 10}, SILENCE, "masked"),
        ({"QueueUrl": "u", "WaitTimeSeconds": 10}, DROPPED, "crash"),
        ({"QueueUrl": "u", "WaitTimeSeconds": 0}, SILENCE, "crash"),
        ({"QueueUrl": "u", "MaxNumberOfMessages": 10}, SILENCE, "crash"),
    ],
)
def test_a_target_that_is_asked_to_wait_may_take_its_time(request_, answer, outcome):
    """Documentation says of the member that the call waits before it returns."""
    case = Case(
        id="ReceiveMessage/WaitTimeSeconds.type/typical",
        constraint="WaitTimeSeconds.type",
        side="inside",
        expects="accept",
        family="type",
        request=request_,
    )
    assert judge(operation("sqs:ReceiveMessage"), case, answer).outcome == outcome
