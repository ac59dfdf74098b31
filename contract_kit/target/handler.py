"""Reads HTTP messages off a connection, for the servers that the kit itself runs."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

from contract_kit.wire.message import Message

MAX_BODY = 64 * 2**20
"""Bytes of the longest body that is read, far above what documented limits allow."""


class MessageHandler(BaseHTTPRequestHandler):
    """One connection over HTTP/1.1; messages come one after the other, whatever their method."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self, message: Message) -> None:
        """Answers one message."""
        raise NotImplementedError

    def refuse(self, status: int) -> None:
        """Answers a message whose body has no known length; then the connection ends."""
        raise NotImplementedError

    def handle_one_request(self) -> None:
        """Reads one message whole, and has it answered."""
        self.raw_requestline = self.rfile.readline(65537)
        size = None
        if self.raw_requestline and self.parse_request():
            size = self._body_size()
        body = b"" if size is None else self.rfile.read(size)
        if size is None or len(body) < size:
            self.close_connection = True
            return
        headers = tuple(self.headers.items())
        self.answer(Message(method=self.command, path=self.path, headers=headers, body=body))

    def _body_size(self) -> int | None:
        """Bytes of the body; None where that cannot be known, after a reply that says so."""
        given = set(self.headers.get_all("Content-Length", ["0"]))
        text = given.pop().strip()
        refusal = 0
        if self.headers.get("Transfer-Encoding"):
            refusal = 411
        elif given or not (text.isascii() and text.isdigit()):
            refusal = 400
        elif len(text) > 18 or int(text) > MAX_BODY:
            refusal = 413
        if refusal:
            self.refuse(refusal)
            return None
        return int(text)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged: a campaign sends hundreds of requests that are meant to fail."""
