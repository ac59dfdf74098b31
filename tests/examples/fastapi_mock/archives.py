"""A mock of one operation of Amazon SES Mail Manager, as a team might write it with FastAPI."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response

ARCHIVES: set[str] = set()
CONTENT_TYPE = "application/x-amz-json-1.0"


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """One archive is there from the start."""
    ARCHIVES.add("a-known")
    yield
    ARCHIVES.clear()


app = FastAPI(lifespan=lifespan)


class Refused(Exception):
    """An error of the service."""

    def __init__(self, name: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.name, self.status = name, status


@app.exception_handler(Refused)
async def refused(request: Request, error: Refused) -> Response:
    """The error in the service's words."""
    body = json.dumps({"__type": error.name, "message": str(error)})
    return Response(body, status_code=error.status, media_type=CONTENT_TYPE)


def get_archive(body: dict) -> dict:
    """GetArchive."""
    archive = body.get("ArchiveId")
    if archive is not None and not isinstance(archive, str):
        raise Refused("SerializationException", "ArchiveId is no string")
    if archive is None or not 1 <= len(archive) <= 66:
        raise Refused("ValidationException", "ArchiveId")
    if archive not in ARCHIVES:
        raise Refused("ResourceNotFoundException", f"no archive {archive!a}", status=404)
    return {
        "ArchiveId": archive,
        "ArchiveName": "known",
        "ArchiveArn": f"arn:aws:ses:us-east-1:123456789012:mailmanager-archive/{archive}",
        "ArchiveState": "ACTIVE",
        "Retention": {"RetentionPeriod": "THREE_MONTHS"},
    }


@app.post("/")
async def endpoint(request: Request) -> Response:
    """All operations, of which there is one."""
    if request.headers.get("X-Amz-Target") != "MailManagerSvc.GetArchive":
        raise Refused("UnknownOperationException", "no such operation")
    try:
        body = json.loads((await request.body()).decode() or "{}", parse_constant=no_json)
    except (ValueError, RecursionError):
        raise Refused("SerializationException", "no JSON") from None
    if not isinstance(body, dict):
        raise Refused("SerializationException", "no object")
    return Response(json.dumps(get_archive(body)), media_type=CONTENT_TYPE)


def no_json(name: str) -> float:
    """NaN and Infinity are no JSON."""
    raise ValueError(name)
