"""A mock of three operations of Amazon SES Mail Manager, as a team might write it with Flask.

It has two defects, which its own tests did not show: `fullmatch` is missing, so that an id with a
newline at its end is taken; and a page size is compared before anyone looks whether it is a number.
"""

from __future__ import annotations

import json
import re

from flask import Flask, Response, request

app = Flask(__name__)
ARCHIVE_ID = re.compile(r"^a-[A-Za-z0-9_]{1,64}$")
CONTENT_TYPE = "application/x-amz-json-1.0"


class Refused(Exception):
    """An error of the service."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@app.errorhandler(Refused)
def refused(error: Refused) -> Response:
    """The error in the service's words."""
    body = json.dumps({"__type": error.name, "message": str(error)})
    return Response(body, status=400, content_type=CONTENT_TYPE)


def string(body: dict, name: str) -> str | None:
    """A string of the request."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise Refused("SerializationException", f"{name} is no string")
    return value


def list_archive_exports(body: dict) -> dict:
    """ListArchiveExports."""
    archive, token = string(body, "ArchiveId"), string(body, "NextToken")
    size = body.get("PageSize")
    if archive is None or not ARCHIVE_ID.match(archive):
        raise Refused("ValidationException", "ArchiveId")
    if token is not None and not 1 <= len(token) <= 2048:
        raise Refused("ValidationException", "NextToken")
    if size is not None and not 1 <= size <= 50:
        raise Refused("ValidationException", "PageSize")
    if size is not None and (isinstance(size, bool) or not isinstance(size, int)):
        raise Refused("SerializationException", "PageSize is no integer")
    return {"Exports": []}


OPERATIONS = {"MailManagerSvc.ListArchiveExports": list_archive_exports}


@app.post("/")
def endpoint() -> Response:
    """All operations."""
    operation = OPERATIONS.get(request.headers.get("X-Amz-Target", ""))
    if operation is None:
        raise Refused("UnknownOperationException", "no such operation")
    try:
        body = json.loads(request.data.decode() or "{}", parse_constant=no_json)
    except (ValueError, RecursionError):
        raise Refused("SerializationException", "no JSON") from None
    if not isinstance(body, dict):
        raise Refused("SerializationException", "no object")
    return Response(json.dumps(operation(body)), content_type=CONTENT_TYPE)


def no_json(name: str) -> float:
    """NaN and Infinity are no JSON."""
    raise ValueError(name)
