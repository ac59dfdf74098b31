"""The service as a WSGI application (PEP 3333)."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from contract_kit.reference.archives import SERVICE
from contract_kit.reference.faults.catalog import SUBJECT
from contract_kit.reference.server import Reference
from contract_kit.reference.stand_in import StandIn
from contract_kit.wire.message import Headers, Message, Reply

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

DEMO_OPERATION = f"{SERVICE}:{SUBJECT}"
"""The operation to try the kit with."""


def app(faults: tuple[str, ...] = ()) -> WSGIApplication:
    """A WSGI application with the given faults; raises UsageError for one that does not exist.

    A fault that breaks the connection raises ConnectionError, one that hangs TimeoutError, both at
    once: no reply can say it, and a caller in the same process has no way to stop waiting.
    """
    return application_of(Reference(faults))


def stand_in(*ids: str, protocol: str | None = None, seed: int = 0) -> WSGIApplication:
    """A WSGI application that answers any operations, from their contracts alone.

    ids, protocol, seed: as for `StandIn`. Raises UnknownOperation and UsageError.

    >>> stand_in("lambda:ListFunctions").__name__
    'application'
    """
    return application_of(StandIn(ids, protocol, seed))


def application_of(reference: Reference | StandIn) -> WSGIApplication:
    """A WSGI application that asks an implementation."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        reply = reference.answer(message_of(environ))
        if reply.failure:
            error = TimeoutError if reply.failure == "timeout" else ConnectionError
            raise error(reply.failure)
        start_response(f"{reply.status} {phrase(reply.status)}", list(with_length(reply)))
        return [reply.body]

    return application


def message_of(environ: WSGIEnvironment) -> Message:
    """The message that a WSGI environment describes."""
    headers = [
        (name[5:].replace("_", "-"), value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
    if environ.get("CONTENT_TYPE"):
        headers.append(("Content-Type", environ["CONTENT_TYPE"]))
    length = environ.get("CONTENT_LENGTH") or "0"
    size = int(length) if length.isascii() and length.isdigit() else 0
    return Message(
        method=environ["REQUEST_METHOD"],
        path=_path(environ),
        headers=tuple(headers),
        body=environ["wsgi.input"].read(size) if size else b"",
    )


def _path(environ: WSGIEnvironment) -> str:
    """Path and query as they were sent, where the server says so; else they are escaped again."""
    raw = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    if raw:
        return str(raw)
    path = quote(environ.get("PATH_INFO") or "/", safe="/-_.~", encoding="latin-1")
    query = environ.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


def with_length(reply: Reply) -> Headers:
    """The headers of a reply, its length among them unless it states another one itself."""
    if reply.header("content-length") is not None:
        return reply.headers
    return (*reply.headers, ("Content-Length", str(len(reply.body))))


def phrase(status: int) -> str:
    """The words that go with a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
