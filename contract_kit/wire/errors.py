"""Error names of AWS replies: reading them, their statuses, and what they say about a request.

Sources: the operation's documented errors, the page "Common Errors" of AWS API references,
and the names that services of other protocols use for the same text.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from contract_kit.contract.operation import Constraint, Operation
from contract_kit.contract.shape import Json
from contract_kit.wire.error_names import ErrorClass, class_of_name
from contract_kit.wire.message import Family

COMMON_STATUSES: dict[str, tuple[int, ...]] = {
    "AccessDeniedException": (400, 403),
    "ExpiredTokenException": (400, 403),
    "IncompleteSignature": (400, 403),
    "InternalFailure": (500,),
    "MalformedHttpRequestException": (400,),
    "NotAuthorized": (400, 401, 403),
    "OptInRequired": (400, 403),
    "RequestAbortedException": (400,),
    "RequestEntityTooLargeException": (400, 413),
    "RequestExpired": (400, 403),
    "RequestTimeoutException": (400, 408),
    "SerializationException": (400,),
    "ServiceUnavailable": (503,),
    "ThrottlingException": (400, 429),
    "UnknownOperationException": (400, 404),
    "UnrecognizedClientException": (400, 401, 403),
    "ValidationError": (400,),
    "ValidationException": (400,),
}
"""Errors common to all actions, with the statuses documented for them or observed."""

VALIDATION = ("ValidationException", "ValidationError")
"""Names that each service may give to a request that breaks a constraint."""

SERIALIZATION = ("SerializationException", "MalformedHttpRequestException")
UNKNOWN_OPERATION = ("UnknownOperationException", "UnknownOperation")
BUSY = (429, 503)

_MISSING = re.compile(r"NotFound|DoesNotExist|NoSuch|Non-?[Ee]xist|^Unknown\w*(?:Resource|Fault)")
_TAKEN = re.compile(r"Exists|InUse|Conflict|Duplicate(?!Tag|Param)")
_TOO_MUCH = re.compile(r"Quota|LimitExceeded")
_LEAK = re.compile(
    r"Traceback \(most recent call last\)"
    r"|File \"[^\"\n]+\", line \d+"
    r"|^[ \t]*at [\w$.<>/ ]+\([^()\n]*(?::\d+|Native Method|Unknown Source)\)"
    r"|^goroutine \d+ \["
    r"|^[ \t]+at .+:\d+:\d+\)?$"
    r"|\w\.(?:rb|php|go|rs):\d+:in\b",
    re.MULTILINE,
)


def error_constraints(shape: str) -> tuple[Constraint, ...]:
    """Constraints on errors. shape: the form that a wire has for them, in words."""
    words = {
        "contentType": "an error's content type is the protocol's",
        "status": "an error has the documented status, or 400",
        "shape": shape,
        "leak": "a reply shows no stack trace",
    }
    return tuple(
        Constraint(
            id=f"error.{name}",
            kind="error",
            location=("error",),
            origins=("protocol",),
            words=text,
        )
        for name, text in words.items()
    )


ERROR_CONSTRAINTS = error_constraints(
    "an error is an object with __type and a message that is a string"
)
"""Constraints on errors on every wire that shows them as objects with `__type`."""


def bare_name(value: Json) -> str:
    """`aws.x#Name:http://…` as `Name`; empty where there is no name.

    Clients compare the part after the last `#` and before any `:`.
    """
    if not isinstance(value, str):
        return ""
    return value.partition(":")[0].rpartition("#")[2].strip()


def documented_statuses(operation: Operation, name: str) -> tuple[int, ...]:
    """The statuses that some source states for an error of the operation; empty if none does."""
    return tuple(
        status for error in operation.errors if name in error.names for status, _ in error.statuses
    )


def usual_status(operation: Operation, name: str) -> int:
    """A status that is right for an error."""
    return (*documented_statuses(operation, name), *COMMON_STATUSES.get(name, ()), 400)[0]


def is_error_name(operation: Operation, name: str) -> bool:
    """Whether a name in a reply is an error's, not that of the reply's own structure."""
    return (
        name in COMMON_STATUSES
        or is_documented(operation, name)
        or name.endswith(("Exception", "Error", "Fault", "Failure"))
    )


def status_fault(operation: Operation, name: str, status: int) -> str:
    """The fault in an error's status, or nothing.

    Real awsJson services answer 400 also where the model documents another status; both are
    right, and so is every status of the 4xx class for an error that nobody documents.
    """
    documented = documented_statuses(operation, name)
    allowed = {*documented, *COMMON_STATUSES.get(name, ())}
    if documented and all(value < 500 for value in documented):
        allowed.add(400)
    if not allowed:
        wanted = _usual_range(class_of_name(name))
        return "" if status in wanted else f"{name} came with HTTP {status}, not with a 4xx"
    if status in allowed:
        return ""
    return f"{name} came with HTTP {status}, documented is {' or '.join(map(str, sorted(allowed)))}"


def _usual_range(kind: ErrorClass) -> Collection[int]:
    """The statuses that are right for an error that nobody documents."""
    if kind in ("fault", "not-implemented"):
        return range(500, 600)
    return (*range(400, 500), 503) if kind == "retry" else range(400, 500)


def leak(text: str) -> str:
    """The line that shows a stack trace in a reply, or nothing."""
    found = _LEAK.search(text)
    return f"the reply shows a stack trace: {found.group().strip()[:120]}" if found else ""


def classify(operation: Operation, name: str) -> ErrorClass:
    """The meaning of an error's name for the request that it answers.

    A service that documents ValidationException for an operation uses that name, or one of those
    that it documents; the words of other services do not stand for it.
    """
    kind = class_of_name(name)
    if kind == "other" and _is_server_fault(operation, name):
        return "fault"
    if kind != "validation" or name in VALIDATION or is_documented(operation, name):
        return kind
    others = {error.name for error in operation.errors} & {*VALIDATION}
    return "other" if others and name not in operation.service_errors else kind


def is_documented(operation: Operation, name: str) -> bool:
    """Whether a source lists an error for the operation."""
    return any(name in error.names for error in operation.errors)


def _is_server_fault(operation: Operation, name: str) -> bool:
    statuses = documented_statuses(operation, name)
    return bool(statuses) and all(status >= 500 for status in statuses)


def is_crash(operation: Operation, name: str, status: int) -> bool:
    """Whether an error says that the server failed: by its name, or with a 5xx.

    Not where a server says that it is busy, as documented.
    """
    kind = classify(operation, name)
    if kind == "retry":
        busy = (*BUSY, *documented_statuses(operation, name), *COMMON_STATUSES.get(name, ()))
        return status >= 500 and status not in busy
    return kind == "fault" or (status >= 500 and kind != "not-implemented")


def is_own_name(name: str) -> bool:
    """Whether only some services give an error of that name to what breaks a constraint."""
    return class_of_name(name) == "validation" and name not in VALIDATION


def is_not_found(name: str) -> bool:
    """Whether an error says that what a request names is not there."""
    return _MISSING.search(name) is not None


def is_taken(name: str) -> bool:
    """Whether an error says that what a request makes or uses is there, or in use, already."""
    return _TAKEN.search(name) is not None


def is_quota(operation: Operation, name: str) -> bool:
    """Whether an error that the operation documents says that there would be too much."""
    return bool(_TOO_MUCH.search(name) and documented_statuses(operation, name))


def documented_instead(operation: Operation, name: str) -> str:
    """The name that an operation documents for what an undocumented one says; empty if none.

    A service that documents a name for what is not there, is taken, or is too much uses that name.
    """
    known = documented_statuses(operation, name) or name in COMMON_STATUSES
    if known or operation.query_compatible or name in operation.service_errors:
        return ""
    for matter in (_MISSING, _TAKEN, _TOO_MUCH):
        if matter.search(name):
            return next((e.name for e in operation.errors if matter.search(e.name)), "")
    return ""


def is_collision(operation: Operation, name: str) -> bool:
    """Whether an error that the operation documents says that what it makes is there already."""
    return bool(_TAKEN.search(name) and documented_statuses(operation, name))


RIGHT_CLASSES: dict[Family, tuple[ErrorClass, ...]] = {
    "type": ("serialization", "validation"),
    "value": ("validation",),
    "required": ("validation", "serialization"),
    "union": ("serialization", "validation"),
    "body": ("serialization", "validation"),
    "target": ("unknown-operation",),
    "wire": (),
}
"""Classes of error that are right for each family of cases, the usual one first.

Source: the protocol tests of Smithy. Some correct servers check before they parse, or parse
strictly, and so answer with the second.
"""

_USUAL: dict[ErrorClass, str] = {
    "serialization": SERIALIZATION[0],
    "validation": VALIDATION[0],
    "unknown-operation": UNKNOWN_OPERATION[0],
}


def right_errors(family: Family) -> tuple[str, ...]:
    """Names of the errors that are right for a family of cases, the usual one first."""
    return tuple(_USUAL[kind] for kind in RIGHT_CLASSES[family])
