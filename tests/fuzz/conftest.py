"""Small servers written by hand: what they check stands here, not in any schema."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer

import pytest

from contract_kit import operation
from contract_kit.fuzz import fuzz
from contract_kit.target.http import HttpTarget, wsgi_target
from contract_kit.verdict.outcome import Outcome
from contract_kit.wire.table import wire_of

LIST = operation("mailmanager:ListArchiveExports")
"""The operation that most servers here offer: one string with a pattern, one without, a number."""

TYPE = ("Content-Type", "application/x-amz-json-1.0")


@dataclass(frozen=True)
class Asked:
    """One request as a server sees it; names of headers in lower case."""

    method: str
    headers: dict[str, str]
    body: bytes

    @property
    def value(self):
        """The body as JSON; raises ValueError where it is none."""
        text = self.body.decode()
        return json.loads(text, parse_constant=refuse) if text.strip() else {}


@dataclass(frozen=True)
class Said:
    """One answer of a server."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (TYPE,)


Server = Callable[[Asked], Said]


def refuse(name: str):
    """NaN is no JSON."""
    raise ValueError(name)


def result(value) -> Said:
    """The result of an operation."""
    return Said(200, json.dumps(value).encode())


def error(name: str, message: str = "no", status: int = 400) -> Said:
    """A refusal with a named error."""
    return Said(status, json.dumps({"__type": name, "message": message}).encode())


def correct(asked: Asked) -> Said:
    """ListArchiveExports as it is documented."""
    target = asked.headers.get("x-amz-target")
    if asked.method != "POST" or target != "MailManagerSvc.ListArchiveExports":
        return error("UnknownOperationException")
    try:
        value = asked.value
    except (ValueError, RecursionError):
        return error("SerializationException")
    if not isinstance(value, dict):
        return error("SerializationException")
    archive, token, size = (value.get(name) for name in ("ArchiveId", "NextToken", "PageSize"))
    if any(not isinstance(text, (str, type(None))) for text in (archive, token)):
        return error("SerializationException")
    if isinstance(size, bool) or not isinstance(size, (int, type(None))):
        return error("SerializationException")
    if size is not None and not -(2**31) <= size < 2**31:
        return error("SerializationException")
    if archive is None or re.fullmatch(r"a-[a-zA-Z0-9_]{1,64}", archive) is None:
        return error("ValidationException", "ArchiveId")
    if token is not None and not 1 <= len(token) <= 2048:
        return error("ValidationException", "NextToken")
    if size is not None and not 1 <= size <= 50:
        return error("ValidationException", "PageSize")
    return result({"Exports": []})


def is_asked(asked: Asked) -> bool:
    """Whether a request reaches the operation at all."""
    target = asked.headers.get("x-amz-target", "")
    return asked.method == "POST" and target.endswith(".ListArchiveExports")


def wsgi(server: Server):
    """A server as a WSGI application."""

    def app(environ, start_response):
        headers = {
            key.removeprefix("HTTP_").replace("_", "-").lower(): value
            for key, value in environ.items()
            if key.startswith(("HTTP_", "CONTENT_"))
        }
        said = server(Asked(environ["REQUEST_METHOD"], headers, environ["wsgi.input"].read()))
        start_response(f"{said.status} x", list(said.headers))
        return [said.body]

    return app


@contextmanager
def listening(
    server: Server,
    *,
    reads: Callable[[dict[str, str]], bool] = lambda headers: True,
    version: str = "HTTP/1.1",
    threads: bool = True,
) -> Iterator[str]:
    """The URL of a server. reads: whether it reads the body that follows headers.

    threads: one for each connection; else it serves one connection at a time.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = version
        disable_nagle_algorithm = True

        def _answer(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            size = int(headers.get("content-length", 0)) if reads(headers) else 0
            said = server(Asked(self.command, headers, self.rfile.read(size)))
            self.send_response(said.status)
            for name, value in (*said.headers, ("Content-Length", str(len(said.body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815

        def log_message(self, format, *args) -> None:
            """Silence."""

    class Threads(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request, client_address) -> None:
            """Clients that hang up are nothing to report."""

    with (Threads if threads else HTTPServer)(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}"
        finally:
            http.shutdown()
            thread.join()


def fuzzed(server: Server, op=LIST, **options) -> Outcome:
    """The outcome of a campaign against a server in this process."""
    with closing(wsgi_target(wsgi(server))) as target:
        return fuzz(op, target, **{"examples": 0, **options})


def fuzzed_at(url: str, op=LIST, timeout: float = 30.0, **options) -> Outcome:
    """The outcome of a campaign against a server at a URL."""
    with closing(HttpTarget(url, timeout=timeout)) as target:
        return fuzz(op, target, **{"startup_timeout": 0.2, "examples": 0, **options})


def body(request) -> bytes:
    """The body in which a request is sent."""
    return wire_of(LIST).encode(request).body


def verdicts(outcome: Outcome) -> dict[str, str]:
    """Constraint id → verdict."""
    return {entry.constraint.id: entry.verdict for entry in outcome.verdicts}


class Kit:
    """What the tests of this folder build their servers and campaigns from."""

    Asked, Said, TYPE, LIST = Asked, Said, TYPE, LIST
    correct, result, error, is_asked = map(staticmethod, (correct, result, error, is_asked))
    body, wsgi, listening = map(staticmethod, (body, wsgi, listening))
    fuzzed, fuzzed_at, verdicts = map(staticmethod, (fuzzed, fuzzed_at, verdicts))


@pytest.fixture(scope="session")
def kit():
    """Parts of servers and campaigns."""
    return Kit


@pytest.fixture
def at_url():
    """`at_url(server, …)`: runs a server in threads until the test ends; its URL."""
    with ExitStack() as stack:
        yield lambda server, **options: stack.enter_context(listening(server, **options))
