"""`Seen`: one call while it runs and until it is judged."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError
from botocore.model import ServiceModel

from contract_kit.spy.call import Call
from contract_kit.spy.snapshot import snapshot


class Seen:
    """One call as a hook saw it.

    params: a snapshot of the parameters that botocore was about to check and send. reply: one of
    the parsed reply. done: whether the call has ended. call: the judged call, once it exists.
    """

    __slots__ = (
        "call",
        "done",
        "error",
        "file",
        "line",
        "name",
        "params",
        "reply",
        "service",
        "status",
    )

    def __init__(self, service: ServiceModel, name: str, file: str, line: int) -> None:
        self.service = service
        self.name = name
        self.file = file
        self.line = line
        self.params: Any = None
        self.reply: Any = None
        self.status = 0
        self.error = ""
        self.done = False
        self.call: Call | None = None

    def answered(self, http: Any, parsed: Any) -> None:
        """Keeps a reply as it was parsed."""
        # A stub's reply is no more than a status.
        self.status = getattr(http, "status_code", 0)
        self.replied(parsed)

    def replied(self, parsed: Any) -> None:
        """Keeps a reply without what botocore adds to it: headers and ids of the exchange."""
        if isinstance(parsed, dict) and "ResponseMetadata" in parsed:
            parsed = dict(parsed)
            del parsed["ResponseMetadata"]
        self.reply = snapshot(parsed)

    def failed(self, error: BaseException) -> None:
        """Keeps the name of an error: messages may hold what is sensitive."""
        self.error = type(error).__name__
        if isinstance(error, ClientError):
            self.error = str(error.response.get("Error", {}).get("Code", self.error))
            if not self.status:
                metadata = error.response.get("ResponseMetadata", {})
                self.status = metadata.get("HTTPStatusCode", 0)
