"""Names of errors: their class, their statuses, and traces that leak beside them."""

from __future__ import annotations

import textwrap
from dataclasses import replace

import pytest

from contract_kit import operation
from contract_kit.contract.operation import ErrorShape
from contract_kit.wire.aws_json import AwsJson
from contract_kit.wire.errors import (
    COMMON_STATUSES,
    ERROR_CONSTRAINTS,
    RIGHT_CLASSES,
    bare_name,
    classify,
    is_collision,
    is_error_name,
    leak,
    right_errors,
    status_fault,
)

EXPORT = operation("mailmanager:StartArchiveExport")
ELSEWHERE = replace(
    EXPORT,
    errors=(ErrorShape(name="InvalidTableException", statuses=()),),
)
"""A service that documents no ValidationException."""


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("SerializationException", "serialization"),
        ("UnimplementedOperation", "not-implemented"),
        ("OperationNotImplemented", "not-implemented"),
        ("ServiceFailedException", "fault"),
        ("MalformedHttpRequestException", "serialization"),
        ("ValidationException", "validation"),
        ("ValidationError", "validation"),
        ("UnknownOperationException", "unknown-operation"),
        ("UnknownOperation", "unknown-operation"),
        ("ThrottlingException", "retry"),
        ("TooManyRequestsException", "retry"),
        ("ServiceUnavailable", "retry"),
        ("ServiceUnavailableException", "retry"),
        ("ResourceNotFoundException", "state"),
        ("AccessDeniedException", "state"),
        ("ConflictException", "state"),
        ("ServiceQuotaExceededException", "state"),
        ("UnrecognizedClientException", "state"),
        ("MissingAuthenticationTokenException", "state"),
        ("InternalFailure", "fault"),
        ("NotImplemented", "not-implemented"),
        ("InvalidParameterException", "other"),
        ("BadRequestException", "other"),
        ("TeapotException", "other"),
    ],
)
def test_a_name_says_what_is_wrong_with_the_request(name, kind):
    """Where ValidationException is documented, no other service's word stands for it."""
    assert classify(EXPORT, name) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("InvalidParameterException", "validation"),
        ("InvalidParameterValueException", "validation"),
        ("BadRequestException", "validation"),
        ("InvalidTableException", "validation"),
        ("InvalidChairException", "validation"),
        ("MutuallyExclusiveParameters", "validation"),
        ("ParameterConflict", "validation"),
        ("ValueExceedsMaximum", "validation"),
        ("UnparseableRequest", "validation"),
        ("UserInputError", "validation"),
        ("TeapotException", "other"),
        ("InvalidAMIID.Unavailable", "state"),
        ("InvalidAMIID.Malformed", "validation"),
        ("WAFInvalidOperationException", "state"),
        ("InvalidHandshakeTransitionException", "state"),
        ("ConnectorServerException", "state"),
        ("PasswordHistoryPolicyViolationException", "state"),
        ("UserErrorException", "validation"),
        ("InternalErrorException", "fault"),
        ("FileContentAndSourceFileSpecifiedException", "validation"),
        ("NoDataRetentionException", "state"),
        ("HostedZoneNotPrivate", "state"),
        ("Receiver", "fault"),
    ],
)
def test_services_of_other_protocols_use_other_names_for_the_same(name, kind):
    """Names that speak of something invalid, documented or not."""
    assert classify(ELSEWHERE, name) == kind


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Name", "Name"),
        ("aws.x#Name", "Name"),
        ("aws.x#Name:http://x", "Name"),
        (" Name ", "Name"),
        ("", ""),
        (None, ""),
        (5, ""),
        ({"a": 1}, ""),
    ],
)
def test_a_bare_name_has_neither_namespace_nor_link(value, name):
    """Anything that is no string has no name."""
    assert bare_name(value) == name


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("ResourceNotFoundException", True),
        ("InternalFailure", True),
        ("OptInRequired", True),
        ("InvalidTableException", True),
        ("SomeError", True),
        ("StartArchiveExportResponse", False),
        ("ExportResult", False),
    ],
)
def test_names_of_errors_are_told_from_names_of_replies(name, is_one):
    """A documented name, a common one, or one that ends as errors do."""
    assert is_error_name(ELSEWHERE, name) is is_one


@pytest.mark.parametrize(
    ("name", "status", "fault"),
    [
        ("ValidationException", 400, ""),
        ("ValidationException", 422, "documented is 400"),
        ("ResourceNotFoundException", 404, ""),
        ("ResourceNotFoundException", 400, ""),
        ("ResourceNotFoundException", 410, "documented is 400 or 404"),
        ("AccessDeniedException", 403, ""),
        ("ThrottlingException", 429, ""),
        ("ThrottlingException", 503, "documented is 400 or 429"),
        ("ServiceQuotaExceededException", 402, ""),
        ("InternalFailure", 500, ""),
        ("InternalFailure", 400, "documented is 500"),
        ("ServiceUnavailable", 503, ""),
        ("UnknownOperationException", 404, ""),
        ("TeapotException", 418, ""),
        ("TeapotException", 200, "not with a 4xx"),
        ("TeapotException", 500, "not with a 4xx"),
    ],
)
def test_page_and_model_are_both_right_about_a_status(name, status, fault):
    """The page says 400 for every error, the model others; undocumented errors have any 4xx."""
    said = status_fault(EXPORT, name, status)
    assert fault in said
    assert bool(said) is bool(fault)


def test_an_error_documented_as_a_server_fault_does_not_come_with_400():
    """That real services answer 400 where the model says 404 holds for errors of the caller."""
    broken = replace(EXPORT, errors=(ErrorShape(name="Down", statuses=((503, "model"),)),))
    assert status_fault(broken, "Down", 503) == ""
    assert "documented is 503" in status_fault(broken, "Down", 400)


TRACES = {
    "python": """
        Traceback (most recent call last):
          File "/srv/app.py", line 12, in handler
            return 1 / 0
        ZeroDivisionError: division by zero
        """,
    "python, one frame": 'error in File "/srv/app.py", line 12, in handler',
    "java": """
        java.lang.NullPointerException: null
        \tat com.example.Handler.handle(Handler.java:42)
        \tat java.base/java.lang.Thread.run(Thread.java:833)
        """,
    "java, native": "x\n\tat sun.reflect.NativeMethod.invoke0(Native Method)",
    "node": """
        TypeError: Cannot read properties of undefined (reading 'S3')
            at handler (/srv/app.js:10:15)
            at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
        """,
    "node, anonymous": "Error: no\n    at /srv/app.js:10:15",
    "go": "goroutine 1 [running]:\nmain.handler(...)\n\t/srv/main.go:10 +0x1d",
    "ruby": "app.rb:12:in `handler': divided by 0 (ZeroDivisionError)",
    "php": "#0 index.php:12:in main()",
}


@pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES.keys())
def test_a_stack_trace_of_any_language_is_seen(trace):
    """The line that gives it away is quoted."""
    assert leak(textwrap.dedent(trace)).startswith("the reply shows a stack trace: ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 validation error detected: Value 'x' at 'archiveId' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: a-[\\w]{1,64}",
        "File not found at line 12",
        "Expecting ',' delimiter: line 1 column 5 (char 4)",
        "Unexpected token } in JSON at position 12",
        "at 'filters.include.1.member' failed",
        "look at (the documentation)",
        "the export starts at 12:30:15",
        "Unrecognized token 'x': was expecting (JSON String, Number) at [Source: (byte[]); "
        "line: 1, column: 3]",
        "see https://example.test/errors.php?line=12",
        "Traceback is not what this is",
    ],
)
def test_an_ordinary_message_is_no_leak(text):
    """Positions in a request, clock times and words about files are what messages are made of."""
    assert leak(text) == ""


def test_a_quoted_trace_is_short():
    """A report shows where to look, not a whole page."""
    assert len(leak(f'File "{"x" * 5000}", line 1')) < 200


def test_each_family_of_cases_has_its_usual_error_first():
    """SEMANTICS.md: a type error is a SerializationException, a missing member a validation."""
    assert right_errors("type") == ("SerializationException", "ValidationException")
    assert right_errors("required") == ("ValidationException", "SerializationException")
    assert right_errors("value") == ("ValidationException",)
    assert right_errors("target") == ("UnknownOperationException",)
    assert right_errors("wire") == ()


def test_each_right_error_classifies_as_right():
    """The names that a report recommends are names that the judge accepts."""
    for family, right in RIGHT_CLASSES.items():
        assert tuple(classify(EXPORT, name) for name in right_errors(family)) == right


def test_common_errors_are_those_of_the_documentation():
    """SEMANTICS.md lists them; SerializationException is on no page."""
    assert set(COMMON_STATUSES) == {
        *("AccessDeniedException", "ExpiredTokenException", "IncompleteSignature"),
        *("InternalFailure", "MalformedHttpRequestException", "NotAuthorized", "OptInRequired"),
        *("RequestAbortedException", "RequestEntityTooLargeException", "RequestExpired"),
        *("RequestTimeoutException", "ServiceUnavailable", "ThrottlingException"),
        *("UnknownOperationException", "UnrecognizedClientException", "ValidationError"),
        *("ValidationException", "SerializationException"),
    }


def test_what_errors_are_held_to_is_listed_among_the_protocols_constraints():
    """Each gets a verdict of its own."""
    own = AwsJson().constraints
    assert set(ERROR_CONSTRAINTS) <= set(own)
    assert len({constraint.id for constraint in own}) == len(own)
    assert {constraint.kind for constraint in own} == {"wire", "error"}


@pytest.mark.parametrize(
    ("id", "name", "collides"),
    [
        ("wafv2:CreateIPSet", "WAFDuplicateItemException", True),
        ("dynamodb:CreateTable", "ResourceInUseException", True),
        ("wafv2:CreateIPSet", "WAFInvalidParameterException", False),
        ("wafv2:CreateIPSet", "DuplicateItemException", False),
        ("organizations:CreateAccount", "DuplicateTagKeysException", False),
    ],
)
def test_a_documented_duplicate_is_a_collision_with_what_there_is(id, name, collides):
    """An earlier request may have been given the name, rightly or not."""
    assert is_collision(operation(id), name) is collides
